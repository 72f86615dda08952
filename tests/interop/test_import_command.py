"""`nexc import tau2` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nexlang.cli import Refused
from nexlang.interop.tau2 import Unreadable
from tests import running


def invoke(*words: object) -> tuple[int, BaseException | None]:
    result = running.invoke("import", *words)
    return result.exit_code, result.exception


def test_the_file_is_written(tmp_path: Path) -> None:
    task = {"id": 3, "user_scenario": {"instructions": "Hello."}, "evaluation_criteria": None}
    (tmp_path / "tasks.json").write_text(json.dumps([task]), encoding="utf-8")
    assert invoke("tau2", tmp_path, "-o", tmp_path / "out.jsonl") == (0, None)
    assert json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8")) == {
        "id": "3",
        "instructions": "Hello.",
        "actions": [],
        "facts": [],
        "split": "train",
    }


@pytest.mark.parametrize(("peer", "kind"), [("tau3", Refused), ("tau2", Unreadable)])
def test_what_cannot_be_imported_is_refused_and_nothing_is_written(
    peer: str, kind: type[Exception], tmp_path: Path
) -> None:
    code, error = invoke(peer, tmp_path / "nowhere", "-o", tmp_path / "out.jsonl")
    assert code == 1
    assert isinstance(error, kind)
    assert not list(tmp_path.iterdir())

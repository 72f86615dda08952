from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Nexc

FAULTY = "record Order { status: Text }\n\nfn status(order: Order) -> Text {\n  return order.staus\n}\n"


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "faulty.nex"
    path.write_text(FAULTY)
    return path


def test_nothing_wrong(nexc: Nexc, tmp_path: Path) -> None:
    (tmp_path / "a.nex").write_text("fn one() -> Int {\n  return 1\n}\n")
    assert nexc("check", tmp_path).code == 0
    done = nexc("check", tmp_path, "--format", "json")
    assert (done.code, json.loads(done.out), done.err) == (0, [], "")


def test_text(nexc: Nexc, faulty: Path) -> None:
    done = nexc("check", faulty)
    assert done.code == 1
    assert f"{faulty}:4:16" in done.out and "^^^^^" in done.out and "1 error" in done.out
    assert "return order.status" in done.out


def test_json_holds_what_a_program_needs(nexc: Nexc, faulty: Path) -> None:
    done = nexc("check", faulty, "--format", "json")
    (found,) = json.loads(done.out)
    place = {"file": str(faulty), "line": 4, "column": 16, "end_line": 4, "end_column": 21}
    assert done.code == 1
    assert {key: found[key] for key in place} == place
    assert found["severity"] == "error" and found["code"].startswith("NEX")
    assert found["labels"][0]["line"] == 1
    (fix,) = found["fixes"]
    assert fix["applicability"] in ("safe", "unsafe")
    assert fix["edits"] == [{**place, "text": "status"}]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00x",
        b'fn f() -> Text { return "\xff" }',
        b"(" * 10_000,
        b"fn f() -> Int { return " + b"(" * 10_000 + b"1" + b")" * 10_000 + b" }",
        b"\x00",
        b"# " + b"x" * 5_000_000,
    ],
    ids=["empty", "utf-16", "latin-1", "brackets", "nested", "nul", "large"],
)
def test_a_file_that_is_no_program(nexc: Nexc, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.nex"
    path.write_bytes(data)
    done = nexc("check", path, "--format", "json")
    (found,) = json.loads(done.out)
    assert (done.code, done.err, found["severity"]) == (1, "", "error")


def test_a_file_that_is_not_there(nexc: Nexc, tmp_path: Path) -> None:
    done = nexc("check", tmp_path / "none.nex", "--format", "json")
    (found,) = json.loads(done.out)
    assert (done.code, found["line"], found["column"]) == (1, 1, 1)


def test_a_folder_without_programs(nexc: Nexc, tmp_path: Path) -> None:
    done = nexc("check", tmp_path)
    assert done.code == 1
    assert "no .nex file" in done.out + done.err

"""Tasks in Parquet files: what they become, and what is wrong with them."""

from __future__ import annotations

import datetime
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest

from nexlang.compiler import Compilation, compile

PROGRAM = """
record Part { name: Text, size: Int? }
record Job {
  id: Text
  day: Date
  price: Decimal
  parts: [Part]
  notes: {Text: Text}
  extra: Text?
}
world Hall { done: Int = 0 }
tool finish() -> Int in Hall { done += 1  return done }
agent Worker(job: Job) -> Text { when job.extra == none => finish() }
environment Work {
  world: Hall
  tasks: Job from "jobs.parquet"
  actors { worker: Worker(job: task) }
  reward { done: world.done > count(task.parts) }
  success: done
}
"""
JOB: dict[str, Any] = {
    "id": "a", "day": datetime.date(2025, 2, 1), "price": Decimal("1.50"), "parts": [{"name": "bolt", "size": None}],
    "notes": {"x": "1"}, "extra": None,
}  # fmt: skip


def checked(folder: Path, rows: list[dict[str, Any]], schema: Any = None) -> Compilation:
    (folder / "main.nex").write_text(PROGRAM, encoding="utf-8")
    parquet.write_table(arrow.Table.from_pylist(rows, schema=schema), folder / "jobs.parquet")
    return compile(folder / "main.nex")


def test_rows_become_json_lines_of_their_type(tmp_path: Path) -> None:
    rows = [JOB, {**JOB, "id": "b", "notes": {"y": "2"}}]  # as structs, each with a null for the other's key
    compiled = checked(tmp_path, rows)
    assert compiled.diagnostics == []
    lines = compiled.data["jobs.parquet.jsonl"].decode().splitlines()
    assert [json.loads(line)["notes"] for line in lines] == [{"x": "1"}, {"y": "2"}]
    assert json.loads(lines[0]) == {
        "id": "a", "day": "2025-02-01", "price": "1.50", "parts": [{"name": "bolt", "size": None}],
        "notes": {"x": "1"}, "extra": None,
    }  # fmt: skip
    assert compiled.program.environments[0].tasks.path == "jobs.parquet.jsonl"  # type: ignore[union-attr]


def test_a_wrong_value_is_shown_with_its_row(tmp_path: Path) -> None:
    (found,) = checked(tmp_path, [JOB, {**JOB, "id": "b", "day": None}]).diagnostics
    assert found.code == "NEX0607" and "day" in found.message
    compiled = checked(tmp_path, [JOB, {**JOB, "id": "b", "day": None}])
    source = compiled.sources[found.span.file]
    assert source.path.endswith("jobs.parquet") and source.position(found.span.start)[0] == 2


def test_what_is_no_parquet_cannot_be_read(tmp_path: Path) -> None:
    checked(tmp_path, [JOB])
    (tmp_path / "jobs.parquet").write_bytes(b"PAR1 nothing")
    assert [found.code for found in compile(tmp_path / "main.nex").diagnostics] == ["NEX0603"]


def test_the_extra_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(tmp_path, [JOB])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    (found,) = compile(tmp_path / "main.nex").diagnostics
    assert found.code == "NEX0825" and "pip install 'nexlang[data]'" in found.message

"""A task stands in one split: files are held to it when they are checked, made tasks when they are compiled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nexlang import compile
from nexlang.bundle import bundle_of
from nexlang.cli.guard import guarded
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import prepare
from nexlang.worlds.verify import verify

PROGRAM = """
use std.models {{ endpoint }}
model small = endpoint("small-model")
record Ticket {{ id: Text, message: Text, note: Text? , split: Text }}
world Shop {{ open: Bool = true }}
fn made() -> [Ticket] {{
  return [
    Ticket(id: "a", message: "one", note: none, split: ""),
    Ticket(id: "b", message: "one", note: none, split: "")
  ]
}}
## Serves the customer.
agent Clerk(ticket: Ticket) -> Text {{
  model: small
  prompt: "The customer says: {{{{ ticket.message }}}}"
}}
environment Desk {{
  world: Shop
  tasks: {tasks}
  split: {split}
  actors {{ clerk: Clerk(ticket: task) }}
  solution: []
  reward {{ spoke: any(m.by == "clerk" for m in messages) }}
  success: spoke
}}
"""


def program(folder: Path, tasks: str, split: str, *rows: dict[str, str]) -> Path:
    (folder / "tickets.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    (folder / "desk.nex").write_text(PROGRAM.format(tasks=tasks, split=split), encoding="utf-8")
    return folder / "desk.nex"


def row(id: str, message: str, split: str, **more: str) -> dict[str, str]:
    return {"id": id, "message": message, "split": split} | more


FILE = 'Ticket from "tickets.jsonl"'


def test_the_same_task_in_two_splits_is_found_in_the_file(tmp_path: Path) -> None:
    rows = [row("a", "one", "train"), row("b", "two", "train"), row("c", "one", "test")]
    done = compile(program(tmp_path, FILE, "task.split", *rows))
    (found,) = [one for one in done.diagnostics if one.severity == "error"]
    assert found.code == "NEX0870"
    assert found.message == "task `c` of the split `test` is task `a` of `train` but for its id"
    assert found.fixes[0].edits[0].text == '"train"'


@pytest.mark.parametrize(
    "other", [row("b", "one", "train"), row("b", "two", "test"), row("b", "one", "test", note="at the door")]
)
def test_tasks_of_one_split_and_tasks_that_differ_are_fine(tmp_path: Path, other: dict[str, str]) -> None:
    done = compile(program(tmp_path, FILE, "task.split", row("a", "one", "train"), other))
    assert not [one for one in done.diagnostics if one.severity == "error"]


def test_a_split_that_is_worked_out_is_held_to_it_by_compile_and_verify(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = program(tmp_path, "made()", 'if task.id == "a" then "train" else "test"', row("a", "one", ""))
    assert guarded(["compile", str(file), "-o", str(tmp_path / "out")]) == 1
    assert "NEX0871: task b of Desk, in the split test, is task a of train but for its id" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    done = compile(file)
    proof = verify(Setting.of(bundle_of(done.program, done.data)))
    assert proof.problems[0].startswith("NEX0871")


def test_ids_do_not_depend_on_the_order_of_the_rows(tmp_path: Path) -> None:
    rows = [row("a", "one", "train"), row("b", "two", "train"), row("c", "three", "test")]
    done = compile(program(tmp_path, FILE, "task.split", *rows))
    held = bundle_of(done.program, done.data)
    made = held.package.environments["Desk"]
    here, there = prepare(made, held.tasks()), prepare(made, held.tasks()[::-1])
    assert {task.id: task.value for task in here} == {task.id: task.value for task in there}
    assert {task.id: task.split for task in here} == {"a": "train", "b": "train", "c": "test"}


def test_tasks_stand_in_the_program_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = """[
    Ticket(id: "a", message: "one", note: none, split: "train"),
    Ticket(id: "b", message: "two", note: none, split: "test")
  ]"""
    file = program(tmp_path, listed, "task.split", row("a", "one", ""))
    done = compile(file)
    assert not [one for one in done.diagnostics if one.severity == "error"]
    tasks = Setting.of(bundle_of(done.program, done.data)).tasks
    assert [(task.id, task.split, task.value.message) for task in tasks] == [
        ("a", "train", "one"),
        ("b", "test", "two"),
    ]
    file.write_text(file.read_text().replace('"two"', '"one"'))
    assert guarded(["compile", str(file), "-o", str(tmp_path / "out")]) == 1
    assert "NEX0871" in capsys.readouterr().err

"""Property 1: everything is checked together, before anything runs. One mistake of each kind, all found in one run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import invoke

DESK = Path(__file__).parents[1] / "semantics" / "desk.nex"
SPOILED = [
    ("a name", "orders[order_id] else fail", "ordres[order_id] else fail", "NEX0205"),
    ("a type", "revenue: Float = 0.0", "revenue: Flaot = 0.0", "NEX0204"),
    ("a variable of a prompt", "{{ ticket.message }}", "{{ tiket.message }}", "NEX0511"),
    ("a field in a prompt", "- {{ fact }}", "- {{ fact.text }}", "NEX0512"),
    (
        "an argument of a tool",
        'cancel_order(ticket.order, "no longer needed")',
        "cancel_order(ticket.order, 7)",
        "NEX0301",
    ),
    ("what a delegate is", "delegates: [Billing]", "delegates: [Biling]", "NEX0218"),
    ("the result of an agent", "Resolution(solved: done", "Resolution(solvd: done", "NEX0312"),
    ("the state a reward reads", "world == replay(task.actions)", "world.order == replay(task.actions)", "NEX0420"),
    ("a stage of a curriculum", "count(task.actions) <= 3", "count(task.acts) <= 3", "NEX0312"),
    ("what a run learns", "learns: [Clerk]", "learns: [Script]", "NEX0504"),
    ("a test", 'Only a pending order can be cancelled"\n  expect', 'Only"\n  expects', "NEX01"),
]


@pytest.mark.parametrize(("what", "right", "wrong", "code"), SPOILED, ids=[what for what, *_ in SPOILED])
def test_each_kind_of_mistake_is_found(tmp_path: Path, what: str, right: str, wrong: str, code: str) -> None:
    assert codes(tmp_path, spoiled([(right, wrong)]))[0].startswith(code)


def test_all_of_them_are_found_in_one_run(tmp_path: Path) -> None:
    found = codes(tmp_path, spoiled([(right, wrong) for _, right, wrong, _ in SPOILED[:-1]]))
    missing = [what for what, _, _, code in SPOILED[:-1] if code not in found]
    assert not missing


def test_task_files_and_world_files_are_read_with_the_program(tmp_path: Path) -> None:
    (tmp_path / "shop.json").write_text('{"orders": {"#W1": {"status": "pending"}}}', encoding="utf-8")
    (tmp_path / "tasks.jsonl").write_text('{"id": "a", "order": 7}\n', encoding="utf-8")
    program = """
record Order { order_id: Text, status: "pending" | "sent" }
record Task { id: Text, order: Text }
world Shop { orders: table Order by order_id }
tool see(id: Text) -> Bool in Shop { return orders[id] != none }
agent Looker(task: Task) -> Text { tools: [see]  when true => "ok" }
environment E {
  world: Shop from "shop.json"
  tasks: Task from "tasks.jsonl"
  actors { looker: Looker(task: task) }
  reward { done: count(calls) > 0 }
  success: done
}
"""
    assert codes(tmp_path, program) == ["NEX0608", "NEX0607"]


def spoiled(edits: list[tuple[str, str]]) -> str:
    text = DESK.read_text(encoding="utf-8")
    for right, wrong in edits:
        assert text.count(right) >= 1, right
        text = text.replace(right, wrong, 1)
    return text


def codes(folder: Path, text: str) -> list[str]:
    """The codes that `nexc check` answers with."""
    path = folder / "program.nex"
    path.write_text(text, encoding="utf-8")
    return [found["code"] for found in json.loads(invoke("check", path, "--format", "json").output)]

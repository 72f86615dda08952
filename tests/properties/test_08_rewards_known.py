"""Property 8: rewards are known. Each component has a derived range; one that cannot do its work is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import invoke, run

PROGRAM = """
record Order {{ id: Text, worth: Float where 0 <= it <= 2, open: Bool = true }}
record Task {{ id: Text, words: Text }}

world Shop {{
  orders: table Order by id
  opened: Int = 0
}}

## Close an order.
tool close(id: Text) -> Text in Shop {{
  let order = orders[id] else fail "Order not found"
  order.open = false
  return "Closed."
}}

## Closes what it is told.
agent Clerk(task: Task) -> Text {{
  tools: [close]
  return close(task.id)
}}

fn tasks() -> [Task] {{ return [Task(id: "1", words: "Close it.")] }}

environment Desk {{
  world: Shop
  tasks: tasks()
  actors {{ clerk: Clerk(task: task) }}
  setup {{ add Order(id: task.id, worth: 1.5) to orders }}
  reward {{ {component} }}
  success: not any(o.open for o in world.orders)
}}
"""
KNOWN = [
    ("done: all(not o.open for o in world.orders)", "done: 0 … 1 × 1, adds 0 … 1"),
    ("share: count(o for o in world.orders if o.open) / max(count(world.orders), 1) weight -2", "adds -2 … 0"),
    ("worth: sum(o.worth for o in world.orders if not o.open) / max(count(world.orders), 1)", "worth: 0 … 2 × 1"),
    ("waste: clamp(count(c for c in calls if c.failed), 0, 10) weight -0.02", "waste: 0 … 10 × -0.02, adds -0.2 … 0"),
    ("near: potential(clamp(len(calls), 0, 3))", "near: 0 … 3 × 1, adds -3 … 0 in all, as a potential"),
]
REPORTED = [
    ("closed: count(o for o in world.orders if not o.open)", "NEX0521"),
    ("given: 0.5", "NEX0522"),
    ("closed: count(o for o in world.orders if o.open) / max(count(world.orders), 1) > 1.0", "NEX0552"),
    ("wordy: len(task.words) > 3", "NEX0553"),
    ("opened: clamp(world.opened, 0, 3)", "NEX0553"),
]


def written(folder: Path, component: str) -> Path:
    path = folder / "desk.nex"
    path.write_text(PROGRAM.format(component=component))
    return path


@pytest.mark.parametrize(("component", "line"), KNOWN)
def test_each_range_is_derived_and_printed(tmp_path: Path, component: str, line: str) -> None:
    assert line in run("check", "--rewards", written(tmp_path, component))


@pytest.mark.parametrize(("component", "code"), REPORTED)
def test_what_cannot_do_its_work_is_reported(tmp_path: Path, component: str, code: str) -> None:
    printed = invoke("check", written(tmp_path, component)).output
    assert printed.count("warning[") == 1
    assert f"warning[{code}]" in printed

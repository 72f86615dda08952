"""Ranges of reward components, written as programs."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from nexlang.semantics import symbols as s
from nexlang.semantics.intervals import bounds, depends
from tests.semantics.programs import checked

INF = math.inf
PROGRAM = """
use std.models {{ endpoint }}
record Order {{ id: Text, open: Bool = true, paid: Float = 0.0 }}
record Ticket {{ id: Text, facts: [Text] }}
world Shop {{ orders: table Order by id, total: Float = 0.0, flag: Bool = false }}
model small = endpoint("m")
## Serves.
agent Clerk(ticket: Ticket) -> Text {{
  model: small
  prompt: "{{{{ ticket.id }}}}"
}}
fn share(part: Int, whole: Int) -> Float {{
  if whole == 0 {{ return 1.0 }}
  let found = clamp(part / whole, 0.0, 1.0)
  return found
}}
fn half(x: Float) -> Float {{ return min(x, 1.0) / 2.0 }}
fn grown(orders: [Order]) -> Float {{
  var all = 0.0
  for o in orders {{ all += 1.0 }}
  return all
}}
fn tickets() -> [Ticket] {{ return [Ticket(id: "1", facts: [])] }}
environment Desk {{
  world: Shop
  tasks: tickets()
  actors {{ clerk: Clerk(ticket: task) }}
  reward {{ before: clamp(world.total, -2.0, 3.0)  measure: {measure} }}
  success: true
}}
"""

RANGES = {
    "world.flag": (0, 1),
    "not world.flag": (0, 1),
    "world.total > 2.0 and world.flag": (0, 1),
    "world.total": (-INF, INF),
    "abs(world.total)": (0, INF),
    "-abs(world.total)": (-INF, 0),
    "clamp(world.total, 0, 1)": (0, 1),
    "min(world.total, 1.0)": (-INF, 1),
    "max(min(world.total, 1.0), -1.0)": (-1, 1),
    "count(o for o in world.orders if o.open)": (0, INF),
    "count(world.orders)": (0, INF),
    "len(task.facts)": (0, INF),
    "count(o for o in world.orders if o.open) / max(count(world.orders), 1)": (0, 1),
    "count(o for o in world.orders if o.open) / count(world.orders)": (0, 1),
    'count(f for f in task.facts if f != "") / len(task.facts)': (0, 1),
    "count(calls) / max(count(world.orders), 1)": (0, INF),
    "count(calls) / 10": (0, INF),
    "count(f for f in take(task.facts, 3))": (0, 3),
    "sum(1.0 for f in take(task.facts, 3))": (0, 3),
    "sum(clamp(o.paid, -1, 2) for o in world.orders)": (-INF, INF),
    "sum(clamp(o.paid, 0, 2) for o in world.orders)": (0, INF),
    "any(o.open for o in world.orders)": (0, 1),
    "first(clamp(o.paid, 0, 2) for o in world.orders) ?? -1.0": (-1, 2),
    "if world.flag then 0.5 else -0.25": (-0.25, 0.5),
    "before": (-2, 3),
    "before * before": (-6, 9),
    "before + 1.0": (-1, 4),
    "before - before": (-5, 5),
    "1.0 / (before + 4.0)": (1 / 7, 1 / 2),
    "1.0 / before": (-INF, INF),
    "round(before)": (-2, 3),
    "floor(before / 2.0)": (-1, 1),
    "round(before, 1)": (-2, 3),
    "sqrt(abs(before))": (0, math.sqrt(3)),
    "mod(count(calls), 4)": (0, 4),
    "share(count(calls), len(task.facts))": (0, 1),
    "half(abs(before))": (0, 0.5),
    "grown([o for o in world.orders])": (-INF, INF),
    "if world == start then 1.0 else 0.0": (0, 1),
}


def component(measure: str, folder: Path) -> dict[str, object]:
    compilation = checked(PROGRAM.format(measure=measure), folder)
    assert [d.message for d in compilation.diagnostics if d.severity == "error"] == []
    environment = next(iter(compilation.checked.all(s.EnvironmentInfo)))
    found: dict[str, object] = environment.core["reward"][1]
    return found


@pytest.mark.parametrize("measure", RANGES)
def test_range(measure: str, tmp_path: Path) -> None:
    found = component(measure, tmp_path)
    low, high = RANGES[measure]
    assert found["low"] == (pytest.approx(low) if math.isfinite(low) else None)
    assert found["high"] == (pytest.approx(high) if math.isfinite(high) else None)


def test_infinite_ends_never_make_a_range_of_nothing() -> None:
    wide = {"kind": "local", "name": "wide"}
    for op in ("add", "sub", "mul", "div"):
        low, high = bounds({"kind": "binary", "op": op, "left": wide, "right": wide}, {"wide": (-INF, INF)})
        assert (low, high) == (-INF, INF)


def test_what_a_measure_depends_on() -> None:
    x = {"kind": "local", "name": "x"}
    clause = {"names": ["x"], "source": {"kind": "local", "name": "calls"}, "over": "list"}
    core = {"kind": "comp", "result": "sum", "element": x, "item": {"kind": "int"}, "clauses": [clause]}
    assert depends(core) == {"calls"}
    assert depends({"kind": "lit", "value": 1}) == set()
    assert depends({"kind": "call_fn", "name": "f", "args": [x]}) == {"world", "x"}

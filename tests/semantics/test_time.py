"""Processes, clocks and waiting as the checker takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import nexlang
from nexlang.ir.model import Program

FILE = Path("tank.nex")
TEXT = """
world Tank {
  level: Float = 1.0
  seen: [Text] = []
  filled: Time? = none

  process leak(dice: Chance) every step { level -= uniform(dice, 0.0, 0.1) }
  process lid() before call { require level < 9.0 or request.tool in [drain, "look"] else fail Full("It is full") }
  process note() after call { add "{{ request.by }} {{ answer }}" to seen }
  process rise() after round { require level > 0.0 else fail "Empty" }
}

let step = 100ms * 5

record Goal { id: Text, level: Float }

fn goals() -> [Goal] { return [Goal(id: "a", level: 2.0)] }

tool fill(amount: Float) -> Text in Tank {
  level += amount
  filled = now()
  return "Filled."
}

tool drain() -> Text in Tank {
  level = 0.0
  return "Drained."
}

tool look() -> Float in Tank { return level }

agent Keeper(goal: Goal) -> Text {
  limits: { time: 2m }
  fill(goal.level)
  wait(1s)
  return "Done on {{ today() }}"
}

environment Plant {
  world: Tank
  tasks: goals()
  clock: running("2025-01-31T08:00:00")
  limits: { time: 10m }
  tick: 2s
  actors { keeper: Keeper(goal: task) }
  reward { full: world.level > task.level and any(c.tool == fill and c.at < 1s for c in calls) }
  success: full
}
"""


def found(text: str) -> list[tuple[str, str]]:
    diagnostics = nexlang.compile(FILE, {str(FILE): text}).diagnostics
    return [(d.code, text[d.span.start : d.span.end]) for d in diagnostics]


def program() -> Program:
    return nexlang.compile(FILE, {str(FILE): TEXT}).program


def test_nothing_is_wrong_with_it() -> None:
    assert found(TEXT) == []


def test_processes_in_the_ir() -> None:
    leak, lid, note, rise = program().worlds[0].processes
    assert (leak.trigger, leak.period_ms, leak.dice) == ("every", 500.0, "dice")
    assert (leak.effects.reads, leak.effects.writes, leak.effects.chance, leak.effects.fails) == (
        ["level"], ["level"], True, False,
    )  # fmt: skip
    assert (lid.trigger, lid.effects.fails, lid.effects.writes) == ("before_call", True, [])
    assert (note.trigger, note.effects.writes, rise.trigger) == ("after_call", ["seen"], "after_round")


def test_clock_and_limits_in_the_ir() -> None:
    [plant], [keeper] = program().environments, program().agents
    assert plant.clock is not None
    assert (plant.clock.start, plant.clock.runs) == ("2025-01-31T08:00:00", True)
    assert (plant.time_ms, plant.tick_ms, keeper.limits.time_ms) == (600_000.0, 2000.0, 120_000.0)


def test_the_ir_comes_back_from_its_json() -> None:
    assert Program.model_validate_json(program().model_dump_json()) == program()


MISTAKES: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "a period without a unit": ("every step", "every 100", [("NEX0530", "100")]),
    "a period of no time": ("every step", "every 0s", [("NEX0530", "0s")]),
    "a period that is read from the world": ("every step", "every level * 1s", [("NEX0205", "level")]),
    "a second stream": ("(dice: Chance)", "(dice: Chance, more: Chance)", [("NEX0532", "more: Chance")]),
    "a parameter": ("note()", "note(request: Call)", [("NEX0532", "request: Call")]),
    "two of a name": ("process note()", "process lid()", [("NEX0212", "lid")]),
    "a slot of that name": ("process note()", "process seen()", [("NEX0212", "seen")]),
    "a request where nobody calls": ("level > 0.0", 'request.by == "a"', [("NEX0205", "request")]),
    "an answer before there is one": ("level < 9.0", "len(answer) < 3", [("NEX0205", "answer")]),
    "a tool that there is not": ('"look"', '"lok"', [("NEX0217", '"lok"')]),
    "a result": ('require level > 0.0 else fail "Empty"', "return 1", [("NEX0301", "1")]),
    "waiting in a tool": ("  filled = now()", "  wait(1s)", [("NEX0535", "wait(1s)")]),
    "waiting so many": ("wait(1s)", "wait(1)", [("NEX0301", "1")]),
    "the time in a function": ('Goal(id: "a"', 'Goal(id: "{{ now() }}"', [("NEX0534", "now()")]),
    "no clock": ('  clock: running("2025-01-31T08:00:00")\n', "", [("NEX0533", "Plant")]),
    "a clock that cannot be read": ("2025-01-31T08", "2025-13-31T08", [("NEX0531", '"2025-13-31T08:00:00"')]),
    "a clock of another kind": ("running(", "ticking(", [("NEX0531", 'ticking("2025-01-31T08:00:00")')]),
    "a limit without a unit": ("{ time: 10m }", "{ time: 10 }", [("NEX0504", "10")]),
    "a limit that there is not": ("{ time: 10m }", "{ hours: 10m }", [("NEX0501", "hours")]),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_gives_one_diagnostic(name: str) -> None:
    old, new, wanted = MISTAKES[name]
    assert old in TEXT
    assert found(TEXT.replace(old, new, 1)) == wanted


def test_where_no_time_passes_a_process_never_runs() -> None:
    still = TEXT.replace("  tick: 2s\n", "").replace("  wait(1s)\n", "")
    assert found(still) == [("NEX0536", "Plant")]
    assert found(still.replace("every step", "after round")) == []


def applied(text: str) -> str:
    [diagnostic] = nexlang.compile(FILE, {str(FILE): text}).diagnostics
    edits: list[Any] = sorted(diagnostic.fixes[0].edits, key=lambda edit: edit.span.start, reverse=True)
    for edit in edits:
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize(
    "name",
    ["a period without a unit", "a parameter", "no clock", "a clock of another kind", "a tool that there is not"],
)
def test_its_fix_mends_it(name: str) -> None:
    old, new, _ = MISTAKES[name]
    assert found(applied(TEXT.replace(old, new, 1))) == []


def test_a_process_stands_in_its_world() -> None:
    text = TEXT.replace("every step", "every step in Tank")
    assert found(text) == [("NEX0530", "step in Tank")]
    assert found(applied(text)) == []


def test_waiting_gives_nothing() -> None:
    assert found(TEXT.replace("  wait(1s)", "  let gap = wait(1s)")) == [("NEX0323", "wait(1s)")]

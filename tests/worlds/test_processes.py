"""Processes and the timeline that runs them, written as generated code writes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from nexlang.worlds.engine import (
    INT,
    TEXT,
    Call,
    Chance,
    Clock,
    Context,
    ProcessFailure,
    Streams,
    Timeline,
    ToolFailure,
    World,
)
from nexlang.worlds.engine.processes import Process, define_processes
from nexlang.worlds.engine.session import Session, tool
from nexlang.worlds.engine.state import define_world, slot


class Tank(World):
    level: int
    closed: bool
    log: str


define_world(Tank, {"level": slot(INT, lambda: 10), "closed": slot(INT, lambda: 0), "log": slot(TEXT, lambda: "")})


def leak(ctx: Context[Tank]) -> None:
    if ctx.world.level == 0:
        raise ToolFailure("The tank is empty")
    ctx.world.level -= 1


def splash(ctx: Context[Tank], dice: Chance) -> None:
    ctx.world.log += str(dice.below(10))


def lid(ctx: Context[Tank], request: Call) -> None:
    if ctx.world.closed and request.tool != "open":
        raise ToolFailure("The lid is closed", "Closed")


def note(ctx: Context[Tank], request: Call, answer: str) -> None:
    ctx.world.log += f"{request.by}:{request.tool}@{request.at:g}={answer};"


def rise(ctx: Context[Tank]) -> None:
    ctx.world.level += 5


define_processes(
    Tank,
    Process("leak", "every", leak, 1000.0),
    Process("splash", "every", splash, 2500.0, dice=True),
    Process("lid", "before_call", lid),
    Process("note", "after_call", note),
    Process("rise", "after_round", rise),
)


def fill(ctx: Context[Tank], amount: int) -> str:
    ctx.world.level += amount
    return "Filled."


def add_two(ctx: Context[Any], amount: int) -> int:
    return amount + 2


TOOLS = {
    "fill": tool("fill", fill, Tank, {"amount": INT}, TEXT),
    "add_two": tool("add_two", add_two, None, {"amount": INT}, INT),
}


def made() -> Timeline[Tank]:
    return Timeline(Tank.load({}))


def test_a_process_runs_at_its_moments() -> None:
    timeline = made()
    timeline.advance(999.0)
    assert timeline.world.level == 10
    timeline.advance(1.0)
    assert timeline.world.level == 9
    timeline.advance(3500.0)
    assert (timeline.world.level, timeline.clock.elapsed) == (6, 4500.0)
    assert len(timeline.world.log) == 1


def test_many_small_steps_are_as_one_large() -> None:
    one, many = made(), made()
    one.advance(7000.0)
    for _ in range(70):
        many.advance(100.0)
    assert one.world == many.world


def test_streams_are_numbered_by_activation() -> None:
    first, second = made(), made()
    first.advance(9000.0)
    second.advance(9000.0)
    other = Timeline(Tank.load({}), streams=Streams(1))
    other.advance(9000.0)
    assert first.world.log == second.world.log
    assert first.world.log != other.world.log


def test_a_failing_process_says_when() -> None:
    timeline = made()
    with pytest.raises(ProcessFailure, match=r"process leak failed at 11 s: The tank is empty"):
        timeline.advance(20_000.0)
    assert timeline.world.level == 0


def test_the_end_of_a_round() -> None:
    timeline = made()
    timeline.end_round()
    assert timeline.world.level == 15


def test_calls_are_guarded() -> None:
    timeline = made()
    timeline.advance(500.0)
    session = timeline.session(TOOLS)
    assert session.call("fill", {"amount": 2}, "ann").text == "Filled."
    assert (timeline.world.level, timeline.world.log) == (12, "ann:fill@500=Filled.;")
    timeline.world.closed = True
    answer = session.call("fill", {"amount": 2}, "ann")
    assert (answer.error, answer.text, answer.code) == (True, "Error: The lid is closed", "Closed")
    assert timeline.world.level == 12


def test_a_call_of_no_world_is_not_guarded() -> None:
    timeline = made()
    timeline.world.closed = True
    assert timeline.session(TOOLS).call("add_two", {"amount": 1}).value == 3


def test_bad_arguments_reach_no_process() -> None:
    timeline = made()
    timeline.world.closed = True
    assert timeline.session(TOOLS).call("fill", {"amount": "x"}).code == "bad_arguments"


def test_a_fork_goes_on_by_itself() -> None:
    timeline = made()
    timeline.advance(2400.0)
    world = timeline.world.fork()
    other = timeline.fork(world)
    other.advance(5000.0)
    assert timeline.clock.elapsed == 2400.0
    timeline.advance(5000.0)
    assert timeline.world == world


def test_no_world_that_hangs() -> None:
    timeline = made()
    timeline._left = 3
    with pytest.raises(ProcessFailure, match="more work"):
        timeline.advance(9000.0)


def test_a_world_without_processes_has_a_plain_session() -> None:
    class Still(World):
        level: int

    define_world(Still, {"level": slot(INT, lambda: 0)})
    timeline = Timeline(Still.load({}))
    timeline.advance(1e9)
    assert type(timeline.session(TOOLS)) is Session


def test_what_the_clock_shows() -> None:
    start = datetime(2025, 1, 31, 23, 59, 59)
    running, frozen = Clock(start), Clock(start, runs=False)
    running.elapsed = frozen.elapsed = 1500.0
    assert running.now() == datetime(2025, 2, 1, 0, 0, 0, 500_000)
    assert (running.today(), frozen.now(), frozen.today()) == (date(2025, 2, 1), start, date(2025, 1, 31))

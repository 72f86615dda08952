"""What moves by itself: processes, the timeline that runs them, and calls that processes stand around."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from typing import Any, Generic, Literal, TypeVar

from nexlang.worlds.engine.chance import Streams
from nexlang.worlds.engine.clock import Clock
from nexlang.worlds.engine.context import FUEL, Context
from nexlang.worlds.engine.failures import ProcessFailure
from nexlang.worlds.engine.session import FAILURES, Session, Tool, failed
from nexlang.worlds.engine.state import World
from nexlang.worlds.engine.values import Answer, Call

Trigger = Literal["every", "before_call", "after_call", "after_round"]
ACTIVATIONS = 1_000_000
"""How often the processes of one episode may run by time: a day in steps of a millisecond must not hang."""

W = TypeVar("W", bound=World)


@dataclass(frozen=True, slots=True)
class Process:
    """A process of a world. `function(ctx)` takes the `request` too around calls, the answer's text after one, and
    last a stream of chance where it has `dice`. `period` is in milliseconds."""

    name: str
    trigger: Trigger
    function: Callable[..., object]
    period: float = 0.0
    dice: bool = False


def define_processes(world: type[World], *processes: Process) -> None:
    """Say what happens in a world by itself, in the order of the program."""
    world._processes = processes


class Timeline(Generic[W]):
    """The time of one world: it passes only by `advance`, and what is due on the way happens at its moment."""

    __slots__ = ("_ctx", "_due", "_left", "_rounds", "clock", "streams", "world")

    def __init__(self, world: W, clock: Clock | None = None, streams: Streams | None = None) -> None:
        self.world = world
        self.clock = clock or Clock()
        self.streams = streams or Streams(0)
        self._ctx: Context[Any] = Context(world, FUEL, self.clock)
        self._left = ACTIVATIONS
        processes = type(world)._processes
        self._due = [
            (self.clock.elapsed + one.period, place, self.clock.elapsed, 1, one)
            for place, one in enumerate(processes)
            if one.trigger == "every"
        ]
        heapify(self._due)
        self._rounds = [one for one in processes if one.trigger == "after_round"]

    @property
    def moves(self) -> bool:
        """Whether something may happen here though nobody acts."""
        return bool(self._due or self._rounds)

    def advance(self, ms: float) -> None:
        """Let time pass. Raises `ProcessFailure` where a process fails; nothing of it has happened then."""
        clock, due = self.clock, self._due
        target = clock.elapsed + ms
        while due and due[0][0] <= target:
            at, place, since, count, process = due[0]
            heapreplace(due, (since + process.period * (count + 1), place, since, count + 1, process))
            clock.elapsed = at
            self._left -= 1
            self._run(process)
        clock.elapsed = target

    def end_round(self) -> None:
        """Run what resolves a round. Raises `ProcessFailure`."""
        for process in self._rounds:
            self._run(process)

    def session(self, tools: Mapping[str, Tool], fuel: int = FUEL) -> Session[W]:
        """Calls on the world, with what happens before and after each; a plain session where nothing does."""
        processes = type(self.world)._processes
        around = [one for one in processes if one.trigger in ("before_call", "after_call")]
        if around:
            return Guarded(tools, self, around, fuel)
        return Session(tools, self.world, fuel, self.clock)

    def fork(self, world: W) -> Timeline[W]:
        """The same moment of another world in the same state."""
        other = Timeline(world, self.clock.fork(), self.streams.fork())
        other._due = [*self._due]
        other._left = self._left
        return other

    def stream(self, process: Process) -> Sequence[Any]:
        """The stream of a process's next activation, as its last argument, where it has one."""
        return (self.streams.next(f"{type(self.world).__name__}.{process.name}"),) if process.dice else ()

    def _run(self, process: Process) -> None:
        """One activation, a transaction of its own."""
        world = self.world
        mark = world.snapshot()
        self._ctx.fuel = FUEL if self._left >= 0 else -1
        try:
            self._ctx.burn(0)
            process.function(self._ctx, *self.stream(process))
        except FAILURES as error:
            world.restore(mark)
            raise ProcessFailure(process.name, self.clock.elapsed, failed(error).message) from error


def guarded(timeline: Timeline[Any], ctx: Context[Any], tool: Tool, values: Sequence[Any]) -> Any:
    """A tool's typed result for typed arguments, with what happens before and after a call; raises as the tool does."""
    given = zip(tool.parameters.items(), values, strict=True)
    request = Call(tool.name, {name: codec.encode(value) for (name, codec), value in given}, "test")
    around = type(timeline.world)._processes
    for process in around:
        if process.trigger == "before_call":
            process.function(ctx, request, *timeline.stream(process))
    value = tool.function(ctx, *values)
    for process in around:
        if process.trigger == "after_call":
            process.function(ctx, request, tool.text(value), *timeline.stream(process))
    return value


class Guarded(Session[W]):
    """Calls on a world whose processes stand around them: one of those that fails is the call's failure."""

    __slots__ = ("_after", "_before", "_timeline")

    def __init__(
        self, tools: Mapping[str, Tool], timeline: Timeline[W], around: Sequence[Process], fuel: int = FUEL
    ) -> None:
        super().__init__(tools, timeline.world, fuel, timeline.clock)
        self._timeline = timeline
        self._before = [one for one in around if one.trigger == "before_call"]
        self._after = [one for one in around if one.trigger == "after_call"]

    def call(self, tool: str, arguments: Mapping[str, Any], by: str = "") -> Answer:
        entry = self.tools.get(tool)
        if entry is None or entry.world is None:
            return super().call(tool, arguments, by)
        world, ctx, stream = self.world, self._ctx, self._timeline.stream
        mark = len(world._journal)
        ctx.fuel = self._fuel
        try:
            values = entry.decode(arguments)
            request = Call(tool, arguments, by)
            for process in self._before:
                process.function(ctx, request, *stream(process))
            value = entry.function(ctx, *values)
            text = entry.text(value)
            for process in self._after:
                process.function(ctx, request, text, *stream(process))
            return Answer(False, text, value)
        except FAILURES as error:
            world.restore(mark)
            return failed(error)

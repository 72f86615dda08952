"""What moves by itself: processes, the timeline that runs them, and calls that processes stand around."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from math import inf
from typing import Any, Generic, Literal, TypeVar

from nexlang.worlds.engine.chance import Streams
from nexlang.worlds.engine.clock import Clock
from nexlang.worlds.engine.context import FUEL, Context
from nexlang.worlds.engine.externs import Externs
from nexlang.worlds.engine.failures import ProcessFailure, ToolFailure
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


@dataclass(frozen=True, slots=True)
class Placed:
    """A process of a world or of a part of it; `path` leads to the part. `stream` is the name of its chance."""

    process: Process
    path: tuple[str, ...]
    kind: type[World]

    @property
    def stream(self) -> str:
        return f"{self.kind.__name__}.{self.process.name}"

    def run(self, ctx: Context[Any], *given: Any) -> None:
        """Run it in its part of the context's world."""
        world = ctx.world
        for name in self.path:
            world = getattr(world, name)
        if self.path:
            ctx.within(world, self.process.function, *given)
        else:
            self.process.function(ctx, *given)


def placed(kind: type[World], path: tuple[str, ...] = ()) -> list[Placed]:
    """The processes of a world in the order of the program, then those of its parts."""
    found = [Placed(process, path, kind) for process in kind._processes]
    for name, part in kind._parts.items():
        found += placed(part, (*path, name))
    return found


def concerned(around: Sequence[Placed], root: type[World], kind: type[World] | None) -> list[Placed]:
    """The processes that see a call of a tool of a world: those of that world, of what holds it, and of its parts."""
    if kind is None or not around:
        return []
    path = () if kind is root else _path_to(root, kind)
    return [one for one in around if path is not None and one.path[: len(path)] == path[: len(one.path)]]


def _path_to(root: type[World], kind: type[World]) -> tuple[str, ...] | None:
    for name, part in root._parts.items():
        below = () if part is kind else _path_to(part, kind)
        if below is not None:
            return (name, *below)
    return None


class Timeline(Generic[W]):
    """The time of one world: it passes only by `advance`, and what is due on the way happens at its moment."""

    __slots__ = ("_ctx", "_due", "_left", "_rounds", "around", "clock", "externs", "streams", "world")

    def __init__(
        self, world: W, clock: Clock | None = None, streams: Streams | None = None, externs: Externs | None = None
    ) -> None:
        self.world = world
        self.clock = clock or Clock()
        self.streams = streams or Streams(0)
        self.externs = externs
        self._ctx: Context[Any] = Context(world, FUEL, self.clock)
        self._left = ACTIVATIONS
        processes = placed(type(world))
        begun = self.clock.elapsed
        self._due = [
            (begun + one.process.period, place, begun, 1, one)
            for place, one in enumerate(processes)
            if one.process.trigger == "every"
        ]
        heapify(self._due)
        self._rounds = [one for one in processes if one.process.trigger == "after_round"]
        self.around = [one for one in processes if one.process.trigger in ("before_call", "after_call")]

    @property
    def resolves(self) -> bool:
        """Whether something happens at the end of a round."""
        return bool(self._rounds)

    def advance(self, ms: float) -> None:
        """Let time pass. Raises `ProcessFailure` where a process fails; nothing of it has happened then."""
        if not 0 <= ms < inf:
            raise ToolFailure(f"No time is {ms / 1000:g} s long", "out_of_range")
        clock, due = self.clock, self._due
        target = clock.elapsed + ms
        while due and due[0][0] <= target:
            at, place, since, count, one = due[0]
            heapreplace(due, (since + one.process.period * (count + 1), place, since, count + 1, one))
            clock.elapsed = at
            self._left -= 1
            self._run(one)
        clock.elapsed = target

    def end_round(self) -> None:
        """Run what resolves a round. Raises `ProcessFailure`."""
        for one in self._rounds:
            self._run(one)

    def session(self, tools: Mapping[str, Tool], fuel: int = FUEL) -> Session[W]:
        """Calls on the world, with what happens before and after each; a plain session where nothing does."""
        if self.around:
            return Guarded(tools, self, fuel)
        return Session(tools, self.world, fuel, self.clock, self.externs)

    def fork(self, world: W) -> Timeline[W]:
        """The same moment of another world in the same state."""
        other = Timeline(world, self.clock.fork(), self.streams.fork(), self.externs and self.externs.fork())
        other._due = [*self._due]
        other._left = self._left
        return other

    def run(self, one: Placed, ctx: Context[Any], *given: Any) -> None:
        """One activation of a process, with its stream of chance where it has one; raises as its body does."""
        if one.process.dice:
            one.run(ctx, *given, self.streams.next(one.stream))
        else:
            one.run(ctx, *given)

    def _run(self, one: Placed) -> None:
        """One activation, a transaction of its own."""
        world = self.world
        mark = world.snapshot()
        self._ctx.fuel = FUEL if self._left >= 0 else -1
        try:
            self._ctx.burn(0)
            self.run(one, self._ctx)
        except FAILURES as error:
            world.restore(mark)
            raise ProcessFailure(one.process.name, self.clock.elapsed, failed(error).message) from error


def guarded(timeline: Timeline[Any], ctx: Context[Any], tool: Tool, values: Sequence[Any], by: str = "test") -> Any:
    """A tool's typed result for typed arguments, with what happens before and after a call; raises as the tool does."""
    given = zip(tool.parameters.items(), values, strict=True)
    request = Call(tool.name, {name: codec.encode(value) for (name, codec), value in given}, by)
    request.at = timeline.clock.elapsed
    around = concerned(timeline.around, type(timeline.world), tool.world)
    return _called(timeline, around, ctx, request, tool, values)[0]


def _called(
    timeline: Timeline[Any],
    around: Sequence[Placed],
    ctx: Context[Any],
    request: Call,
    tool: Tool,
    values: Sequence[Any],
) -> tuple[Any, str]:
    """The result of a call and its text, what stands around it having been run."""
    for one in around:
        if one.process.trigger == "before_call":
            timeline.run(one, ctx, request)
    value = tool.run(ctx, values)
    text = tool.text(value)
    for one in around:
        if one.process.trigger == "after_call":
            timeline.run(one, ctx, request, text)
    return value, text


class Guarded(Session[W]):
    """Calls on a world whose processes stand around them: one of those that fails is the call's failure."""

    __slots__ = ("_around", "_timeline")

    def __init__(self, tools: Mapping[str, Tool], timeline: Timeline[W], fuel: int = FUEL) -> None:
        super().__init__(tools, timeline.world, fuel, timeline.clock, timeline.externs)
        self._timeline = timeline
        self._around: dict[type[World], list[Placed]] = {}

    def call(self, tool: str, arguments: Mapping[str, Any], by: str = "") -> Answer:
        entry = self.tools.get(tool)
        if entry is None or entry.world is None:
            return super().call(tool, arguments, by)
        world, ctx, timeline = self.world, self._ctx, self._timeline
        around = self._around.get(entry.world)
        if around is None:
            around = self._around[entry.world] = concerned(timeline.around, type(world), entry.world)
        mark = len(world._journal)
        ctx.fuel = self._fuel
        try:
            values = entry.decode(arguments)
            request = Call(tool, arguments, by, at=timeline.clock.elapsed)
            value, text = _called(timeline, around, ctx, request, entry, values)
            return Answer(False, text, value)
        except FAILURES as error:
            world.restore(mark)
            return failed(error)

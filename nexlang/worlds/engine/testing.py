"""What generated tests are given: a world, scripts to write, and a place to say what was expected."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from nexlang.worlds.engine.context import FUEL, Context
from nexlang.worlds.engine.differences import brief, compared, world_changes
from nexlang.worlds.engine.externs import Externs
from nexlang.worlds.engine.failures import ProcessFailure, ToolFailure
from nexlang.worlds.engine.processes import Timeline, guarded
from nexlang.worlds.engine.session import FAILURES, Tool, failed
from nexlang.worlds.engine.state import World

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
}


@dataclass(frozen=True)
class Problem:
    """An expectation that did not hold: its line, its source text, and what was there instead."""

    line: int
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script: what a model or an extern gives next, or how it fails (`code` is set)."""

    line: int
    value: Any
    code: str | None = None


class Stopped(Exception):
    """A test cannot go on: what it calls asks for something that no script of it says."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AgentFailed(ToolFailure):
    """An agent ended without a result. What its calls did stays done."""


class Agents(Protocol):
    """Runs agents for tests."""

    def ask(self, run: TestRun, agent: str, arguments: Mapping[str, Any]) -> Any:
        """The agent's typed result. Raises `AgentFailed` and `Stopped`."""
        ...


class TestRun:
    """One run of a `test` block. A failing call is rolled back; the test goes on to its other expectations."""

    __test__ = False

    def __init__(
        self, world: World | None, agents: Agents | None = None, timeline: Timeline[Any] | None = None
    ) -> None:
        self.world = world
        self.agents = agents
        self.timeline = timeline if timeline is not None or world is None else Timeline(world)
        self.beyond: Externs | None = None
        if self.timeline is not None:
            self.beyond, self.timeline.externs = self.timeline.externs, self
        clock = self.timeline.clock if self.timeline is not None else None
        self.ctx: Context[Any] = Context(world, FUEL, clock, self)
        self.problems: list[Problem] = []
        self.scripts: dict[tuple[str, str], deque[Line]] = {}
        self.at = 0
        self._start = world.fork() if world is not None else None

    def begin(self) -> None:
        """The `given`s are done: `unchanged` compares with the world as it is now."""
        self._start = self.world.fork() if self.world is not None else None

    # ---- what it calls

    def script(self, line: int, of: Literal["model", "extern"], name: str, value: Any, code: str | None = None) -> None:
        """`model name says value`, `extern name answers value`; with a code, `fails`."""
        self.at = line
        self.scripts.setdefault((of, name), deque()).append(Line(line, value, code))

    def next_line(self, of: Literal["model", "extern"], *names: str) -> Line | None:
        """The next line of the first of these that has one left."""
        for name in names:
            waiting = self.scripts.get((of, name))
            if waiting:
                return waiting.popleft()
        return None

    def answer(self, extern: str, arguments: Mapping[str, Any]) -> Any:
        """What the next line of an extern's script says; without one, what the run's own answers say."""
        line = self.next_line("extern", extern)
        if line is None and self.beyond is not None:
            return self.beyond.answer(extern, arguments)
        if line is None:
            raise Stopped(f"extern {extern} is asked, and no script says what it answers")
        if line.code is not None:
            raise ToolFailure(str(line.value), line.code)
        return line.value

    def fork(self) -> Externs:
        return self

    def unsaid(self) -> None:
        """Report the lines that nothing has asked for."""
        for (of, name), lines in self.scripts.items():
            for line in lines:
                verb = "fails" if line.code is not None else "says" if of == "model" else "answers"
                shown = f"{of} {name} {verb} {brief(line.value)}"
                self.problems.append(Problem(line.line, shown, "nothing asked for it"))

    def ask(self, agent: str, arguments: Mapping[str, Any]) -> Any:
        """Run an agent to its end. Raises `AgentFailed` where it has no result."""
        if self.agents is None:
            raise Stopped(f"{agent} cannot run here")
        return self.agents.ask(self, agent, arguments)

    def tool(self, tool: Tool, *values: Any, by: str = "test") -> Any:
        """Call a tool with what its world does before and after a call."""
        assert self.timeline is not None
        return guarded(self.timeline, self.ctx, tool, values, by)

    def wait(self, ms: float) -> None:
        """Let time pass, and what moves by itself move."""
        if self.timeline is not None:
            try:
                self.timeline.advance(ms)
            except ProcessFailure as failure:
                raise Stopped(str(failure)) from failure

    # ---- what it expects

    def true(self, line: int, text: str, condition: Callable[[], bool]) -> None:
        """`expect condition`."""
        failure, held = self._attempt(line, condition)
        if failure is not None:
            self.problems.append(Problem(line, text, _failed(failure)))
        elif not held:
            self.problems.append(Problem(line, text, "does not hold"))

    def compare(self, line: int, text: str, left: Callable[[], Any], operator: str, right: Callable[[], Any]) -> None:
        """`expect left operator right`; the report shows both sides."""
        failure, sides = self._attempt(line, lambda: (left(), right()))
        if failure is not None:
            self.problems.append(Problem(line, text, _failed(failure)))
        elif not _COMPARE[operator](*sides):
            self.problems.append(Problem(line, text, compared(*sides)))

    def fails(
        self, line: int, text: str, call: Callable[[], object], message: str | None, code: str | None = None
    ) -> None:
        """`expect call fails "message"`, `fails Code("message")`, `fails Code`."""
        failure, value = self._attempt(line, call)
        if failure is None:
            self.problems.append(Problem(line, text, f"did not fail; it gave {brief(value)}"))
        elif (message is not None and failure.message != message) or (code is not None and failure.code != code):
            self.problems.append(Problem(line, text, _failed(failure)))

    def unchanged(self, line: int, text: str, place: Callable[[Context[Any]], object] | None = None) -> None:
        """`expect world unchanged`, or one path of it."""
        self.at = line
        if self.world is None or self._start is None:
            return
        if place is not None:
            before, now = place(Context(self._start)), place(self.ctx)
            if before != now:
                self.problems.append(Problem(line, text, compared(now, before, "now", "before")))
            return
        changes = world_changes(self._start, self.world)
        if changes:
            self.problems.append(Problem(line, text, "\n".join(changes)))

    def _attempt(self, line: int, call: Callable[[], Any]) -> tuple[ToolFailure | None, Any]:
        mark = self.world.snapshot() if self.world is not None else 0
        self.ctx.fuel = FUEL
        self.at = line
        try:
            return None, call()
        except AgentFailed as failure:
            return failure, None
        except FAILURES as error:
            answer = failed(error)
        if self.world is not None:
            self.world.restore(mark)
        return ToolFailure(answer.message, answer.code), None


def _failed(failure: ToolFailure) -> str:
    coded = f"{failure.code}({brief(failure.message)})" if failure.code[:1].isupper() else brief(failure.message)
    return f"failed with {coded}"

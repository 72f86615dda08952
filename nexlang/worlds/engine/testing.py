"""What generated tests are given: a world, and a place to say what was expected of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nexlang.worlds.engine.codecs import json_text
from nexlang.worlds.engine.context import FUEL, Context
from nexlang.worlds.engine.failures import Mismatch, ToolFailure
from nexlang.worlds.engine.session import arithmetic
from nexlang.worlds.engine.state import World

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@dataclass(frozen=True)
class Problem:
    """An expectation that did not hold: its line, its source text, and what was there instead."""

    line: int
    text: str
    detail: str


class TestRun:
    """One run of a `test` block. A failing call is rolled back; the test goes on to its other expectations."""

    __test__ = False

    def __init__(self, world: World | None) -> None:
        self.world = world
        self.ctx: Context[Any] = Context(world)
        self.problems: list[Problem] = []
        self._start = world.fork() if world else None

    def begin(self) -> None:
        """The `given`s are done: `unchanged` compares with the world as it is now."""
        self._start = self.world.fork() if self.world is not None else None

    def true(self, line: int, text: str, condition: Callable[[], bool]) -> None:
        """`expect condition`."""
        failure, held = self._attempt(condition)
        if failure is not None:
            self.problems.append(Problem(line, text, f'failed with "{failure.message}"'))
        elif not held:
            self.problems.append(Problem(line, text, "does not hold"))

    def compare(self, line: int, text: str, left: Callable[[], Any], operator: str, right: Callable[[], Any]) -> None:
        """`expect left operator right`; the report shows the left side."""
        failure, sides = self._attempt(lambda: (left(), right()))
        if failure is not None:
            self.problems.append(Problem(line, text, f'failed with "{failure.message}"'))
        elif not _COMPARE[operator](*sides):
            self.problems.append(Problem(line, text, f"the left side is {_brief(sides[0])}"))

    def fails(self, line: int, text: str, call: Callable[[], object], message: str | None) -> None:
        """`expect call fails "message"`; without a message any failure will do."""
        failure, value = self._attempt(call)
        if failure is None:
            self.problems.append(Problem(line, text, f"did not fail; it gave {_brief(value)}"))
        elif message is not None and failure.message != message:
            self.problems.append(Problem(line, text, f'failed with "{failure.message}"'))

    def unchanged(self, line: int, text: str, place: Callable[[Context[Any]], object] | None = None) -> None:
        """`expect world unchanged`, or one place of it."""
        if self.world is None or self._start is None:
            return
        if place is not None:
            if place(Context(self._start)) != place(self.ctx):
                self.problems.append(Problem(line, text, f"it is now {_brief(place(self.ctx))}"))
            return
        changes = self.world.diff(self._start)
        if changes:
            where = ", ".join(".".join(map(str, change["path"])) for change in changes[:5])
            self.problems.append(Problem(line, text, f"changed: {where}{', …' if len(changes) > 5 else ''}"))

    def _attempt(self, call: Callable[[], Any]) -> tuple[ToolFailure | None, Any]:
        mark = self.world.snapshot() if self.world is not None else 0
        self.ctx.fuel = FUEL
        try:
            return None, call()
        except ToolFailure as failure:
            problem = failure
        except ArithmeticError as error:
            problem = ToolFailure(arithmetic(error), "arithmetic")
        except IndexError:
            problem = ToolFailure("A list has no such position", "out_of_range")
        except Mismatch as mismatch:
            problem = ToolFailure(str(mismatch), "bad_value")
        if self.world is not None:
            self.world.restore(mark)
        return problem, None


def _brief(value: object) -> str:
    text = json_text(value) if not isinstance(value, World) else "a world"
    return text if len(text) <= 200 else text[:199] + "…"

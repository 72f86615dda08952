"""Chance in steps that are computed once: what was drawn decides where a step leads, so draws form a tree.

A step draws from the episode's own streams as the engine does; only what follows from the draws is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nexlang.ir.model import Builtin, CallFn, Process, Program
from nexlang.runtime.library import nodes_of
from nexlang.worlds.branching import OUTCOMES, NotEnumerable
from nexlang.worlds.engine import Chance, Streams

RANGES = ("uniform", "normal", "lognormal", "exponential")
"""What draws a number from a range: no two draws are the same, so that nothing could be looked up."""


class Opening:
    """The step opens a stream of chance."""

    __slots__ = ("path", "then")

    def __init__(self, path: str) -> None:
        self.path = path
        self.then: Any = None


class Draw:
    """The step draws from its `stream`-th stream: one of `below` numbers, or whether something of `odds` happens."""

    __slots__ = ("below", "odds", "stream", "then")

    def __init__(self, stream: int, below: int, odds: float) -> None:
        self.stream = stream
        self.below = below
        self.odds = odds
        self.then: dict[int, Any] = {}


def followed(tree: Any, streams: Streams) -> tuple[Any, list[Chance], list[int]]:
    """What the draws lead to in a tree, `None` where that is not known yet; the streams opened, and the draws made."""
    opened: list[Chance] = []
    made: list[int] = []
    while tree is not None:
        if type(tree) is Draw:
            chance = opened[tree.stream]
            result = chance.below(tree.below) if tree.below else int(chance.happens(tree.odds))
            made.append(result)
            tree = tree.then.get(result)
        elif type(tree) is Opening:
            opened.append(streams.next(tree.path))
            tree = tree.then
        else:
            break
    return tree, opened, made


class Drawn(Streams):
    """The streams of one step. Draws that were made before the engine was asked are given to it again."""

    __slots__ = ("_at", "_live", "_opened", "made", "noted", "opened")

    def __init__(self, live: Streams, opened: list[Chance], made: list[int]) -> None:
        super().__init__(0)
        self._live = live
        self.opened = opened
        self.made = made
        self.noted: list[Opening | Draw] = []
        self._opened = 0
        self._at = 0

    def grown(self, tree: Any, leaf: Any) -> Any:
        """The tree with what this step drew, and what that led to."""
        results = iter(self.made)
        root = at = tree if tree is not None else (self.noted[0] if self.noted else leaf)
        for following in [*self.noted[1:], leaf] if self.noted else []:
            if isinstance(at, Draw):
                at = at.then.setdefault(next(results), following)
            else:
                at.then = at.then or following
                at = at.then
        return root

    # ------------------------------------------------------------ for the engine

    def next(self, path: str) -> Chance:
        if self._opened == len(self.opened):
            self.opened.append(self._live.next(path))
        self.noted.append(Opening(path))
        self._opened += 1
        return _Noting(self, self._opened - 1)

    def fork(self) -> Streams:
        return self

    def draw(self, stream: int, below: int, odds: float) -> int:
        self.noted.append(Draw(stream, below, odds))
        if self._at == len(self.made):
            chance = self.opened[stream]
            self.made.append(chance.below(below) if below else int(chance.happens(odds)))
        self._at += 1
        return self.made[self._at - 1]


class _Noting(Chance):
    """A stream whose draws are noted."""

    __slots__ = ("_number", "_step")

    def __init__(self, step: Drawn, number: int) -> None:
        super().__init__(0)
        self._step = step
        self._number = number

    def bits(self) -> int:
        raise NotEnumerable("it draws a number from a range")

    def below(self, n: int) -> int:
        if n > OUTCOMES:
            raise NotEnumerable(f"it draws one of {n} numbers")
        return self._step.draw(self._number, n, 0.0)

    def happens(self, probability: float) -> bool:
        return bool(self._step.draw(self._number, 0, probability))


def draws_from_range(program: Program, tools: Sequence[str], setup: Any) -> bool:
    """Whether a tool, a process or the setup, or what they call, draws a number from a range."""
    return any(isinstance(node, Builtin) and node.name in RANGES for node in _reached(program, tools, setup))


def _reached(program: Program, tools: Sequence[str], setup: Any) -> Iterator[Any]:
    functions = {function.name: function for function in program.functions}
    processes: list[Process] = [process for one in program.worlds for process in one.processes]
    waiting: list[Any] = [*(functions[tool] for tool in tools), *processes, setup]
    met = set(tools)
    while waiting:
        for node in nodes_of(waiting.pop()):
            yield node
            if isinstance(node, CallFn) and node.name not in met:
                met.add(node.name)
                waiting.append(functions[node.name])

"""Chance whose every outcome is met once: what a step may lead to, and how likely each of it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from nexlang.worlds.engine import Chance, Streams

T = TypeVar("T")
OUTCOMES = 10_000
"""The most outcomes that one step may have."""


class NotEnumerable(Exception):
    """What happens depends on a number with too many values to try each."""


class Script:
    """The draws of one run: `chosen` repeats an earlier run up to where another branch is taken."""

    def __init__(self, chosen: list[int]) -> None:
        self.chosen = chosen
        self.options: list[int] = []
        self.probability = 1.0

    def draw(self, weights: list[float]) -> int:
        """Take the next branch: the one that is said, else the first."""
        at = len(self.options)
        if at == len(self.chosen):
            self.chosen.append(0)
        self.options.append(len(weights))
        self.probability *= weights[self.chosen[at]]
        return self.chosen[at]

    def following(self) -> list[int] | None:
        """The choices of the next run in order; `None` after the last."""
        chosen = self.chosen[: len(self.options)]
        while chosen and chosen[-1] + 1 == self.options[len(chosen) - 1]:
            chosen.pop()
        return [*chosen[:-1], chosen[-1] + 1] if chosen else None


class BranchingChance(Chance):
    """Draws from few values take the branch that a script says; draws from a range of numbers are refused."""

    __slots__ = ("_script",)

    def __init__(self, script: Script) -> None:
        super().__init__(0)
        self._script = script

    def bits(self) -> int:
        raise NotEnumerable("it draws a number from a range")

    def below(self, n: int) -> int:
        if n > OUTCOMES:
            raise NotEnumerable(f"it draws one of {n} numbers")
        return self._script.draw([1 / n] * n)

    def happens(self, probability: float) -> bool:
        if probability <= 0.0 or probability >= 1.0:
            return probability >= 1.0
        return self._script.draw([1.0 - probability, probability]) == 1


class BranchingStreams(Streams):
    """Every stream of an episode is the same script: branches are taken in the order in which draws are made."""

    __slots__ = ("_script",)

    def __init__(self, script: Script) -> None:
        super().__init__(0)
        self._script = script

    def next(self, path: str) -> Chance:
        return BranchingChance(self._script)

    def fork(self) -> Streams:
        return self


def outcomes(run: Callable[[Any], T]) -> Iterator[tuple[float, T]]:
    """Each outcome of a run with its probability; `run` takes the streams. Raises `NotEnumerable`."""
    chosen: list[int] | None = []
    tried = 0
    while chosen is not None:
        tried += 1
        if tried > OUTCOMES:
            raise NotEnumerable(f"a step has more than {OUTCOMES} outcomes")
        script = Script(chosen)
        result = run(BranchingStreams(script))
        yield script.probability, result
        chosen = script.following()

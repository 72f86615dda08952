"""Seeded chance: a small generator whose numbers are the same on any machine and in any process."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from math import log, sqrt
from typing import TypeVar

from nexlang.worlds.engine.failures import ToolFailure

T = TypeVar("T")

_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15


class Chance:
    """SplitMix64 (Steele, Lea and Flood 2014). Two with the same state give the same draws."""

    __slots__ = ("state",)

    def __init__(self, state: int) -> None:
        self.state = state & _MASK

    @classmethod
    def stream(cls, seed: int, path: str, activation: int = 0) -> Chance:
        """The stream of a declaration's path at its n-th activation; independent of every other stream."""
        key = f"{seed}\0{path}\0{activation}".encode("utf-8", "surrogatepass")
        return cls(int.from_bytes(blake2b(key, digest_size=8).digest(), "little"))

    def bits(self) -> int:
        """The next 64 bits."""
        self.state = z = (self.state + _STEP) & _MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def unit(self) -> float:
        """A Float in [0, 1)."""
        return (self.bits() >> 11) * 2.0**-53

    def below(self, n: int) -> int:
        """An Int in [0, n), each equally likely; `n` may be of any size."""
        width = (n - 1).bit_length()
        if 0 < width <= 64:
            while True:
                value = self.bits() >> (64 - width)
                if value < n:
                    return value
        while True:
            value = 0
            for _ in range(0, width, 64):
                value = (value << 64) | self.bits()
            value >>= -width % 64
            if value < n:
                return value

    def normal(self, mean: float, sd: float) -> float:
        """Marsaglia's polar method, one number a call so that the state stays one number."""
        while True:
            x = 2.0 * self.unit() - 1.0
            y = 2.0 * self.unit() - 1.0
            square = x * x + y * y
            if 0.0 < square < 1.0:
                return mean + sd * x * sqrt(-2.0 * log(square) / square)

    def uniform(self, low: float, high: float) -> float:
        """A number between the two, each as likely."""
        return low + (high - low) * self.unit()

    def between(self, low: int, high: int) -> int:
        """A whole number between the two, both included."""
        if high < low:
            raise ToolFailure(f"There is no number between {low} and {high}", "out_of_range")
        return low + self.below(high - low + 1)

    def happens(self, probability: float) -> bool:
        """True with the probability."""
        return self.unit() < probability

    def choose(self, items: Sequence[T]) -> T:
        if not items:
            raise ToolFailure("Nothing to choose from", "out_of_range")
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """A new list in random order (Fisher and Yates)."""
        result = list(items)
        for i in range(len(result) - 1, 0, -1):
            j = self.below(i + 1)
            result[i], result[j] = result[j], result[i]
        return result


class Streams:
    """The streams of one episode: those of one declaration are numbered in the order in which it becomes active."""

    __slots__ = ("_activations", "_path", "seed")

    def __init__(self, seed: int, path: str = "{}") -> None:
        self.seed = seed
        self._path = tuple(path.split("{}", 1))
        self._activations: dict[str, int] = {}

    def next(self, path: str) -> Chance:
        """The stream of a declaration's next activation."""
        activation = self._activations.get(path, 0)
        self._activations[path] = activation + 1
        return Chance.stream(self.seed, path.join(self._path), activation)

    def fork(self) -> Streams:
        """The same streams from here on."""
        other = Streams(self.seed)
        other._path = self._path
        other._activations = {**self._activations}
        return other

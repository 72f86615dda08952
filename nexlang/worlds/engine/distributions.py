"""Distributions: what a program says about delays and errors, drawn from seeded streams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log
from typing import Literal

from nexlang.worlds.engine.chance import Chance
from nexlang.worlds.engine.failures import ToolFailure

Shape = Literal["constant", "normal", "uniform", "lognormal", "exponential"]


@dataclass(frozen=True, slots=True)
class Distribution:
    """`a` and `b` are the shape's parameters: mean and deviation, low and high, median and sigma, the mean."""

    shape: Shape
    a: float
    b: float = 0.0

    @property
    def centre(self) -> float:
        """What stays when nothing varies: the mean, or the median of a lognormal."""
        return (self.a + self.b) / 2 if self.shape == "uniform" else self.a

    def draw(self, chance: Chance) -> float:
        """One number of it."""
        match self.shape:
            case "normal":
                return chance.normal(self.a, self.b)
            case "uniform":
                return chance.uniform(self.a, self.b)
            case "lognormal":
                return self.a * exp(chance.normal(0.0, self.b))
            case "exponential":
                return -self.a * log(1.0 - chance.unit())
        return self.a


def constant(value: float) -> Distribution:
    """Always the same number."""
    return Distribution("constant", float(value))


def normal_distribution(mean: float, sd: float) -> Distribution:
    return Distribution("normal", float(mean), _not_below("the deviation of a normal distribution", sd))


def uniform_distribution(low: float, high: float) -> Distribution:
    if high < low:
        raise ToolFailure(f"There is no number between {low} and {high}", "out_of_range")
    return Distribution("uniform", float(low), float(high))


def lognormal(median: float, sigma: float) -> Distribution:
    at = _not_below("the median of a lognormal distribution", median)
    return Distribution("lognormal", at, _not_below("the sigma of a lognormal distribution", sigma))


def exponential(mean: float) -> Distribution:
    return Distribution("exponential", _not_below("the mean of an exponential distribution", mean))


def _not_below(what: str, value: float) -> float:
    if value < 0:
        raise ToolFailure(f"{what[0].upper()}{what[1:]} cannot be below 0", "out_of_range")
    return float(value)


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure that strikes a share of calls; `after` one has taken effect, or before."""

    code: str
    message: str
    rate: float
    after: bool = False


@dataclass(frozen=True, slots=True)
class Dynamics:
    """What an environment does to calls: by tool how long one takes (`default` for all others, in ms) and what
    strikes it, by tool or function what is added to which of its numbers."""

    latency: Mapping[str, Distribution] = field(default_factory=dict)
    default: Distribution | None = None
    faults: Mapping[str, Sequence[Fault]] = field(default_factory=dict)
    noise: Mapping[str, Sequence[tuple[tuple[str, ...], Distribution]]] = field(default_factory=dict)

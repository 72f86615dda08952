"""What a run may cost: numbers that add up along a body, of which the worse counts where it branches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nexlang.diagnostics.slotted import dataclass, field


@dataclass(slots=True)
class Cost:
    """`asks`: replies of models. `calls`: calls of tools. `tokens`: written by models. `depth`: agents below each
    other. `time`: simulated milliseconds, of waiting and of calls that have a latency. `acts`: calls of tools and
    agents made by one body itself. `children`: how often each agent is run from here."""

    asks: float = 0
    calls: float = 0
    tokens: float = 0
    depth: float = 0
    time: float = 0
    acts: float = 0
    children: dict[str, float] = field(default_factory=dict)

    def then(self, other: Cost) -> Cost:
        """Both, one after the other."""
        return Cost(
            self.asks + other.asks, self.calls + other.calls, self.tokens + other.tokens,
            max(self.depth, other.depth), self.time + other.time, self.acts + other.acts,
            merged(self.children, other.children, lambda a, b: a + b),
        )  # fmt: skip

    def either(self, other: Cost) -> Cost:
        """One of the two: the worse one, number by number."""
        return Cost(
            max(self.asks, other.asks), max(self.calls, other.calls), max(self.tokens, other.tokens),
            max(self.depth, other.depth), max(self.time, other.time), max(self.acts, other.acts),
            merged(self.children, other.children, max),
        )  # fmt: skip

    def times(self, count: float) -> Cost:
        return Cost(
            product(count, self.asks), product(count, self.calls), product(count, self.tokens),
            self.depth if count else 0, product(count, self.time), product(count, self.acts),
            {name: product(count, often) for name, often in self.children.items()},
        )  # fmt: skip

    def at_most(self, other: Cost) -> Cost:
        """Number by number the smaller one."""
        return Cost(
            min(self.asks, other.asks), min(self.calls, other.calls), min(self.tokens, other.tokens),
            min(self.depth, other.depth), min(self.time, other.time), min(self.acts, other.acts),
            {name: min(often, other.children.get(name, often)) for name, often in self.children.items()},
        )  # fmt: skip


def merged(a: Mapping[str, float], b: Mapping[str, float], how: Any) -> dict[str, float]:
    return {name: how(a.get(name, 0), b.get(name, 0)) for name in {**a, **b}}


def product(count: float, each: float) -> float:
    """With nothing done without end nothing."""
    return 0 if count == 0 or each == 0 else count * each


NONE = Cost()


@dataclass(frozen=True, slots=True)
class Step:
    """One agent on the dominating path: how often it runs in all, and what one run of it costs."""

    name: str
    times: float
    cost: Cost


@dataclass(slots=True)
class Counted(Cost):
    """A body's cost, and the worst single thing that it calls."""

    worst: Cost = field(default_factory=Cost)

    def times(self, count: float) -> Cost:
        made = Cost.times(self, count)
        return Counted(made.asks, made.calls, made.tokens, made.depth, made.time, made.acts, made.children, self.worst)

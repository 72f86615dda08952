"""Two policies on the same tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nexlang.evaluate.results import Result
from nexlang.evaluate.statistics import Estimate, paired

SAME = 1e-9
"""Rewards that differ by less are a tie."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A task that two policies played: how often each succeeded, and each one's mean reward."""

    task: str
    a: float
    b: float
    a_reward: float
    b_reward: float


@dataclass(frozen=True, slots=True)
class Tally:
    """On how many tasks `b` did better than `a`, as well, worse."""

    wins: int
    ties: int
    losses: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What `b` does better than `a` on the tasks that both played."""

    a: str
    b: str
    success: Estimate
    reward: Estimate
    pairs: Sequence[Pair] = ()

    @property
    def by_success(self) -> Tally:
        return tally([(pair.a, pair.b) for pair in self.pairs])

    @property
    def by_reward(self) -> Tally:
        return tally([(pair.a_reward, pair.b_reward) for pair in self.pairs])

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"by_success": asdict(self.by_success), "by_reward": asdict(self.by_reward)}


def tally(pairs: Sequence[tuple[float, float]]) -> Tally:
    signs = [0 if abs(b - a) < SAME else 1 if b > a else -1 for a, b in pairs]
    return Tally(signs.count(1), signs.count(0), signs.count(-1))


def compare(a: Result, b: Result, seed: int = 0) -> Comparison | None:
    """Two policies, paired by task; `None` where they share no task."""
    succeeded, rewarded = (a.by_task("success"), b.by_task("success")), (a.by_task("reward"), b.by_task("reward"))
    success, reward = paired(*succeeded, seed), paired(*rewarded, seed)
    pairs = [
        Pair(task, succeeded[0][task], succeeded[1][task], rewarded[0][task], rewarded[1][task])
        for task in succeeded[0] if task in succeeded[1]
    ]  # fmt: skip
    return Comparison(a.label, b.label, success, reward, pairs) if success and reward else None

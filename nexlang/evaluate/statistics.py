"""The few statistics that scores need, with their intervals."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist, fmean, stdev

LEVEL = 0.95
RESAMPLES = 2000
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its 95% interval, from `count` observations."""

    value: float
    low: float
    high: float
    count: int


def share(successes: int, count: int) -> Estimate:
    """A rate with Wilson's interval; without observations it is anywhere from 0 to 1."""
    if count == 0:
        return Estimate(0.0, 0.0, 1.0, 0)
    rate, square = successes / count, Z * Z
    middle = (rate + square / (2 * count)) / (1 + square / count)
    half = Z * sqrt(rate * (1 - rate) / count + square / (4 * count * count)) / (1 + square / count)
    low = middle - half if successes else 0.0
    high = middle + half if successes < count else 1.0
    return Estimate(rate, low, high, count)


def mean(values: Sequence[float]) -> Estimate:
    """A mean with the normal interval."""
    if not values:
        return Estimate(0.0, 0.0, 0.0, 0)
    middle = fmean(values)
    half = Z * stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0
    return Estimate(middle, middle - half, middle + half, len(values))


def pass_hat(successes: Mapping[str, Sequence[bool]], k: int) -> float | None:
    """pass^k: the chance that k runs of a task all succeed, averaged over tasks with at least k runs."""
    tried = [runs for runs in successes.values() if len(runs) >= k]
    return fmean(comb(sum(runs), k) / comb(len(runs), k) for runs in tried) if tried else None


def paired(a: Mapping[str, float], b: Mapping[str, float], seed: int) -> Estimate | None:
    """The mean of b - a over the tasks that both have, with a bootstrap interval over tasks."""
    differences = [b[task] - a[task] for task in a if task in b]
    if not differences:
        return None
    dice = random.Random(seed)
    means = sorted(fmean(dice.choices(differences, k=len(differences))) for _ in range(RESAMPLES))
    tail = (1 - LEVEL) / 2
    low, high = means[int(tail * RESAMPLES)], means[int((1 - tail) * RESAMPLES) - 1]
    return Estimate(fmean(differences), low, high, len(differences))

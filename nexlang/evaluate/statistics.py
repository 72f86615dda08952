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


def share(successes: int, count: int, worth: float | None = None) -> Estimate:
    """A rate with Wilson's interval, for so many observations as they are `worth`; without any it is anywhere from 0
    to 1."""
    if count == 0:
        return Estimate(0.0, 0.0, 1.0, 0)
    rate, square, held = successes / count, Z * Z, worth or count
    middle = (rate + square / (2 * held)) / (1 + square / held)
    half = Z * sqrt(rate * (1 - rate) / held + square / (4 * held * held)) / (1 + square / held)
    low = middle - half if successes else 0.0
    high = middle + half if successes < count else 1.0
    return Estimate(rate, low, high, count)


def share_by_task(runs: Mapping[str, Sequence[bool]]) -> Estimate:
    """A rate over several runs of each task. Runs of one task are alike, so they are worth less than as many tasks:
    what the spread between tasks says, at least the number of tasks."""
    every = [run for of in runs.values() for run in of]
    count, successes = len(every), sum(every)
    if len(runs) < 2 or not 0 < successes < count:
        return share(successes, count, float(len(runs)) if len(runs) > 1 else None)
    rate = successes / count
    variance = _variance(runs, rate)
    worth = rate * (1 - rate) / variance if variance else float(count)
    return share(successes, count, min(max(worth, float(len(runs))), float(count)))


def mean(values: Sequence[float]) -> Estimate:
    """A mean with the normal interval."""
    return mean_by_task({str(place): [value] for place, value in enumerate(values)})


def mean_by_task(runs: Mapping[str, Sequence[float]]) -> Estimate:
    """A mean over several runs of each task, with the normal interval that the spread between tasks gives; of one task
    that between its runs."""
    every = [run for of in runs.values() for run in of]
    if not every:
        return Estimate(0.0, 0.0, 0.0, 0)
    middle = fmean(every)
    if len(runs) > 1:
        half = Z * sqrt(_variance(runs, middle))
    else:
        half = Z * stdev(every) / sqrt(len(every)) if len(every) > 1 else 0.0
    return Estimate(middle, middle - half, middle + half, len(every))


def _variance(runs: Mapping[str, Sequence[float]], middle: float) -> float:
    """The variance of the mean of all runs, where only the tasks are independent of each other."""
    count = sum(len(of) for of in runs.values())
    between = sum(sum(run - middle for run in of) ** 2 for of in runs.values())
    return between * len(runs) / (len(runs) - 1) / count**2


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

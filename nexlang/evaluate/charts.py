"""Bars as geometry for SVG: how episodes ended, how rewards are spread, where two policies differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from nexlang.evaluate.comparing import SAME, Comparison
from nexlang.evaluate.plots import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Tick, number, ticks
from nexlang.evaluate.results import ENDS, Result

MOST_BARS = 24
BROAD = 940


@dataclass(frozen=True, slots=True)
class Bar:
    """`kind` is its class in the style, `said` what it says when pointed at."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in the coordinates of their SVG, with `x` written below; `zero` is where the line of nothing is."""

    title: str
    x: str
    bars: Sequence[Bar]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    zero: float = HEIGHT - BOTTOM
    size: tuple[int, int, int, int, int, int] = (WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM)


def ends(result: Result) -> list[Bar]:
    """One bar of 100 units, parted by how episodes ended."""
    found: list[Bar] = []
    at, whole = 0.0, len(result.rows) or 1
    for end in ENDS:
        if count := result.outcomes.get(end, 0):
            width = 100 * count / whole
            said = f"{end.replace('_', ' ')}: {count} of {whole}"
            found.append(Bar(round(at, 2), 0, round(width, 2), 10, end, said))
            at += width
    return found


def rewards(results: Sequence[Result]) -> list[Chart]:
    """A histogram of the rewards of each policy, all on the same axes."""
    values = [[row.reward for row in result.scored if row.reward is not None] for result in results]
    every = [value for each in values for value in each]
    if not every:
        return []
    marks = ticks(min(every), max(every), 6)
    low, high = marks[0], marks[-1]
    most = max(len(each) for each in values)
    bins = min(MOST_BARS, max(8, ceil(sqrt(most))))
    counts = [_counted(each, low, high, bins) for each in values]
    top = ticks(0, max(max(each) for each in counts), 5, whole=True)
    return [
        _histogram(result.label, each, marks, top, bins)
        for result, each, held in zip(results, counts, values, strict=True) if held
    ]  # fmt: skip


def _counted(values: Sequence[float], low: float, high: float, bins: int) -> list[int]:
    found = [0] * bins
    for value in values:
        found[min(int((value - low) / (high - low) * bins), bins - 1)] += 1
    return found


def _histogram(title: str, counts: Sequence[int], marks: Sequence[float], top: Sequence[float], bins: int) -> Chart:
    span, low = marks[-1] - marks[0], marks[0]
    wide = (WIDTH - LEFT - RIGHT) / bins
    bars = []
    for place, count in enumerate(counts):
        if count:
            y = _up(count, 0, top[-1])
            said = f"{low + place * span / bins:.3g} to {low + (place + 1) * span / bins:.3g}: {count}"
            x, width = round(LEFT + place * wide + 0.5, 1), round(wide - 1, 1)
            bars.append(Bar(x, y, width, round(HEIGHT - BOTTOM - y, 1), "one", said))
    x_ticks = [Tick(round(LEFT + (mark - low) / span * (WIDTH - LEFT - RIGHT), 1), number(mark)) for mark in marks]
    return Chart(title, "reward", bars, x_ticks, [Tick(_up(mark, 0, top[-1]), number(mark)) for mark in top])


def differences(comparison: Comparison) -> Chart | None:
    """The difference of reward on each task, the greatest gain first; `None` where there is none at all."""
    pairs = sorted(comparison.pairs, key=lambda pair: pair.a_reward - pair.b_reward)
    values = [pair.b_reward - pair.a_reward for pair in pairs]
    if all(abs(value) < SAME for value in values):
        return None
    marks = ticks(min(*values, 0.0), max(*values, 0.0), 5)
    zero, wide = _up(0, marks[0], marks[-1]), (BROAD - LEFT - RIGHT) / len(values)
    bars = []
    for place, (pair, value) in enumerate(zip(pairs, values, strict=True)):
        y = _up(value, marks[0], marks[-1])
        kind = "won" if value > 0 else "lost"
        said = f"{pair.task}: {value:+.3f} ({pair.a_reward:.3f} → {pair.b_reward:.3f})"
        x, width = round(LEFT + place * wide, 2), round(max(wide * 0.86, 0.4), 2)
        tall = max(round(abs(zero - y), 1), 0.6)
        bars.append(Bar(x, min(y, zero), width, tall, kind if abs(value) >= SAME else "tied", said))
    y_ticks = [Tick(_up(mark, marks[0], marks[-1]), number(mark)) for mark in marks]
    size = (BROAD, HEIGHT, LEFT, RIGHT, TOP, BOTTOM)
    title = f"Difference in reward, {comparison.b} less {comparison.a}"
    below = f"{len(values)} tasks, from the greatest gain to the greatest loss"
    return Chart(title, below, bars, [], y_ticks, zero, size)


def _up(value: float, low: float, high: float) -> float:
    return round(HEIGHT - BOTTOM - (value - low) / ((high - low) or 1) * (HEIGHT - BOTTOM - TOP), 1)

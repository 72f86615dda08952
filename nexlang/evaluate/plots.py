"""Curves and intervals as geometry for SVG: ticks, paths, bars. Nothing here writes markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import floor, isfinite, log10

from nexlang.evaluate.statistics import Estimate

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 460, 230, 48, 12, 14, 34


@dataclass(frozen=True)
class Curve:
    """A measured quantity over the steps of a run, such as the loss of imitation. `points` are (step, value)."""

    title: str
    x: str
    y: str
    points: Sequence[tuple[float, float]]
    smooth: int = 1


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    text: str


@dataclass
class Plot:
    """A curve in the coordinates of its SVG."""

    curve: Curve
    path: str
    smoothed: str
    dots: list[tuple[float, float, str]]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    size: tuple[int, int, int, int, int, int] = field(default=(WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM))


def plot(curve: Curve) -> Plot | None:
    """`None` where there is nothing to draw."""
    points = [(x, y) for x, y in curve.points if isfinite(x) and isfinite(y)]
    if not points:
        return None
    x_ticks = ticks(min(x for x, _ in points), max(x for x, _ in points), 6, whole=True)
    y_ticks = ticks(min(y for _, y in points), max(y for _, y in points), 5)
    x_at = _scale(x_ticks, points, 0, LEFT, WIDTH - RIGHT)
    y_at = _scale(y_ticks, points, 1, HEIGHT - BOTTOM, TOP)
    placed = [(x_at(x), y_at(y)) for x, y in points]
    smoothed = _moving(points, curve.smooth) if curve.smooth > 1 else []
    said = [f"{curve.x} {x:g}: {y:.4g}" for x, y in points]
    return Plot(
        curve,
        _path(placed),
        _path([(x_at(x), y_at(y)) for x, y in smoothed]),
        [(round(x, 1), round(y, 1), text) for (x, y), text in zip(placed, said, strict=True)],
        [Tick(round(x_at(t), 1), number(t)) for t in x_ticks],
        [Tick(round(y_at(t), 1), number(t)) for t in y_ticks],
    )  # fmt: skip


def _scale(
    marks: Sequence[float], points: Sequence[tuple[float, float]], axis: int, start: float, end: float
) -> Callable[[float], float]:
    low = min(marks[0], *(point[axis] for point in points))
    high = max(marks[-1], *(point[axis] for point in points))
    span = high - low or 1.0
    return lambda value: start + (value - low) / span * (end - start)


def ticks(low: float, high: float, count: int, whole: bool = False) -> list[float]:
    """Round numbers that span the range."""
    if low == high:
        low, high = (low - 1, high + 1) if low == 0 else (low - abs(low) / 2, high + abs(high) / 2)
    rough = (high - low) / max(count - 1, 1)
    power = 10.0 ** floor(log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    step = max(1.0, float(round(step))) if whole else step
    first = floor(low / step + 1e-9)
    marks = []
    while True:
        marks.append(round(first * step, 10))
        if first * step >= high - 1e-9 * step:
            return marks
        first += 1


def number(value: float) -> str:
    return f"{value:g}"


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "".join(f"{'L' if i else 'M'}{x:.1f} {y:.1f}" for i, (x, y) in enumerate(points))


def _moving(points: Sequence[tuple[float, float]], width: int) -> list[tuple[float, float]]:
    """The mean of the last `width` values."""
    found = []
    for i, (x, _) in enumerate(points):
        last = [y for _, y in points[max(0, i - width + 1) : i + 1]]
        found.append((x, sum(last) / len(last)))
    return found


@dataclass(frozen=True, slots=True)
class Interval:
    """A rate and its interval, in percent of a line's width."""

    value: float
    low: float
    high: float


def interval(of: Estimate) -> Interval:
    return Interval(*(round(100 * min(max(x, 0.0), 1.0), 2) for x in (of.value, of.low, of.high)))

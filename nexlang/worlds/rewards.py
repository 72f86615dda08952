"""Measures into a reward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nexlang.ir.model import Component


def reward(weights: Mapping[str, float], measures: Mapping[str, bool | int | float]) -> float:
    """The weighted sum of the measures, a Bool counting 0 or 1; added in the order of declaration."""
    return float(sum(weight * float(measures[name]) for name, weight in weights.items()))


def bounds(components: Sequence[Component]) -> tuple[float | None, float | None]:
    """The least and greatest reward that the components' ranges allow; `None` where a range is open."""
    low: float | None = 0.0
    high: float | None = 0.0
    for component in components:
        least, most = _range(component)
        low = None if low is None or least is None else low + least
        high = None if high is None or most is None else high + most
    return low, high


def _range(component: Component) -> tuple[float | None, float | None]:
    low = 0.0 if component.type == "bool" else component.low
    high = 1.0 if component.type == "bool" else component.high
    if component.weight == 0:
        return 0.0, 0.0
    ends = [None if end is None else end * component.weight for end in (low, high)]
    return (ends[0], ends[1]) if component.weight > 0 else (ends[1], ends[0])

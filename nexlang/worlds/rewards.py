"""Measures into a reward."""

from __future__ import annotations

from collections.abc import Mapping


def reward(weights: Mapping[str, float], measures: Mapping[str, bool | int | float]) -> float:
    """The weighted sum of the measures, a Bool counting 0 or 1; added in the order of declaration."""
    return float(sum(weight * float(measures[name]) for name, weight in weights.items()))

"""The ranges of an environment's rewards, in lines."""

from __future__ import annotations

from collections.abc import Iterator

from nexlang.explain.subject import adds, reward_range
from nexlang.explain.text import component_line, interval
from nexlang.ir.model import Environment


def reward_lines(environment: Environment) -> Iterator[str]:
    """What each component can be and can add, and what all that is paid at the end can come to."""
    for component in environment.reward:
        data = {name: getattr(component, name) for name in ("name", "weight", "low", "high", "paid", "own")}
        yield component_line(data | {"adds": adds(component)})
    total = reward_range(environment.reward)
    if total is not None:
        yield f"in all, at the end: {interval(total['low'], total['high'])}"

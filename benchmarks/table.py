"""One row a measurement. A benchmark is a module `bench_NAME.py` here with `rows() -> Iterable[Row]`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Row(NamedTuple):
    """`goal` is what must be reached, in the same unit; `most` says that less is better. No goal: printed only."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    most: bool = True

    @property
    def reached(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value <= self.goal if self.most else self.value >= self.goal


def seconds(job: Callable[[], object], times: int = 5) -> float:
    """The median of several runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)

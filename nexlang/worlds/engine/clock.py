"""Simulated time: what a program calls now, and how long its episode has gone on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

EPOCH = datetime(2000, 1, 1)
"""When a world without an environment begins."""


class Clock:
    """`elapsed` counts milliseconds since the episode began at `start`; where the clock is frozen, `now` stays."""

    __slots__ = ("elapsed", "runs", "start")

    def __init__(self, start: datetime = EPOCH, runs: bool = True, elapsed: float = 0.0) -> None:
        self.start = start
        self.runs = runs
        self.elapsed = elapsed

    def now(self) -> datetime:
        """The date and time that a program sees."""
        return self.start + timedelta(milliseconds=self.elapsed) if self.runs else self.start

    def today(self) -> date:
        return self.now().date()

    def fork(self) -> Clock:
        """Another clock that shows the same."""
        return Clock(self.start, self.runs, self.elapsed)

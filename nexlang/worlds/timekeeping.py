"""The time of an episode: what moves by itself in it, and how long it may go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nexlang.runtime.code import Curtain
from nexlang.worlds.engine import ProcessFailure, Timeline
from nexlang.worlds.outcome import EnvironmentBroke


class TimeUp(Curtain):
    """The environment's limit on simulated time is reached."""


class Timekeeper:
    """Lets an episode's time pass, up to its environment's limit; each round takes a `tick`. Both in milliseconds."""

    def __init__(self, timeline: Timeline[Any], limit: float | None, tick: float | None, seed: int) -> None:
        self.timeline = timeline
        self._limit = limit
        self._tick = tick
        self._seed = seed

    @property
    def ticks(self) -> bool:
        """Whether time passes though nobody acts."""
        return self._tick is not None

    def fork(self, timeline: Timeline[Any]) -> Timekeeper:
        """The same for another timeline."""
        return Timekeeper(timeline, self._limit, self._tick, self._seed)

    def advance(self, ms: float) -> None:
        """Raises `TimeUp` at the limit, `EnvironmentBroke` where a process fails."""
        timeline = self.timeline
        left = None if self._limit is None else self._limit - timeline.clock.elapsed
        if left is None or ms < left:
            self._guarded(lambda: timeline.advance(ms))
            return
        self._guarded(lambda: timeline.advance(max(left, 0.0)))
        raise TimeUp

    def end_round(self) -> None:
        """What resolves a round, and the time that it takes. Raises as `advance` does."""
        self._guarded(self.timeline.end_round)
        if self._tick is not None:
            self.advance(self._tick)

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except ProcessFailure as failure:
            raise EnvironmentBroke(f"{failure} (seed {self._seed})") from failure

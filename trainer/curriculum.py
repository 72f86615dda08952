"""Which task comes next: the stages in order, each until enough of its latest episodes succeeded."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from nexlang.trainer.course import Stage
from nexlang.trainer.errors import TrainError


class Curriculum:
    """The stage, the window of its latest successes, and how many tasks it has given out.

    Tasks of a stage come in seeded order, each once before any comes again. The state is plain data, so that a run
    that goes on later goes on here.
    """

    def __init__(self, stages: Sequence[Stage], seed: int, window: int) -> None:
        empty = [stage.name for stage in stages if not stage.tasks]
        if empty or not stages:
            raise TrainError(f"the stage {empty[0]} has no training task" if empty else "there is no training task")
        self.stages = list(stages)
        self.seed = seed
        self.place = 0
        self.given = 0
        self.recent: deque[bool] = deque(maxlen=window)

    @property
    def stage(self) -> Stage:
        return self.stages[self.place]

    @property
    def rate(self) -> float | None:
        """The share of successes among the latest episodes of this stage."""
        return sum(self.recent) / len(self.recent) if self.recent else None

    def draw(self, count: int) -> list[int]:
        """The next tasks."""
        tasks = []
        for _ in range(count):
            turn, place = divmod(self.given, len(self.stage.tasks))
            order = list(self.stage.tasks)
            random.Random(f"{self.seed}:{self.stage.name}:{turn}").shuffle(order)
            tasks.append(order[place])
            self.given += 1
        return tasks

    def record(self, successes: Iterable[bool]) -> bool:
        """Take in episodes of this stage; whether that ended it."""
        self.recent.extend(successes)
        full = len(self.recent) == self.recent.maxlen
        until = self.stage.until
        if until is None or not full or (self.rate or 0.0) < until or self.place + 1 == len(self.stages):
            return False
        self.place += 1
        self.given = 0
        self.recent.clear()
        return True

    def state(self) -> dict[str, Any]:
        return {"stage": self.place, "given": self.given, "recent": list(self.recent)}

    def restore(self, state: dict[str, Any]) -> None:
        self.place, self.given = state["stage"], state["given"]
        self.recent.clear()
        self.recent.extend(state["recent"])

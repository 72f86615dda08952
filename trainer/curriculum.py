"""Which task comes next: stages up while enough of the latest episodes succeed, and down where too few do."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from nexlang.trainer.course import Stage
from nexlang.trainer.errors import TrainError

QUICK, SLOW = 0.3, 0.1
"""Weight of the newest episode in a task's two running rates of success; their distance is its progress."""
FLOOR = 0.05
"""What each task weighs beside its progress."""


class Curriculum:
    """The stage, the window of its latest successes, and how many tasks it has given out.

    Tasks of a stage come in seeded order, each once before any comes again; with the sampler `progress`, those come
    oftener after that whose success has changed. Below `demote` the stage before comes again: the marks are two, so
    that a run between them stays where it is. The state is plain data, so that a run that goes on later goes on here.
    """

    def __init__(
        self,
        stages: Sequence[Stage],
        seed: int,
        window: int,
        demote: float | None = None,
        sampler: str = "even",
    ) -> None:
        empty = [stage.name for stage in stages if not stage.tasks]
        if empty or not stages:
            raise TrainError(f"the stage {empty[0]} has no training task" if empty else "there is no training task")
        self.stages = list(stages)
        self.seed = seed
        self.place = 0
        self.given = 0
        self.recent: deque[bool] = deque(maxlen=window)
        self.demote = demote
        self.sampler = sampler
        self.rates: dict[int, tuple[float, float]] = {}

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
            if turn and self.sampler == "progress":
                tasks.append(self._progressing())
            else:
                order = list(self.stage.tasks)
                random.Random(f"{self.seed}:{self.stage.name}:{turn}").shuffle(order)
                tasks.append(order[place])
            self.given += 1
        return tasks

    def _progressing(self) -> int:
        """A task, by how much its success has changed; none is left out for good."""
        dice = random.Random(f"{self.seed}:{self.stage.name}:progress:{self.given}")
        weights = [FLOOR + self.progress(task) for task in self.stage.tasks]
        return dice.choices(self.stage.tasks, weights)[0]

    def progress(self, task: int) -> float:
        """How far a task's latest successes are from its earlier ones, either way: what is forgotten counts too."""
        quick, slow = self.rates.get(task, (0.0, 0.0))
        return abs(quick - slow)

    def saw(self, task: int, success: bool) -> None:
        """Take in an episode of a task, for its progress."""
        value = float(success)
        quick, slow = self.rates.get(task, (0.0, 0.0))
        self.rates[task] = (quick + QUICK * (value - quick), slow + SLOW * (value - slow))

    def record(self, successes: Iterable[bool]) -> bool:
        """Take in episodes of this stage; whether another stage begins."""
        self.recent.extend(successes)
        if len(self.recent) != self.recent.maxlen or not (step := self._step(self.rate or 0.0)):
            return False
        self.place += step
        self.given = 0
        self.recent.clear()
        return True

    def _step(self, rate: float) -> int:
        """Up, down, or neither."""
        until = self.stage.until
        if until is not None and rate >= until and self.place + 1 < len(self.stages):
            return 1
        return -1 if self.demote is not None and rate < self.demote and self.place else 0

    def state(self) -> dict[str, Any]:
        rates = [[task, *pair] for task, pair in self.rates.items()]
        return {"stage": self.place, "given": self.given, "recent": list(self.recent), "rates": rates}

    def restore(self, state: dict[str, Any]) -> None:
        self.place, self.given = state["stage"], state["given"]
        self.recent.clear()
        self.recent.extend(state["recent"])
        self.rates = {task: (quick, slow) for task, quick, slow in state["rates"]}

"""Thousands of episodes in one process, stepped together: lane by lane by the engine, or all at once over a table.

Lane `i` of `count` plays the episodes `i`, `i + count`, `i + 2 * count`, …; episode `e` has the `e`-th task of a seeded
order and the seed `seed + e`. So what a lane plays depends on nothing but these numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from nexlang.worlds.batch.single import Single
from nexlang.worlds.batch.stepping import Rules, Stepper
from nexlang.worlds.batch.tabulated import Action, Tabulated
from nexlang.worlds.engine import Chance
from nexlang.worlds.outcome import EnvironmentBroke
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import Task, TaskError

PROBE = 1000
"""Steps of the walk that finds out whether a table is of use."""


@dataclass(slots=True)
class Steps:
    """What a step gave, lane by lane: lists, or arrays over a table.

    Where a lane ended or was truncated its reward has what the end paid, its observation is that of the next episode,
    and `results` says how it ended; an `environment_error` is worth 0 and trains nothing.
    """

    observations: Any
    rewards: Any
    ended: Any
    truncated: Any
    results: dict[int, str] = field(default_factory=dict)


class Lanes(Protocol):
    """Live episodes, one a lane."""

    def reset(self) -> Any: ...
    def step(self, actions: Any) -> Steps: ...
    def fork(self, lane: int) -> Stepper | Single: ...


@dataclass(frozen=True)
class Schedule:
    """Which episode a lane plays when. `first` is the number of this process's first lane, of `total` in all."""

    tasks: Sequence[Task]
    seed: int
    first: int
    count: int
    total: int

    def task(self, episode: int) -> Task:
        return self.tasks[episode % len(self.tasks)]


class Batch:
    """`count` episodes of an environment, each begun anew when it ends.

    With `tabulated` steps are looked up and actions are their numbers in `actions`, an array or a list; without it the
    engine computes each, and an action is a number or `(tool, arguments)`. By default they are looked up where they
    can be and a random walk meets states again. `first` and `total` place the lanes among those of several processes.
    """

    def __init__(
        self, setting: Setting, count: int, *, seed: int = 0, tasks: Iterable[Task] | None = None,
        tabulated: bool | None = None, first: int = 0, total: int | None = None,
    ) -> None:  # fmt: skip
        rules = Rules(setting)
        chosen = list(setting.tasks if tasks is None else tasks)
        if not chosen:
            raise TaskError("a batch needs a task")
        order = Chance.stream(seed, "batch.order").shuffled(chosen)
        self.count = count
        self.schedule = Schedule(order, seed, first, count, total or count)
        self._lanes: Lanes
        table = None if tabulated is False else _table(rules, chosen, tabulated)
        if table is None:
            self.actions: Sequence[Action] = _listed(setting)
            self._lanes = EngineLanes(rules, self.schedule, self.actions)
        else:
            from nexlang.worlds.batch.columns import ChancyLanes, TableLanes

            self.actions = table.actions
            self._lanes = TableLanes(table, self.schedule) if table.certain else ChancyLanes(table, self.schedule)
        self.tabulated = table is not None

    def reset(self) -> Any:
        """Begin the first episode of each lane: their observations."""
        return self._lanes.reset()

    def step(self, actions: Any) -> Steps:
        """One call in each lane."""
        if len(actions) != self.count:
            raise ValueError(f"{len(actions)} actions for {self.count} lanes")
        return self._lanes.step(actions)

    def fork(self, lane: int) -> Stepper | Single:
        """The episode of a lane once more, for a search."""
        return self._lanes.fork(lane)


def _table(rules: Rules, tasks: Sequence[Task], wanted: bool | None) -> Tabulated | None:
    """The table where one is wanted, or where nobody said and it is of use."""
    try:
        import numpy  # noqa: F401

        table = Tabulated(rules, tasks)
    except (ImportError, TaskError):
        if wanted:
            raise
        return None
    return table if wanted or _repeats(table) else None


def _repeats(table: Tabulated) -> bool:
    """Whether a random walk meets states again: then looking steps up is faster than making them."""
    single, dice, episodes = Single(table), Chance.stream(0, "batch.probe"), 0
    try:
        for _ in range(PROBE):
            if single.over:
                single.reset(table.tasks[episodes % len(table.tasks)], episodes)
                episodes += 1
            single.step(dice.below(len(table.actions)))
    except (EnvironmentBroke, TaskError):
        return False
    return len(table.states) <= PROBE // 2


def _listed(setting: Setting) -> list[Action]:
    """The calls by number; none where there are too many to number."""
    from nexlang.worlds.batch.tabulated import actions_of

    try:
        return actions_of(setting)
    except TaskError:
        return []


class Episodes(Protocol):
    """What plays one episode after another."""

    def reset(self, task: Task, seed: int) -> Mapping[str, Any]: ...


E = TypeVar("E", bound=Episodes)


class OneByOne(Generic[E]):
    """Lanes that are stepped one after another, each with episodes of its own: `lane`, `lane + total`, and so on."""

    def __init__(self, schedule: Schedule, lanes: Sequence[E]) -> None:
        self._schedule = schedule
        self._lanes = lanes
        self._episodes: list[int] = []

    def reset(self) -> list[Mapping[str, Any]]:
        first = self._schedule.first
        self._episodes = list(range(first, first + self._schedule.count))
        return [self._begun(lane) for lane in range(self._schedule.count)]

    def _begun(self, lane: int) -> Mapping[str, Any]:
        episode = self._episodes[lane]
        return self._lanes[lane].reset(self._schedule.task(episode), self._schedule.seed + episode)

    def _next(self, lane: int) -> Mapping[str, Any]:
        """Begin the lane's next episode."""
        self._episodes[lane] += self._schedule.total
        return self._begun(lane)


class EngineLanes(OneByOne[Stepper]):
    """Every lane is stepped by the engine."""

    def __init__(self, rules: Rules, schedule: Schedule, actions: Sequence[Action]) -> None:
        super().__init__(schedule, [Stepper(rules) for _ in range(schedule.count)])
        self._actions = actions

    def step(self, actions: Sequence[Any]) -> Steps:
        steps = Steps([], [], [], [])
        numbered = self._actions
        for lane, stepper in enumerate(self._lanes):
            action = actions[lane]
            tool, arguments = action if type(action) is tuple else numbered[action]
            try:
                observation, reward, ended, truncated, _ = stepper.step(tool, arguments)
            except EnvironmentBroke:
                observation, reward, ended, truncated = {}, 0.0, True, False
            if ended or truncated:
                steps.results[lane] = str(stepper.result)
                observation = self._next(lane)
            steps.observations.append(observation)
            steps.rewards.append(reward)
            steps.ended.append(ended)
            steps.truncated.append(truncated)
        return steps

    def fork(self, lane: int) -> Stepper:
        """The episode of a lane once more, for a search."""
        return self._lanes[lane].fork()

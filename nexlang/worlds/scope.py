"""What actor arguments, measures, `success` and `stop` read of an episode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from nexlang.worlds.dynamics import Disturbance
from nexlang.worlds.engine import Call, Context, Environment, Message, Timeline, Tool
from nexlang.worlds.engine.context import FUEL
from nexlang.worlds.engine.values import Role
from nexlang.worlds.tasks import Task, replayed

Value = bool | int | float
V = TypeVar("V")


class EpisodeScope:
    """The present state of one episode. `result` is the learner's, `None` until it has one; `before` is the world as
    the round began, `actor` the one for whom something is evaluated."""

    def __init__(self, task: Task, timeline: Timeline[Any], tools: Mapping[str, Tool]) -> None:
        self.task: Any = task.value
        self.world: Any = timeline.world
        self.timeline = timeline
        self.start: Any = self.world.fork()
        self.before: Any = self.start
        self.actor = Role("", "")
        self.disturbance: Disturbance | None = None
        self.judgements: list[Any] = []
        self.calls: list[Call] = []
        self.messages: list[Message] = []
        self.result: Any = None
        self._tools = tools
        self._origin = timeline.fork(self.start)
        self._replays: dict[str, Any] = {}

    @property
    def ctx(self) -> Context[Any]:
        return Context(self.world, FUEL, self.timeline.clock)

    def judged(self, place: int) -> Any:
        """What a judge has found."""
        return self.judgements[place]

    def noisy(self, target: str, value: V) -> V:
        """What an observing function gave, as an actor gets it."""
        return value if self.disturbance is None else self.disturbance.noisy(target, value)

    def replay(self, calls: Sequence[Call]) -> Any:
        """This task's world after setup and those calls, a failing one skipped; time passes up to the moment of a call
        that has one. Kept: a reward may ask for it often."""
        key = repr([(call.tool, call.arguments, call.at) for call in calls])
        if key not in self._replays:
            timeline = self._origin.fork(self.start.fork())
            replayed(timeline, self._tools, calls)
            self._replays[key] = timeline.world
        return self._replays[key]


class LazyMeasures(Mapping[str, Value]):
    """The measures of one moment, computed when the first of them is read: `stop` seldom needs them."""

    def __init__(self, environment: Environment[Any, Any], scope: EpisodeScope) -> None:
        self._environment = environment
        self._scope = scope
        self._values: dict[str, Value] | None = None

    @property
    def values_now(self) -> dict[str, Value]:
        if self._values is None:
            self._values = dict(self._environment.measures(self._scope))
        return self._values

    def __getitem__(self, name: str) -> Value:
        return self.values_now[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_now)

    def __len__(self) -> int:
        return len(self.values_now)

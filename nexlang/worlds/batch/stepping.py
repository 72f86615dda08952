"""One episode, stepped from outside: a call a round, for policies that are no agents and for tree search.

It pays and ends as an `Episode` does whose learner makes one call a turn. What an environment looks at is known from
its program, so that a step keeps no more than that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from nexlang.diagnostics.codes_run import NOT_STEPPED, said
from nexlang.ir.model import Builtin, Local
from nexlang.runtime.library import nodes_of
from nexlang.runtime.messages import Json
from nexlang.worlds.engine import FUEL, Answer, Call, Context, Role, Session, Streams, Timeline, World
from nexlang.worlds.engine.codecs import plain
from nexlang.worlds.episodes import ROUNDS
from nexlang.worlds.outcome import BROKEN, EnvironmentBroke, Result
from nexlang.worlds.rewards import reward
from nexlang.worlds.scope import EpisodeScope, LazyMeasures
from nexlang.worlds.setting import Setting, asked
from nexlang.worlds.tasks import Task, TaskError, episode_streams, prepared
from nexlang.worlds.timekeeping import Timekeeper, TimeUp

LIVE = ""
"""The result of an episode that goes on."""


class Step(NamedTuple):
    """What a step gave. `ended` by the environment, `truncated` by a budget; the reward of an end is in `reward`."""

    observation: Mapping[str, Any]
    reward: float
    ended: bool
    truncated: bool
    answer: Answer


class Rules:
    """What is the same for all episodes of an environment. Raises `TaskError` where it cannot be stepped."""

    def __init__(self, setting: Setting) -> None:
        _refuse(setting)
        spec = setting.spec
        self.setting = setting
        self.environment = setting.environment
        self.tools = setting.package.tools
        self.learner = setting.learner
        self.role = Role(self.learner, setting.learner_agent)
        self.rounds = spec.rounds or ROUNDS
        self.at_end = {c.name: c.weight for c in spec.reward if c.paid == "end"}
        self.by_round = {c.name: c.weight for c in spec.reward if c.paid == "round"}
        self.shaping = {c.name: c.weight for c in spec.reward if c.paid == "potential"}
        self.pays = bool(self.by_round or self.shaping)
        self.stops = spec.stop is not None
        components = {c.name for c in spec.reward}
        self.stop_measures = any(isinstance(node, Local) and node.name in components for node in nodes_of(spec.stop))
        parts = [
            spec.success,
            spec.stop,
            *(c.measure for c in spec.reward),
            *(list(a.args.values()) for a in spec.actors),
        ]
        nodes = list(nodes_of(parts))
        names = {node.name for node in nodes if isinstance(node, Local)}
        replays = any(isinstance(node, Builtin) and node.name == "replay" for node in nodes)
        self.looks_back = "start" in names or replays
        self.looks_before = "before" in names
        self.looks_at_calls = "calls" in names
        self.looks_at_words = bool({"messages", "result"} & names)
        self.ticks = spec.tick_ms is not None or spec.time_ms is not None


def _refuse(setting: Setting) -> None:
    spec = setting.spec
    reasons = {
        "more than one actor acts": len(spec.actors) > 1,
        "its dynamics are those of whole episodes": spec.dynamics is not None,
        "an actor has rewards of its own": any(component.own for component in spec.reward),
        "judges are asked about it": bool(spec.judges),
        "its tools ask externs": bool(asked(setting.library, spec)),
    }
    for reason, holds in reasons.items():
        if holds:
            raise TaskError(said(NOT_STEPPED, environment=setting.name, reason=reason))


class StepScope(EpisodeScope):
    """A scope that keeps the start only where the environment looks at it."""

    def __init__(self, task: Task, timeline: Timeline[Any], rules: Rules) -> None:
        if rules.looks_back:
            super().__init__(task, timeline, rules.tools)
        else:
            self.task = task.value
            self.world = self.start = self.before = timeline.world
            self.timeline = timeline
            self.disturbance = None
            self.calls = []
            self.messages = []
            self.result = None
        self.actor = rules.role
        self._ctx = Context(self.world, FUEL, timeline.clock)

    @property
    def ctx(self) -> Context[Any]:
        """The same context with its fuel filled up: nothing holds two of them at once."""
        self._ctx.fuel = FUEL
        return self._ctx

    def fork(self, timeline: Timeline[Any]) -> StepScope:
        other: StepScope = object.__new__(StepScope)
        other.__dict__.update(self.__dict__)
        other.world, other.timeline = timeline.world, timeline
        other._ctx = Context(timeline.world, FUEL, timeline.clock)
        other.calls = [*self.calls]
        return other


class Stepper:
    """A live episode: `reset`, then `step` until it has ended. `result` is empty while it goes on."""

    __slots__ = ("_keeper", "_levels", "_resolves", "_scope", "_session", "result", "rounds", "rules", "task")

    task: Task
    _scope: StepScope
    _session: Session[Any]
    _keeper: Timekeeper | None
    _resolves: bool

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.rounds = 0
        self.result: Result | str = LIVE
        self._levels = 0.0

    def reset(self, task: Task, seed: int = 0) -> Mapping[str, Any]:
        """Begin an episode; the same task and seed begin the same. Raises `EnvironmentBroke`."""
        self.begin_anew(task, episode_streams(self.rules.environment, task, seed), seed)
        return self.observation

    def begin_anew(self, task: Task, streams: Streams, seed: int = 0) -> None:
        """Begin an episode that draws from certain streams. Raises `EnvironmentBroke`."""
        try:
            timeline = prepared(self.rules.environment, self.rules.setting.base, task, seed, streams=streams)
        except BROKEN as error:
            raise EnvironmentBroke(f"setup: {error}") from error
        self.begin(task, timeline, seed)

    def begin(self, task: Task, timeline: Timeline[Any], seed: int = 0) -> None:
        """Go on from a moment of a task, as if the episode began there."""
        rules, spec = self.rules, self.rules.setting.spec
        self.task, self.rounds, self.result = task, 0, LIVE
        self._scope = StepScope(task, timeline, rules)
        self._session = timeline.session(rules.tools)
        self._keeper = Timekeeper(timeline, spec.time_ms, spec.tick_ms, seed) if rules.ticks else None
        self._resolves = rules.ticks or timeline.resolves
        try:
            self._levels = self._potential() if rules.shaping else 0.0
        except BROKEN as error:
            raise self._broken("the reward", error) from error

    @property
    def world(self) -> World:
        world: World = self._scope.world
        return world

    @property
    def observation(self) -> Mapping[str, Any]:
        """The learner's arguments as they are now."""
        rules = self.rules
        try:
            return rules.environment.arguments(rules.learner, self._scope)
        except BROKEN as error:
            raise self._broken("the arguments", error) from error

    @property
    def success(self) -> bool:
        """Whether the episode would count as solved if it ended now."""
        environment, scope = self.rules.environment, self._scope
        try:
            return bool(environment.success(scope, LazyMeasures(environment, scope)))
        except BROKEN as error:
            raise self._broken("success", error) from error

    def fork(self) -> Stepper:
        """The same moment once more: what is done in one does not touch the other."""
        other = Stepper(self.rules)
        timeline = self._scope.timeline.fork(self._scope.world.fork())
        other.task, other.rounds, other.result, other._levels = self.task, self.rounds, self.result, self._levels
        other._scope = self._scope.fork(timeline)
        other._session = timeline.session(self.rules.tools)
        other._resolves = self._resolves
        other._keeper = self._keeper and self._keeper.fork(timeline)
        return other

    # ------------------------------------------------------------ steps

    def step(self, tool: str, arguments: Mapping[str, Json]) -> Step:
        """One call, and the round that it makes. Raises `EnvironmentBroke`, and `TaskError` after the end."""
        paid, ended, truncated, answer = self.advance(tool, arguments)
        if ended or truncated:
            paid += self.settle("budget" if truncated else "failed")
        return Step(self.observation, paid, ended, truncated, answer)

    def finish(self, result: Any = None) -> float:
        """End the episode with the learner's result, typed or as JSON: what the end pays."""
        if self.result:
            raise TaskError("the episode has ended: reset it")
        codec = self.rules.setting.package.agents[self.rules.role.agent].result
        self._scope.result = None if result is None else codec.decode(result)
        return self.settle("failed")

    def advance(self, tool: str, arguments: Mapping[str, Json]) -> tuple[float, bool, bool, Answer]:
        """One round, without what an end pays: (paid, ended, truncated, the tool's answer)."""
        if self.result:
            raise TaskError("the episode has ended: reset it")
        rules, scope = self.rules, self._scope
        self.rounds += 1
        if rules.looks_before:
            scope.before = scope.world.fork()
        answer = self._session.call(tool, arguments, rules.learner)
        if rules.looks_at_calls:
            at = scope.timeline.clock.elapsed
            scope.calls.append(Call(tool, arguments, rules.learner, answer.error, answer.code, answer.message, at))
        try:
            ended = rules.stops and self._stopped()
            late = (not ended) and self._resolves and self._resolved()
            paid = self._paid() if rules.pays else 0.0
            if self._resolves and rules.stops and not (ended or late):
                ended = self._stopped()
        except BROKEN as error:
            raise self._broken("`stop` or the reward", error) from error
        return paid, ended, late or (not ended and self.rounds >= rules.rounds), answer

    def settle(self, result: Result) -> float:
        """Close the episode: what its end pays. The last potential is 0."""
        environment, scope = self.rules.environment, self._scope
        try:
            measures = environment.measures(scope)
            solved = bool(environment.success(scope, measures))
            paid = reward(self.rules.at_end, measures)
        except BROKEN as error:
            raise self._broken("the reward", error) from error
        self.result = "solved" if solved else result
        return paid - self._levels

    def _stopped(self) -> bool:
        environment, scope = self.rules.environment, self._scope
        return bool(environment.stop(scope, LazyMeasures(environment, scope) if self.rules.stop_measures else {}))

    def _resolved(self) -> bool:
        """Let the round end; whether its time is up."""
        if self._keeper is None:
            self._scope.timeline.end_round()
            return False
        try:
            self._keeper.end_round()
        except TimeUp:
            return True
        except EnvironmentBroke:
            self.result = "environment_error"
            raise
        return False

    def _paid(self) -> float:
        rules, paid = self.rules, 0.0
        if rules.by_round:
            measures = rules.environment.round_measures(self._scope)
            for name, weight in rules.by_round.items():
                paid += weight * measures[name]
        if rules.shaping:
            before, self._levels = self._levels, self._potential()
            paid += self._levels - before
        return paid

    def _potential(self) -> float:
        return reward(self.rules.shaping, self.rules.environment.potentials(self._scope))

    def _broken(self, what: str, error: Exception) -> EnvironmentBroke:
        self.result = "environment_error"
        return EnvironmentBroke(f"{what}: {error}")


def shown(observation: Mapping[str, Any]) -> dict[str, Json]:
    """An observation as plain data."""
    return {name: plain(value) for name, value in observation.items()}

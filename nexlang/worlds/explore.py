"""All that can happen in an environment, where that is little: dead ends, goals, and the greatest reward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from nexlang.ir.model import Builtin, Local
from nexlang.runtime.library import nodes_of
from nexlang.worlds.actions import Call, TooMany, calls, free_texts
from nexlang.worlds.arguments import keys_of, texts_of
from nexlang.worlds.branching import NotEnumerable, outcomes
from nexlang.worlds.engine import Call as Made
from nexlang.worlds.engine import Context, ProcessFailure, Role, Streams, Timeline, ToolFailure
from nexlang.worlds.engine.codecs import plain
from nexlang.worlds.engine.context import FUEL
from nexlang.worlds.episodes import ROUNDS
from nexlang.worlds.rewards import reward
from nexlang.worlds.scope import EpisodeScope
from nexlang.worlds.setting import Setting, asked
from nexlang.worlds.tasks import Task

STATES = 1_000_000
HISTORY = ("calls", "messages", "result")


class NotExplorable(Exception):
    """Why an environment cannot be explored, in the author's terms."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of a call: how likely, to which state, and what the round pays."""

    probability: float
    state: int
    paid: float


@dataclass(slots=True)
class State:
    """`steps` has the outcomes of each call of `calls`; none where the episode is over. `end` is what an episode that
    ends here is paid besides."""

    world: Any
    over: bool
    success: bool
    end: float
    calls: list[Call] = field(default_factory=list)
    steps: list[list[Outcome]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Finding:
    """What exploring a task has shown. `best` is the greatest expected reward; `free` are arguments that take any text,
    of which the world's keys and the task's texts were tried."""

    states: int
    transitions: int
    dead_ends: int
    solvable: bool
    best: float
    certain: bool
    free: tuple[str, ...] = ()


@dataclass(slots=True)
class Explored:
    """Everything reachable from `starts`, the states in which the task may begin with their probabilities."""

    states: list[State]
    starts: list[tuple[float, int]]
    rounds: int

    @property
    def transitions(self) -> int:
        return sum(len(step) for state in self.states for step in state.steps)

    @property
    def solvable(self) -> bool:
        """Whether some sequence of calls may reach success."""
        return any(state.success for state in self.states)

    def dead_ends(self) -> list[int]:
        """States in which the episode goes on although success is out of reach."""
        before: list[list[int]] = [[] for _ in self.states]
        for number, state in enumerate(self.states):
            for step in state.steps:
                for outcome in step:
                    before[outcome.state].append(number)
        hopeful = {number for number, state in enumerate(self.states) if state.success}
        waiting = list(hopeful)
        while waiting:
            for number in before[waiting.pop()]:
                if number not in hopeful:
                    hopeful.add(number)
                    waiting.append(number)
        return [n for n, state in enumerate(self.states) if n not in hopeful and not state.over]

    def values(self, rounds: int | None = None) -> list[float]:
        """The greatest expected reward from each state with so many rounds left (default: the environment's)."""
        values = [state.end for state in self.states]
        for _ in range(self.rounds if rounds is None else rounds):
            following = [max((_worth(step, values) for step in s.steps), default=s.end) for s in self.states]
            if following == values:
                break
            values = following
        return values

    @property
    def certain(self) -> bool:
        """Whether chance has no part in it."""
        return len(self.starts) == 1 and all(len(step) == 1 for state in self.states for step in state.steps)

    def best(self) -> float:
        """The greatest expected reward of the task."""
        values = self.values()
        return sum(probability * values[state] for probability, state in self.starts)


def found(setting: Setting, task: Task, most: int = STATES) -> Finding:
    """Explore a task and say what was found; raises as `explore` does."""
    seen = explore(setting, task, most)
    free = tuple(free_texts(setting.library.schemas, setting.reachable_tools))
    dead = len(seen.dead_ends())
    return Finding(len(seen.states), seen.transitions, dead, seen.solvable, seen.best(), seen.certain, free)


def _worth(step: Sequence[Outcome], values: Sequence[float]) -> float:
    return sum(outcome.probability * (outcome.paid + values[outcome.state]) for outcome in step)


def explore(setting: Setting, task: Task, most: int = STATES) -> Explored:
    """Every state that calls of the learner's tools may reach, one call a round, with all outcomes of chance.

    Raises `NotExplorable` where more than `most` can be reached, where rewards look at more than the world, where more
    than one actor acts, where time passes, and where chance or an argument has too many values.
    """
    _explorable(setting)
    try:
        return Exploration(setting, task, most).run()
    except (NotEnumerable, TooMany) as problem:
        raise NotExplorable(str(problem)) from problem
    except (ToolFailure, ProcessFailure) as failure:
        raise NotExplorable(f"the environment breaks: {failure}") from failure


def _explorable(setting: Setting) -> None:
    spec = setting.spec
    if len(spec.actors) > 1:
        raise NotExplorable("more than one actor acts")
    if spec.dynamics is not None and (spec.dynamics.noise or spec.dynamics.faults):
        raise NotExplorable("its dynamics leave to chance what a call does")
    if asked(setting.library, spec):
        raise NotExplorable("its tools ask externs")
    if any(component.own for component in spec.reward):
        raise NotExplorable("an actor has rewards of its own")
    if spec.judges:
        raise NotExplorable("judges are asked about it")
    if spec.tick_ms is not None or spec.time_ms is not None:
        raise NotExplorable("time is limited or passes by rounds")
    parts = [spec.success, spec.stop, *(component.measure for component in spec.reward)]
    for node in nodes_of(parts):
        if isinstance(node, Local) and node.name in HISTORY:
            raise NotExplorable(f"its rewards look at `{node.name}`, so a state is more than the world")


class Exploration:
    """The states of a task that were met so far; `step` says what one call leads to."""

    def __init__(self, setting: Setting, task: Task, most: int) -> None:
        self.setting = setting
        self.environment = setting.environment
        self.task = task
        self.most = most
        self.tools = setting.reachable_tools
        self.schemas = setting.library.schemas
        self.texts = list(dict.fromkeys(texts_of(plain(task.value))))
        self.numbers: dict[str, int] = {}
        self.states: list[State] = []
        components = setting.spec.reward
        self.at_end = {c.name: c.weight for c in components if c.paid == "end" and not c.own}
        self.by_round = {c.name: c.weight for c in components if c.paid == "round" and not c.own}
        self.shaping = {c.name: c.weight for c in components if c.paid == "potential"}
        self.looks_back = any(
            (isinstance(node, Local) and node.name == "start") or (isinstance(node, Builtin) and node.name == "replay")
            for node in nodes_of([setting.spec.success, setting.spec.stop, *(c.measure for c in components)])
        )

    def run(self) -> Explored:
        begun = list(outcomes(self._begun))
        self.start = begun[0][1]
        if any(world != self.start for _, world in begun) and self.looks_back:
            raise NotExplorable("its rewards look at the start, which differs by chance")
        starts: dict[int, float] = {}
        for probability, world in begun:
            number = self._number(world)
            starts[number] = starts.get(number, 0.0) + probability
        for number in self._waiting():
            self._expand(self.states[number])
        rounds = self.setting.spec.rounds or ROUNDS
        return Explored(self.states, [(p, n) for n, p in starts.items()], rounds)

    def _waiting(self) -> Iterator[int]:
        number = 0
        while number < len(self.states):
            yield number
            number += 1

    def _begun(self, streams: Streams) -> Any:
        world = self.setting.base.fork()
        clock = self.environment.new_clock()
        self.environment.setup(Context(world, FUEL, clock), self.task.value, streams.next("setup"))
        return world

    def _number(self, world: Any) -> int:
        """The number of the world's state, which is new where no state is equal."""
        digest = world.digest()
        if digest not in self.numbers:
            if len(self.states) >= self.most:
                raise NotExplorable(f"more than {self.most:,} states can be reached")
            self.numbers[digest] = len(self.states)
            self.states.append(self._judged(world))
        return self.numbers[digest]

    def _scope(self, timeline: Timeline[Any]) -> EpisodeScope:
        """What measures read where the episode has come to a timeline's world."""
        origin = Timeline(self.start, self.environment.new_clock())
        scope = EpisodeScope(self.task, origin, self.setting.package.tools)
        scope.world, scope.timeline = timeline.world, timeline
        return scope

    def _judged(self, world: Any) -> State:
        scope = self._scope(Timeline(world, self.environment.new_clock()))
        measures = self.environment.measures(scope)
        success = bool(self.environment.success(scope, measures))
        over = bool(self.environment.stop(scope, measures))
        end = reward(self.at_end, {name: measures[name] for name in self.at_end})
        return State(world, over, success, end - self._potential(scope))

    def _expand(self, state: State) -> None:
        if state.over:
            return
        keys = [key for key in keys_of(state.world) if key not in self.texts]
        for tool, arguments in calls(self.schemas, self.tools, [*self.texts, *keys]):
            found: dict[tuple[int, float], float] = {}
            for probability, (world, paid) in self.step(state.world, tool, arguments):
                key = (self._number(world), paid)
                found[key] = found.get(key, 0.0) + probability
            state.calls.append((tool, arguments))
            state.steps.append([Outcome(p, number, paid) for (number, paid), p in found.items()])

    def step(self, world: Any, tool: str, arguments: dict[str, Any]) -> Iterator[tuple[float, tuple[Any, float]]]:
        """The outcomes of a round with one call: each with its probability, the world that it leaves, what it pays."""
        return outcomes(lambda streams: self._played(world, tool, arguments, streams))

    def _played(self, before: Any, tool: str, arguments: dict[str, Any], streams: Streams) -> tuple[Any, float]:
        world = before.fork()
        timeline = Timeline(world, self.environment.new_clock(), streams)
        role = self.setting.learner
        answer = timeline.session(self.setting.package.tools).call(tool, arguments, role)
        timeline.end_round()
        if not (self.by_round or self.shaping):
            return world, 0.0
        scope = self._scope(timeline)
        scope.before = before
        scope.actor = Role(role, self.environment.actors[role])
        scope.calls.append(Made(tool, arguments, role, answer.error, answer.code, answer.message))
        paid = reward(self.by_round, self.environment.round_measures(scope)) if self.by_round else 0.0
        then = self._scope(Timeline(before, self.environment.new_clock()))
        return world, paid + self._potential(scope) - self._potential(then)

    def _potential(self, scope: EpisodeScope) -> float:
        """What shapes the reward; its change is paid by each round, and the end takes the last of it back."""
        return reward(self.shaping, self.environment.potentials(scope)) if self.shaping else 0.0

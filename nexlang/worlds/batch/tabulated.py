"""Steps that are computed once: where a state is the world alone, every later step from it is looked up.

The engine computes each entry, so the table cannot differ from it. It grows as states are met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nexlang.diagnostics.codes_run import NOT_TABULATED, said
from nexlang.runtime.messages import Json
from nexlang.worlds.actions import TooMany, calls, free_texts
from nexlang.worlds.batch.draws import Drawn, draws_from_range, followed
from nexlang.worlds.batch.stepping import Rules, Stepper
from nexlang.worlds.branching import NotEnumerable
from nexlang.worlds.engine import Answer, Streams, Timeline, World
from nexlang.worlds.engine.processes import placed
from nexlang.worlds.outcome import EnvironmentBroke, Result
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import Task, TaskError, episode_streams

MOST = 250_000
"""States that a table holds; a full one begins anew."""

NO_CHANCE = Streams(0)
Action = tuple[str, Mapping[str, Json]]
Entry = tuple["State", float, bool, Answer]
"""Where a call leads, what the round pays, whether it ends the episode, and what the tool answers."""


class State:
    """A state of a task. `end` is what an episode that ends here is paid besides, `result` how it ended; `steps` has an
    entry an action, or the tree of draws that leads to entries."""

    __slots__ = ("end", "number", "observation", "result", "steps", "task", "world")

    def __init__(self, number: int, task: Task, world: World, actions: int) -> None:
        self.number = number
        self.task = task
        self.world = world
        self.steps: list[Any] = [None] * actions
        self.observation: Mapping[str, Any] = {}
        self.result: Result = "failed"
        self.end = 0.0


class Tabulated:
    """The steps of an environment by state and action. Raises `TaskError` where they cannot be kept.

    Where it is `certain`, chance has no part in them; elsewhere a step draws from its episode's streams.
    """

    def __init__(self, rules: Rules, tasks: Sequence[Task], most: int = MOST) -> None:
        self.rules = rules
        self.tasks = tasks
        self.most = most
        self.actions = actions_of(rules.setting)
        _refuse(rules)
        self.certain = not _draws(rules)
        self.states: list[State] = []
        self._numbers: dict[tuple[int, str], State] = {}
        self._starts: dict[int, Any] = {}
        self._stepper = Stepper(rules)

    def streams(self, task: Task, seed: int) -> Streams:
        """The streams of an episode as it begins."""
        return episode_streams(self.rules.environment, task, seed)

    def start(self, task: Task, streams: Streams = NO_CHANCE) -> State:
        """The state in which an episode of a task begins. Raises `EnvironmentBroke`."""
        known = self._starts.get(task.place)
        state, opened, made = followed(known, streams)
        if state is None:
            drawn = Drawn(streams, opened, made)
            try:
                self._stepper.begin_anew(task, drawn)
            except NotEnumerable as problem:
                raise _refusal(self.rules.setting, str(problem)) from problem
            state = self._state(self._stepper)
            self._starts[task.place] = drawn.grown(known, state)
        return state  # type: ignore[no-any-return]

    def entry(self, state: State, action: int, streams: Streams = NO_CHANCE) -> Entry:
        """The step from a state; computed by the engine where it is the first of its kind."""
        known = state.steps[action]
        entry, opened, made = followed(known, streams)
        if entry is None:
            drawn = Drawn(streams, opened, made)
            entry = self._computed(state, action, drawn)
            state.steps[action] = drawn.grown(known, entry)
        return entry  # type: ignore[no-any-return]

    def _computed(self, state: State, action: int, drawn: Drawn) -> Entry:
        stepper = self._stepper
        try:
            stepper.begin(state.task, Timeline(state.world.fork(), self.rules.environment.new_clock(), drawn))
            paid, ended, _, answer = stepper.advance(*self.actions[action])
            return self._state(stepper), paid, ended, answer
        except NotEnumerable as problem:
            raise _refusal(self.rules.setting, str(problem)) from problem
        except EnvironmentBroke as broke:
            return self._broken(state), 0.0, True, Answer(True, str(broke), None, "environment_error")

    def _broken(self, before: State) -> State:
        """Where the environment's own code fails: worth nothing, whoever acted."""
        state = State(len(self.states), before.task, before.world, len(self.actions))
        state.observation, state.result = before.observation, "environment_error"
        self.states.append(state)
        return state

    def forget(self) -> None:
        """Begin the table anew. States that an episode has come to stay what they are."""
        for state in self.states:
            state.steps = [None] * len(self.actions)
        self.states, self._numbers, self._starts = [], {}, {}

    def adopt(self, state: State) -> int:
        """Take a state of before into the table: its number there."""
        known = self._numbers.setdefault((state.task.place, state.world.digest()), state)
        if known is state:
            state.number = len(self.states)
            self.states.append(state)
        return known.number

    def _state(self, stepper: Stepper) -> State:
        world = stepper.world
        key = (stepper.task.place, world.digest())
        state = self._numbers.get(key)
        if state is None:
            if len(self.states) >= self.most:
                self.forget()
            state = State(len(self.states), stepper.task, world.fork(), len(self.actions))
            state.observation = stepper.observation
            state.end = stepper.settle("failed")
            state.result = "solved" if stepper.result == "solved" else "failed"
            self._numbers[key] = state
            self.states.append(state)
        return state


def actions_of(setting: Setting) -> list[Action]:
    """Every call of the learner's tools, in their order. Raises `TaskError` where they are too many to list."""
    schemas, tools = setting.library.schemas, setting.reachable_tools
    free = free_texts(schemas, tools)
    try:
        if free:
            raise TooMany(f"`{free[0]}` may be any text")
        return list(calls(schemas, tools, ()))
    except TooMany as problem:
        raise _refusal(setting, str(problem)) from None


def _refusal(setting: Setting, reason: str) -> TaskError:
    return TaskError(said(NOT_TABULATED, environment=setting.name, reason=reason))


def _refuse(rules: Rules) -> None:
    setting = rules.setting
    program, tools = setting.library.program, setting.reachable_tools
    history = rules.looks_at_calls or rules.looks_at_words or rules.looks_back
    reasons = {
        "its rewards look at more than the world": history,
        "a number is drawn from a range": draws_from_range(program, tools, setting.spec.setup),
        "time passes in it": rules.ticks,
    }
    for reason, holds in reasons.items():
        if holds:
            raise _refusal(setting, reason)


def _draws(rules: Rules) -> bool:
    """Whether chance has a part in what happens."""
    setting = rules.setting
    functions = {function.name: function for function in setting.library.program.functions}
    return (
        setting.spec.setup_dice is not None
        or any(one.process.dice for one in placed(rules.environment.world))
        or any(functions[tool].effects.chance for tool in setting.reachable_tools)
    )

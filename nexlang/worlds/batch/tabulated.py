"""Steps that are computed once: where a call leads to one state for certain, every later one is looked up.

The engine computes each entry, so the table cannot differ from it. It grows as states are met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nexlang.diagnostics.codes_run import NOT_TABULATED, said
from nexlang.runtime.messages import Json
from nexlang.worlds.actions import TooMany, calls, free_texts
from nexlang.worlds.batch.stepping import Rules, Stepper
from nexlang.worlds.engine import Answer, Timeline, World
from nexlang.worlds.engine.processes import placed
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import Task, TaskError

MOST = 250_000
"""States that a table may hold."""

Action = tuple[str, Mapping[str, Json]]
Entry = tuple["State", float, bool, Answer]
"""Where a call leads, what the round pays, whether it ends the episode, and what the tool answers."""


class State:
    """A state of a task. `end` is what an episode that ends here is paid besides; `steps` has an entry an action."""

    __slots__ = ("end", "number", "observation", "steps", "success", "task", "world")

    def __init__(self, number: int, task: Task, world: World, actions: int) -> None:
        self.number = number
        self.task = task
        self.world = world
        self.steps: list[Entry | None] = [None] * actions
        self.observation: Mapping[str, Any] = {}
        self.success = False
        self.end = 0.0


class Tabulated:
    """The steps of an environment by state and action. Raises `TaskError` where they are not certain."""

    def __init__(self, rules: Rules, tasks: Sequence[Task], most: int = MOST) -> None:
        self.rules = rules
        self.tasks = tasks
        self.most = most
        self.actions = actions_of(rules.setting)
        _refuse(rules)
        self.states: list[State] = []
        self._numbers: dict[tuple[int, str], State] = {}
        self._starts: dict[int, State] = {}
        self._stepper = Stepper(rules)

    def start(self, task: Task) -> State:
        """The state in which a task begins."""
        state = self._starts.get(task.place)
        if state is None:
            self._stepper.reset(task)
            state = self._starts[task.place] = self._state(self._stepper)
        return state

    def entry(self, state: State, action: int) -> Entry:
        """The step from a state; computed by the engine where it is the first of its kind."""
        found = state.steps[action]
        if found is None:
            stepper = self._stepper
            stepper.begin(state.task, Timeline(state.world.fork(), self.rules.environment.new_clock()))
            paid, ended, _, answer = stepper.advance(*self.actions[action])
            found = state.steps[action] = (self._state(stepper), paid, ended, answer)
        return found

    def _state(self, stepper: Stepper) -> State:
        world = stepper.world
        key = (stepper.task.place, world.digest())
        state = self._numbers.get(key)
        if state is None:
            if len(self.states) >= self.most:
                raise _refusal(self.rules.setting, f"more than {self.most:,} states are met")
            state = State(len(self.states), stepper.task, world.fork(), len(self.actions))
            state.observation = stepper.observation
            state.end = stepper.settle("failed")
            state.success = stepper.result == "solved"
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
    functions = {function.name: function for function in setting.library.program.functions}
    processes = placed(rules.environment.world)
    reasons = {
        "its rewards look at more than the world": rules.looks_at_calls or rules.looks_at_words or rules.looks_back,
        "its setup draws by chance": setting.spec.setup_dice is not None,
        "a process draws by chance": any(one.process.dice for one in processes),
        "a tool draws by chance": any(functions[tool].effects.chance for tool in setting.reachable_tools),
        "time passes in it": rules.ticks,
    }
    for reason, holds in reasons.items():
        if holds:
            raise _refusal(setting, reason)

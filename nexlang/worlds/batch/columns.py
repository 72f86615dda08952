"""Lanes over a table, all stepped at once by numpy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nexlang.worlds.batch.lanes import OneByOne, Schedule, Steps
from nexlang.worlds.batch.single import Single
from nexlang.worlds.batch.tabulated import State, Tabulated

UNKNOWN = -1
FIRST = 1024
RESULT = "U20"
Column = NDArray[Any]


class Columns:
    """A table's entries as arrays: of each state and action where it leads, what it pays, whether it ends."""

    def __init__(self, table: Tabulated) -> None:
        self.table = table
        self.width = len(table.actions)
        self.following = np.full(FIRST * self.width, UNKNOWN, np.int32)
        self.paid = np.zeros(FIRST * self.width)
        self.ended = np.zeros(FIRST * self.width, np.bool_)
        self.end = np.zeros(FIRST)
        self.results = np.full(FIRST, "failed", RESULT)
        self.observed: dict[str, Column] = {}
        self._known = 0

    def number(self, state: State) -> int:
        """The number of a state, whose own columns are filled in."""
        while self._known < len(self.table.states):
            self._add(self.table.states[self._known])
            self._known += 1
        return state.number

    def fill(self, flat: Column) -> None:
        """Compute the entries that are missing."""
        for place in np.unique(flat[self.following[flat] == UNKNOWN]).tolist():
            state, action = divmod(place, self.width)
            to, paid, ended, _ = self.table.entry(self.table.states[state], action)
            number = self.number(to)
            self.following[place], self.paid[place], self.ended[place] = number, paid, ended

    def _add(self, state: State) -> None:
        if state.number == len(self.end):
            self._grow()
        self.end[state.number] = state.end
        self.results[state.number] = state.result
        for name, value in state.observation.items():
            column = self.observed.get(name)
            if column is None:
                column = self.observed[name] = np.empty(len(self.end), kind(value))
            elif column.dtype != object and kind(value) is not column.dtype.type:
                column = self.observed[name] = column.astype(object)
            column[state.number] = value

    def _grow(self) -> None:
        more = len(self.end)
        self.following = np.concatenate([self.following, np.full(more * self.width, UNKNOWN, np.int32)])
        self.paid = np.concatenate([self.paid, np.zeros(more * self.width)])
        self.ended = np.concatenate([self.ended, np.zeros(more * self.width, np.bool_)])
        self.end = np.concatenate([self.end, np.zeros(more)])
        self.results = np.concatenate([self.results, np.full(more, "failed", RESULT)])
        self.observed = {name: np.concatenate([of, np.empty(more, of.dtype)]) for name, of in self.observed.items()}


def kind(value: Any) -> Any:
    """What a column of such values is made of: numbers and truth values by themselves, all else objects."""
    small = type(value) is int and abs(value) < 1 << 31
    return {bool: np.bool_, float: np.float64}.get(type(value), np.int64 if small else np.object_)


class Observations(Mapping[str, Column]):
    """The learner's arguments as columns, one a parameter; a column is taken when it is read."""

    __slots__ = ("_observed", "states")

    def __init__(self, observed: Mapping[str, Column], states: Column) -> None:
        self._observed = observed
        self.states = states

    def __getitem__(self, name: str) -> Column:
        return self._observed[name][self.states]

    def __iter__(self) -> Iterator[str]:
        return iter(self._observed)

    def __len__(self) -> int:
        return len(self._observed)


class TableLanes:
    """The lanes' states by number. `states` of an observation tells states apart: a discrete observation."""

    def __init__(self, table: Tabulated, schedule: Schedule) -> None:
        self.columns = Columns(table)
        self._table = table
        table.most = max(table.most, 4 * schedule.count + 2 * len(schedule.tasks))
        self._schedule = schedule
        self._rounds = table.rules.rounds
        self._starts: Column = np.zeros(0, np.int32)

    def reset(self) -> Observations:
        schedule = self._schedule
        self._starts = self._begun()
        self._episodes = np.arange(schedule.first, schedule.first + schedule.count)
        self._states = self._starts[self._episodes % len(self._starts)]
        self._left = np.full(schedule.count, self._rounds)
        return Observations(self.columns.observed, self._states)

    def _forget(self) -> None:
        """Begin the table anew with the states of the lanes and of the tasks."""
        table = self._table
        live = [table.states[number] for number in self._states.tolist()]
        table.forget()
        numbers = [table.adopt(state) for state in live]
        self.columns = Columns(table)
        self._states = np.array(numbers, np.int32)
        self._starts = self._begun()

    def _begun(self) -> Column:
        """The numbers of the states in which the tasks begin."""
        starts = [self.columns.number(self._table.start(task)) for task in self._schedule.tasks]
        return np.array(starts, np.int32)

    def step(self, actions: Any) -> Steps:
        if len(self._table.states) + self._schedule.count > self._table.most:
            self._forget()
        columns = self.columns
        chosen = np.asarray(actions)
        if chosen.min() < 0 or chosen.max() >= columns.width:
            raise IndexError(f"an action is a number from 0 to {columns.width - 1}")
        flat = self._states * columns.width + chosen
        following = columns.following[flat]
        if following.min() == UNKNOWN:
            columns.fill(flat)
            following = columns.following[flat]
        rewards, ended = columns.paid[flat], columns.ended[flat]
        self._left -= 1
        over = ended | (self._left <= 0)
        steps = Steps(None, rewards, ended, over & ~ended)
        self._states = following
        if over.any():
            self._renew(np.flatnonzero(over), steps)
        steps.observations = Observations(columns.observed, self._states)
        return steps

    def _renew(self, lanes: Column, steps: Steps) -> None:
        """Settle the episodes that are over, and begin the next ones."""
        last = self._states[lanes]
        steps.rewards[lanes] += self.columns.end[last]
        results = self.columns.results[last]
        results[steps.truncated[lanes] & (results == "failed")] = "budget"
        steps.results = dict(zip(lanes.tolist(), results.tolist(), strict=True))
        self._episodes[lanes] += self._schedule.total
        self._states[lanes] = self._starts[self._episodes[lanes] % len(self._starts)]
        self._left[lanes] = self._rounds

    def fork(self, lane: int) -> Single:
        """The episode of a lane once more, for a search."""
        other = Single(self._table)
        other.state, other._left = self._table.states[int(self._states[lane])], int(self._left[lane])
        return other


class ChancyLanes(OneByOne[Single]):
    """Lanes over a table in which chance has a part: each draws from its own streams."""

    def __init__(self, table: Tabulated, schedule: Schedule) -> None:
        super().__init__(schedule, [Single(table) for _ in range(schedule.count)])

    def step(self, actions: Sequence[int]) -> Steps:
        steps = Steps([], [], [], [])
        observations, rewards, ends, cuts = steps.observations, steps.rewards, steps.ended, steps.truncated
        for lane, single in enumerate(self._lanes):
            observation, reward, ended, truncated = single.step(actions[lane])
            if ended or truncated:
                steps.results[lane] = single.result
                observation = self._next(lane)
            observations.append(observation)
            rewards.append(reward)
            ends.append(ended)
            cuts.append(truncated)
        return steps

    def fork(self, lane: int) -> Single:
        """The episode of a lane once more, for a search."""
        return self._lanes[lane].fork()

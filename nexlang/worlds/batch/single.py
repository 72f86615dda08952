"""One episode with numbered actions, as a policy in a loop wants it: the table's steps, one after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nexlang.worlds.batch.tabulated import State, Tabulated
from nexlang.worlds.tasks import Task, TaskError

Stepped = tuple[Mapping[str, Any], float, bool, bool]


class Single:
    """An episode over a table: `reset`, then `step` until it has ended or is truncated."""

    __slots__ = ("_left", "_rounds", "state", "table")

    state: State

    def __init__(self, table: Tabulated) -> None:
        self.table = table
        self._rounds = table.rules.rounds
        self._left = 0

    def reset(self, task: Task) -> Mapping[str, Any]:
        """Begin a task: the first observation."""
        self.state = self.table.start(task)
        self._left = self._rounds
        return self.state.observation

    def step(self, action: int) -> Stepped:
        """One call: (observation, reward, ended, truncated)."""
        state = self.state
        entry = state.steps[action]
        if entry is None or self._left <= 0:
            if self._left <= 0:
                raise TaskError("the episode has ended: reset it")
            entry = self.table.entry(state, action)
        self.state = state = entry[0]
        self._left = left = self._left - 1
        if entry[2]:
            self._left = 0
            return state.observation, entry[1] + state.end, True, False
        if not left:
            return state.observation, entry[1] + state.end, False, True
        return state.observation, entry[1], False, False

    def fork(self) -> Single:
        """The same moment once more."""
        other = Single(self.table)
        other.state, other._left = self.state, self._left
        return other

"""One episode with numbered actions, as a policy in a loop wants it: the table's steps, one after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nexlang.worlds.batch.stepping import LIVE
from nexlang.worlds.batch.tabulated import NO_CHANCE, State, Tabulated
from nexlang.worlds.tasks import Task, TaskError

Stepped = tuple[Mapping[str, Any], float, bool, bool]


class Single:
    """An episode over a table: `reset`, then `step` until it has ended or is truncated; `result` says how it ended."""

    __slots__ = ("_ended", "_left", "_rounds", "_streams", "state", "table")

    state: State

    def __init__(self, table: Tabulated) -> None:
        self.table = table
        self._rounds = table.rules.rounds
        self._left = 0
        self._ended = False
        self._streams = NO_CHANCE

    def reset(self, task: Task, seed: int = 0) -> Mapping[str, Any]:
        """Begin a task: the first observation. The seed is that of what chance does."""
        if not self.table.certain:
            self._streams = self.table.streams(task, seed)
        self.state = self.table.start(task, self._streams)
        self._left = self._rounds
        self._ended = False
        return self.state.observation

    def step(self, action: int) -> Stepped:
        """One call: (observation, reward, ended, truncated)."""
        if self._left <= 0:
            raise TaskError("the episode has ended: reset it")
        entry = self.state.steps[action]
        if type(entry) is not tuple:
            entry = self.table.entry(self.state, action, self._streams)
        self.state = state = entry[0]
        self._left = left = self._left - 1
        if entry[2]:
            self._left, self._ended = 0, True
            return state.observation, entry[1] + state.end, True, False
        if not left:
            return state.observation, entry[1] + state.end, False, True
        return state.observation, entry[1], False, False

    @property
    def over(self) -> bool:
        """Whether there is no episode to step."""
        return self._left <= 0

    @property
    def result(self) -> str:
        """How the episode ended; empty while it goes on."""
        if self._left > 0:
            return LIVE
        return self.state.result if self._ended or self.state.result != "failed" else "budget"

    def fork(self) -> Single:
        """The same moment once more."""
        other = Single(self.table)
        other.state, other._left, other._ended = self.state, self._left, self._ended
        other._streams = self._streams.fork()
        return other

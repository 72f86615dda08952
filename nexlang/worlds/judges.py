"""Asking the judges of an episode that has ended: they see the world as it was left, and change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nexlang.runtime.code import AgentFailure, Flow
from nexlang.runtime.messages import Json
from nexlang.runtime.perform import perform
from nexlang.runtime.run import Stage
from nexlang.worlds.engine import Answer, Chance, Context, Play, Timeline, Tool
from nexlang.worlds.engine.context import FUEL
from nexlang.worlds.outcome import EnvironmentBroke

JUDGE = "judge"


class Gallery:
    """The host of judges: a copy of the world, in which their own calls are in no log."""

    def __init__(self, timeline: Timeline[Any], tools: Mapping[str, Tool]) -> None:
        self._timeline = timeline.fork(timeline.world.fork())
        self._session = self._timeline.session(tools)

    @property
    def ctx(self) -> Context[Any]:
        return Context(self._timeline.world, FUEL, self._timeline.clock)

    @property
    def elapsed(self) -> float:
        return self._timeline.clock.elapsed

    def call(self, tool: str, arguments: Mapping[str, Json], by: str) -> Answer:
        return self._session.call(tool, arguments, by)

    def refuse(self, tool: str, arguments: Mapping[str, Json], by: str, message: str, code: str) -> None:
        """What could not be called is in the judge's conversation."""

    def wait(self, ms: float) -> None:
        self._timeline.advance(ms)

    def checkpoint(self) -> None:
        """Nothing ends a judge but its limits."""

    def chance(self, path: str) -> Chance:
        return self._timeline.streams.next(path)


def judged(stage: Stage, play: Play) -> Flow[Any]:
    """What one judge finds. One that finds nothing is the environment's mistake, never the policy's."""
    try:
        return (yield from perform(stage, play.agent, play.arguments, JUDGE))
    except AgentFailure as failure:
        raise EnvironmentBroke(f"the judge {play.agent}: {failure.message}") from failure

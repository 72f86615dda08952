"""The world of one episode, as its agents reach it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nexlang.runtime.code import Curtain
from nexlang.runtime.messages import Json
from nexlang.worlds.dynamics import struck
from nexlang.worlds.engine import Answer, Call, Chance, Context, Session

if TYPE_CHECKING:
    from nexlang.worlds.episodes import Episode


class EpisodeHost:
    """The world of one episode, as agents reach it. Every call is logged; after each, `stop` is looked at."""

    def __init__(self, episode: Episode) -> None:
        self._episode = episode
        self._session: Session[Any] = episode.scope.timeline.session(episode.setting.package.tools)

    @property
    def ctx(self) -> Context[Any]:
        return self._episode.scope.ctx

    @property
    def elapsed(self) -> float:
        return self._episode.scope.timeline.clock.elapsed

    def call(self, tool: str, arguments: Mapping[str, Json], by: str) -> Answer:
        above = self._episode.preempted(by)
        answer = preemption(above) if above else self._called(tool, arguments, by)
        log = self._episode.scope.calls
        log.append(Call(tool, arguments, by, answer.error, answer.code, answer.message, self.elapsed))
        return answer

    def _called(self, tool: str, arguments: Mapping[str, Json], by: str) -> Answer:
        """A call under the environment's dynamics: it takes its time, and a fault may strike before or after it."""
        disturbance, entry = self._episode.scope.disturbance, self._session.tools.get(tool)
        if disturbance is None or entry is None:
            return self._session.call(tool, arguments, by)
        self._episode.pass_time(disturbance.delay(tool))
        fault = disturbance.fault(tool)
        if fault is not None and not fault.after:
            return struck(fault)
        answer = self._session.call(tool, arguments, by)
        if fault is not None and not answer.error:
            return struck(fault)
        return disturbance.told(entry, answer)

    def refuse(self, tool: str, arguments: Mapping[str, Json], by: str, message: str, code: str) -> None:
        self._episode.scope.calls.append(Call(tool, arguments, by, True, code, message, self.elapsed))

    def wait(self, ms: float) -> None:
        self._episode.pass_time(ms)
        self.checkpoint()

    def checkpoint(self) -> None:
        if not self._episode.together and self._episode.stopped():
            raise Curtain

    def chance(self, path: str) -> Chance:
        return self._episode.scope.timeline.streams.next(path)


def preemption(above: str) -> Answer:
    """What a call answers before which another had to act."""
    return Answer(True, f"Error: Preempted by {above}", None, "preempted")

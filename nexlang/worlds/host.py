"""The world of one episode, as its agents reach it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nexlang.runtime.code import Curtain
from nexlang.runtime.messages import Json
from nexlang.worlds.engine import Answer, Call, Chance, Context, Session

if TYPE_CHECKING:
    from nexlang.worlds.episodes import Episode


class EpisodeHost:
    """The world of one episode, as agents reach it. Every call is logged; after each, `stop` is looked at."""

    def __init__(self, episode: Episode) -> None:
        self._episode = episode
        self._session: Session[Any] = Session(episode.setting.package.tools, episode.scope.world)
        self._activations: dict[str, int] = {}

    @property
    def ctx(self) -> Context[Any]:
        return self._episode.scope.ctx

    def call(self, tool: str, arguments: Mapping[str, Json], by: str) -> Answer:
        answer = self._session.call(tool, arguments)
        log = self._episode.scope.calls
        log.append(Call(tool, arguments, by, answer.error, answer.code, answer.message))
        return answer

    def refuse(self, tool: str, arguments: Mapping[str, Json], by: str, message: str, code: str) -> None:
        self._episode.scope.calls.append(Call(tool, arguments, by, True, code, message))

    def checkpoint(self) -> None:
        if self._episode.stopped():
            raise Curtain

    def chance(self, path: str) -> Chance:
        activation = self._activations.get(path, 0)
        self._activations[path] = activation + 1
        episode = self._episode
        return Chance.stream(episode.seed, f"{episode.setting.name}.{path}/{episode.task.id}", activation)

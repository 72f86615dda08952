"""The random policy: calls that fit their schemas, with arguments drawn from the world's keys and the task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nexlang.runtime.code import Flow, Pause
from nexlang.runtime.model_agent import Turn
from nexlang.runtime.run import Stage
from nexlang.worlds.arguments import Arguments, texts_of
from nexlang.worlds.engine import Chance
from nexlang.worlds.engine.codecs import plain
from nexlang.worlds.setting import Setting

CALLS = 8
PER_TURN = 3


class RandomActor:
    """A few random calls a turn, until it has made `CALLS`; then it says something of the task at random and passes."""

    def __init__(self, setting: Setting, role: str, stage: Stage, task: Any, seed: int, task_id: str) -> None:
        self._stage = stage
        self._role = role
        others = "" if role == setting.learner else f".{role}"
        self._chance = Chance.stream(seed, f"{setting.name}.random{others}/{task_id}")
        self._tools = setting.tools_of(role) or tuple(setting.library.tools)
        self._task = tuple(dict.fromkeys(texts_of(plain(task))))
        self._arguments = Arguments(self._chance, setting.library.schemas, self._task, setting.keys)
        self._left = CALLS if self._tools else 0

    def turn(self, news: Sequence[str]) -> Flow[Turn]:
        calls = min(self._left, 1 + self._chance.below(PER_TURN))
        if calls:
            yield from self._stage.pause(Pause.DECIDED)
        for _ in range(calls):
            tool = self._chance.choose(self._tools)
            self._left -= 1
            self._stage.host.call(tool, self._arguments.draw(tool), self._role)
            self._stage.host.checkpoint()
        if calls:
            yield from self._stage.pause(Pause.MADE)
        words = [text for text in self._task if " " in text] if calls else []
        return Turn(self._chance.choose(words) if words else None, acted=calls > 0)

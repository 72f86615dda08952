"""The random policy: calls that fit their schemas, with arguments drawn from the world's keys and the task."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from nexlang.runtime.code import Flow, Pause
from nexlang.runtime.messages import Json
from nexlang.runtime.model_agent import Turn
from nexlang.runtime.run import Stage
from nexlang.worlds.engine import Chance, Table, World
from nexlang.worlds.engine.codecs import plain
from nexlang.worlds.setting import Setting

CALLS = 8
PER_TURN = 3
KEYS = 200
"""Keys of each table that are drawn from."""


class RandomActor:
    """A few random calls a turn, until it has made `CALLS`; then it says something of the task at random and passes."""

    def __init__(self, setting: Setting, role: str, stage: Stage, task: Any, seed: int, task_id: str) -> None:
        self._stage = stage
        self._role = role
        others = "" if role == setting.learner else f".{role}"
        self._chance = Chance.stream(seed, f"{setting.name}.random{others}/{task_id}")
        self._tools = setting.tools_of(role) or tuple(setting.library.tools)
        self._schemas = setting.library.schemas
        self._task = tuple(dict.fromkeys(texts_of(plain(task))))
        self._keys = tuple(keys_of(setting.base))
        self._left = CALLS if self._tools else 0

    def turn(self, news: Sequence[str]) -> Flow[Turn]:
        calls = min(self._left, 1 + self._chance.below(PER_TURN))
        if calls:
            yield from self._stage.pause(Pause.DECIDED)
        for _ in range(calls):
            tool = self._chance.choose(self._tools)
            self._left -= 1
            self._stage.host.call(tool, self._arguments(tool), self._role)
            self._stage.host.checkpoint()
        if calls:
            yield from self._stage.pause(Pause.MADE)
        words = [text for text in self._task if " " in text] if calls else []
        return Turn(self._chance.choose(words) if words else None, acted=calls > 0)

    def _arguments(self, tool: str) -> dict[str, Json]:
        value = self._value(self._schemas[tool]["function"]["parameters"], 0)
        return value if isinstance(value, dict) else {}

    def _value(self, schema: Mapping[str, Any], depth: int) -> Json:
        if "enum" in schema:
            return self._chance.choose(schema["enum"])
        if "anyOf" in schema:
            return self._value(self._chance.choose(schema["anyOf"]), depth + 1)
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return [self._value(schema.get("items", {}), depth + 1) for _ in range(self._chance.below(3))]
        if kind == "string":
            return self._text(schema.get("pattern", ""))
        return self._scalar(kind)

    def _object(self, schema: Mapping[str, Any], depth: int) -> Json:
        if "properties" not in schema:
            return {}
        needed = schema.get("required", ())
        return {
            name: self._value(inner, depth + 1)
            for name, inner in schema["properties"].items()
            if name in needed or (depth < 4 and self._chance.below(2))
        }

    def _scalar(self, kind: str | None) -> Json:
        if kind == "integer":
            return self._chance.below(10)
        if kind == "number":
            return round(self._chance.unit() * 10, 2)
        return bool(self._chance.below(2)) if kind == "boolean" else None

    def _text(self, pattern: str) -> str:
        """A text of the task half of the time, else a key of the world."""
        pools = [pool for pool in (_fitting(self._task, pattern), _fitting(self._keys, pattern)) if pool]
        return self._chance.choose(self._chance.choose(pools)) if pools else ""


def texts_of(value: Json) -> Iterator[str]:
    """Every text in a JSON value, values only."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_of(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_of(item)


def keys_of(world: World) -> Iterator[str]:
    for name in type(world)._tables:
        table: Table[Any, Any] = getattr(world, name)
        yield from (key for key in table.keys()[:KEYS] if isinstance(key, str))


@lru_cache(maxsize=256)
def _fitting(pool: tuple[str, ...], pattern: str) -> tuple[str, ...]:
    return tuple(text for text in pool if re.fullmatch(pattern, text)) if pattern else pool

"""Arguments that fit a tool's schema, drawn at random from the world's keys and texts that are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from nexlang.runtime.messages import Json
from nexlang.worlds.engine import Chance, Table, World

KEYS = 200
"""Keys of each table that are drawn from."""
_WIDE = 10
_DEEP = 4

Keys = Mapping[str, Sequence[Any]]
"""Some keys of the tables whose key is the field of that name."""


class Arguments:
    """Draws the arguments of calls. With `named`, a parameter that is called like a table's key mostly takes one."""

    def __init__(
        self, chance: Chance, schemas: Mapping[str, Any], task: Sequence[str], keys: Sequence[str],
        named: Keys | None = None,
    ) -> None:  # fmt: skip
        self.chance = chance
        self._schemas = schemas
        self._task = tuple(task)
        self._keys = tuple(keys)
        self._named = named or {}

    def draw(self, tool: str) -> dict[str, Json]:
        value = self._value(self._schemas[tool]["function"]["parameters"], 0)
        return value if isinstance(value, dict) else {}

    def _value(self, schema: Mapping[str, Any], depth: int, name: str = "") -> Json:
        if "const" in schema:
            constant: Json = schema["const"]
            return constant
        if "enum" in schema:
            return self.chance.choose(schema["enum"])
        if name in self._named and self.chance.below(8):
            return self.chance.choose(self._named[name])
        if "anyOf" in schema:
            return self._value(self.chance.choose(schema["anyOf"]), depth + 1, name)
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return [self._value(schema.get("items", {}), depth + 1) for _ in range(self.chance.below(3))]
        if kind == "string":
            return self._text(schema.get("pattern", ""))
        return self._scalar(kind, schema)

    def _object(self, schema: Mapping[str, Any], depth: int) -> Json:
        if "properties" not in schema:
            return {}
        needed = schema.get("required", ())
        return {
            name: self._value(inner, depth + 1, name)
            for name, inner in schema["properties"].items()
            if name in needed or (depth < _DEEP and self.chance.below(2))
        }

    def _scalar(self, kind: str | None, schema: Mapping[str, Any]) -> Json:
        low, high = schema.get("minimum"), schema.get("maximum")
        if kind == "integer":
            least = low if low is not None else min(0, high) if high is not None else 0
            most = high if high is not None else least + _WIDE - 1
            return self.chance.between(int(least), int(max(least, most)))
        if kind == "number":
            least = low if low is not None else 0.0
            most = high if high is not None else least + _WIDE
            return round(self.chance.uniform(least, most), 2)
        return bool(self.chance.below(2)) if kind == "boolean" else None

    def _text(self, pattern: str) -> str:
        """A text of the task half of the time, else a key of the world."""
        pools = [pool for pool in (_fitting(self._task, pattern), _fitting(self._keys, pattern)) if pool]
        return self.chance.choose(self.chance.choose(pools)) if pools else ""


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


def tables_of(world: World) -> Iterator[tuple[str, Table[Any, Any]]]:
    """The tables of a world and its parts, each with the name of its key."""
    for name, spec in type(world)._tables.items():
        yield spec.key, getattr(world, name)
    for name in type(world)._parts:
        yield from tables_of(getattr(world, name))


def keys_of(world: World) -> Iterator[str]:
    """Keys of the world's tables that are texts."""
    for _, table in tables_of(world):
        yield from (key for key in table.keys()[:KEYS] if isinstance(key, str))


def named_keys(world: World) -> dict[str, Sequence[Any]]:
    """The keys of each table by the name of its key, where no other table's key is called so."""
    found: dict[str, Sequence[Any]] = {}
    doubtful = set()
    for name, table in tables_of(world):
        if name in found:
            doubtful.add(name)
        found[name] = table.keys()[:KEYS]
    return {name: keys for name, keys in found.items() if name not in doubtful and keys}


@lru_cache(maxsize=256)
def _fitting(pool: tuple[str, ...], pattern: str) -> tuple[str, ...]:
    return tuple(text for text in pool if re.fullmatch(pattern, text)) if pattern else pool

"""Ids that a policy made up: arguments that look like a key of a table and stood in nothing that the agent had read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nexlang.ir.model import Alias, ListType, NamedType, OptionalType, Parameter, Program, TableType, Type
from nexlang.runtime.transcript import Conversation
from nexlang.worlds.engine import World
from nexlang.worlds.setting import Setting

MOST_KEYS = 5000
"""Keys of one table that are looked at."""
_SHORT = 3
"""A bare number of so few digits is an amount rather than an id, in a text of many words."""
_AROUND = ".,;:!?\"'()[]{}<>"


@dataclass(frozen=True, slots=True)
class Given:
    """One id that an agent gave to a tool or a delegate; `grounded` says whether it had read it before."""

    tool: str
    argument: str
    value: str
    grounded: bool


class Ids:
    """What looks like an id in an environment: keys of its tables, texts of their shape, values of a key's type.

    `read` goes through a conversation. What counts as read is the prompt, what others said, and earlier results; what
    the agent itself wrote, and the descriptions of its tools, ground nothing.
    """

    def __init__(self, program: Program, world: World) -> None:
        self._keys = frozenset(str(key) for key in _keys(world))
        self._shapes = frozenset(shape(key) for key in self._keys if any(c.isdigit() for c in key))
        aliases = {alias.name: alias for alias in program.aliases}
        types = _key_types(program) & aliases.keys()
        params = {one.name: one.params for kind in (program.functions, program.agents) for one in kind}
        self._typed = {
            tool: {p.name for p in given if _named(p, aliases) & types} for tool, given in params.items()
        }  # fmt: skip

    @classmethod
    def of(cls, setting: Setting) -> Ids:
        return cls(setting.library.program, setting.base)

    def read(self, conversation: Conversation) -> Iterator[Given]:
        """The ids in a conversation's calls, in order."""
        closed = _closed(conversation.tools)
        seen: list[str] = []
        for message in conversation.messages:
            for call in message.get("tool_calls") or ():
                name = call["function"]["name"]
                for argument, value in _object(call["function"]["arguments"]).items():
                    if (name, argument) not in closed:
                        found = self._ids(value, argument in self._typed.get(name, ()))
                        yield from (Given(name, argument, id, stands_in(id, seen)) for id in found)
            if message["role"] != "assistant" and message.get("content"):
                seen.append(str(message["content"]).casefold())

    def _ids(self, value: Any, typed: bool) -> Iterator[str]:
        if isinstance(value, Mapping):
            for item in value.values():
                yield from self._ids(item, False)
        elif isinstance(value, list):
            for item in value:
                yield from self._ids(item, typed)
        elif isinstance(value, str):
            yield from self._in_text(value.strip(), typed)
        elif typed and isinstance(value, int) and not isinstance(value, bool):
            yield str(value)

    def _in_text(self, text: str, typed: bool) -> Iterator[str]:
        if text and (typed or self._looks(text)):
            yield text
            return
        for word in dict.fromkeys(part.strip(_AROUND) for part in text.split()):
            if any(c.isdigit() for c in word) and self._looks(word) and not (word.isdigit() and len(word) <= _SHORT):
                yield word

    def _looks(self, text: str) -> bool:
        return text in self._keys or (any(c.isdigit() for c in text) and shape(text) in self._shapes)


def shape(text: str) -> str:
    """What kind of text it is: `#W2378156` and `#W1` are of one; of bare numbers those with as many digits."""
    if text.isdigit():
        return "9" * len(text)
    return re.sub(r"[0-9]+", "9", re.sub(r"[^\W\d_]+", "a", text))


def stands_in(id: str, seen: Iterable[str]) -> bool:
    """Whether an id stands in one of the texts (lower case) by itself, its sign (`#`) aside."""
    bare = id.casefold().strip("#@$/ ") or id.casefold()
    pattern = re.compile(rf"(?<!\w){re.escape(bare)}(?!\w)")
    return any(bare in text and pattern.search(text) for text in seen)


def _object(text: str) -> Mapping[str, Any]:
    found = json.loads(text)
    return found if isinstance(found, Mapping) else {}


def _closed(tools: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """The arguments whose schema lists all their values: choosing one of them needs no observation."""
    return {
        (tool["function"]["name"], name)
        for tool in tools
        for name, of in tool["function"]["parameters"].get("properties", {}).items()
        if "enum" in of or any("enum" in inner for inner in of.get("anyOf", ()))
    }


def _keys(world: World) -> Iterator[Any]:
    """The keys of a world's tables and of those of its parts."""
    for name in type(world)._tables:
        yield from getattr(world, name).keys()[:MOST_KEYS]
    for name in type(world)._parts:
        yield from _keys(getattr(world, name))


def _key_types(program: Program) -> set[str]:
    """The names of the types by which tables are keyed."""
    records = {record.name: record for record in program.records}
    tables = [slot.type for world in program.worlds for slot in world.slots if isinstance(slot.type, TableType)]
    fields = [field for table in tables for field in records[table.record].fields if field.name == table.key]
    return {field.type.name for field in fields if isinstance(field.type, NamedType)}


def _named(parameter: Parameter, aliases: Mapping[str, Alias]) -> set[str]:
    """The aliases through which a parameter's values are named, those of a list's items too."""
    found: set[str] = set()
    at: Type = parameter.type
    while True:
        if isinstance(at, OptionalType | ListType):
            at = at.item
        elif isinstance(at, NamedType) and at.name in aliases:
            found.add(at.name)
            at = aliases[at.name].type
        else:
            return found

"""Where in a JSON text a value stands. Slow and exact: used only on what has a problem."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]

Step = str | int | tuple[str]
"""A field's name, a position in a list, or (key,) of a map or a table."""

_SPACE = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+', re.S)
_DECODER = json.JSONDecoder()


def locate(text: str, start: int, steps: Sequence[Step], key: bool = False) -> tuple[int, int]:
    """The offsets of the value that `steps` lead to, or of its key; as far as the text goes along.

    Of an object or a list only the bracket is marked.
    """
    at = _skip(text, start)
    member = at, at + 1
    for step in steps:
        found = _item(text, at, step) if isinstance(step, int) else _member(text, at, _name(step))
        if found is None:
            return at, at + 1
        member, at = found
    return member if key else (at, _end(text, at))


def _name(step: Step) -> str:
    return step[0] if isinstance(step, tuple) else str(step)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _end(text: str, at: int) -> int:
    if text[at : at + 1] in ("{", "["):
        return at + 1
    return int(_DECODER.raw_decode(text, at)[1])


def _member(text: str, at: int, name: str) -> tuple[tuple[int, int], int] | None:
    """The key's offsets and the value's start; of a key that is there twice the last, as parsing takes it."""
    found = None
    at = _skip(text, at + 1)
    while text[at : at + 1] == '"':
        key, after = scanstring(text, at + 1, True)
        value = _skip(text, _skip(text, after) + 1)
        if key == name:
            found = (at, after), value
        at = _next(text, value)
    return found


def _item(text: str, at: int, index: int) -> tuple[tuple[int, int], int] | None:
    at = _skip(text, at + 1)
    for _ in range(index):
        at = _next(text, at)
    return (at, at + 1), at


def _next(text: str, value: int) -> int:
    """Where the next key or item begins after the value that begins here."""
    at = _skip(text, _DECODER.raw_decode(text, value)[1])
    return _skip(text, at + 1) if text[at : at + 1] == "," else at


def first_repeated_key(text: str, start: int = 0) -> tuple[int, int] | None:
    """The offsets of the first key that its object has already."""
    objects: list[set[str]] = []
    last: re.Match[str] | None = None
    for token in _TOKEN.finditer(text, start):
        mark = token.group()
        if mark in "{[":
            objects.append(set())
        elif mark in "}]" and objects:
            objects.pop()
        elif mark == ":" and objects and last is not None:
            key = last.group()
            if key in objects[-1]:
                return last.span()
            objects[-1].add(key)
        last = token
    return None


def words(text: str, start: int = 0) -> Iterator[tuple[str, tuple[int, int]]]:
    """What stands in a JSON text outside of quotes, with its offsets."""
    for token in _TOKEN.finditer(text, start):
        if token.group()[0] not in '"{}[]:,':
            yield token.group(), token.span()

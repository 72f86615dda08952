"""Every call that a tool's schema allows in a state, where there are few."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from nexlang.runtime.messages import Json

WIDEST = 1000
"""The most values of one argument."""
MOST = 10_000
"""The most calls in one state."""

Call = tuple[str, dict[str, Json]]


class TooMany(Exception):
    """An argument has more values than can be tried."""


def calls(schemas: Mapping[str, Any], tools: Sequence[str], texts: Sequence[str]) -> Iterator[Call]:
    """Each call of each tool. Arguments of few values take all of them, texts those in `texts` that fit.

    Raises `TooMany` where an argument has a range of numbers without bounds, and where there are too many calls.
    """
    for tool in tools:
        properties = schemas[tool]["function"]["parameters"].get("properties", {})
        values = [[(name, value) for value in _values(tool, name, of, texts)] for name, of in properties.items()]
        if prod(len(of) for of in values) > MOST:
            raise TooMany(f"`{tool}` can be called in more than {MOST:,} ways")
        for chosen in product(*values):
            yield tool, dict(chosen)


def free_texts(schemas: Mapping[str, Any], tools: Sequence[str]) -> list[str]:
    """The arguments that may be any text, of which only some can be tried: `tool.argument`."""
    return [
        f"{tool}.{name}"
        for tool in tools
        for name, of in schemas[tool]["function"]["parameters"].get("properties", {}).items()
        if any(inner.get("type") == "string" and "enum" not in inner for inner in of.get("anyOf", [of]))
    ]


def _values(tool: str, name: str, schema: Mapping[str, Any], texts: Sequence[str]) -> list[Json]:
    if "enum" in schema:
        return list(schema["enum"])
    if "const" in schema:
        return [schema["const"]]
    if "anyOf" in schema:
        return [value for inner in schema["anyOf"] for value in _values(tool, name, inner, texts)]
    kind = schema.get("type")
    if kind == "null":
        return [None]
    if kind == "boolean":
        return [False, True]
    if kind == "string":
        pattern = schema.get("pattern", "")
        return [text for text in texts if not pattern or re.fullmatch(pattern, text)]
    if kind == "integer" and "minimum" in schema and "maximum" in schema:
        low, high = schema["minimum"], schema["maximum"]
        if high - low < WIDEST:
            return list(range(low, high + 1))
    raise TooMany(f"`{name}` of `{tool}` has too many values to try each")

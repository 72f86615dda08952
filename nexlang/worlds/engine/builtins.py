"""The language's functions that are no Python operator. Those whose cost grows with their input take a context."""

from __future__ import annotations

import json as _json
import math
import re
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from nexlang.worlds.engine.arithmetic import evaluate as _evaluate
from nexlang.worlds.engine.codecs import MOMENTS, float_text, int_text, json_text, plain
from nexlang.worlds.engine.context import Context
from nexlang.worlds.engine.failures import ToolFailure
from nexlang.worlds.engine.patterns import UnsafePattern, whole_match
from nexlang.worlds.engine.values import Call

T = TypeVar("T")
U = TypeVar("U")
Ctx = Context[Any]


class Acting(Protocol):
    """A running agent, as far as `play` needs it."""

    def act(self, target: str, name: str, arguments: Mapping[str, Any], handled: bool) -> Generator[Any, Any, Any]: ...
    def until(self, at: float) -> Generator[Any, Any, None]: ...


class Ordered(Protocol):
    """What has an order: numbers and texts."""

    def __lt__(self, other: Any, /) -> bool: ...


O = TypeVar("O", bound=Ordered)  # noqa: E741
N = TypeVar("N", int, float, Decimal)

# ---------------------------------------------------------------- numbers


def clamp(value: N, low: N, high: N) -> N:
    """`value` kept between the two; `low` wins where they cross."""
    return low if value < low else min(value, high) if high >= low else low


def floor(value: float) -> int:
    return math.floor(_finite(value))


def ceil(value: float) -> int:
    return math.ceil(_finite(value))


def round_whole(value: float) -> int:
    return round(_finite(value))


def round_to(value: float, digits: int) -> float:
    """Python's rounding: the nearest decimal, a half to the even one."""
    return round(float(value), max(-400, min(400, digits)))


def sqrt(value: float) -> float:
    if value < 0.0:
        raise ToolFailure("The square root of a negative number", "arithmetic")
    return math.sqrt(value)


def mod(a: N, b: N) -> N:
    return a % b


def whole(value: float) -> int:
    """The whole part, towards zero."""
    return int(_finite(value))


def to_int(text: str) -> int | None:
    """The whole number that the text writes, in decimal, if it does."""
    return int(text) if len(text) <= 4000 and re.fullmatch(r"\s*[+-]?[0-9]+\s*", text) else None


def to_float(text: str) -> float | None:
    """The finite number that the text writes, if it does."""
    if len(text) > 400 or not re.fullmatch(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*", text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def evaluate(expression: str) -> float:
    """Arithmetic on a text; malformed ones and division by zero fail."""
    return float(_evaluate(expression))


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ToolFailure("A number is too large or undefined", "arithmetic")
    return value


# ---------------------------------------------------------------- texts


def show(value: Any) -> str:
    """A value inside a text: a Text as it is, everything else as JSON."""
    if type(value) is str:
        return value
    if type(value) is float:
        return float_text(value)
    if type(value) in MOMENTS:
        return MOMENTS[type(value)](value)
    return int_text(value) if type(value) is int else json_text(value)


def split(ctx: Ctx, text: str, separator: str) -> Sequence[str]:
    """The pieces between the separators; with an empty separator the characters."""
    ctx.burn(len(text))
    return text.split(separator) if separator else [*text]


def join(ctx: Ctx, pieces: Sequence[str], separator: str = "") -> str:
    ctx.burn(len(pieces) + (sum(map(len, pieces)) + len(separator) * len(pieces)) // 16)
    return separator.join(pieces)


def replace(ctx: Ctx, text: str, old: str, new: str) -> str:
    """Every occurrence of `old` replaced; an empty `old` occurs nowhere."""
    if not old:
        return text
    times = text.count(old)
    ctx.burn((len(text) + times * max(0, len(new) - len(old))) // 16 + 1)
    return text.replace(old, new)


def occurrences(ctx: Ctx, text: str, part: str) -> int:
    """How often `part` occurs, not overlapping; an empty one never."""
    ctx.burn(len(text) // 16 + 1)
    return text.count(part) if part else 0


def matches(ctx: Ctx, text: str, pattern: str) -> bool:
    """Whether the whole text matches; a pattern that could take too long fails."""
    ctx.burn(len(text) + len(pattern))
    try:
        return whole_match(pattern, text)
    except UnsafePattern as problem:
        raise ToolFailure(str(problem), "bad_pattern") from None


def json(ctx: Ctx, value: Any) -> str:
    """JSON text with the keys of maps sorted, as `json.dumps(value, sort_keys=True)` would write it."""
    text = json_text(value)
    ctx.burn(len(text) // 4 + 1)
    try:
        return _json.dumps(plain(value), sort_keys=True, ensure_ascii=False, allow_nan=False)
    except ValueError:
        raise ToolFailure("A number is too large or undefined", "arithmetic") from None


def parse_json(ctx: Ctx, text: str) -> Any:
    """The JSON value that the text writes, or none."""
    ctx.burn(len(text) // 4 + 1)
    try:
        return _json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def _no_constant(name: str) -> None:
    raise ValueError(name)


# ---------------------------------------------------------------- collections


def at(items: Sequence[T], index: int) -> T:
    """`items[index]`; out of range, which a negative index is, fails."""
    if 0 <= index < len(items):
        return items[index]
    raise ToolFailure(f"A list of {len(items)} items has no position {index}", "out_of_range")


def position(items: Sequence[Any], index: int) -> int:
    """The index itself where it is one of the list."""
    at(items, index)
    return index


def present(value: T | None, what: str) -> T:
    """The value on a path; where it is absent the tool fails."""
    if value is None:
        raise ToolFailure(f"There is no {what}", "absent")
    return value


def as_case(kind: type[T], value: object) -> T | None:
    """The value where it is of the kind, else none."""
    return value if isinstance(value, kind) else None


def coalesce(value: T | None, otherwise: U) -> T | U:
    """`value ?? otherwise`, where the second costs nothing."""
    return otherwise if value is None else value


def narrow(kind: type[T], value: object) -> T:
    """The value as the record that it was seen to be; where it no longer is, the tool fails."""
    if isinstance(value, kind):
        return value
    raise ToolFailure(f"What is to be changed is no {kind.__name__}", "absent")


def or_else(value: T | None, otherwise: Callable[[], U]) -> T | U:
    """`value ?? otherwise`."""
    return otherwise() if value is None else value


def take(ctx: Ctx, items: Sequence[T], count: int) -> Sequence[T]:
    ctx.burn(max(0, min(count, len(items))) + 1)
    return items[: max(0, count)]


def drop(ctx: Ctx, items: Sequence[T], count: int) -> Sequence[T]:
    ctx.burn(len(items) + 1)
    return items[max(0, count) :]


def cut(ctx: Ctx, items: Sequence[T], start: int, end: int) -> Sequence[T]:
    """The items from `start` up to `end`; what lies outside is left out."""
    ctx.burn(len(items) + 1)
    return items[max(0, start) : max(0, end)]


def cut_text(ctx: Ctx, text: str, start: int, end: int) -> str:
    """The characters from `start` up to `end`; what lies outside is left out."""
    ctx.burn(len(text) // 16 + 1)
    return text[max(0, start) : max(0, end)]


def first(items: Sequence[T]) -> T | None:
    return items[0] if items else None


def last(items: Sequence[T]) -> T | None:
    return items[-1] if items else None


def reverse(ctx: Ctx, items: Sequence[T]) -> Sequence[T]:
    ctx.burn(len(items) + 1)
    return items[::-1]


def unique(ctx: Ctx, items: Sequence[T]) -> Sequence[T]:
    """Each item once, where it first occurs."""
    ctx.burn(len(items) + 1)
    found: dict[Any, T] = {}
    for item in items:
        found.setdefault(item if type(item) in (str, int, float) else json_text(item), item)
    return list(found.values())


def numbers(ctx: Ctx, start: int, end: int) -> Sequence[int]:
    """The whole numbers from `start` up to `end`, exclusive."""
    ctx.burn(max(0, end - start) + 1)
    return list(range(start, end))


def entries(ctx: Ctx, items: Mapping[T, U]) -> Sequence[tuple[T, U]]:
    """Keys and values, as they are now."""
    ctx.burn(len(items) + 1)
    return list(items.items())


def keys(ctx: Ctx, items: Mapping[T, Any]) -> Sequence[T]:
    ctx.burn(len(items) + 1)
    return list(items)


def values(ctx: Ctx, items: Mapping[Any, T]) -> Sequence[T]:
    ctx.burn(len(items) + 1)
    return list(items.values())


def positions(ctx: Ctx, items: Sequence[T]) -> Sequence[tuple[int, T]]:
    """`enumerate`: each item with its position."""
    ctx.burn(len(items) + 1)
    return list(enumerate(items))


def pairs(ctx: Ctx, left: Sequence[T], right: Sequence[U]) -> Sequence[tuple[T, U]]:
    """`zip`: items in step, up to the shorter."""
    ctx.burn(min(len(left), len(right)) + 1)
    return list(zip(left, right, strict=False))


# ---------------------------------------------------------------- aggregates


def total(items: Iterable[float]) -> float:
    """The sum of Floats, one after another: Python's own differs between its versions."""
    result = 0.0
    for item in items:
        result += item
    return result


def lowest(items: Iterable[O]) -> O | None:
    return min(items, default=None)


def highest(items: Iterable[O]) -> O | None:
    return max(items, default=None)


def lowest_by(pairs: Iterable[tuple[Ordered, T]]) -> T | None:
    """The element with the lowest key, the first of equals; pairs are (key, element)."""
    best = min(pairs, key=_key, default=None)
    return None if best is None else best[1]


def highest_by(pairs: Iterable[tuple[Ordered, T]]) -> T | None:
    """The element with the highest key, the first of equals."""
    best = max(pairs, key=_key, default=None)
    return None if best is None else best[1]


def sorted_by(pairs: Iterable[tuple[Ordered, T]], descending: bool = False) -> Sequence[T]:
    """Elements by their keys; equals stay in order, ascending or descending."""
    return [element for _, element in sorted(pairs, key=_key, reverse=descending)]


def _key(pair: tuple[Ordered, Any]) -> Ordered:
    return pair[0]


# ---------------------------------------------------------------- agents


def play(run: Acting, calls: Sequence[Call]) -> Generator[Any, Any, None]:
    """Make recorded calls one after another; one that fails is not the end."""
    for call in calls:
        yield from run.until(call.at)
        yield from run.act("tool", call.tool, call.arguments, True)

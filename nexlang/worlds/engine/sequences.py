"""The language's functions that make lists, maps and texts anew; each pays for what it makes."""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from nexlang.worlds.engine.chance import Chance
from nexlang.worlds.engine.context import TEXT_LIMIT, Context
from nexlang.worlds.engine.failures import OutOfFuel, ToolFailure

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
Ctx = Context[Any]

# ---------------------------------------------------------------- lists and maps


def grouped(pairs: Iterable[tuple[K, T]]) -> dict[K, Sequence[T]]:
    """The elements of each key, in the order in which they come."""
    made: dict[K, list[T]] = {}
    for key, element in pairs:
        made.setdefault(key, []).append(element)
    return {**made}


def flat(ctx: Ctx, lists: Sequence[Sequence[T]]) -> Sequence[T]:
    """The items of all lists, one after another."""
    ctx.burn(sum(map(len, lists)) + len(lists) + 1)
    return [item for items in lists for item in items]


def chunks(ctx: Ctx, items: Sequence[T], size: int) -> Sequence[Sequence[T]]:
    """Pieces of so many items; the last may be shorter."""
    if size < 1:
        raise ToolFailure("A piece has at least one item", "out_of_range")
    ctx.burn(2 * len(items) + 1)
    return [items[at : at + size] for at in range(0, len(items), size)]


def filled(ctx: Ctx, value: T, count: int) -> Sequence[T]:
    """The value so many times."""
    ctx.burn(max(0, count) + 1)
    return [value] * max(0, count)


def position_of(ctx: Ctx, items: Sequence[T], value: T) -> int | None:
    """Where the value first stands."""
    ctx.burn(len(items) + 1)
    return items.index(value) if value in items else None


def merged(ctx: Ctx, first: Mapping[K, V], second: Mapping[K, V]) -> Mapping[K, V]:
    """The entries of both; where both have a key, the second's."""
    ctx.burn(len(first) + len(second) + 1)
    return {**first, **second}


def sample(dice: Chance, items: Sequence[T], count: int) -> Sequence[T]:
    """So many of the items, none twice, in a random order."""
    if count > len(items):
        raise ToolFailure(f"There are no {count} of {len(items)} items", "out_of_range")
    return dice.shuffled(items)[: max(0, count)]


# ---------------------------------------------------------------- texts


def repeat(ctx: Ctx, text: str, count: int) -> str:
    """The text so many times."""
    if len(text) * max(0, count) > TEXT_LIMIT:
        raise OutOfFuel
    return ctx.text(text * max(0, count))


def pad_start(ctx: Ctx, text: str, width: int, fill: str) -> str:
    """As long as `width` at least, filled up at its start."""
    return _padding(ctx, text, width, fill) + text


def pad_end(ctx: Ctx, text: str, width: int, fill: str) -> str:
    """As long as `width` at least, filled up at its end."""
    return text + _padding(ctx, text, width, fill)


def _padding(ctx: Ctx, text: str, width: int, fill: str) -> str:
    if not fill:
        return ""
    lacking = max(0, width - len(text))
    if lacking > TEXT_LIMIT:
        raise OutOfFuel
    return ctx.text((fill * (lacking // len(fill) + 1))[:lacking])


def lines(ctx: Ctx, text: str) -> Sequence[str]:
    """The lines, without their ends."""
    ctx.burn(len(text) + 1)
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []


def place_in(ctx: Ctx, text: str, part: str) -> int | None:
    """Where the part first begins."""
    ctx.burn(len(text) // 16 + 1)
    found = text.find(part)
    return found if found >= 0 else None


def without_start(text: str, start: str) -> str:
    return text.removeprefix(start)


def without_end(text: str, end: str) -> str:
    return text.removesuffix(end)


# ---------------------------------------------------------------- numbers and dates


def quotient(a: int, b: int) -> int:
    """How often the second goes into the first, rounded down, so that `b * quotient(a, b) + mod(a, b)` is `a`."""
    return a // b


def power(base: float, exponent: float) -> float:
    return _real(lambda: math.pow(base, exponent))


def exponential(value: float) -> float:
    return _real(lambda: math.exp(value))


def logarithm(value: float) -> float:
    return _real(lambda: math.log(value))


def sine(angle: float) -> float:
    return _real(lambda: math.sin(angle))


def cosine(angle: float) -> float:
    return _real(lambda: math.cos(angle))


def angle_of(y: float, x: float) -> float:
    """The angle of a point from the origin, in radians."""
    return math.atan2(y, x)


def _real(work: Any) -> float:
    try:
        value: float = work()
    except (ValueError, OverflowError):
        raise ToolFailure("A number is too large or undefined", "arithmetic") from None
    return value


def plus_months(day: date, months: int) -> date:
    """The same day so many months later, or the month's last day where it has no such."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if not 1 <= year <= 9999:
        raise ToolFailure("The date is outside the years 1 to 9999", "arithmetic")
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))

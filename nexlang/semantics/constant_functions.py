"""The operators and built-in functions on values as JSON has them, each with a bound on its cost."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from nexlang.ir.patterns import fullmatch

FUEL = 100_000
_TEXT = 1_000_000
_BITS = 100_000


class NotConstant(Exception):
    """The expression has no value that can be known before the program runs."""


def bounded(value: str) -> str:
    if len(value) > _TEXT:
        raise NotConstant("the text is too long")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > _BITS:
        raise NotConstant("the number is too long")
    if isinstance(value, float) and not math.isfinite(value):
        raise NotConstant("the number is too great")
    return value


def _times(a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int) and a.bit_length() + b.bit_length() > _BITS:
        raise NotConstant("the number is too long")
    return _number(a * b)


def text(value: Any) -> str:
    if value is None or isinstance(value, str | int | float | list | dict):
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    raise NotConstant("how it is written is the run's to say")


def _read(kind: str) -> Callable[..., Any]:
    """`date("…")` and its like, of a text."""

    def run(*values: Any) -> Any:
        from nexlang.ir.moments import READERS

        made = READERS[kind](values[0]) if len(values) == 1 and isinstance(values[0], str) else None
        if made is None:
            raise NotConstant("it is not made of a text")
        return made

    return run


def _moved(moment: Any, milliseconds: float) -> Any:
    from nexlang.ir.moments import plus

    return plus(moment, milliseconds)


def _elapsed(later: Any, earlier: Any) -> float:
    from nexlang.ir.moments import minus

    return minus(later, earlier)


def _match(text: str, pattern: str) -> bool:
    result = fullmatch(pattern, text)
    if result is None:
        raise NotConstant("the pattern cannot be tried")
    return result


def _round(value: float, digits: int | None = None) -> Any:
    return round(value) if digits is None else round(float(value), digits)


def _range(*bounds: int) -> list[int]:
    numbers = range(*bounds)
    if len(numbers) > FUEL:
        raise NotConstant("the range is too long")
    return list(numbers)


def _mod(a: Any, b: Any) -> Any:
    return a % b


def _take(items: list[Any], count: int) -> list[Any]:
    return items[: max(count, 0)]


def _unique(items: list[Any]) -> list[Any]:
    return [item for at, item in enumerate(items) if item not in items[:at]]


def _pick(choose: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any) -> Any:
        if len(args) == 1:
            return choose(args[0]) if args[0] else None
        return choose(args)

    return run


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: _number(a + b),
    "sub": lambda a, b: _number(a - b),
    "mul": _times,
    "div": lambda a, b: _number(a / b),
    "join": lambda a, b: bounded(a + b),
    "chain": lambda a, b: [*a, *b],
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "in": lambda a, b: a in b,
    "not_in": lambda a, b: a not in b,
}

BUILTINS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "round": _round,
    "floor": math.floor,
    "ceil": math.ceil,
    "sqrt": math.sqrt,
    "mod": _mod,
    "clamp": lambda value, low, high: max(low, min(value, high)),
    "float": float,
    "decimal": _read("decimal"),
    "date": _read("date"),
    "time": _read("time"),
    "time_of_day": _read("time_of_day"),
    "decimal_sum": lambda a, b: a + b,
    "decimal_difference": lambda a, b: a - b,
    "decimal_product": lambda a, b: a * b,
    "decimal_quotient": lambda a, b: a / b,
    "decimal_negated": lambda value: -value,
    "plus": _moved,
    "elapsed": _elapsed,
    "weekday": lambda day: day.isoweekday(),
    "text": text,
    "lower": str.lower,
    "upper": str.upper,
    "trim": str.strip,
    "split": lambda text, by: text.split(by),
    "join": lambda items, by: bounded(by.join(items)),
    "replace": lambda text, old, new: bounded(text[:10_000].replace(old, new)) if len(text) <= 10_000 else _long(),
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "occurrences": lambda text, part: text.count(part) if part else _long(),
    "matches": _match,
    "contains": lambda whole, part: part in whole,
    "len": len,
    "take": _take,
    "drop": lambda items, count: items[max(count, 0) :],
    "last": lambda items: items[-1] if items else None,
    "reverse": lambda items: items[::-1],
    "unique": lambda items: _unique(items) if len(items) <= 1_000 else _long(),
    "range": _range,
    "enumerate": lambda items: list(enumerate(items)),
    "zip": lambda a, b: list(zip(a, b, strict=False)),
    "keys": list,
    "values": lambda entries: list(entries.values()),
    "count": len,
    "sum": sum,
    "any": any,
    "all": all,
    "first": lambda items: items[0] if items else None,
    "min": _pick(min),
    "max": _pick(max),
    "sorted": sorted,
}


def _long() -> Any:
    raise NotConstant("it takes too long")

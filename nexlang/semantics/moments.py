"""Dates, times, durations and decimals while a program is checked: their fields, their arithmetic, their literals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nexlang.diagnostics import Diagnostic
from nexlang.semantics.scope import Typed
from nexlang.semantics.types import (
    DATE,
    DECIMAL,
    DURATION,
    FLOAT,
    INT,
    MOMENTS,
    TIME,
    TIME_OF_DAY,
    Core,
    List,
    Map,
    Optional,
    Record,
    Scalar,
    Type,
    base,
    is_text,
    opened,
)

_DAY_FIELDS: dict[str, Type] = {"year": INT, "month": INT, "day": INT, "weekday": INT}
_CLOCK_FIELDS: dict[str, Type] = {"hour": INT, "minute": INT, "second": INT}
MOMENT_FIELDS: dict[Type, dict[str, Type]] = {
    DATE: _DAY_FIELDS,
    TIME: {**_DAY_FIELDS, **_CLOCK_FIELDS, "date": DATE, "time_of_day": TIME_OF_DAY},
    TIME_OF_DAY: _CLOCK_FIELDS,
}
_DERIVED: dict[str, Scalar] = {"weekday": INT, "date": DATE, "time_of_day": TIME_OF_DAY}
MOMENT_MAKERS = ("decimal", "date", "time", "time_of_day")
"""The built-ins that make such a value of a text; with a literal text they are literals themselves."""

DECIMAL_ARITHMETIC = {
    "+": "decimal_sum",
    "-": "decimal_difference",
    "*": "decimal_product",
    "/": "decimal_quotient",
}
"""Python's own operators round to what its host has set."""
MOMENT_TYPES = (DECIMAL, *MOMENTS)
"""What is a text in JSON and none in the language."""
DAY = 86_400_000


def builtin_core(name: str, args: list[Core], type: Type) -> Core:
    return {"kind": "builtin", "name": name, "args": args, "type": type.core()}


def made_decimal(of: Core) -> Core:
    """A Decimal of a literal, or of a whole number."""
    if of["kind"] == "lit":
        of = {"kind": "lit", "value": str(of["value"])}
    return builtin_core("decimal", [of], DECIMAL)


def negated(of: Core) -> Core:
    """A Decimal below zero; that of a literal is a literal too."""
    text = of["args"][0].get("value") if of.get("name") == "decimal" else None
    if isinstance(text, str):
        return made_decimal({"kind": "lit", "value": text[1:] if text.startswith("-") else f"-{text}"})
    return builtin_core("decimal_negated", [of], DECIMAL)


def plain_digits(text: str) -> str:
    """A number's source as a Decimal reads it: no `_`, no exponent."""
    text = text.replace("_", "")
    if "e" not in text and "E" not in text:
        return text
    from decimal import Decimal

    return format(Decimal(text), "f")


def field_core(type: Type, core: Core) -> Core:
    """A field of a Date or Time; some are worked out."""
    if type in MOMENT_FIELDS and core["name"] in _DERIVED:
        return builtin_core(core["name"], [core["of"]], _DERIVED[core["name"]])
    return core


def moment_arithmetic(op: str, left: Typed, right: Typed) -> Typed | str | None:
    """`time + duration` and its like: the result, what is wrong with it, or None where it is no such thing."""
    a, b = base(left.type), base(right.type)
    if op == "+" and a is DURATION and b in (DATE, TIME):
        left, right, a, b = right, left, b, a
    if op in "+-" and a in (DATE, TIME) and b is DURATION:
        amount = right.core.get("value") if right.core["kind"] == "lit" else None
        if a is DATE and isinstance(amount, int | float) and amount % DAY:
            return "a Date moves by whole days, such as `3d`"
        ms = right.core if op == "+" else _negative(right.core)
        return Typed(a, builtin_core("plus", [left.core, ms], a))
    if op == "-" and a is b and a in MOMENTS:
        return Typed(DURATION, builtin_core("elapsed", [left.core, right.core], DURATION))
    if a in (DATE, TIME) and b in (INT, FLOAT):
        return "how long is a Duration, such as `3d` or `90s`"
    return None


def _negative(core: Core) -> Core:
    if core["kind"] == "lit":
        return {"kind": "lit", "value": -core["value"]}
    return {"kind": "unary", "op": "neg", "of": core}


def as_kind(text: str, loose: bool, value: Typed, wanted: Type) -> str | None:
    """The source of a value as one of a near type, where there is one way to make it."""
    given = opened(value.type)
    if (given, wanted) in ((TIME, DATE), (TIME, TIME_OF_DAY)):
        return f"{f'({text})' if loose else text}.{maker(wanted)}"
    if (given, wanted) == (FLOAT, DECIMAL):
        return f"decimal({text})"
    literal = value.core["value"] if value.core["kind"] == "lit" else None
    if wanted is INT and isinstance(literal, str) and literal.isdigit():
        return literal
    if wanted in MOMENT_TYPES and isinstance(literal, str) and _readable(wanted, literal):
        return f"{maker(wanted)}({text})"
    return None


def suggest_moment(diagnostic: Diagnostic, text: str, value: Typed, wanted: Type) -> None:
    """Where a text stands for a Date, or a Float for a Decimal, say how to make it one."""
    given = base(value.type)
    if wanted is FLOAT:
        diagnostic.replace("as a Float, perhaps rounded", f"float({text})", "unsafe")
    elif wanted is DECIMAL:
        diagnostic.replace("as a Decimal", f"decimal({text})", "unsafe")
    elif is_text(given):
        safe = value.core["kind"] == "lit" and _readable(wanted, value.core["value"])
        name = maker(wanted)
        diagnostic.replace(f"`{name}` makes one of a text", f"{name}({text})", "safe" if safe else "unsafe")
    elif (wanted, given) in ((DATE, TIME), (TIME_OF_DAY, TIME)):
        diagnostic.replace("a Time has it as a field", f"{text}.{maker(wanted)}", "unsafe")


def maker(type: Type) -> str:
    """The built-in that makes a value of a text."""
    return type.kind if isinstance(type, Scalar) else ""


def _readable(type: Type, text: object) -> bool:
    return isinstance(type, Scalar) and isinstance(text, str) and read(type.kind, text) is not None


def read(kind: str, text: str) -> object:
    """The value that a text writes, or None."""
    from nexlang.ir.moments import READERS

    return READERS[kind](text)


def read_duration(text: str) -> float | None:
    from nexlang.ir.moments import read_duration as read

    return read(text)


def reader(type: Type) -> Callable[[Any], Any]:
    """From a value as JSON has it to one that a condition can be tried on; data of the right shape is asked for."""
    made = _reader(base(type))
    return made if made is not None else lambda value: value


def _reader(type: Type) -> Callable[[Any], Any] | None:
    """None where JSON's own value does."""
    match type:
        case Scalar() if type in MOMENT_TYPES:
            kind = type.kind
            return lambda value: read(kind, value) if isinstance(value, str) else value
        case Scalar() if type is DURATION:
            return lambda value: read_duration(value) if isinstance(value, str) else value
        case Optional(item):
            return _within(item, lambda inner: lambda value: None if value is None else inner(value))
        case List(item):
            return _within(item, lambda inner: lambda value: [inner(each) for each in value])
        case Map(_, item):
            return _within(item, lambda inner: lambda value: {key: inner(each) for key, each in value.items()})
        case Record(info):
            if not _holds_moments(type, set()):
                return None
            fields = info.fields
            return lambda value: {
                key: reader(fields[key].type)(each) if key in fields else each for key, each in value.items()
            }
    return None


def _within(item: Type, make: Callable[[Callable[[Any], Any]], Callable[[Any], Any]]) -> Callable[[Any], Any] | None:
    inner = _reader(base(item))
    return make(inner) if inner is not None else None


def _holds_moments(type: Type, seen: set[object]) -> bool:
    """Whether such a value may be in one of the type, however deep."""
    type = base(type)
    match type:
        case Optional(item) | List(item) | Map(_, item):
            return _holds_moments(item, seen)
        case Record(info):
            if info in seen:
                return False
            seen.add(info)
            return any(_holds_moments(field.type, seen) for field in info.fields.values())
    return type in MOMENT_TYPES or type is DURATION


def example(kind: str) -> str:
    from nexlang.ir.moments import EXAMPLES

    return EXAMPLES[kind]


def name_of(kind: str) -> str:
    """The type that a maker makes."""
    return {"decimal": "Decimal", "date": "Date", "time": "Time", "time_of_day": "TimeOfDay"}[kind]


def repair(kind: str, text: str) -> str | None:
    """A text that comes near to one, as it should be written: `2025-1-31`, `8:30`, `1,250.00`."""
    import re

    if kind == "decimal":
        made = re.sub(r"[\s,_]|^[^0-9.+-]+|[^0-9.]+$", "", text)
        made = f"0{made}" if made.startswith(".") else made
        return made if read(kind, made) is not None else None
    day = re.match(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    clock = re.search(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*$", text)
    parts = []
    if kind in ("date", "time") and day is not None:
        parts.append(f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}")
    if kind in ("time", "time_of_day") and (clock is not None or day is not None):
        numbers = [int(part or 0) for part in clock.groups()] if clock is not None else [0, 0, 0]
        shown = numbers if kind == "time" or numbers[2] else numbers[:2]
        parts.append(":".join(f"{number:02}" for number in shown))
    made = "T".join(parts)
    return made if made and read(kind, made) is not None else None

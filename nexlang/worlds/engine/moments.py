"""Dates, times, durations and decimals at run time: their codecs, and the language's functions over them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
)
from decimal import Context as Precision
from typing import Any, TypeVar

from nexlang.ir import moments
from nexlang.worlds.engine.codecs import MOMENTS, Codec, quote, shown
from nexlang.worlds.engine.context import Context
from nexlang.worlds.engine.failures import Mismatch, ToolFailure

Date = date
Time = datetime
TimeOfDay = time
M = TypeVar("M", date, datetime)
Ctx = Context[Any]

WRITERS = MOMENTS


class Moment(Codec[Any]):
    """A value that is a text in JSON; `kind` names the reader in `nexlang.ir.moments`."""

    def __init__(self, name: str, kind: str, type: type) -> None:
        self.name = name
        self.type = type
        self.read = moments.READERS[kind]
        self.write = WRITERS[type]
        self.example = moments.EXAMPLES[kind]

    def decode(self, value: Any) -> Any:
        if type(value) is self.type:
            return value
        made = self.read(value) if type(value) is str else None
        if made is None:
            raise Mismatch(f'expected {self.name} as a text like "{self.example}", got {shown(value)}')
        return made

    def text(self, value: Any) -> str:
        return quote(self.write(value))

    def shown(self, value: Any) -> str:
        return self.write(value)


DECIMAL = Moment("Decimal", "decimal", Decimal)
DATE = Moment("Date", "date", date)
TIME = Moment("Time", "time", datetime)
TIME_OF_DAY = Moment("TimeOfDay", "time_of_day", time)


def _made(codec: Moment, text: str) -> Any:
    value = codec.read(text)
    if value is None:
        raise ToolFailure(f'{shown(text)} is no {codec.name} like "{codec.example}"', "bad_value")
    return value


# ---------------------------------------------------------------- making


def decimal_of(value: str | int | float) -> Decimal:
    """The Decimal that a text writes, of a whole number, or of the shortest text of a Float."""
    if isinstance(value, float):
        if value - value != 0.0:
            raise ToolFailure("A number is too large or undefined", "arithmetic")
        return Decimal(repr(value))
    return Decimal(value) if isinstance(value, int) else _made(DECIMAL, value)


def date_of(value: str | datetime) -> date:
    """The Date that a text writes, or the day of a Time."""
    return _made(DATE, value) if isinstance(value, str) else value.date()


def date_from(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        raise ToolFailure(f"There is no day {year}-{month}-{day}", "bad_value") from None


def time_of(text: str) -> datetime:
    return _made(TIME, text)  # type: ignore[no-any-return]


def time_at(day: date, clock: time) -> datetime:
    """The moment on a day."""
    return datetime.combine(day, clock)


def time_of_day(value: str | datetime) -> time:
    """The TimeOfDay that a text writes, or that of a Time."""
    return _made(TIME_OF_DAY, value) if isinstance(value, str) else value.time()


def to_decimal(text: str) -> Decimal | None:
    return moments.read_decimal(text.strip())


def to_date(text: str) -> date | None:
    return moments.read_date(text.strip())


def to_time(text: str) -> datetime | None:
    return moments.read_time(text.strip())


def to_time_of_day(text: str) -> time | None:
    return moments.read_time_of_day(text.strip())


def to_duration(text: str) -> float | None:
    """Milliseconds of a text like `1h 30m`."""
    return moments.read_duration(text.strip())


# ---------------------------------------------------------------- arithmetic


def plus(moment: M, milliseconds: float) -> M:
    """A Date or Time later or, where the duration is below zero, earlier."""
    try:
        return moments.plus(moment, milliseconds)  # type: ignore[no-any-return]
    except ValueError:
        raise ToolFailure("A Date moves by whole days", "arithmetic") from None
    except OverflowError:
        raise ToolFailure("The date is outside the years 1 to 9999", "arithmetic") from None


def elapsed(later: date | datetime | time, earlier: date | datetime | time) -> float:
    """The Duration between two of a kind."""
    return moments.minus(later, earlier)


def weekday(day: date) -> int:
    """1 for Monday to 7 for Sunday."""
    return day.isoweekday()


def duration_text(value: float) -> str:
    return moments.duration_text(value)


# ---------------------------------------------------------------- decimals


_EXACT = Precision(prec=1_000, traps=[Inexact, InvalidOperation, Overflow])
"""Sums and products have all their digits, or fail: Python's own context rounds to what its host has set."""
_QUOTIENT = Precision(prec=34, rounding=ROUND_HALF_EVEN, traps=[DivisionByZero, InvalidOperation, Overflow])
"""As many digits as the standard's decimals of 128 bits have."""


def decimal_sum(a: Decimal, b: Decimal) -> Decimal:
    return _EXACT.add(a, b)


def decimal_difference(a: Decimal, b: Decimal) -> Decimal:
    return _EXACT.subtract(a, b)


def decimal_product(a: Decimal, b: Decimal) -> Decimal:
    return _EXACT.multiply(a, b)


def decimal_quotient(a: Decimal, b: Decimal) -> Decimal:
    """To 34 digits, a half to the even one."""
    return _QUOTIENT.divide(a, b)


def decimal_rest(a: Decimal, b: Decimal) -> Decimal:
    """What division to a whole number leaves, with the sign of the divisor."""
    rest = _EXACT.remainder(a, b)
    return _EXACT.add(rest, b) if rest and rest.is_signed() != b.is_signed() else rest


def decimal_negated(value: Decimal) -> Decimal:
    return value.copy_negate()


def decimal_size(value: Decimal) -> Decimal:
    return value.copy_abs()


def decimal_total(items: Iterable[Decimal]) -> Decimal:
    result = Decimal(0)
    for item in items:
        result = _EXACT.add(result, item)
    return result


def rounded(value: Decimal, places: int = 0) -> Decimal:
    """The nearest with so many places, a half to the even one."""
    if not 0 <= places <= moments.DIGITS or value.adjusted() > moments.DIGITS:
        raise ToolFailure("A number is too large or undefined", "arithmetic")
    if value.as_tuple().exponent >= -places:  # type: ignore[operator]
        return value
    return _quantized(value, places, ROUND_HALF_EVEN)


def whole_decimal(value: Decimal) -> int:
    return int(rounded(value))


def floor_decimal(value: Decimal) -> int:
    return _whole(value, ROUND_FLOOR)


def ceil_decimal(value: Decimal) -> int:
    return _whole(value, ROUND_CEILING)


def _whole(value: Decimal, rounding: str) -> int:
    if value.adjusted() > moments.DIGITS:
        raise ToolFailure("A number is too large or undefined", "arithmetic")
    return int(value.to_integral_value(rounding=rounding))


def _quantized(value: Decimal, places: int, rounding: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=Precision(prec=2 * moments.DIGITS + 2))


def float_of(value: Decimal) -> float:
    return float(value)


def fixed(value: float | Decimal, places: int) -> str:
    """With exactly so many places, a half to the even one: `12.50`."""
    places = max(0, min(100, places))
    if isinstance(value, Decimal):
        return format(rounded(value, places), f".{places}f")
    if value - value != 0:
        raise ToolFailure("A number is too large or undefined", "arithmetic")
    return format(value, f".{places}f")

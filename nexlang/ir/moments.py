"""Dates, times, durations and decimals as texts: read strictly, written in one way only."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

DIGITS = 400
"""Digits that a Decimal may have before its point, and places behind it, when it is read or written."""

UNITS: Final = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1))
_DECIMAL = re.compile(r"[+-]?[0-9]{1,400}(\.[0-9]{1,400})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_TIME_OF_DAY = re.compile(_CLOCK)
_TIME = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]{_CLOCK}(Z|[+-][0-9]{{2}}:?[0-9]{{2}})?")
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|[dhms])")
_DURATION = re.compile(rf"-?{_PART.pattern}(?: ?{_PART.pattern})*")


def read_decimal(text: str) -> Decimal | None:
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def read_date(text: str) -> date | None:
    return _tried(date.fromisoformat, text) if _DATE.fullmatch(text) else None


def read_time_of_day(text: str) -> time | None:
    return _tried(time.fromisoformat, text) if _TIME_OF_DAY.fullmatch(text) else None


def read_time(text: str) -> datetime | None:
    """A moment; an offset is counted in, so that all moments are in UTC, without one it is UTC already."""
    return _tried(_moment, text) if _TIME.fullmatch(text) else None


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read if read.tzinfo is None else read.astimezone(UTC).replace(tzinfo=None)


def read_duration(text: str) -> float | None:
    """Milliseconds of `1h 30m`, `1.5s`, `-20ms`: each unit once, from long to short."""
    if len(text) > 100 or not _DURATION.fullmatch(text):
        return None
    parts = _PART.findall(text)
    names = [name for name, _ in UNITS]
    places = [names.index(unit) for _, unit in parts]
    if places != sorted(set(places)):
        return None
    total = sum(float(amount) * dict(UNITS)[unit] for amount, unit in parts)
    return -total if text.startswith("-") else total


def _tried(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except (ValueError, OverflowError):
        return None


def decimal_text(value: Decimal) -> str:
    """The one way to write a Decimal: no exponent, no needless zeros. Raises `OverflowError` where it is too long."""
    if not value.is_finite() or abs(value.adjusted()) > DIGITS:
        raise OverflowError("the number is too large or too small to be written")
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def duration_text(value: float) -> str:
    """A Duration as one would write it: `1h 30m`, `1.5s`, `250ms`."""
    if value == 0 or value - value != 0:
        return "0ms" if value == 0 else repr(value)
    rest, parts = abs(value), []
    if rest < 1_000:
        return f"{value:.15g}ms"
    for name, size in UNITS[:3]:
        count = int(rest // size)
        rest -= count * size
        if count:
            parts.append(f"{count}{name}")
    if rest:
        parts.append(f"{round(rest / 1_000, 9):.15g}s")
    return ("-" if value < 0 else "") + " ".join(parts)


def moment_text(value: date | datetime | time) -> str:
    """ISO 8601."""
    return value.isoformat()


def plus(moment: Any, milliseconds: float) -> Any:
    """A moment later or earlier; a Date moves by whole days only. Raises `OverflowError` or `ValueError`."""
    if type(moment) is date and milliseconds % 86_400_000:
        raise ValueError("a Date moves by whole days")
    return moment + timedelta(milliseconds=milliseconds)


def minus(later: Any, earlier: Any) -> float:
    """Milliseconds from the one to the other."""
    if type(later) is time:
        later, earlier = datetime.combine(date.min, later), datetime.combine(date.min, earlier)
    return float((later - earlier) / timedelta(milliseconds=1))


READERS: dict[str, Callable[[str], Any]] = {
    "decimal": read_decimal,
    "date": read_date,
    "time": read_time,
    "time_of_day": read_time_of_day,
}
"""By the kind of the type: the value that a text writes, or None."""

EXAMPLES = {
    "decimal": "12.50",
    "date": "2025-01-31",
    "time": "2025-01-31T12:00:00",
    "time_of_day": "08:30",
}

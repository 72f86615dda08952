"""Moments and decimals as texts: what is written is read back, and nothing else is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexlang.ir import moments
from nexlang.worlds.engine import DATE, DECIMAL, DURATION, TIME, TIME_OF_DAY, Codec, Mismatch
from nexlang.worlds.engine.codecs import json_text, key_text, plain
from nexlang.worlds.engine.moments import decimal_product, decimal_sum

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40, places=12)
CODECS: list[tuple[Codec[object], st.SearchStrategy[object]]] = [
    (DECIMAL, DECIMALS),
    (DATE, st.dates()),
    (TIME, st.datetimes()),
    (TIME_OF_DAY, st.times()),
]


@pytest.mark.parametrize(("codec", "values"), CODECS, ids=lambda each: getattr(each, "name", ""))
def test_what_is_written_is_read_back(codec: Codec[object], values: st.SearchStrategy[object]) -> None:
    @given(values)
    def holds(value: object) -> None:
        assert codec.decode(codec.encode(value)) == value
        assert codec.text(value) == json_text(value) and codec.encode(value) == plain(value) == key_text(value)
        assert codec.decode(value) is value

    holds()


@given(DECIMALS)
def test_equal_decimals_have_one_text(value: Decimal) -> None:
    text = f"{value:f}"
    longer = Decimal(text + ("00" if "." in text else ".00"))
    assert longer == value and moments.decimal_text(longer) == moments.decimal_text(value)


@given(st.integers(-(10**12), 10**12))
def test_durations_are_read_back(milliseconds: int) -> None:
    assert moments.read_duration(moments.duration_text(float(milliseconds))) == pytest.approx(milliseconds, abs=1e-3)


@given(DECIMALS, DECIMALS)
def test_sums_do_not_depend_on_the_host(a: Decimal, b: Decimal) -> None:
    made = decimal_sum(a, b), decimal_product(a, b)
    with localcontext() as context:
        context.prec = 3
        assert made == (decimal_sum(a, b), decimal_product(a, b))
    assert decimal_sum(made[0], b.copy_negate()) == a


@given(st.datetimes(min_value=datetime(2, 1, 2), max_value=datetime(9998, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_offsets_are_counted_in(moment: datetime, minutes: int) -> None:
    there = moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=minutes)))
    assert moments.read_time(there.isoformat()) == moment


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        (DECIMAL, "1e5"), (DECIMAL, "NaN"), (DECIMAL, "1."), (DECIMAL, "٣"), (DECIMAL, ""), (DECIMAL, "1" * 500),
        (DATE, "2025-02-30"), (DATE, "20250203"), (DATE, "2025-W05-1"), (DATE, "2025-02-03T00:00:00"),
        (TIME, "2025-02-03"), (TIME, "2025-02-03T25:00"), (TIME, "0001-01-01T00:00:00+14:00"),
        (TIME_OF_DAY, "24:00"), (TIME_OF_DAY, "8:30"), (TIME_OF_DAY, "08:30+01:00"),
        (DURATION, "1m 1h"), (DURATION, "1h1h"), (DURATION, "soon"), (DURATION, ""),
    ],
)  # fmt: skip
def test_nothing_else_is_read(codec: Codec[object], text: str) -> None:
    with pytest.raises(Mismatch):
        codec.decode(text)


def test_a_date_moves_by_whole_days() -> None:
    assert moments.plus(date(2024, 2, 28), 2 * 86_400_000) == date(2024, 3, 1)
    with pytest.raises(ValueError, match="whole days"):
        moments.plus(date(2024, 2, 28), 1)
    assert moments.minus(time(8, 30), time(8)) == 30 * 60_000

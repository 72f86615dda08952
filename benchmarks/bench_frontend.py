"""Parsing and formatting in process, beside what plain Lark takes for the same text in the same run."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lark import Lark

from benchmarks.programs import program
from benchmarks.table import Row, seconds
from nexlang.diagnostics import Source
from nexlang.syntax import format, parse
from nexlang.syntax.tables import STARTS, grammar_path

SIZES = (1_000, 10_000, 50_000)


@contextmanager
def no_collector() -> Iterator[None]:
    """As the compiler does it: a tree has no cycles, so looking for some is time lost."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def timed(act: Callable[[], object], times: int) -> float:
    with no_collector():
        return seconds(act, times)


def rows() -> Iterator[Row]:
    grammar = grammar_path().read_text(encoding="utf-8")
    lark = Lark(grammar, parser="lalr", start=list(STARTS), propagate_positions=True)
    taken: dict[int, float] = {}
    for size in SIZES:
        source = Source("bench.nex", program(size))
        times = 5 if size < SIZES[-1] else 2
        taken[size] = timed(lambda source=source: parse(source), times)
        plain = timed(lambda source=source: lark.parse(source.text, start="start"), times)
        yield Row(f"parse, {size:,} lines", taken[size], "s")
        yield Row(f"parse, {size:,} lines: plain Lark with positions", plain, "s")
        yield Row(f"parse, {size:,} lines: faster than Lark", plain / taken[size], "times", 3.0, most=False)
        yield Row(f"format, {size:,} lines", timed(lambda source=source: format(source), times), "s")
    broken = Source("broken.nex", program(10_000).replace("return", "retrun", 1))
    yield Row("parse, 10,000 lines with one mistake", timed(lambda: parse(broken), 3), "s")
    yield Row("parse: growth, 10,000 to 50,000 lines", taken[SIZES[2]] / taken[SIZES[1]], "times", 7.0)

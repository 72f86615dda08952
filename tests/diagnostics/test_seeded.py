"""Seeded mistakes, a part of the corpus that `python -m benchmarks mistakes mutations` measures as a whole."""

from __future__ import annotations

from functools import cache
from itertools import islice

from benchmarks.bench_mistakes import corpus, verdict
from benchmarks.bench_mutations import FIVE, fives
from benchmarks.mistakes.ground import Verdict
from nexlang.compiler import compile

PART = 4
PROGRAMS = 24


@cache
def verdicts() -> tuple[Verdict, ...]:
    return tuple(verdict(seed) for seed in corpus()[::PART])


def share(found: list[bool]) -> float:
    return sum(found) / len(found)


def test_there_are_enough() -> None:
    assert len(corpus()) >= 500
    assert len({seed.kind for seed in corpus()}) >= 50


def test_the_first_diagnostic_is_right() -> None:
    assert share([found.right for found in verdicts()]) >= 0.95


def test_the_place_is_exact() -> None:
    assert share([found.exact for found in verdicts()]) >= 0.95


def test_the_first_suggestion_is_right() -> None:
    assert share([found.suggested for found in verdicts() if found.suggested is not None]) >= 0.8


def test_one_mistake_is_one_diagnostic() -> None:
    assert sum(found.extra for found in verdicts()) / len(verdicts()) <= 0.1


def test_five_mistakes_are_five_diagnostics() -> None:
    """Independent ones in one program, of syntax, names and types."""
    counts = [
        len(compile(seeds[0].file, {str(seeds[0].file): text}).diagnostics) for seeds, text in islice(fives(), PROGRAMS)
    ]
    assert share([count == FIVE for count in counts]) >= 0.8
    assert all(FIVE - 2 <= count <= FIVE + 2 for count in counts)

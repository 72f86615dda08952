"""The mistakes that people make in today's YAML, made in .nex: all are found at check time, in one run, with a place.

`yaml/main.nex` has all of them, each with its number and its code in a comment on its line.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nexlang.compiler import compile

FILE = Path(__file__).parent / "yaml" / "main.nex"
TEXT = FILE.read_text(encoding="utf-8")
IN_YAML = {
    1: "wrong binding module",
    2: "wrong binding function",
    3: "missing sub-agent file",
    4: "misspelt model parameter",
    5: "`temperature: hot`",
    6: "unknown provider kind",
    7: "wrong JSON type name",
    8: "`required` naming no property",
    9: "undefined environment variable: what a run must grant and cannot",
    10: "misspelt key in a tool file",
    11: "misspelt key in a tool entry",
    12: "global storage that is not declared",
    13: "indentation: a block that does not end where it should",
    14: "misspelt key in a tool entry, of another kind",
    15: "duplicate tool",
    16: "undefined tool",
    17: "misspelt key in a sub-agent entry",
    18: "negative limit",
    19: "textual limit",
    20: "unknown middleware parameter",
    21: "a prompt variable that does not exist",
    22: "misspelt top-level key",
    23: "cycle of sub-agents",
    24: "tool parameters that differ from the function's",
    25: "a parameter's type that differs",
    26: "unknown mode",
    27: "a stop tool that does not exist",
    28: "initial state that is not what was declared",
}
EXPECTED = [
    (number + 1, int(mark), code)
    for number, line in enumerate(TEXT.splitlines())
    for mark, code in re.findall(r"(\d+) (NEX\d{4})", line)
]
FOUND = compile(FILE).diagnostics


def line_of(offset: int) -> int:
    return TEXT.count("\n", 0, offset) + 1


def test_each_of_them_is_there() -> None:
    assert sorted(mark for _, mark, _ in EXPECTED) == sorted(IN_YAML) == list(range(1, 29))


@pytest.mark.parametrize(("line", "mark", "code"), EXPECTED, ids=[IN_YAML[mark] for _, mark, _ in EXPECTED])
def test_it_is_found_where_it_is(line: int, mark: int, code: str) -> None:
    assert (line, code) in [(line_of(found.span.start), found.code) for found in FOUND]


def test_nothing_else_is_said() -> None:
    wanted = sorted((line, code) for line, _, code in EXPECTED)
    assert sorted((line_of(found.span.start), found.code) for found in FOUND) == wanted


def test_every_place_is_more_than_a_line() -> None:
    assert all(found.span.end > found.span.start for found in FOUND)


def test_most_say_how_to_mend_it() -> None:
    assert sum(bool(found.fixes or found.help) for found in FOUND) >= 20

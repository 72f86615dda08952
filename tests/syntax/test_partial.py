"""Formatting part of a file: only the lines that were asked for, and whatever can be read of a file with mistakes."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_format import reshaped
from trees import differences, programs, source, tree

from nexlang.diagnostics import Source
from nexlang.syntax import format, parse
from nexlang.syntax.formatting import format_lines, format_readable

PROGRAMS = programs()
SECOND = "record  B{y:Int,\n  # of B\n    z:Text}\n"
UGLY = f"record  A{{x:Int}}\n\n{SECOND}\nfn f( )->Int{{\n return 1\n    }}\n"


def lines_of(text: str, first: int, last: int) -> str:
    return format_lines(Source("test.nex", text), first, last)[0]


def test_only_the_lines_asked_for_change() -> None:
    assert lines_of(UGLY, 1, 1) == UGLY.replace("record  A{x:Int}", "record A { x: Int }")
    assert lines_of(UGLY, 2, 2) == UGLY
    assert lines_of(UGLY, 8, 8) == UGLY[: UGLY.index("fn")] + "fn f() -> Int {\n  return 1\n}\n"
    assert lines_of(UGLY, 1, 99) == format(Source("test.nex", UGLY))


def test_a_change_that_needs_its_neighbours_takes_them_along() -> None:
    """Half of a declaration laid out anew might be another program: then all of it is."""
    text = "record A {\n  x: Int,\n  y: Int }  # end\n"
    assert tree(lines_of(text, 2, 2)) is not None
    assert format(Source("test.nex", lines_of(text, 2, 2))) == format(Source("test.nex", text))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_any_range_of_any_shape(seed: int) -> None:
    rng = random.Random(seed)
    text = reshaped(source(rng.choice(PROGRAMS)).text, rng)
    if parse(Source("test.nex", text)).diagnostics:
        return
    count = text.count("\n") + 1
    first = rng.randint(1, count)
    last = rng.randint(first, min(count, first + 20))
    done = lines_of(text, first, last)
    before, after = tree(text), tree(done)
    assert list(differences(before, after, places=False)) == []
    assert sorted(c.text for c in before.comments) == sorted(c.text for c in after.comments)
    assert format(Source("test.nex", done)) == format(Source("test.nex", text))


LAYOUT = re.compile(r"[\s,(){}\[\]]")
BROKEN = "fn g( ) -> Int {\n  return 1 +\n}\n"


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_mistake_keeps_only_its_declaration(at: int) -> None:
    parts = ["record  A{x:Int}\n\n", SECOND + "\n", "enum  C{a,b}\n\n"]
    text = "".join([*parts[:at], BROKEN + "\n", *parts[at:]])
    done, mistakes = format_readable(Source("test.nex", text))
    assert [found.code for found in mistakes] == ["NEX0109"]
    assert BROKEN in done and "record A { x: Int }" in done and "enum C { a, b }" in done and "  # of B" in done


@pytest.mark.parametrize("text", ['let a = """\nrecord  B{ x:Int }\n', "record  A{\n", "", "\n", '"""', "}\n}\n"])
def test_what_nothing_can_be_read_of_stays(text: str) -> None:
    assert format_readable(Source("test.nex", text))[0] in (text, "")
    assert lines_of(text, 1, 3) == text


def test_a_declaration_inside_a_text_is_text() -> None:
    prompt = 'let a = """\nrecord  B{ x:Int }\n"""\n\n'
    done, _ = format_readable(Source("test.nex", f"{prompt}record  C{{ x:Int }}\n\n{BROKEN}"))
    assert prompt in done and "record C { x: Int }" in done


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_mistakes_anywhere(seed: int) -> None:
    """With a piece of a file cut out, what is laid out is the same program, and a second time changes nothing."""
    rng = random.Random(seed)
    whole = source(rng.choice(PROGRAMS)).text
    start = rng.randrange(len(whole))
    text = whole[:start] + rng.choice(["", "}", "{", '"', '"""', " = ", "tool "]) + whole[start + rng.randrange(12) :]
    done, mistakes = format_readable(Source("test.nex", text))
    if mistakes:
        assert sorted(LAYOUT.sub("", done)) == sorted(LAYOUT.sub("", text))
    assert format_readable(Source("test.nex", done))[0] == done

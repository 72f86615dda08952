"""The formatter: nothing is lost, nothing changes its meaning, and a second time changes nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trees import CORPUS, differences, programs, source, tree

from nexlang.diagnostics import Source
from nexlang.syntax import CannotFormat, format, parse
from nexlang.syntax.formatting.page import WIDTH
from nexlang.syntax.lexer import COMMENT, DOC, SCAN, TEXT

PROGRAMS = programs()
LAYOUTS = sorted((CORPUS / "layouts").glob("*.nex"))


def formatted(text: str) -> str:
    """The text laid out, after every promise has been looked at."""
    before = tree(text)
    once = format(Source("test.nex", text))
    after = tree(once)
    assert list(differences(before, after, places=False)) == []
    assert sorted(c.text for c in before.comments) == sorted(c.text for c in after.comments)
    assert format(Source("test.nex", once)) == once
    return once


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_programs(path: Path) -> None:
    once = formatted(source(path).text)
    assert not [line for line in once.split("\n") if line != line.rstrip() and '"""' not in once]


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem)
def test_layouts(path: Path) -> None:
    """Each file has its layout beside it."""
    assert formatted(path.read_text(encoding="utf-8")) == path.with_suffix(".out").read_text(encoding="utf-8")


def reshaped(text: str, rng: random.Random) -> str:
    """The same tokens with other blanks and line ends, and with comments between them."""
    style = rng.choice(["one line", "many lines", "comments", "mixed", "dense"])
    out: list[str] = []
    number = 0
    for found in SCAN.finditer(text):
        token = found[0].lstrip()
        blank = found[0][: len(found[0]) - len(token)]
        chance = rng.random()
        if style == "one line" and chance < 0.6 and blank:
            blank = " "
        elif style == "many lines" and chance < 0.2:
            blank = rng.choice(["\n", "\n\n\n", "  \n"])
        elif style == "comments" and chance < 0.08:
            number += 1
            blank = rng.choice([f" # {number}\n", f"\n# {number}\n", f"\n\n# {number}\n\n"])
        elif style == "mixed":
            blank = rng.choice([blank, blank, "\n", " ", "\n\n\n\n", f" # {number}\n" if chance < 0.3 else blank])
        elif style == "dense" and chance < 0.5 and not (out and _glued(out[-1], token)):
            blank = ""
        after_comment = bool(out) and out[-1].lstrip().startswith("#")
        if (found.lastindex in (COMMENT, DOC) or after_comment) and "\n" not in blank:
            blank = "\n"
        out.append(blank + token)
    return "".join(out)


def _glued(before: str, token: str) -> bool:
    """Whether two tokens would become one, or a name its key, without a blank."""
    return (before[-1:].isalnum() or before[-1:] == "_") and (token[:1].isalnum() or token[:1] in '_":')


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_any_shape(seed: int) -> None:
    rng = random.Random(seed)
    text = reshaped(source(rng.choice(PROGRAMS)).text, rng)
    if not parse(Source("test.nex", text)).diagnostics:
        formatted(text)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_one_layout_whatever_the_blanks(seed: int) -> None:
    """Blanks within a line do not count."""
    rng = random.Random(seed)
    text = source(rng.choice(PROGRAMS)).text
    spaced = ""
    for found in SCAN.finditer(text):
        token = found[0].lstrip()
        blank = found[0][: len(found[0]) - len(token)]
        spaced += (blank if "\n" in blank or not blank else " " * rng.randrange(1, 4)) + token
    assert format(Source("test.nex", spaced)) == format(Source("test.nex", text))


def test_no_line_is_too_long() -> None:
    for path in PROGRAMS:
        written = source(path).text
        texts = "".join(found[0] for found in SCAN.finditer(written) if found.lastindex in (TEXT, DOC, COMMENT))
        for line in format(source(path)).split("\n"):
            assert len(line) <= WIDTH or line.strip() in texts or '"' in line


def test_a_file_with_a_mistake_is_refused() -> None:
    with pytest.raises(CannotFormat) as refused:
        format(Source("test.nex", "fn f(x: Int) -> Int {\n  return x +\n}\n"))
    assert [d.code for d in refused.value.diagnostics] == ["NEX0109"]

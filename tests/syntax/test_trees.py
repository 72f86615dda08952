"""The parser's trees are Lark's, places included."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark, Token, UnexpectedInput
from trees import differences, programs, source

from nexlang.syntax import nodes as n
from nexlang.syntax.build import BUILD, listing
from nexlang.syntax.lexer import SCAN, TOKENS
from nexlang.syntax.parser import Made, run
from nexlang.syntax.tables import STARTS, grammar_path, tables

PROGRAMS = programs()


@pytest.fixture(scope="module")
def lark() -> Lark:
    grammar = grammar_path().read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", start=list(STARTS), propagate_positions=True)


def built(tree: Any) -> Any:
    """The node that Lark's tree stands for."""
    if isinstance(tree, Token):
        make = TOKENS.get(tree.type)
        return make(tree.start_pos or 0, tree.end_pos or 0, str(tree)) if make else str(tree)
    if tree is None:
        return None
    start, end = getattr(tree.meta, "start_pos", 0), getattr(tree.meta, "end_pos", 0)
    return BUILD.get(tree.data, listing)(start, end, *(built(child) for child in tree.children))


def same(lark: Lark, text: str) -> bool:
    """Whether both take the text; then their trees are compared."""
    mine = run("start", text, 0, len(text), [])
    try:
        theirs = built(lark.parse(text, start="start"))
    except UnexpectedInput:
        return not isinstance(mine, Made) or mine.node is None
    assert isinstance(mine, Made), f"Lark takes it: {text}"
    theirs.start, theirs.end = mine.node.start, mine.node.end
    assert [found for found in differences(mine.node, theirs) if not bracketed(text, found)] == []
    return True


def bracketed(text: str, found: str) -> bool:
    """Whether places differ only by parentheses: Lark leaves those around a literal out."""
    places = re.search(r": (\d+) is not (\d+)$", found)
    return bool(places) and not text[slice(*sorted((int(places[1]), int(places[2]))))].strip("() \n")


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_trees_are_larks(lark: Lark, path: Path) -> None:
    assert same(lark, source(path).text)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_both_take_and_refuse_the_same(lark: Lark, seed: int) -> None:
    """One token left out, doubled or exchanged with its neighbour."""
    rng = random.Random(seed)
    text = source(rng.choice(PROGRAMS)).text
    spans = [found.span() for found in SCAN.finditer(text) if found[0].strip()]
    at = rng.randrange(len(spans) - 1)
    (a, b), (c, d) = spans[at], spans[at + 1]
    changed = rng.choice([
        text[:a] + " " + text[b:],
        text[:b] + " " + text[a:b] + text[b:],
        text[:a] + text[c:d] + " " + text[a:b] + text[d:],
    ])  # fmt: skip
    assert same(lark, changed)


def test_positions() -> None:
    text = 'let x = (a + b).c["k"]'
    made = run("start", text, 0, len(text), [])
    assert isinstance(made, Made)
    index = made.node.decls[0].value.expr
    assert isinstance(index, n.Index)
    assert text[index.start : index.end] == '(a + b).c["k"]'
    assert text[index.key.start : index.key.end] == '"k"'
    assert text[index.of.of.start : index.of.of.end] == "a + b"


@pytest.mark.parametrize("word", sorted(tables().reserved))
def test_reserved_words_name_no_variable(word: str) -> None:
    text = f"fn f(x: Int) -> Int {{ let {word} = x }}"
    assert not isinstance(run("start", text, 0, len(text), []), Made)


@pytest.mark.parametrize("word", sorted(set(tables().words) - tables().reserved))
def test_other_words_do(word: str) -> None:
    text = f"fn f(x: Int) -> Int {{ let {word} = x  return {word} }}"
    assert isinstance(run("start", text, 0, len(text), []), Made)

"""Marks that are left out, put in or mixed up."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import cast

from benchmarks.mistakes.ground import Edit, Ground, kind, slip
from nexlang.syntax import nodes as n
from nexlang.syntax.raw import Raw
from nexlang.syntax.tables import tables

PAIRS = {"}": "{", ")": "(", "]": "["}
WORDS = ("return", "require", "record", "tool", "else", "match", "when", "otherwise", "agent", "environment", "world")
WORDS += ("enum", "union", "weight", "until", "expect", "given", "table", "fails", "stage", "then", "curriculum")


def closers(ground: Ground, mark: str) -> Iterator[tuple[Raw, int, int]]:
    """(opener, index of the closer, its place) of each pair of a mark."""
    open: list[Raw] = []
    for at, token in enumerate(ground.tokens):
        if token.kind == "mark" and token.text == PAIRS[mark]:
            open.append(token)
        elif token.kind == "mark" and token.text == mark:
            yield open.pop(), at, token.start


def dropped(ground: Ground, token: Raw, *marked: tuple[int, int]) -> Edit:
    """The token left out; on a line of its own, the line with it."""
    start = ground.line_start(token.start)
    alone = ground.text[start : ground.line_end(token.start)].strip() == token.text
    if alone:
        return Edit(start, token.end + 1, "", tuple((a - start, b - start) for a, b in marked))
    return Edit(token.start, token.end, "", tuple((a - token.start, b - token.start) for a, b in marked))


@kind("a } left out", "0102")
def unclosed_block(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for opener, at, _ in closers(ground, "}"):
        if opener.line != ground.tokens[at].line:
            yield dropped(ground, ground.tokens[at], (opener.start, opener.end))


@kind("a } left out on its line", "0102")
def unclosed_braces(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for opener, at, _ in closers(ground, "}"):
        if opener.line == ground.tokens[at].line and ground.tokens[at + 1].first:
            yield dropped(ground, ground.tokens[at], (opener.start, opener.end))


@kind("a ) or ] left out", "0110")
def unclosed_brackets(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for mark in ")]":
        for opener, at, _ in closers(ground, mark):
            after = ground.tokens[at + 1]
            if opener.line == ground.tokens[at].line and (after.first or after.text in ("{", ")", "]", "->", "=>")):
                yield dropped(ground, ground.tokens[at], (opener.start, opener.end))


@kind("a { left out", "0104")
def unopened(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for at, token in enumerate(ground.tokens):
        if token.kind == "mark" and token.text == "{" and not token.first and ground.tokens[at + 1].first:
            end = ground.tokens[at - 1].end - token.start
            yield Edit(token.start, token.end, "", ((end, end),))


@kind("a comma left out", "0106")
def no_comma(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    """Inside of `( )` and `[ ]`: in braces a comma may be left out."""
    open: list[str] = []
    for at, token in enumerate(ground.tokens):
        if token.kind == "mark" and token.text in "([{":
            open.append(token.text)
        elif token.kind == "mark" and token.text in PAIRS:
            open.pop()
        elif token.text == "," and open[-1:] not in ([], ["{"]) and not ground.tokens[at + 1].first:
            yield Edit(token.start, token.end, "", ((0, 0),))


@kind("a colon left out", "0106")
def no_colon(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for token in ground.tokens:
        if token.kind == "mark" and token.text == ":":
            yield Edit(token.start, token.end, "", ((0, 0),))


@kind("an = left out", "0106")
def no_equal(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for let in cast("Iterator[n.Let]", ground.every(n.Let)):
        at = ground.text.index("=", let.name.end)
        yield Edit(at - 1, at + 1, "", ((0, 0),))


@kind("an -> left out", "0106")
def no_arrow(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for token in ground.tokens:
        if token.kind == "mark" and token.text == "->":
            yield Edit(token.start - 1, token.end, "", ((0, 0),))


@kind("a comma too many", "0107")
def comma_twice(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for token in ground.tokens:
        if token.kind == "mark" and token.text == ",":
            yield Edit(token.end, token.end, ",", ((-1, 0), (0, 1)))


@kind("a ) or ] too many", "0107")
def bracket_twice(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for at, token in enumerate(ground.tokens):
        if token.kind == "mark" and token.text in (")", "]") and ground.tokens[at + 1].first:
            yield Edit(token.end, token.end, token.text, ((0, 1), (-1, 0)))


@kind("a } too many", "0103")
def brace_twice(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for _, at, _ in closers(ground, "}"):
        token = ground.tokens[at]
        if token.first and token.indent == 0:
            yield Edit(token.end, token.end, "\n}", ((1, 2), (-1, 0)))


@kind("a text without its end", "0112")
def open_text(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for text in cast("Iterator[n.Str]", ground.every(n.Str)):
        rest = ground.text[text.end : ground.line_end(text.end)].strip()
        if not text.multiline and "\n" not in text.raw and not rest.strip(")]}, "):
            yield Edit(text.end - 1, text.end, "", ((text.start - text.end + 1, 0),))


@kind("a long text without its end", "0112")
def open_long_text(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for text in cast("Iterator[n.Str]", ground.every(n.Str)):
        if text.multiline and "\n" in text.raw:
            start = ground.line_start(text.end - 1)
            yield Edit(start, text.end + 1, "", ((text.start - start, text.start - start + 3),))


@kind("= for ==", "0108")
def single_equal(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for token in ground.tokens:
        if token.text == "==" and token.kind == "mark":
            yield Edit(token.start, token.end, "=")


@kind("== for =", "0108")
def double_equal(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for each in (n.Let, n.Assign):
        for node in ground.every(each):
            before = node.name.end if isinstance(node, n.Let) else cast(n.Assign, node).target.end
            at = ground.text.index("=", before)
            if ground.text[before:at] == " ":
                yield Edit(at, at + 1, "==")


@kind("= for :", "0108")
def named_with_equal(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for at, token in enumerate(ground.tokens):
        listed = ground.tokens[at - 2].text in ("(", ",", "{") or ground.tokens[at - 1].first
        if token.kind == "mark" and token.text == ":" and listed:
            yield Edit(token.start, token.end, " =", ((1, 2), (0, 2)))


@kind("a misspelt word of the language", "0125")
def words(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    taken = ground.known | set(tables().words)
    for token in ground.tokens:
        if token.kind == "name" and token.text in WORDS and ground.text[token.end : token.end + 1] == " ":
            made = slip(token.text, taken, rng)
            if made is not None:
                yield Edit(token.start, token.end, made)

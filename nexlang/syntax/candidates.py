"""The small changes that are tried at a mistake: a token put in, left out, exchanged, or read in another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nexlang.diagnostics import Diagnostic, Edit
from nexlang.diagnostics import codes_syntax as codes
from nexlang.syntax import wording
from nexlang.syntax.changes import PARTNER, Change, again, gap, opener_of, row_of, span_of
from nexlang.syntax.nodes import Ident
from nexlang.syntax.raw import DECLARATIONS, Raw
from nexlang.syntax.recovery import Recovering
from nexlang.syntax.word_changes import misspelt, reserved, word_like

HOLE = ""
# What a value begins with that is no bracket.
VALUES = ("name", "STRING", "TEXT", "NUMBER")
# Tokens that are looked at for how others in the same brackets are written.
FAR = 200
INSERTS: list[tuple[str, ...]] = [
    ("=",), (":",), (",",), (")",), ("]",), ("->",), ("=>",), ("in",), ("to",), ("is",), ("then",), ("fail",),
    ("weight",), ("when",), ("by",), ("from",), ("{",), (HOLE,), ("(", ")"), ("else", "fail", HOLE), ("(",), ("[",),
    ("=", HOLE), ("by", HOLE), (HOLE, ","),
]  # fmt: skip
EXCHANGES = [("=", "=="), ("==", "="), (":", "="), (":", "{"), (":", "->"), ("=", ":"), ("->", "=>"), ("=>", "->")]
EXCHANGES += [(",", "}"), ("]", ")"), (")", "]"), ("=>", "{"), ("then", "{"), (":", "then"), ("do", "{"), ("of", "in")]
EXCHANGES += [("=", "in"), (":", "in"), ("=>", ":"), ("|", "or"), (",", "|"), ("is", "="), (".", ","), (",", "and")]
# Exchanges of marks that are often mixed up; any other might as well be another mistake.
SAME = {("=", "=="), ("==", "="), (":", "="), ("=", ":"), ("->", "=>"), ("=>", "->"), (":", "->"), ("]", ")")}
SAME |= {(")", "]"), (":", "{"), ("then", "{"), ("do", "{"), ("=>", "{"), (":", "then"), ("=>", ":")}
SAID = {
    ("=", "=="): "`=` sets a value; `==` compares",
    ("==", "="): "`==` compares; `=` sets a value",
    (":", "->"): "the type of the result stands after `->`",
    ("->", "=>"): "what a rule does stands after `=>`",
    ("=>", "->"): "the type of the result stands after `->`",
}


def candidates(parser: Recovering) -> Iterator[Change]:
    for source in (
        _named_with_equal,
        _named_without_mark,
        _mapping,
        _keys,
        misspelt,
        reserved,
        _exchanges,
        _inserts,
        _leave_out,
    ):
        yield from source(parser)


# ---------------------------------------------------------------- exchanges


def _exchanges(parser: Recovering) -> Iterator[Change]:
    token = parser.tokens[parser.at]
    for wrong, right in EXCHANGES:
        if token.text == wrong and token.kind in ("mark", "name"):
            put = token.became(right, "name" if right.isalpha() else "mark")
            cost = -1.5 if (wrong, right) == ("=", "==") else 0.0
            yield Change(0, 1, [put], _said(parser, token, wrong, right), cost)


def _said(parser: Recovering, token: Raw, wrong: str, right: str) -> Callable[[], Diagnostic]:
    def say() -> Diagnostic:
        if right == "{":
            _close_later(parser, token)
        message = SAID.get((wrong, right), f"`{wrong}` should be `{right}` here")
        found = codes.WRONG_MARK.at(span_of(parser, token), message=message, right=right)
        spaced = wrong == ":" and right != ":"
        text = f" {right}" if spaced or (right.isalpha() and wrong == ",") else right
        return found.replace(f"write `{right}`", text, "safe" if (wrong, right) in SAME else "unsafe")

    return say


def _named_with_equal(parser: Recovering) -> Iterator[Change]:
    """`f(x = 1)`: the name was taken as an expression, the `=` cannot be."""
    token = parser.tokens[parser.at]
    if token.text != "=" or not parser.at or len(parser.states) < 2 or "KEY" not in row_of(parser, 1):
        return
    name = parser.tokens[parser.at - 1]
    if isinstance(parser.values[-1], Ident) and name.kind == "name":
        yield Change(1, 1, [name, token.became(":")], _colon(parser, name, token), -1)


def _named_without_mark(parser: Recovering) -> Iterator[Change]:
    """`f(x 1, y: 2)`: the name was taken as a value, but others beside it are named, or the value is called so."""
    token = parser.tokens[parser.at]
    if not parser.at or len(parser.states) < 2 or "KEY" not in row_of(parser, 1) or token.first:
        return
    name = parser.tokens[parser.at - 1]
    if not isinstance(parser.values[-1], Ident) or name.kind != "name" or token.kind not in VALUES:
        return
    after = parser.tokens[parser.at + 1]
    if after.text != ":" and (token.text == name.text or name.first or _others_are_named(parser)):
        yield Change(1, 0, [name, token.before(":")], lambda: _missing_mark(parser, ":", name), -3)


def _others_are_named(parser: Recovering) -> bool:
    """Whether what stands beside this in the same brackets has names, before or after it."""
    opener = opener_of(parser, "(")
    first = next((at for at in range(parser.at - 1, -1, -1) if parser.tokens[at] is opener), None)
    if first is None:
        return False
    depth = 0
    for at in range(first + 1, min(first + FAR, len(parser.tokens) - 1)):
        token = parser.tokens[at]
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.text, 0) * (token.kind == "mark")
        if depth < 0:
            return False
        if not depth and token.kind == "name" and parser.tokens[at + 1].text == ":":
            return True
    return False


def _mapping(parser: Recovering) -> Iterator[Change]:
    """`limits: steps: 3 }`: the name was taken as the value, but a `{` was meant before it."""
    token = parser.tokens[parser.at]
    if token.text != ":" or len(parser.states) < 2 or not isinstance(parser.values[-1], Ident):
        return
    name = parser.tokens[parser.at - 1]

    def say() -> Diagnostic:
        span = parser.span(name.start, name.start)
        _close_later(parser, name)
        return codes.MISSING_OPENER.at(span).fix("put `{` there", Edit(span, "{ "))

    if name.kind == "name" and "LBRACE" in row_of(parser, 1):
        yield Change(1, 0, [name.before("{"), name], say, -0.5)


def _colon(parser: Recovering, name: Raw, equal: Raw) -> Callable[[], Diagnostic]:
    def say() -> Diagnostic:
        span = span_of(parser, equal)
        found = codes.WRONG_MARK.at(span, message=f"`{name.text}` is named with `:`, not `=`", right=":")
        return found.fix("write `:`", Edit(parser.span(name.end, equal.end), ":"))

    return say


def _keys(parser: Recovering) -> Iterator[Change]:
    """A name where `name:` is due: with `=` after it, without a colon, or without a type."""
    token = parser.tokens[parser.at]
    if token.kind != "name" or "KEY" not in row_of(parser):
        return
    after = parser.tokens[parser.at + 1]
    inside = token.first and token.indent > 0
    if after.kind == "name" and (token.text in parser.reserved or (token.text in DECLARATIONS and not inside)):
        return
    if after.text == "=" and after.kind == "mark":
        yield Change(0, 2, [token, after.became(":")], _colon(parser, token, after), -1)
    mark = Raw("mark", token.end, token.end, ":", token.line, token.indent, False, True)
    cost = _unnamed_cost(parser, token, after)
    yield Change(0, 1, [token, mark], lambda: _missing_mark(parser, ":", token), cost)
    if "NUMBER" in row_of(parser):  # an argument: a name that is no word of the language would have been taken
        return
    hole = Raw("name", token.end, token.end, HOLE, token.line, token.indent, False, True)
    yield Change(0, 1, [token, mark, hole], lambda: _untyped(parser, token), -1.5 * (after.text in (",", ")")))


def _unnamed_cost(parser: Recovering, token: Raw, after: Raw) -> float:
    """What speaks for a name whose colon is missing: a value behind it, and that it is no slip of another word."""
    value = after.line == token.line and after.text not in (",", ")")
    return -2.0 * (value and word_like(parser, token, 0) is None)


def _untyped(parser: Recovering, token: Raw) -> Diagnostic:
    span = parser.span(token.end, token.end)
    found = codes.MISSING_PART.at(span, what="`: type`", where=f"after `{token.text}`")
    return found.fix("put it there", Edit(span, ": …"), applicability="display")


# ---------------------------------------------------------------- tokens put in


def _inserts(parser: Recovering) -> Iterator[Change]:
    token = parser.tokens[parser.at]
    row = row_of(parser)
    openers = [opener for mark in "([{" if (opener := opener_of(parser, mark))]
    listed = bool(openers) and max(openers, key=lambda opener: opener.start).text != "{"
    for texts in INSERTS:
        if texts[0].isalpha() and not parser.feed(list(parser.states), parser.words[texts[0]]):
            continue
        if texts[0] in ("in", "is", "by") and "PLUS" in row:
            continue
        if texts in (("(",), ("[",)) and token.text in PARTNER and token.kind == "mark":
            continue
        if texts == ("fail",) and not (parser.at and parser.tokens[parser.at - 1].text in ("else", "=>")):
            continue
        put = [token.before(text, "mark" if text and not text.isalpha() else "name") for text in texts]
        cost = 0.2 + 0.5 * texts.count(HOLE) - _likely(texts, token, row, listed)
        yield Change(0, 0, put, _inserted(parser, texts), cost)


def _likely(texts: tuple[str, ...], token: Raw, row: dict[str, int], listed: bool) -> float:
    """What speaks for putting these in here, though the text goes wrong again soon after."""
    if texts == (",",) and "COMMA" in row and token.kind in ("name", "STRING", "NUMBER"):
        return 0.0 if "RETURN" in row and not listed else 2.5
    if texts == (HOLE,) and "NUMBER" in row and token.first:
        return 3.0
    if texts == ("weight",) and token.kind == "NUMBER":
        return 2.5
    if texts == ("{",) and token.text in ("return", "fail", "let", "add", "remove"):
        return 2.5
    return 2.5 if texts == ("(", ")") and token.text == "{" else 0.0


def _inserted(parser: Recovering, texts: tuple[str, ...]) -> Callable[[], Diagnostic]:
    def say() -> Diagnostic:
        previous = parser.tokens[parser.at - 1] if parser.at else parser.tokens[0]
        if texts[0] in PARTNER:
            return _unclosed(parser, texts[0])
        if texts[0] == "{":
            _close_later(parser, previous)
            return codes.MISSING_OPENER.at(gap(parser)).fix("put `{` there", Edit(gap(parser), " {"))
        if texts == ("else", "fail", HOLE):
            found = codes.REQUIRE_ELSE.at(gap(parser))
            return found.fix("say why it fails", Edit(gap(parser), ' else fail "…"'), applicability="display")
        if HOLE in texts:
            found = codes.MISSING_PART.at(gap(parser), what=_hole(parser, texts), where=_after(parser))
            written = " ".join(text or "…" for text in texts)
            return found.fix("put it there", Edit(gap(parser), f" {written}"), applicability="display")
        return _missing_mark(parser, " ".join(texts), previous)

    return say


def _hole(parser: Recovering, texts: tuple[str, ...]) -> str:
    if texts[0] != HOLE:
        return f"`{texts[0]} …`"
    return wording.hole(row_of(parser))


def _after(parser: Recovering) -> str:
    return f"after {wording.what(parser.tokens[parser.at - 1])}" if parser.at else "here"


def _missing_mark(parser: Recovering, mark: str, previous: Raw) -> Diagnostic:
    span = parser.span(previous.end, previous.end)
    found = codes.MISSING_MARK.at(span, mark=mark, where=f"after {wording.what(previous)}")
    glued = mark in (",", ":", ")", "]", "( )", "(", "[")
    edit = Edit(span, mark.replace(" ", "") if glued else f" {mark}")
    opener = opener_of(parser, "{") or opener_of(parser, "(")
    return again(parser, (mark, opener.start if opener else -1), found, f"put `{mark}` there", edit)


def _unclosed(parser: Recovering, closer: str) -> Diagnostic:
    opener = opener_of(parser, PARTNER[closer])
    here = gap(parser)
    if opener is None:
        return codes.MISSING_MARK.at(here, mark=closer, where=_after(parser))
    found = codes.UNCLOSED.at(span_of(parser, opener), mark=opener.text)
    return found.label(here, f"`{closer}` belongs here").fix("close it", Edit(here, closer))


def _close_later(parser: Recovering, header: Raw) -> None:
    """A `{` that is put in needs its `}`: at the end of the line, or where the indent steps back."""
    token = parser.tokens[parser.at]
    at = parser.at
    if header.line in parser.reading.unopened:
        return
    if token.line == header.line and token.text not in (":", "=>", "then", "do"):
        while parser.tokens[at].kind != "$END" and parser.tokens[at].line == header.line:
            at += 1
    else:
        at += token.line == header.line
        while parser.tokens[at].kind != "$END" and not (
            parser.tokens[at].first and parser.tokens[at].indent <= header.indent
        ):
            at += 1
    parser.tokens.insert(at, parser.tokens[at].before("}"))


# ---------------------------------------------------------------- tokens left out


def _leave_out(parser: Recovering) -> Iterator[Change]:
    token = parser.tokens[parser.at]
    if token.kind in ("$END", "DOC") or (token.first and token.text not in (",", ")", "]")):
        return
    if token.kind == "mark" and token.text in "{}":
        return

    def say() -> Diagnostic:
        return codes.SUPERFLUOUS.at(span_of(parser, token), what=wording.what(token)).replace(
            "leave it out", "", "unsafe"
        )

    again = token.text == "," and parser.at > 0 and parser.tokens[parser.at - 1].text in (",", "(", "[", "{")
    trails = again or (token.text == "," and parser.tokens[parser.at + 1].first)
    stray = token.kind == "mark" and token.text in PARTNER and opener_of(parser, PARTNER[token.text]) is None
    yield Change(0, 1, [], say, -2.0 if trails or stray else 1.0 if token.kind == "mark" else 2.0)

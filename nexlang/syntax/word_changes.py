"""Words of the language with a slip in them, and names that are words of the language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nexlang.diagnostics import Diagnostic, Edit
from nexlang.diagnostics import codes_syntax as codes
from nexlang.diagnostics.suggest import suggest
from nexlang.syntax.changes import Change, again, row_of, span_of
from nexlang.syntax.nodes import Ident
from nexlang.syntax.raw import Raw
from nexlang.syntax.recovery import Recovering


def reserved(parser: Recovering) -> Iterator[Change]:
    token = parser.tokens[parser.at]
    if token.kind == "name" and token.text in parser.words and "VARIABLE" in row_of(parser) and not token.first:
        known = ("word", token.text) in parser.repeated or bool(_declared_as(parser, token))
        yield Change(0, 1, [token.became(f"{token.text}_", "name")], _rename(parser, token), -3 * known)
    if not parser.at or len(parser.states) < 2:
        return
    before = parser.tokens[parser.at - 1]
    if before.kind == "name" and parser.values[-1] == before.text and "VARIABLE" in row_of(parser, 1):
        yield Change(1, 0, [before.became(f"{before.text}_", "name")], _rename(parser, before), 0)


def misspelt(parser: Recovering) -> Iterator[Change]:
    """A word of the language with a slip in it: this token, or the one before, which then was read as a name."""
    token = parser.tokens[parser.at]
    if token.kind == "name" and (meant := word_like(parser, token, 0)):
        yield Change(0, 1, [token.became(meant, "name")], _corrected(parser, token, meant), -1.5)
    if parser.at and len(parser.states) > 1 and isinstance(parser.values[-1], Ident):
        before = parser.tokens[parser.at - 1]
        if before.kind == "name" and (meant := word_like(parser, before, 1)):
            yield Change(1, 0, [before.became(meant, "name")], _corrected(parser, before, meant), -1.5)


def word_like(parser: Recovering, token: Raw, pop: int) -> str | None:
    row = row_of(parser, pop)
    words = [word for word, terminal in parser.words.items() if terminal in row]
    if token.text in words or len(token.text) < 2:
        return None
    swapped = next((word for word in words if sorted(word) == sorted(token.text)), None)
    return swapped or suggest(token.text, (word for word in words if len(word) > 2))


def _corrected(parser: Recovering, token: Raw, meant: str) -> Callable[[], Diagnostic]:
    def say() -> Diagnostic:
        found = codes.OTHER_WORD.at(span_of(parser, token), word=token.text, meant=meant)
        return found.replace(f"write `{meant}`", meant)

    return say


def _rename(parser: Recovering, token: Raw) -> Callable[[], Diagnostic]:
    def say() -> Diagnostic:
        found = codes.RESERVED_WORD.at(span_of(parser, token), word=token.text)
        places = [found.span, *(span_of(parser, name) for name in _declared_as(parser, token))]
        edits = [Edit(place, f"{token.text}_") for place in places]
        return again(parser, ("word", token.text), found, f"rename it to `{token.text}_`", *edits)

    return say


def _declared_as(parser: Recovering, word: Raw) -> list[Raw]:
    """Where the function around declares a parameter of that name, and where calls of it name the parameter."""
    at = next((at for at in range(parser.at - 1, -1, -1) if _is_head(parser.tokens[at])), None)
    if at is None:
        return []
    head = parser.tokens[at + 1 + (parser.tokens[at].text == "private")]
    if word.text not in parser.named:
        parser.named[word.text] = list(_named(parser, word.text))
    named = [(name, callee) for name, callee in parser.named[word.text] if callee.text == head.text]
    return [name for name, _ in named] if any(callee is head for _, callee in named) else []


def _named(parser: Recovering, word: str) -> Iterator[tuple[Raw, Raw]]:
    """Each `word:` in parentheses, with the name before them."""
    for at in range(1, len(parser.tokens) - 1):
        token = parser.tokens[at]
        if token.text == word and token.kind == "name" and parser.tokens[at + 1].text == ":":
            callee = _callee(parser, at)
            if callee is not None:
                yield token, callee


def _is_head(token: Raw) -> bool:
    return token.first and not token.indent and token.text in ("fn", "tool", "agent", "private")


def _callee(parser: Recovering, at: int) -> Raw | None:
    """The name before the parenthesis that is open at a token."""
    depth = 0
    for place in range(at - 1, 0, -1):
        token = parser.tokens[place]
        depth += {"(": -1, "[": -1, "{": -1, ")": 1, "]": 1, "}": 1}.get(token.text, 0) * (token.kind == "mark")
        if depth < 0:
            return parser.tokens[place - 1] if token.text == "(" else None
    return None

"""What a small change to the tokens is, and where one stands among those that were taken."""

from __future__ import annotations

from collections.abc import Callable

from nexlang.diagnostics import Diagnostic, Edit, Span
from nexlang.diagnostics.slotted import dataclass, replace
from nexlang.syntax.raw import Raw
from nexlang.syntax.recovery import Recovering

PARTNER = {")": "(", "]": "[", "}": "{"}


@dataclass(slots=True)
class Change:
    """Pop `pop` entries, then read `put` in place of `gone` tokens; `say` reports it."""

    pop: int
    gone: int
    put: list[Raw]
    say: Callable[[], Diagnostic]
    cost: float = 0.0


def row_of(parser: Recovering, pop: int = 0) -> dict[str, int]:
    return parser.table[parser.states[-1 - pop]]


def span_of(parser: Recovering, first: Raw, last: Raw | None = None) -> Span:
    return parser.span(first.start, (last or first).end)


def gap(parser: Recovering) -> Span:
    """The empty place after the last token that was taken."""
    if not parser.at:
        return parser.span(parser.tokens[0].start, parser.tokens[0].start)
    before = parser.tokens[parser.at - 1]
    return parser.span(before.end, before.end)


def opener_of(parser: Recovering, mark: str) -> Raw | None:
    """The innermost bracket of a kind that is open at the parser's place."""
    closer = {"(": ")", "[": "]", "{": "}"}[mark]
    depth = 0
    for token in reversed(parser.tokens[: parser.at]):
        if token.kind == "mark" and token.text == closer:
            depth += 1
        elif token.kind == "mark" and token.text == mark:
            if not depth:
                return token
            depth -= 1
    return None


def again(parser: Recovering, key: tuple[str, object], found: Diagnostic, message: str, *edits: Edit) -> Diagnostic:
    """The same mistake as one before widens that one's fix and is no second diagnostic."""
    earlier = parser.repeated.get(key)
    if earlier is None:
        parser.repeated[key] = found
        return found.fix(message, *edits)
    fix = earlier.fixes[0]
    earlier.fixes[0] = replace(fix, edits=(*fix.edits, *(edit for edit in edits if edit not in fix.edits)))
    return earlier

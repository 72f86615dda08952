"""Fixes that leave something out: with it goes the comma, the blanks or the line that only it needed."""

from __future__ import annotations

import re

from nexlang.diagnostics.model import Applicability, Diagnostic, Edit, Span

BLANKS = re.compile(r"[ \t]*")
COMMA = re.compile(r"[ \t]*,[ \t]*")
COMMA_BEFORE = re.compile(r",\s*\Z")


def left_out(
    diagnostic: Diagnostic, text: str, start: int, end: int, applicability: Applicability = "unsafe", message: str = ""
) -> Diagnostic:
    """Give the diagnostic a fix that takes `text[start:end]` out of its file."""
    first, last = piece(text, start, end)
    edit = Edit(Span(diagnostic.span.file, first, last), "")
    return diagnostic.fix(message or "leave it out", edit, applicability=applicability)


def piece(text: str, start: int, end: int) -> tuple[int, int]:
    """What goes when `text[start:end]` goes: an item with one of its commas, a line with its end."""
    begin = text.rfind("\n", 0, start) + 1
    comma = COMMA.match(text, end)
    after = comma.end() if comma else BLANKS.match(text, end).end()  # type: ignore[union-attr]
    ends_line = text.startswith("\n", after) or after == len(text)
    if ends_line and not text[begin:start].strip():
        return begin, min(after + 1, len(text))
    if comma:
        return start, comma.end() if not ends_line else end + 1 + text[end:].index(",")
    if before := COMMA_BEFORE.search(text, max(0, begin - 200), start):
        return before.start(), end
    blanks = len(text[begin:start]) - len(text[begin:start].rstrip())
    return (start - blanks, end) if text[start - blanks - 1 : start - blanks] not in "({[" else (start, after)

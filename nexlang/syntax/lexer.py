"""Tokens: one regular expression for all of them, and what each becomes in the tree.

The parser asks for a token where it stands, so a word is a keyword only where the grammar takes that keyword.
The forms are those of the grammar; a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nexlang.syntax.nodes import Doc, DurationLit, Ident, Node, Num, Percent, Str

# Group numbers of SCAN: what `match.lastindex` says.
NAME, KEY, MARK, COMMENT, DOC, TEXT, STRING, DURATION, PERCENT, NUMBER, END = range(1, 12)

SCAN = re.compile(
    r"\s*(?:"
    r"([A-Za-z_]\w*)([ \t]*:)?"
    r"|(->|=>|==|!=|<=|>=|\+=|-=|\?\?|[{}()\[\],.:=<>+\-*/?|])"
    r"|(\#(?!\#)[^\n]*)"
    r"|(\#\#[^\n]*(?:\s*\n\s*\#\#[^\n]*)*)"
    r'|("""[\s\S]*?""")'
    r'|("(?!"")(?:\\.|\{\{(?:[^{}"\\\n]|"(?:\\.|[^"\\\n])*+")*+\}\}|[^"\\\n])*+")'
    r"|(\d[\d_]*(?:\.\d+)?(?:ms|s|m|h|d)\b)"
    r"|(\d[\d_]*(?:\.\d+)?%)"
    r"|(\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(\Z)"
    r")"
)

TERMINALS = {
    MARK: "",
    DOC: "DOC",
    TEXT: "TEXT",
    STRING: "STRING",
    DURATION: "DURATION",
    PERCENT: "PERCENT",
    NUMBER: "NUMBER",
    END: "$END",
}
MILLISECONDS = {"ms": 1.0, "s": 1000.0, "m": 60_000.0, "h": 3_600_000.0, "d": 86_400_000.0}


def ident(start: int, end: int, text: str) -> Ident:
    return Ident(start, end, text)


def key(start: int, end: int, text: str) -> Ident:
    """`name:` is the name alone; the blank and the colon are not part of it."""
    name = text[:-1].rstrip(" \t")
    return Ident(start, start + len(name), name)


def number(start: int, end: int, text: str) -> Num:
    digits = text.replace("_", "")
    return Num(start, end, int(digits) if digits.isdigit() else float(digits), text)


def percent(start: int, end: int, text: str) -> Percent:
    return Percent(start, end, float(text[:-1].replace("_", "")) / 100, text)


def duration(start: int, end: int, text: str) -> DurationLit:
    unit = text.lstrip("0123456789._")
    amount = float(text[: -len(unit)].replace("_", ""))
    return DurationLit(start, end, amount * MILLISECONDS[unit], text)


def string(start: int, end: int, text: str) -> Str:
    return Str(start, end, text[1:-1], False)


def triple(start: int, end: int, text: str) -> Str:
    return Str(start, end, text[3:-3], True)


def doc(start: int, end: int, text: str) -> Doc:
    """The text without `##`, without blank lines at its ends and without the indent that all lines share."""
    lines = [line.strip()[2:].rstrip() for line in text.split("\n") if line.strip()]
    indents = [len(line) - len(line.lstrip()) for line in lines if line]
    common = min(indents, default=0)
    return Doc(start, end, "\n".join(line[common:] for line in lines).strip("\n"))


def kept(start: int, end: int, text: str) -> str:
    return text


TOKENS: dict[str, Callable[[int, int, str], Node | str]] = {
    "NAME": ident,
    "VARIABLE": ident,
    "KEY": key,
    "PRIVATE": ident,
    "NUMBER": number,
    "PERCENT": percent,
    "DURATION": duration,
    "STRING": string,
    "TEXT": triple,
    "DOC": doc,
}

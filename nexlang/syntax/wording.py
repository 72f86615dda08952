"""What the parser expects, in words for people: "an expression", not a list of terminals."""

from __future__ import annotations

from nexlang.syntax.raw import Raw
from nexlang.syntax.tables import tables

GROUPS = [
    ("NUMBER", "an expression"),
    ("RECORD", "a declaration"),
    ("RETURN", "a statement"),
    ("DOC", "a field"),
    ("KEY", "`name:`"),
]
# What may always go on after an expression says nothing about the mistake.
JOINING = [
    *("PLUS", "MINUS", "STAR", "SLASH", "DOT", "LSQB", "LPAR", "AND", "OR", "NOT", "IN", "IS", "AS", "WITH", "DEFAULT"),
    *("EQUALS", "NOT_EQUAL", "LESSTHAN", "MORETHAN", "AT_MOST", "AT_LEAST", "FOR", "QMARK", "VBAR", "BY"),
]
MANY = 3


def names() -> dict[str, str]:
    """Terminal → the word or mark itself."""
    found = tables()
    return {terminal: text for text, terminal in (found.words | found.marks).items()}


def expected(terminals: set[str]) -> str:
    """What could stand where the parser is, from the terminals that it could take there."""
    for sign, group in GROUPS:
        if sign in terminals and not (sign == "KEY" and "RBRACE" not in terminals):
            return group
    if {"LSQB", "STRING", "NAME"} <= terminals and "RPAR" not in terminals:
        return "a type"
    words = names()
    rest = sorted(words[t] for t in terminals if t in words and (t not in JOINING or len(terminals) <= MANY))
    shown = [f"`{word}`" for word in rest][:MANY]
    if terminals & {"NAME", "VARIABLE"} and len(terminals) <= MANY:
        shown.insert(0, "a name")
    if "KEY" in terminals:
        shown.insert(0, "`name:`")
    if "STRING" in terminals and not shown:
        shown.append("a text")
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown) or "the end of this"


def what(token: Raw) -> str:
    """The token as a person would call it."""
    if token.kind == "$END":
        return "the end of the file"
    if token.kind in ("STRING", "TEXT"):
        return "this text"
    if token.kind == "DOC":
        return "this `##` comment"
    return f"`{token.text}`"


def hole(row: dict[str, int]) -> str:
    """What a name that nobody wrote stands for."""
    if "NUMBER" in row:
        return "an expression"
    if "LSQB" in row and "STRING" in row:
        return "a type"
    return "a name"

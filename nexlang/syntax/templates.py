"""Texts as templates: the `{{ expr }}` parts, parsed with their places in the file."""

from __future__ import annotations

import re

from nexlang.diagnostics import Diagnostic, Source, Span
from nexlang.diagnostics import codes_syntax as codes
from nexlang.syntax import nodes as n
from nexlang.syntax.depth import report, too_deep
from nexlang.syntax.lexer import MARK, SCAN
from nexlang.syntax.parser import Made, run
from nexlang.syntax.texts import ESCAPE, dedent, known_escape, unescape

OPENING = re.compile(r"\\[\s\S]|\{\{")


def text_parts(node: n.Str, source: Source) -> tuple[list[str | n.Expr], list[Diagnostic]]:
    """The pieces of a text: unescaped strings, and the expressions of `{{ … }}` with their places in the file.

    A triple-quoted text is dedented first. An expression that cannot be read is a `Missing`, and reported.
    """
    diagnostics: list[Diagnostic] = []
    if "{{" not in node.raw and "\\" not in node.raw:
        return [dedent(node.raw) if node.multiline else node.raw] if node.raw else [], diagnostics
    holes: list[n.Expr] = []
    begin = node.start + (3 if node.multiline else 1)
    stop = begin + len(node.raw)
    mark = _unused(node.raw)
    pieces: list[str] = []
    at = begin
    while (found := _opening(source.text, at, stop)) is not None:
        pieces.append(source.text[at:found])
        close = closing(source.text, found + 2, stop)
        if close is None:
            open = codes.OPEN_TEMPLATE.at(Span(source.path, found, found + 2))
            diagnostics.append(open.replace("print the braces themselves", "\\{{", "unsafe"))
            break
        holes.append(_expression(source, found, close, diagnostics))
        pieces.append(mark)
        at = close + 2
    else:
        pieces.append(source.text[at:stop])
    _check_escapes(source, begin, pieces, mark, diagnostics)
    return _assembled("".join(pieces), node.multiline, mark, holes), diagnostics


def _unused(raw: str) -> str:
    """A character that the text does not hold, to stand for an expression while its surroundings are dedented."""
    return next(chr(c) for c in range(0xE000, 0xF8FF) if chr(c) not in raw)


def _opening(text: str, at: int, stop: int) -> int | None:
    for found in OPENING.finditer(text, at, stop):
        if found[0] == "{{":
            return found.start()
    return None


def closing(text: str, at: int, stop: int) -> int | None:
    """Where the `}}` stands that ends the expression beginning at `at`; braces and texts inside are skipped."""
    depth = 0
    while at < stop:
        token = SCAN.match(text, at, stop)
        if token is None:
            plain = text.find("}}", at, stop)
            return None if plain < 0 else plain
        if token[MARK] == "}":
            if not depth:
                first = token.start(MARK)
                return first if text.startswith("}}", first, stop) else None
            depth -= 1
        elif token[MARK] == "{":
            depth += 1
        at = max(token.end(), at + 1)
    return None


def _expression(source: Source, opening: int, close: int, diagnostics: list[Diagnostic]) -> n.Expr:
    begin = opening + 2
    if not source.text[begin:close].strip():
        empty = codes.EMPTY_TEMPLATE.at(Span(source.path, opening, close + 2))
        diagnostics.append(empty.replace("leave it out", "", "unsafe"))
        return n.Missing(begin, close)
    made = run("expr", source.text, begin, close, [])
    if isinstance(made, Made):
        deepest = too_deep(made.node) if made.deep else None
        if deepest is None:
            return made.node  # type: ignore[no-any-return]
        diagnostics.append(report(source, deepest))
        return n.Missing(begin, close)
    from nexlang.syntax.recovery import expression_mistake

    diagnostics.append(expression_mistake(source, begin, close, made.at))
    return n.Missing(begin, close)


def _check_escapes(source: Source, begin: int, pieces: list[str], mark: str, diagnostics: list[Diagnostic]) -> None:
    """Nothing to do unless a backslash stands outside the expressions."""
    if not any("\\" in piece for piece in pieces):
        return
    at = begin
    for piece in pieces:
        if piece == mark:
            at = (closing(source.text, at + 2, len(source.text)) or at) + 2
            continue
        for found in ESCAPE.finditer(piece):
            if not known_escape(found):
                span = Span(source.path, at + found.start(), at + found.end())
                wrong = codes.UNKNOWN_ESCAPE.at(span, escape=found[0])
                diagnostics.append(wrong.replace("write a backslash as `\\\\`", "\\" + found[0]))
        at += len(piece)


def _assembled(text: str, multiline: bool, mark: str, holes: list[n.Expr]) -> list[str | n.Expr]:
    strings = (dedent(text) if multiline else text).split(mark)
    parts: list[str | n.Expr] = []
    for number, string in enumerate(strings):
        if string:
            parts.append(unescape(string))
        if number < len(holes):
            parts.append(holes[number])
    return parts

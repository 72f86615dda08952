"""What happens after a syntax mistake."""

from __future__ import annotations

from nexlang.diagnostics import Diagnostic, Source, Span
from nexlang.diagnostics import codes_syntax as codes


def expression_mistake(source: Source, begin: int, end: int, at: int) -> Diagnostic:
    return codes.UNEXPECTED.at(Span(source.path, at, at + 1), message="this is not an expression", caption="here")

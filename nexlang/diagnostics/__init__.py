"""What the compiler says about a program: one type for every message, made from one registry of codes.

`load` reads a source, `render_text` and `render_json` print diagnostics, `page` explains a code.
"""

from nexlang.diagnostics.loading import load
from nexlang.diagnostics.model import Code, Diagnostic, Edit, Fix, Label, Severity, Span
from nexlang.diagnostics.pages import Page, all_codes, page
from nexlang.diagnostics.render_json import render_json
from nexlang.diagnostics.render_text import render_text, summary
from nexlang.diagnostics.sources import Source
from nexlang.diagnostics.suggest import suggest

__all__ = [
    "Code",
    "Diagnostic",
    "Edit",
    "Fix",
    "Label",
    "Page",
    "Severity",
    "Source",
    "Span",
    "all_codes",
    "load",
    "page",
    "render_json",
    "render_text",
    "suggest",
    "summary",
]

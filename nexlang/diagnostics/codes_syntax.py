"""NEX01xx: text that is not .nex, and files that cannot be read."""

from __future__ import annotations

from nexlang.diagnostics.registry import code

UNEXPECTED = code("NEX0101", "unexpected", "{message}", "{caption}")
OPEN_TEMPLATE = code(
    "NEX0120", "open-template", "this `{{{{` has no `}}}}`", "the expression begins here; write `\\{{{{` for the two braces themselves"
)
EMPTY_TEMPLATE = code("NEX0121", "empty-template", "there is no expression between `{{{{` and `}}}}`", "nothing to put here")
UNKNOWN_ESCAPE = code("NEX0122", "unknown-escape", "`{escape}` is not an escape", "unknown escape")

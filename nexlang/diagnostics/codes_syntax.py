"""NEX01xx: text that is not .nex, and files that cannot be read."""

from __future__ import annotations

from nexlang.diagnostics.registry import code

UNEXPECTED = code("NEX0101", "unexpected", "{message}", "{caption}")
OPEN_TEMPLATE = code(
    "NEX0120",
    "open-template",
    "this `{{{{` has no `}}}}`",
    "the expression begins here; write `\\{{{{` for the two braces themselves",
)
EMPTY_TEMPLATE = code(
    "NEX0121", "empty-template", "there is no expression between `{{{{` and `}}}}`", "nothing to put here"
)
UNKNOWN_ESCAPE = code("NEX0122", "unknown-escape", "`{escape}` is not an escape", "unknown escape")

UNREADABLE = code("NEX0190", "unreadable-file", "`{path}` cannot be read: {reason}")
IS_DIRECTORY = code("NEX0191", "directory", "`{path}` is a directory, not a .nex file")
NOT_UTF8 = code("NEX0192", "not-utf8", "`{path}` is not UTF-8 text: {guess}")
TOO_LARGE = code("NEX0193", "too-large", "`{path}` is larger than {limit} MB, the most that a .nex file may have")
EMPTY_FILE = code("NEX0194", "empty-file", "`{path}` is empty", "no declaration in it")

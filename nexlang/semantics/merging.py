"""One mistake, one diagnostic: a name that is misspelt where it is declared is missing wherever it is used."""

from __future__ import annotations

from collections.abc import Iterable

from nexlang.diagnostics import Diagnostic, Fix
from nexlang.diagnostics import codes_names as names
from nexlang.diagnostics import codes_types as types
from nexlang.diagnostics.codes_places import UNKNOWN_SLOT
from nexlang.diagnostics.codes_prompts import PROMPT_FIELD, PROMPT_NAME

SHOWN = 3
"""How many of the other places are labelled; a fix changes all of them."""

_MERGED = frozenset(
    code.id
    for code in (
        names.UNKNOWN_TYPE,
        names.UNKNOWN_NAME,
        names.UNKNOWN_FUNCTION,
        names.UNKNOWN_WORLD,
        names.UNKNOWN_TOOL,
        names.UNKNOWN_AGENT,
        names.UNKNOWN_MODEL,
        names.UNKNOWN_ENVIRONMENT,
        types.UNKNOWN_CASE,
        types.UNKNOWN_LITERAL,
        types.UNKNOWN_FIELD,
        types.UNKNOWN_ARGUMENT,
        types.WRONG_CASE,
        UNKNOWN_SLOT,
        PROMPT_NAME,
        PROMPT_FIELD,
    )
)


# What is not used, or never changes, is often so because of the error beside it: these are said of a sound program.
_WAITING = {"NEX0213", "NEX0230", "NEX0231", "NEX0232", "NEX0522", "NEX0536", "NEX0552", "NEX0553", "NEX0556"}
_WAITING |= {"NEX0581", "NEX0851"}


def merged(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Diagnostics in order of place; the same name missing again in the same file becomes a label of the first."""
    diagnostics = list(diagnostics)
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        diagnostics = [diagnostic for diagnostic in diagnostics if diagnostic.code not in _WAITING]
    found: list[Diagnostic] = []
    first: dict[tuple[str, str, str], Diagnostic] = {}
    for diagnostic in sorted(diagnostics, key=lambda d: (d.span.file, d.span.start, d.severity, d.code)):
        key = (diagnostic.code, diagnostic.message, diagnostic.span.file)
        earlier = first.get(key) if diagnostic.code in _MERGED else None
        if earlier is None:
            first[key] = diagnostic
            found.append(diagnostic)
        else:
            _add(earlier, diagnostic)
    return found


def _add(first: Diagnostic, again: Diagnostic) -> None:
    if sum(label.text == "and here" for label in first.labels) < SHOWN:
        first.label(again.span, "and here")
    for at, (fix, more) in enumerate(zip(first.fixes, again.fixes, strict=False)):
        if fix.message == more.message:
            first.fixes[at] = Fix(fix.message, (*fix.edits, *more.edits), fix.applicability)

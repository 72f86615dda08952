"""Diagnostics as JSON data and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nexlang.diagnostics.model import Diagnostic, Span

Record = list[Any]
Place = Callable[[str, int, int], tuple[str, int, int]]


def record(found: Diagnostic) -> Record:
    return [
        found.code,
        found.severity,
        found.message,
        _span(found.span),
        found.caption,
        [[_span(label.span), label.text] for label in found.labels],
        [
            [fix.message, [[_span(edit.span), edit.text] for edit in fix.edits], fix.applicability]
            for fix in found.fixes
        ],
        found.help,
    ]


def _span(span: Span) -> list[Any]:
    return [span.file, span.start, span.end]


def spans(made: Record) -> list[list[Any]]:
    """All places of a record, the primary one first."""
    edits = [edit for _, edits, _ in made[6] for edit in edits]
    return [made[3], *(span for span, _ in made[5]), *(span for span, _ in edits)]


def moved(made: Record, to: Place) -> Record:
    """The record with each of its places somewhere else."""
    code, severity, message, span, caption, labels, fixes, help = made
    return [
        code,
        severity,
        message,
        list(to(*span)),
        caption,
        [[list(to(*at)), text] for at, text in labels],
        [[message, [[list(to(*at)), text] for at, text in edits], kind] for message, edits, kind in fixes],
        help,
    ]


def revived(made: Record) -> Diagnostic:
    from nexlang.diagnostics.model import Diagnostic, Edit, Fix, Label, Span

    code, severity, message, span, caption, labels, fixes, help = made
    return Diagnostic(
        code,
        severity,
        message,
        Span(*span),
        caption,
        [Label(Span(*at), text) for at, text in labels],
        [
            Fix(message, tuple(Edit(Span(*at), text) for at, text in edits), applicability)
            for message, edits, applicability in fixes
        ],
        help,
    )

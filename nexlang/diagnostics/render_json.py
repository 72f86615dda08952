"""Diagnostics as JSON data, for editors, CI and other programs. Lines and columns count from 1, ends are exclusive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nexlang.diagnostics.model import Diagnostic, Edit, Fix, Label, Span
from nexlang.diagnostics.sources import Source


def render_json(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> list[dict[str, Any]]:
    """One object a diagnostic; `sources` by the path that spans name. A file that is not there has line 1, column 1."""
    return [_diagnostic(diagnostic, sources) for diagnostic in diagnostics]


def _diagnostic(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        **place(diagnostic.span, sources),
        "caption": diagnostic.caption,
        "help": diagnostic.help,
        "labels": [_label(label, sources) for label in diagnostic.labels],
        "fixes": [_fix(fix, sources) for fix in diagnostic.fixes],
    }


def place(span: Span, sources: Mapping[str, Source]) -> dict[str, Any]:
    source = sources.get(span.file)
    line, column = source.position(span.start) if source else (1, 1)
    end_line, end_column = source.position(span.end) if source else (1, 1)
    return {"file": span.file, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _label(label: Label, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {**place(label.span, sources), "text": label.text}


def _fix(fix: Fix, sources: Mapping[str, Source]) -> dict[str, Any]:
    edits = [_edit(edit, sources) for edit in fix.edits]
    return {"applicability": fix.applicability, "message": fix.message, "edits": edits}


def _edit(edit: Edit, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {**place(edit.span, sources), "text": edit.text}

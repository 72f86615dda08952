"""Diagnostics as a SARIF 2.1.0 log, which code scanners and editors read. Columns count characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nexlang.diagnostics.model import Diagnostic, Edit, Fix, Label, Span
from nexlang.diagnostics.pages import all_codes
from nexlang.diagnostics.render_json import place
from nexlang.diagnostics.sources import Source

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source], version: str) -> dict[str, Any]:
    """The whole log: one run of `nexc`, a rule for each code that occurs, a result for each diagnostic."""
    used = sorted({diagnostic.code for diagnostic in diagnostics})
    driver = {"name": "nexc", "version": version, "rules": [_rule(code) for code in used]}
    results = [_result(diagnostic, used.index(diagnostic.code), sources) for diagnostic in diagnostics]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(id: str) -> dict[str, Any]:
    code = all_codes()[id]
    name = "".join(part.capitalize() for part in code.name.split("-"))
    text = code.name.replace("-", " ")
    return {
        "id": id,
        "name": name,
        "shortDescription": {"text": text[0].upper() + text[1:]},
        "help": {"text": f"nexc explain {id}"},
        "defaultConfiguration": {"level": code.severity},
    }


def _result(diagnostic: Diagnostic, rule: int, sources: Mapping[str, Source]) -> dict[str, Any]:
    advice = f"\n{diagnostic.help}" if diagnostic.help else ""
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity,
        "message": {"text": diagnostic.message + advice},
        "locations": [{"physicalLocation": _place(diagnostic.span, sources)}],
    }
    if diagnostic.labels:
        result["relatedLocations"] = [_related(label, sources) for label in diagnostic.labels]
    fixes = [_fix(fix, sources) for fix in diagnostic.fixes if fix.edits and fix.applicability != "display"]
    if fixes:
        result["fixes"] = fixes
    return result


def _related(label: Label, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {"physicalLocation": _place(label.span, sources), "message": {"text": label.text}}


def _fix(fix: Fix, sources: Mapping[str, Source]) -> dict[str, Any]:
    files = dict.fromkeys(edit.span.file for edit in fix.edits)
    changes = [
        {
            "artifactLocation": {"uri": uri(file)},
            "replacements": [_replacement(edit, sources) for edit in fix.edits if edit.span.file == file],
        }
        for file in files
    ]
    return {"description": {"text": fix.message}, "artifactChanges": changes}


def _replacement(edit: Edit, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {"deletedRegion": _region(edit.span, sources), "insertedContent": {"text": edit.text}}


def _place(span: Span, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {"artifactLocation": {"uri": uri(span.file)}, "region": _region(span, sources)}


def _region(span: Span, sources: Mapping[str, Source]) -> dict[str, int]:
    at = place(span, sources)
    return {
        "startLine": at["line"],
        "startColumn": at["column"],
        "endLine": at["end_line"],
        "endColumn": at["end_column"],
    }


def uri(file: str) -> str:
    """A path as a URI reference: relative ones stay relative to where the command ran."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())

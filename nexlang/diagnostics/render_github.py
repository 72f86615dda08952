"""Diagnostics as workflow commands: GitHub shows them beside the changed lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nexlang.diagnostics.model import Diagnostic
from nexlang.diagnostics.render_json import place
from nexlang.diagnostics.sources import Source


def render_github(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """One line a diagnostic."""
    return "".join(f"{_command(diagnostic, sources)}\n" for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> str:
    at = place(diagnostic.span, sources)
    values = {"file": at["file"], "line": at["line"], "endLine": at["end_line"], "title": diagnostic.code}
    if at["line"] == at["end_line"]:  # columns are allowed within one line only
        values |= {"col": at["column"], "endColumn": at["end_column"]}
    ways = [fix.message for fix in diagnostic.fixes[:1]]
    message = "\n".join([diagnostic.message, *([diagnostic.help] if diagnostic.help else []), *ways])
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in values.items())
    return f"::{diagnostic.severity} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

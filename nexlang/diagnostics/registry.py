"""The registry: every code there is. A number is never used twice, not even for a code that is gone."""

from __future__ import annotations

from nexlang.diagnostics.model import Code, Severity

CODES: dict[str, Code] = {}
NAMES: set[str] = set()


def code(id: str, name: str, message: str, caption: str = "", severity: Severity = "error") -> Code:
    """Register a code. `id` is NEXnnnn, `name` its kebab-case name; the page is `pages/<id>.md`."""
    entry = Code(id, name, message, caption, severity)
    if id in CODES or name in NAMES:
        raise ValueError(f"{id} {name} is registered twice")
    CODES[id] = entry
    NAMES.add(name)
    return entry

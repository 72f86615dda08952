"""Diagnostics as values. Renderers and the editor read them; nothing here prints."""

from __future__ import annotations

from typing import Literal

from nexlang.diagnostics.slotted import dataclass, field

Severity = Literal["error", "warning"]
Applicability = Literal["safe", "unsafe", "display"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a file: offsets in characters, `end` exclusive. `file` is the path as the user knows it."""

    file: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Label:
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the span's text."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """`safe` keeps the meaning the author can only have had, `unsafe` may change it, `display` is only shown."""

    message: str
    edits: tuple[Edit, ...]
    applicability: Applicability = "safe"


@dataclass(slots=True)
class Diagnostic:
    """One mistake: what, where, and the way out. `values` are what its message was made of."""

    code: str
    severity: Severity
    message: str
    span: Span
    caption: str = ""
    labels: list[Label] = field(default_factory=list)
    fixes: list[Fix] = field(default_factory=list)
    help: str = ""
    values: dict[str, object] = field(default_factory=dict)

    def label(self, span: Span, text: str) -> Diagnostic:
        """Point at a second place."""
        self.labels.append(Label(span, text))
        return self

    def fix(self, message: str, *edits: Edit, applicability: Applicability = "safe") -> Diagnostic:
        self.fixes.append(Fix(message, edits, applicability))
        return self

    def replace(self, message: str, text: str, applicability: Applicability = "safe") -> Diagnostic:
        """A fix that puts `text` in the primary span's place."""
        return self.fix(message, Edit(self.span, text), applicability=applicability)

    def advise(self, text: str) -> Diagnostic:
        self.help = text
        return self


@dataclass(frozen=True, slots=True)
class Code:
    """An entry of the registry. `message` is a format string; `caption` stands under the marks."""

    id: str
    name: str
    message: str
    caption: str = ""
    severity: Severity = "error"

    def at(self, span: Span, **values: object) -> Diagnostic:
        """The diagnostic of this code at a place, with the message's values filled in."""
        message, caption = self.message.format(**values), self.caption.format(**values)
        return Diagnostic(self.id, self.severity, message, span, caption, values=values)

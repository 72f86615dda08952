"""What the compiler says about a program: one type for every message, made from one registry of codes."""

from nexlang.diagnostics.model import Code, Diagnostic, Edit, Fix, Label, Severity, Span
from nexlang.diagnostics.sources import Source

__all__ = ["Code", "Diagnostic", "Edit", "Fix", "Label", "Severity", "Source", "Span"]

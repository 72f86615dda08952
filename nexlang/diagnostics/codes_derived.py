"""Derived agents and environments (NEX0570–NEX0573)."""

from nexlang.diagnostics.registry import code

DERIVATION_CYCLE = code("NEX0570", "derivation-cycle", "`{name}` derives from itself: {path}", "closes the cycle")
DERIVED_CHANGES = code(
    "NEX0571", "derived-changes", "`{name}` cannot change {what} of `{base}`: {reason}", "another one than in `{base}`"
)
DERIVED_LACKS = code(
    "NEX0572",
    "derived-lacks",
    "the new {what} of `{name}` lacks {missing}, which its {reader} reads",
    "{missing} missing",
)

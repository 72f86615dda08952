"""Core form in, `nexlang.ir` out. The models hold every piece to its shape."""

from __future__ import annotations

from typing import Any

from nexlang.ir.model import Program


def lower(core: dict[str, Any]) -> Program:
    """The program of a core form. Raises pydantic's ValidationError where the checker made what the IR forbids."""
    return Program.model_validate(core)

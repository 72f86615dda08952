"""Regular expressions in bounded time: what the compiler refuses, a program made by other hands may not use either."""

from __future__ import annotations

from nexlang.ir.patterns import fullmatch, problem
from nexlang.worlds.engine.failures import ToolFailure


class UnsafePattern(ValueError):
    """The pattern is no regular expression, or matching it may take too long."""


def refuse_unsafe(pattern: str) -> None:
    """Raises `UnsafePattern`."""
    reason = problem(pattern)
    if reason is not None:
        raise UnsafePattern(f"the pattern `{pattern}`: {reason}")


def whole_match(pattern: str, text: str) -> bool:
    """Whether the whole text matches; a text too long to tell in time fails."""
    matched = fullmatch(pattern, text)
    if matched is None:
        refuse_unsafe(pattern)
        raise ToolFailure("A text is too long to be matched against a pattern", "out_of_fuel")
    return matched

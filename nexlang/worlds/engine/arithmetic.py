"""`evaluate(text)`: arithmetic on a text, in time and memory that its length bounds, without Python's evaluator."""

from __future__ import annotations

import re

from nexlang.worlds.engine.failures import ToolFailure

LENGTH = 1_000
DEPTH = 50
DIGITS = 4_000
"""Bits that a whole number may reach: enough for any amount, far too few to fill a memory."""

_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(\*\*|//|[-+*/()]))")
Number = int | float


def evaluate(expression: str) -> Number:
    """The value of digits, `+ - * / // ** ( ) .` and spaces, with Python's meaning. Raises `ToolFailure`."""
    if len(expression) > LENGTH:
        raise ToolFailure("The expression is too long", "arithmetic")
    tokens = _tokens(expression)
    try:
        value, rest = _sum(tokens, 0, 0)
    except ZeroDivisionError:
        raise ToolFailure("Division by zero", "arithmetic") from None
    except OverflowError:
        raise ToolFailure("The result is too large", "arithmetic") from None
    if rest != len(tokens) - 1:
        raise _malformed()
    if value - value != 0:
        raise ToolFailure("The result is too large", "arithmetic")
    return value


def _malformed() -> ToolFailure:
    return ToolFailure("The expression is not well formed", "arithmetic")


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise _malformed()
        tokens.append(match[1] or match[2])
        at = match.end()
    return [*tokens, ""]


def _sum(tokens: list[str], at: int, depth: int) -> tuple[Number, int]:
    value, at = _product(tokens, at, depth)
    while (operator := tokens[at]) in ("+", "-"):
        right, at = _product(tokens, at + 1, depth)
        value = _whole(value + right if operator == "+" else value - right)
    return value, at


def _product(tokens: list[str], at: int, depth: int) -> tuple[Number, int]:
    value, at = _signed(tokens, at, depth)
    while (operator := tokens[at]) in ("*", "/", "//"):
        right, at = _signed(tokens, at + 1, depth)
        if operator == "*":
            value = _whole(value * right)
        else:
            value = value / right if operator == "/" else value // right
    return value, at


def _signed(tokens: list[str], at: int, depth: int) -> tuple[Number, int]:
    if depth > DEPTH:
        raise ToolFailure("The expression is nested too deeply", "arithmetic")
    if tokens[at] in ("+", "-"):
        value, rest = _signed(tokens, at + 1, depth + 1)
        return (-value if tokens[at] == "-" else value), rest
    return _power(tokens, at, depth)


def _power(tokens: list[str], at: int, depth: int) -> tuple[Number, int]:
    base, at = _atom(tokens, at, depth)
    if tokens[at] != "**":
        return base, at
    exponent, at = _signed(tokens, at + 1, depth + 1)
    value = _whole_power(base, exponent) if isinstance(base, int) and isinstance(exponent, int) else base**exponent
    if isinstance(value, complex):
        raise ToolFailure("The result is not a real number", "arithmetic")
    return value, at


def _whole_power(base: int, exponent: int) -> Number:
    """A power of whole numbers; 0, 1 and -1 may have any exponent, for only whether it is even matters."""
    if exponent < 0:
        return float(base) ** exponent
    if abs(base) <= 1:
        exponent = exponent if exponent < 2 else 2 + exponent % 2
    elif exponent * base.bit_length() > DIGITS:
        raise OverflowError
    power: int = base**exponent
    return power


def _atom(tokens: list[str], at: int, depth: int) -> tuple[Number, int]:
    token = tokens[at]
    if token == "(":
        value, at = _sum(tokens, at + 1, depth + 1)
        if tokens[at] != ")":
            raise _malformed()
        return value, at + 1
    if not token or not (token[0].isdigit() or token[0] == "."):
        raise _malformed()
    if token.isdigit() and len(token) > 1 and token.strip("0") and token[0] == "0":
        raise _malformed()
    return (int(token) if token.isdigit() else float(token)), at + 1


def _whole(value: Number) -> Number:
    if isinstance(value, int) and value.bit_length() > DIGITS:
        raise OverflowError
    return value

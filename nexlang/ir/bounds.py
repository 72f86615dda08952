"""What a refinement's condition says about bounds: of a number itself, or of the length of a text or a list."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from nexlang.ir.declarations import Refinement
from nexlang.ir.expressions import Binary, Builtin, Expr, Lit, Local, ToFloat, Unary

Of = Literal["value", "size"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between `low` and `high`; a bound that is `open` is not reached itself."""

    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False

    def both(self, other: Bounds) -> Bounds:
        """What holds where both hold."""
        low, open_low = max((self.low, self.open_low), (other.low, other.open_low))
        high, closed_high = min((self.high, not self.open_high), (other.high, not other.open_high))
        return Bounds(low, high, open_low, not closed_high)

    @property
    def whole(self) -> tuple[int | None, int | None]:
        """The least and the greatest whole number within, where there is one."""
        low = None if math.isinf(self.low) else math.floor(self.low) + 1 if self.open_low else math.ceil(self.low)
        high = None if math.isinf(self.high) else math.ceil(self.high) - 1 if self.open_high else math.floor(self.high)
        return low, high


ANY = Bounds()


def bounds(refine: Refinement | None, of: Of = "value") -> Bounds:
    """As far as comparisons of `it` (or of its length) with numbers say; the rest of a condition says nothing here."""
    return _of(refine.condition, of) if refine is not None and refine.condition is not None else ANY


def _of(condition: Expr, of: Of) -> Bounds:
    if not isinstance(condition, Binary):
        return ANY
    if condition.op == "and":
        return _of(condition.left, of).both(_of(condition.right, of))
    if _is_it(condition.left, of) and (number := _number(condition.right)) is not None:
        return _compared(condition.op, number)
    if _is_it(condition.right, of) and (number := _number(condition.left)) is not None:
        return _compared({"le": "ge", "lt": "gt", "ge": "le", "gt": "lt"}.get(condition.op, condition.op), number)
    return ANY


def _compared(op: str, number: float) -> Bounds:
    """Where `it op number` holds."""
    match op:
        case "ge" | "gt":
            return Bounds(low=number, open_low=op == "gt")
        case "le" | "lt":
            return Bounds(high=number, open_high=op == "lt")
        case "eq":
            return Bounds(number, number)
    return ANY


def _is_it(expr: Expr, of: Of) -> bool:
    if of == "size":
        return isinstance(expr, Builtin) and expr.name in ("len", "count") and _is_it(expr.args[0], "value")
    return (isinstance(expr, Local) and expr.name == "it") or (isinstance(expr, ToFloat) and _is_it(expr.of, of))


def _number(expr: Expr) -> float | None:
    if isinstance(expr, ToFloat):
        return _number(expr.of)
    if isinstance(expr, Unary) and expr.op == "neg":
        of = _number(expr.of)
        return None if of is None else -of
    if isinstance(expr, Lit) and isinstance(expr.value, int | float) and not isinstance(expr.value, bool):
        return expr.value
    return None

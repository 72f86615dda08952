"""What is read off literals and rules in core form: how many items a list may have, whom a memory asks."""

from __future__ import annotations

import math
from collections.abc import Iterable

from nexlang.semantics.types import Core


def number(node: Core, sign: int = 1) -> float:
    """A number that is written out; infinitely much, or little, where it cannot be told."""
    value = node.get("value")
    if node["kind"] == "unary" and node["op"] == "neg":
        return -number(node["of"], -sign)
    if node["kind"] == "lit" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return sign * math.inf


def most(refine: Core | None) -> float:
    """The most items that a rule such as `where count(it) <= 8` allows."""
    return allowed(refine.get("condition")) if refine is not None else math.inf


def allowed(condition: Core | None) -> float:
    if condition is None or condition["kind"] != "binary":
        return math.inf
    op, left, right = condition["op"], condition["left"], condition["right"]
    if op == "and":
        return min(allowed(left), allowed(right))
    if op in ("gt", "ge"):
        op, left, right = {"gt": "lt", "ge": "le"}[op], right, left
    its: bool = left["kind"] == "builtin" and left["name"] in ("len", "count") and left["args"][:1] == [_IT]
    if not its or op not in ("lt", "le", "eq"):
        return math.inf
    return max(number(right) - float(op == "lt"), 0.0)


_IT = {"kind": "local", "name": "it"}


def summing(memory: Iterable[Core]) -> list[str]:
    """The agents that the policies of a memory ask."""
    return [policy["agent"] for policy in memory if policy["kind"] == "summary"]

"""What a condition in a template says about values that may be none."""

from __future__ import annotations

from typing import Any

from jinja2 import nodes as j


def path(node: Any) -> str:
    """A name with its fields, as a program writes it; empty for anything else."""
    if isinstance(node, j.Name):
        return str(node.name)
    if isinstance(node, j.Getattr):
        inner = path(node.node)
        return f"{inner}.{node.attr}" if inner else ""
    if isinstance(node, j.Getitem) and isinstance(node.arg, j.Const):
        inner = path(node.node)
        return f'{inner}["{node.arg.value}"]' if inner else ""
    return ""


def present(node: Any) -> set[str]:
    """The paths that are not none where a condition holds."""
    if isinstance(node, j.And):
        return present(node.left) | present(node.right)
    if isinstance(node, j.Not):
        return absent(node.node)
    if isinstance(node, j.Compare) and _is_none(node.ops[0].expr):
        return {path(node.expr)} if node.ops[0].op == "ne" and len(node.ops) == 1 else set()
    return {path(node)} - {""}


def absent(node: Any) -> set[str]:
    """The paths that are not none where a condition does not hold."""
    if isinstance(node, j.Or):
        return absent(node.left) | absent(node.right)
    if isinstance(node, j.Not):
        return present(node.node)
    if isinstance(node, j.Test) and node.name == "none":
        return {path(node.node)} - {""}
    if isinstance(node, j.Compare) and _is_none(node.ops[0].expr) and node.ops[0].op == "eq" and len(node.ops) == 1:
        return {path(node.expr)} - {""}
    return set()


def _is_none(node: Any) -> bool:
    return isinstance(node, j.Const) and node.value is None

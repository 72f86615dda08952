"""Walking a piece of a program."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

LEAVES = frozenset((str, int, float, bool, type(None)))


def nodes(tree: object) -> Iterator[BaseModel]:
    """Every model below, itself included."""
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, BaseModel):
            yield node
            todo += [value for value in node.__dict__.values() if value.__class__ not in LEAVES]
        elif isinstance(node, (list, tuple)):
            todo += node
        elif isinstance(node, dict):
            todo += node.values()

"""Walking a piece of a program."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel


def nodes(tree: object) -> Iterator[BaseModel]:
    """Every model below, itself included."""
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, BaseModel):
            yield node
            todo += node.__dict__.values()
        elif isinstance(node, (list, tuple)):
            todo += node
        elif isinstance(node, dict):
            todo += node.values()

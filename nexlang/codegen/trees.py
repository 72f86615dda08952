"""Walking a piece of a program."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from nexlang.ir import types

LEAVES: frozenset[type] = frozenset((str, int, float, bool, type(None)))
TYPES: frozenset[type] = frozenset(
    each for each in vars(types).values() if isinstance(each, type) and issubclass(each, types.Model)
)


def nodes(tree: object) -> Iterator[BaseModel]:
    """Every model below, itself included."""
    return _below(tree, LEAVES)


def acts(tree: object) -> Iterator[BaseModel]:
    """Every statement and expression below, itself included; their types are passed over."""
    return _below(tree, LEAVES | TYPES)


def _below(tree: object, without: frozenset[type]) -> Iterator[BaseModel]:
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, BaseModel):
            yield node
            todo += [value for value in node.__dict__.values() if value.__class__ not in without]
        elif isinstance(node, (list, tuple)):
            todo += node
        elif isinstance(node, dict):
            todo += node.values()

"""Going through a tree without knowing its classes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from nexlang.syntax.nodes import Node

# Annotations, as nodes.py writes them, of fields that hold no node.
LEAVES = frozenset(("int", "str", "bool", "float", "int | float", "str | None", "bool | None"))


@cache
def _parts(cls: type[Node]) -> tuple[str, ...]:
    """The fields of a class that may hold nodes, in the order of declaration."""
    written: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        written |= vars(base).get("__annotations__", {})
    return tuple(name for name in cls.__match_args__ if written[name] not in LEAVES)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below, in the order of their fields (which is that of the text, but for a `Comp`)."""
    for name in _parts(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, Node):
                    yield item


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first; no recursion, so any depth is fine."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        below = []
        for name in _parts(type(node)):
            value = getattr(node, name)
            if isinstance(value, list):
                below += [item for item in value if isinstance(item, Node)]
            elif isinstance(value, Node):
                below.append(value)
        pending += below[::-1]


def depth(node: Node) -> int:
    """The number of levels of the tree below and including `node`."""
    levels = 0
    level = [node]
    while level:
        levels += 1
        level = [child for parent in level for child in children(parent)]
    return levels

"""How the tree's classes are made: slotted, with an `__init__` that is compiled on first use.

A hundred dataclasses take longer to define than a thousand lines take to parse, and a run meets a third of them.
"""

from __future__ import annotations

from typing import Any, dataclass_transform


@dataclass_transform(eq_default=False)
class NodeType(type):
    """A metaclass: the annotations of a class, after those of its base, are its slots and its parameters.

    They are its `__match_args__` too, in order.
    """

    __match_args__: tuple[str, ...]

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> NodeType:
        own = tuple(namespace.get("__annotations__", ()))
        namespace["__slots__"] = own
        namespace["__init__"] = _first_init
        made = super().__new__(mcs, name, bases, namespace)
        inherited = bases[0].__match_args__ if bases else ()  # type: ignore[attr-defined]
        made.__match_args__ = (*inherited, *own)  # type: ignore[misc]
        return made


def _first_init(self: Any, *values: Any, **named: Any) -> None:
    """Stands in for `__init__` until the first node of a class is made."""
    cls = type(self)
    fields = cls.__match_args__
    lines = [f"def __init__(self, {', '.join(fields)}):", *(f" self.{name} = {name}" for name in fields)]
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)  # the text is made of the field names above, as dataclasses do it
    cls.__init__ = scope["__init__"]
    cls.__init__(self, *values, **named)

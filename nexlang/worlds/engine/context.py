"""What every generated function is given: its world, its fuel and its clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar

from nexlang.worlds.engine.clock import Clock
from nexlang.worlds.engine.failures import OutOfFuel

if TYPE_CHECKING:
    from nexlang.worlds.engine.state import World

W_co = TypeVar("W_co", bound="World | None", covariant=True)
K = TypeVar("K")
V = TypeVar("V")
T_co = TypeVar("T_co", covariant=True)
P = TypeVar("P", bound="World")
R = TypeVar("R")
A = ParamSpec("A")

FUEL = 1_000_000
"""Units of work that one transaction may do: an element walked, copied or compared is one unit."""

TEXT_LIMIT = 1_000_000
"""Characters that a text made in a body may have: comparing texts is not paid for."""

_EPOCH = Clock()
_CHARACTERS = 16
_BITS = 64


class SizedIterable(Iterable[T_co], Sized, Protocol[T_co]):
    """What a loop may walk."""


class Context(Generic[W_co]):
    """One body's surroundings. Loops burn what they will walk before they begin; texts, lists and products by size."""

    __slots__ = ("clock", "externs", "fuel", "world")

    def __init__(self, world: W_co, fuel: int = FUEL, clock: Clock | None = None, externs: Any = None) -> None:
        self.world = world
        self.fuel = fuel
        self.clock = clock or _EPOCH
        self.externs = externs

    def burn(self, units: int) -> None:
        self.fuel -= units
        if self.fuel < 0:
            raise OutOfFuel

    def within(self, part: P, function: Callable[Concatenate[Context[P], A], R], *args: A.args, **named: A.kwargs) -> R:
        """A call of what runs in a part of the world: with the same fuel, clock and externs."""
        inner = Context(part, self.fuel, self.clock, self.externs)
        try:
            return function(inner, *args, **named)
        finally:
            self.fuel = inner.fuel

    def over(self, items: SizedIterable[V]) -> SizedIterable[V]:
        """The same collection, its walk paid for."""
        self.fuel -= len(items) + 1
        if self.fuel < 0:
            raise OutOfFuel
        return items

    def text(self, text: str) -> str:
        """A text just made, paid for by its length; none may be longer than a million characters."""
        length = len(text)
        self.fuel -= length // _CHARACTERS + 1
        if self.fuel < 0 or length > TEXT_LIMIT:
            raise OutOfFuel
        return text

    def listed(self, items: Sequence[V]) -> Sequence[V]:
        """A list just made, paid for by its length."""
        self.burn(len(items) + 1)
        return items

    def map_copy(self, items: Mapping[K, V]) -> dict[K, V]:
        """A map's copy that may be written until it is published."""
        self.burn(len(items) + 1)
        return dict(items)

    def list_copy(self, items: Sequence[V]) -> list[V]:
        """A list's copy that may be written until it is published."""
        self.burn(len(items) + 1)
        return [*items]

    def product(self, a: int, b: int) -> int:
        """`a * b`, paid for by the number of its digits: repeated squaring must not fill the memory."""
        self.burn((a.bit_length() + b.bit_length()) // _BITS + 1)
        return a * b

    def same(self, a: object, b: object) -> bool:
        """`a == b` for lists, maps and records, paid for by their size."""
        if isinstance(a, (list, dict)):
            self.burn(len(a) + 1)
        elif hasattr(a, "_text"):
            self.burn(len(a._text()) // _CHARACTERS + 1)
        return a == b


def pure() -> Context[None]:
    """A context for code that belongs to no world: constants, refinements."""
    return Context(None)

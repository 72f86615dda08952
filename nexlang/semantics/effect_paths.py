"""What a body may do, and the paths of what it touches.

A path is a tuple of names: a slot of the world, then a field of what lies in it; `("orders", "status")` is the field
`status` of the rows of `orders`. One that begins with `PARAM` and a name is what lies in a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nexlang.diagnostics.slotted import dataclass, field
from nexlang.semantics.types import Core

Path = tuple[str, ...]
Paths = frozenset[Path]
NOTHING: Paths = frozenset()
WHOLE: Path = ()
"""The world itself."""
PARAM = "$"


@dataclass(slots=True)
class Effects:
    """`reads` and `writes` are paths, `asks` models, `extern` extern tools, `calls` what is called without a body
    between, `plays` whether recorded calls are made, which may be of any tool."""

    reads: set[Path] = field(default_factory=set)
    writes: set[Path] = field(default_factory=set)
    fails: bool = False
    chance: bool = False
    asks: set[str] = field(default_factory=set)
    extern: set[str] = field(default_factory=set)
    calls: set[tuple[str, str]] = field(default_factory=set)
    plays: bool = False

    def add(self, other: Effects, fails: bool = True) -> None:
        """Take in what a call does; `fails` is whether its failure goes on."""
        self.reads |= other.reads
        self.writes |= other.writes
        self.fails |= fails and other.fails
        self.chance |= other.chance
        self.asks |= other.asks
        self.extern |= other.extern
        self.plays |= other.plays

    @property
    def pure(self) -> bool:
        """Whether the same arguments always give the same, and nothing changes. It may fail."""
        return not (self.reads or self.writes or self.chance or self.asks or self.extern or self.plays)

    def own(self) -> Effects:
        """Without what is read of arguments, which is the caller's matter."""
        made = Effects()
        made.add(self)
        made.reads = {path for path in self.reads if path[:1] != (PARAM,)}
        made.writes = {path for path in self.writes if path[:1] != (PARAM,)}
        made.calls = self.calls
        return made

    def core(self) -> Core:
        """As the IR has them."""
        return {
            "reads": shown(self.reads), "writes": shown(self.writes), "fails": self.fails, "chance": self.chance,
            "asks": sorted(self.asks), "extern": sorted(self.extern),
        }  # fmt: skip


def shown(paths: Iterable[Path]) -> list[str]:
    """Paths as a program writes them; what lies below another one is left out."""
    found = set(paths)
    if WHOLE in found:
        return ["world"]
    return sorted(".".join(path) for path in found if not any(path[:i] in found for i in range(1, len(path))))


@dataclass(slots=True)
class Subject:
    """A body with what is needed to walk it. `slots` are those of its world: a type's core form each. `rows` are the
    parameters that are places, with their tables; `gives_place` says that the result is one, which reads nothing."""

    body: list[Core] = field(default_factory=list)
    params: tuple[str, ...] = ()
    rows: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, Core] = field(default_factory=dict)
    extern: bool = False
    gives_place: bool = False
    model: str | None = None
    holds: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Summary:
    """`gives` are the paths that the result may be the value of."""

    effects: Effects = field(default_factory=Effects)
    gives: Paths = NOTHING

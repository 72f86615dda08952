"""What a body knows while it is checked: its names, its places, what it may do and what it does."""

from __future__ import annotations

from typing import Literal

from nexlang.diagnostics import Diagnostic, Span
from nexlang.diagnostics.slotted import dataclass, field
from nexlang.semantics.symbols import AgentInfo, FunctionInfo, ModuleInfo, WorldInfo
from nexlang.semantics.types import Core, Type
from nexlang.syntax import nodes as n

BodyKind = Literal["fn", "tool", "process", "agent", "setup", "measure", "test", "const"]
LocalKind = Literal["param", "let", "var", "loop", "scope"]


@dataclass(slots=True, eq=False)
class Place:
    """Where a record lives: a row that a local holds, or what is below a row or a slot.

    `root` is the local that holds the row; None where the root is the slot or table `slot`. `key` is set while the
    place is an entry of the table that nothing holds yet. `cast` is the case a union on the way was matched as.
    """

    slot: str
    root: Local | None = None
    key: Core | None = None
    is_row: bool = False
    steps: list[Core] = field(default_factory=list)
    cast: list[Core | None] = field(default_factory=list)

    def below(self, step: Core) -> Place:
        return Place(self.slot, self.root, self.key, self.is_row, [*self.steps, step], [*self.cast, None])


@dataclass(slots=True, eq=False)
class Local:
    """A name in a body.

    `uses` are the offsets where it is read; `stale` is what made its place invalid; `value_end` is where the value of
    a `let` without `else` ends; `excused` marks one whose use without a value was reported. `statement` is the `let` or
    `var` that declares it, `made` its value; `hides` is another local of the body, `world` that of the body.
    """

    name: str
    core_name: str
    type: Type
    kind: LocalKind
    node: n.Node
    place: Place | None = None
    uses: list[int] = field(default_factory=list)
    stale: n.Node | None = None
    value_end: int | None = None
    excused: bool = False
    statement: n.Let | n.Var | None = None
    made: Core = field(default_factory=dict)
    hides: Local | None = None
    world: WorldInfo | None = None

    def core(self) -> Core:
        return {"kind": "local", "name": self.core_name}


@dataclass(slots=True)
class Typed:
    """What checking an expression gives: its type, its core form, and the place it denotes, if any.

    `acts` marks a call in an agent's body, whose failure a `let … else` or a `match` may still handle; `names_tool` the
    `tool` of a `Call`.
    """

    type: Type
    core: Core
    place: Place | None = None
    acts: bool = False
    names_tool: bool = False


@dataclass(slots=True)
class Refresh:
    """A `Set` that reads a place again after a write; dropped where the name is not used afterwards."""

    local: Local
    at: int
    loops: tuple[tuple[int, int], ...]

    def needed(self) -> bool:
        uses = self.local.uses
        if any(use > self.at for use in uses):
            return True
        born = self.local.node.start
        return any(born < start and any(start <= use < end for use in uses) for start, end in self.loops)


@dataclass(slots=True, eq=False)
class Body:
    """The context of one body.

    `inside` counts the expressions around that may not be evaluated, or more than once; `alone` is the expression
    whose call may change the world, because nothing else of its statement reads it afterwards. `bounded`: all loops
    around have a bound; `capped`: the agent's limits bound its calls.
    """

    module: ModuleInfo
    kind: BodyKind
    world: WorldInfo | None = None
    result: Type | None = None
    owner: FunctionInfo | AgentInfo | None = None
    frames: list[dict[str, Local]] = field(default_factory=lambda: [{}])
    taken: set[str] = field(default_factory=set)
    loops: list[tuple[int, int]] = field(default_factory=list)
    before: list[Core] = field(default_factory=list)
    inside: int = 0
    alone: n.Expr | None = None
    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    fails: bool = False
    chance: bool = False
    calls: dict[str, Span] = field(default_factory=dict)
    bounded: bool = False
    capped: bool = False

    def find(self, name: str) -> Local | None:
        for frame in reversed(self.frames):
            local = frame.get(name)
            if local is not None:
                return local
        return None

    def names(self) -> list[str]:
        return [name for frame in self.frames for name in frame]

    def fresh(self, name: str) -> str:
        """A core name that no other local of the body has."""
        core, count = name, 1
        while core in self.taken:
            count += 1
            core = f"{name}_{count}"
        self.taken.add(core)
        return core

    def declare(self, name: str, type: Type, kind: LocalKind, node: n.Node, place: Place | None = None) -> Local:
        local = Local(name, self.fresh(name), type, kind, node, place)
        if self.kind != "const" and kind != "scope":
            outer = self.find(name)
            local.hides = outer if outer is not None and name not in self.frames[-1] and outer.kind != "scope" else None
            local.world = self.world if self.kind != "measure" else None
            self.module.locals.append(local)
        self.frames[-1][name] = local
        return local

    def excuses(self) -> bool:
        """Whether the use of an optional as a value was reported: what was made of it may have been a place."""
        return any(local.excused for frame in self.frames for local in frame.values())

    def places(self) -> list[Local]:
        return [local for frame in self.frames for local in frame.values() if local.place is not None]

    @property
    def may_write(self) -> bool:
        return self.world is not None and self.kind in ("fn", "tool", "process", "setup", "test")


class Reporter:
    """Collects diagnostics; one a span and code."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._seen: set[tuple[str, Span]] = set()

    def forget(self, count: int) -> None:
        """Take back all diagnostics but the first `count`: what found them is checked again."""
        for diagnostic in self.diagnostics[count:]:
            self._seen.discard((diagnostic.code, diagnostic.span))
        del self.diagnostics[count:]

    def add(self, diagnostic: Diagnostic) -> Diagnostic:
        key = (diagnostic.code, diagnostic.span)
        if key not in self._seen:
            self._seen.add(key)
            self.diagnostics.append(diagnostic)
        return diagnostic

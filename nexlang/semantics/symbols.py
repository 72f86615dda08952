"""What a program declares: one class a kind of declaration, made once and looked up by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nexlang.diagnostics import Source, Span
from nexlang.diagnostics.slotted import dataclass, field
from nexlang.semantics.types import ERROR, Core, Type, World
from nexlang.syntax import nodes as n

if TYPE_CHECKING:
    from nexlang.packages.model import Package
    from nexlang.semantics.scope import Local


@dataclass(slots=True, eq=False)
class Info:
    """`core_name` is unique in the whole program; `file` is the source relative to the program's folder."""

    name: str
    core_name: str
    node: n.Decl
    source: Source
    file: str

    def span(self) -> Span:
        """Where the name stands."""
        at = getattr(self.node, "name", self.node)
        return Span(self.source.path, at.start, at.end)

    @property
    def doc(self) -> str:
        return self.node.doc.text.strip() if self.node.doc else ""

    def declared(self) -> Core:
        """The core form's common part."""
        line, _ = self.source.position(self.span().start)
        return {"name": self.core_name, "doc": self.doc, "file": self.file, "line": line}


@dataclass(slots=True, eq=False)
class FieldInfo:
    """A field, a slot or a parameter. `refine` and `default` are in core form, filled by the checker.

    `is_row` marks a parameter that takes a place, `row` is the world and the table that it lies in.
    """

    name: str
    type: Type
    node: n.Field | n.Slot | n.Param
    doc: str = ""
    refine: Core | None = None
    default: Core | None = None
    is_row: bool = False
    row: tuple[WorldInfo, str] | None = None

    @property
    def has_default(self) -> bool:
        return self.node.default is not None


@dataclass(slots=True, eq=False)
class RecordInfo(Info):
    fields: dict[str, FieldInfo] = field(default_factory=dict)
    unions: list[UnionInfo] = field(default_factory=list)
    tag: tuple[str, str] | None = None
    require: list[Core] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class EnumInfo(Info):
    cases: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class UnionInfo(Info):
    """`broken`: a case has been reported, so others may be missing here. So for agents and environments."""

    tag: str = ""
    cases: dict[str, RecordInfo] = field(default_factory=dict)
    broken: bool = False


@dataclass(slots=True, eq=False)
class AliasInfo(Info):
    """`checking` while what it stands for is looked up, `resolved` afterwards."""

    type: Type = ERROR
    refine: Core | None = None
    checking: bool = False
    resolved: bool = False


@dataclass(slots=True, eq=False)
class WorldInfo(Info):
    """`process_cores` are the core forms of `processes`, filled by the checker."""

    slots: dict[str, FieldInfo] = field(default_factory=dict)
    processes: list[n.Process] = field(default_factory=list)
    process_cores: list[Core] = field(default_factory=list)

    def whole(self) -> list[WorldInfo]:
        """The world and its parts, and theirs."""
        found = [self]
        for world in found:
            parts = (slot.type.info for slot in world.slots.values() if isinstance(slot.type, World))
            found += [part for part in parts if part not in found]
        return found


@dataclass(slots=True, eq=False)
class ConstInfo(Info):
    type: Type = ERROR
    value: Core | None = None
    checking: bool = False


@dataclass(slots=True, eq=False)
class FunctionInfo(Info):
    """A `fn` or `tool`. `result` is None where nothing is returned; `extern` is there where its answers come from
    outside, and `externs` are those that it asks, itself or through what it calls. `has_row` marks one that gives a
    place, `row` is the world and the table that it lies in."""

    kind: str = "fn"
    params: dict[str, FieldInfo] = field(default_factory=dict)
    result: Type | None = None
    world: WorldInfo | None = None
    has_row: bool = False
    row: tuple[WorldInfo, str] | None = None
    may_write: bool = False
    extern: Core | None = None
    externs: set[str] = field(default_factory=set)
    calls: dict[str, Span] = field(default_factory=dict)
    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    fails: bool = False
    chance: bool = False
    body: list[Core] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class ModelInfo(Info):
    core: Core = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class AgentInfo(Info):
    """`kind` is model, rules or flow; `base` is what a derived one derives from; `granted` what it grants to those
    below it, None where it does not say."""

    kind: str = "model"
    params: dict[str, FieldInfo] = field(default_factory=dict)
    result: Type = ERROR
    tools: list[FunctionInfo] = field(default_factory=list)
    delegates: list[AgentInfo] = field(default_factory=list)
    calls: dict[str, Span] = field(default_factory=dict)
    core: Core = field(default_factory=dict)
    broken: bool = False
    base: AgentInfo | None = None
    granted: dict[tuple[str, ...], n.Expr] | None = None
    shaped: bool = False
    checked: bool = False


@dataclass(slots=True, eq=False)
class EnvironmentInfo(Info):
    """`measured` is what its rewards measure, as `Rewards` knows it; `base` as an agent's."""

    world: WorldInfo | None = None
    task: Type = ERROR
    result: Type = ERROR
    agents: list[AgentInfo] = field(default_factory=list)
    core: Core = field(default_factory=dict)
    broken: bool = False
    base: EnvironmentInfo | None = None
    checked: bool = False
    measured: Any = None


@dataclass(slots=True, eq=False)
class TrainInfo(Info):
    core: Core = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class MakerInfo(Info):
    """A built-in that the standard library only describes, such as `endpoint`."""


@dataclass(slots=True, eq=False)
class ModuleInfo:
    """One file of the program: its own names and those it uses."""

    name: str
    source: Source
    file: str
    tree: n.Module
    package: Package | None = None
    declared: dict[str, Info] = field(default_factory=dict)
    used: dict[str, Info] = field(default_factory=dict)
    used_at: dict[str, n.Ident] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    locals: list[Local] = field(default_factory=list)
    uses: dict[str, ModuleInfo] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    constants: dict[str, Type] | None = None
    broken: bool = False
    damaged: frozenset[int] = frozenset()

    def lookup(self, name: str) -> Info | None:
        self.touched.add(name)
        return self.used[name] if name in self.used else self.declared.get(name)

"""The syntax tree: one slotted class a construct, each with the offsets of the text it came from.

Offsets count characters of the source text, `start` inclusive and `end` exclusive. A tree is never changed
after parsing; what later passes learn about a node they keep beside it, keyed by the node itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True, eq=False)
class Node:
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Ident(Node):
    """A name where it is written."""

    name: str


@dataclass(slots=True, eq=False)
class Dotted(Node):
    parts: list[Ident]

    @property
    def name(self) -> str:
        return ".".join(part.name for part in self.parts)


@dataclass(slots=True, eq=False)
class Doc(Node):
    """A run of `##` lines; `text` is without the marks and without the common leading blank."""

    text: str


@dataclass(slots=True, eq=False)
class Comment(Node):
    """A `#` comment, kept beside the tree in order of position for the formatter."""

    text: str


# ---------------------------------------------------------------- types


@dataclass(slots=True, eq=False)
class TypeExpr(Node):
    pass


@dataclass(slots=True, eq=False)
class NamedType(TypeExpr):
    name: str


@dataclass(slots=True, eq=False)
class OptionalType(TypeExpr):
    item: TypeExpr


@dataclass(slots=True, eq=False)
class ListType(TypeExpr):
    item: TypeExpr


@dataclass(slots=True, eq=False)
class MapType(TypeExpr):
    key: TypeExpr
    value: TypeExpr


@dataclass(slots=True, eq=False)
class LiteralType(TypeExpr):
    value: str


@dataclass(slots=True, eq=False)
class AltType(TypeExpr):
    options: list[TypeExpr]


@dataclass(slots=True, eq=False)
class RowType(TypeExpr):
    record: Ident


@dataclass(slots=True, eq=False)
class TableType(TypeExpr):
    record: Ident
    key: Ident


@dataclass(slots=True, eq=False)
class Refinement(Node):
    """`matching "regex"` (pattern) or `where expr` (condition, in which `it` is the value)."""

    pattern: Str | None
    condition: Expr | None


# ---------------------------------------------------------------- expressions


@dataclass(slots=True, eq=False)
class Expr(Node):
    pass


@dataclass(slots=True, eq=False)
class Missing(Expr):
    """Stands where recovery found no expression; it has been reported."""


@dataclass(slots=True, eq=False)
class Name(Expr):
    name: str


@dataclass(slots=True, eq=False)
class Num(Expr):
    """`value` is an int where the text has neither a point nor an exponent."""

    value: int | float
    text: str


@dataclass(slots=True, eq=False)
class Percent(Expr):
    """`70%` is the Float 0.7."""

    value: float
    text: str


@dataclass(slots=True, eq=False)
class DurationLit(Expr):
    """`value` is in milliseconds."""

    value: float
    text: str


@dataclass(slots=True, eq=False)
class Str(Expr):
    """A text literal: `raw` is what stands between the quotes, escapes unresolved.

    `multiline` marks the triple-quoted form. Its parts (`{{ expr }}`) are parsed on demand by
    `nexlang.syntax.text_parts`, because a prompt is a template and not an interpolated text.
    """

    raw: str
    multiline: bool


@dataclass(slots=True, eq=False)
class ListLit(Expr):
    items: list[Expr]


@dataclass(slots=True, eq=False)
class Pair(Node):
    """`key: value` in braces; a quoted key has `quoted` set."""

    key: Ident
    quoted: bool
    value: Expr


@dataclass(slots=True, eq=False)
class Mapping(Expr):
    pairs: list[Pair]


@dataclass(slots=True, eq=False)
class Clause(Node):
    """`for a, b in source`."""

    names: list[Ident]
    source: Expr


@dataclass(slots=True, eq=False)
class Comp(Expr):
    """A comprehension: in brackets a list, else the single argument of a call such as `count(...)`."""

    element: Expr
    clauses: list[Clause]
    condition: Expr | None
    by: Expr | None
    descending: bool


@dataclass(slots=True, eq=False)
class ListComp(Expr):
    comp: Comp


@dataclass(slots=True, eq=False)
class Attr(Expr):
    of: Expr
    name: Ident


@dataclass(slots=True, eq=False)
class Index(Expr):
    of: Expr
    key: Expr


@dataclass(slots=True, eq=False)
class Arg(Node):
    name: Ident | None
    value: Expr


@dataclass(slots=True, eq=False)
class Call(Expr):
    """`of(args)`; a comprehension argument is an `Arg` whose value is a `Comp`."""

    of: Expr
    args: list[Arg]


@dataclass(slots=True, eq=False)
class CallData(Expr):
    """`call tool(args)`: a checked tool call as data."""

    tool: Ident
    args: list[Arg]


@dataclass(slots=True, eq=False)
class As(Expr):
    of: Expr
    case: Ident


@dataclass(slots=True, eq=False)
class CaseName(Node):
    """A case in `is`: a name, or a text literal (`quoted`)."""

    name: str
    quoted: bool


@dataclass(slots=True, eq=False)
class Is(Expr):
    of: Expr
    case: CaseName


@dataclass(slots=True, eq=False)
class With(Expr):
    of: Expr
    changes: Mapping


@dataclass(slots=True, eq=False)
class Unary(Expr):
    op: Literal["-", "not"]
    of: Expr


@dataclass(slots=True, eq=False)
class Binary(Expr):
    op: Literal["+", "-", "*", "/", "and", "or", "??"]
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Compare(Expr):
    """`a < b <= c`: one more operand than operators; operators are == != < <= > >= in, `not in`."""

    operands: list[Expr]
    ops: list[str]


@dataclass(slots=True, eq=False)
class Cond(Expr):
    condition: Expr
    then: Expr
    otherwise: Expr


# ---------------------------------------------------------------- statements


@dataclass(slots=True, eq=False)
class Stmt(Node):
    pass


@dataclass(slots=True, eq=False)
class Block(Node):
    body: list[Stmt]


@dataclass(slots=True, eq=False)
class OrElse(Node):
    """`else fail expr` or `else return expr`."""

    kind: Literal["fail", "return"]
    value: Expr


@dataclass(slots=True, eq=False)
class Let(Stmt):
    name: Ident
    value: Expr
    orelse: OrElse | None


@dataclass(slots=True, eq=False)
class Var(Stmt):
    name: Ident
    type: TypeExpr | None
    value: Expr


@dataclass(slots=True, eq=False)
class Assign(Stmt):
    """`target` is a Name, Attr or Index chain."""

    target: Expr
    op: Literal["=", "+=", "-="]
    value: Expr


@dataclass(slots=True, eq=False)
class Do(Stmt):
    """A call for its effect."""

    call: Call
    orelse: OrElse | None


@dataclass(slots=True, eq=False)
class Add(Stmt):
    value: Expr
    target: Expr


@dataclass(slots=True, eq=False)
class Remove(Stmt):
    target: Expr


@dataclass(slots=True, eq=False)
class Return(Stmt):
    value: Expr


@dataclass(slots=True, eq=False)
class Require(Stmt):
    condition: Expr
    failure: Expr


@dataclass(slots=True, eq=False)
class Fail(Stmt):
    failure: Expr


@dataclass(slots=True, eq=False)
class ByActor(Stmt):
    actor: Ident
    block: Block


@dataclass(slots=True, eq=False)
class For(Stmt):
    names: list[Ident]
    source: Expr
    condition: Expr | None
    block: Block


@dataclass(slots=True, eq=False)
class If(Stmt):
    """`binding` is set for `if let x = e`, whose `condition` is then the optional `e`."""

    binding: Ident | None
    condition: Expr
    then: Block
    otherwise: Block | If | None


@dataclass(slots=True, eq=False)
class Case(Node):
    names: list[CaseName]
    binding: Ident | None
    block: Block


@dataclass(slots=True, eq=False)
class Match(Stmt):
    subject: Expr
    cases: list[Case]
    otherwise: Block | None


@dataclass(slots=True, eq=False)
class Given(Stmt):
    target: Expr
    value: Expr


@dataclass(slots=True, eq=False)
class Expect(Stmt):
    """`expect c`, `expect c fails text` or `expect place unchanged`."""

    subject: Expr
    kind: Literal["true", "fails", "unchanged"]
    failure: Expr | None


# ---------------------------------------------------------------- declarations


@dataclass(slots=True, eq=False)
class Decl(Node):
    """Every declaration has `doc`; all but tests have `name`."""

    doc: Doc | None


@dataclass(slots=True, eq=False)
class EnumCase(Node):
    name: Ident
    value: Str | None


@dataclass(slots=True, eq=False)
class EnumDecl(Decl):
    name: Ident
    cases: list[EnumCase]


@dataclass(slots=True, eq=False)
class UnionCase(Node):
    tag: Ident
    type: TypeExpr


@dataclass(slots=True, eq=False)
class UnionDecl(Decl):
    name: Ident
    tag: Ident
    cases: list[UnionCase]


@dataclass(slots=True, eq=False)
class Field(Node):
    doc: Doc | None
    name: Ident
    type: TypeExpr
    refine: Refinement | None
    default: Expr | None


@dataclass(slots=True, eq=False)
class Invariant(Node):
    condition: Expr


@dataclass(slots=True, eq=False)
class RecordDecl(Decl):
    name: Ident
    members: list[Field | Invariant]

    @property
    def fields(self) -> list[Field]:
        return [m for m in self.members if isinstance(m, Field)]


@dataclass(slots=True, eq=False)
class TypeDecl(Decl):
    name: Ident
    type: TypeExpr
    refine: Refinement | None


@dataclass(slots=True, eq=False)
class Value(Node):
    """A property's value: an expression, or `Type from "file"`."""

    expr: Expr
    source: Str | None


@dataclass(slots=True, eq=False)
class ConstDecl(Decl):
    name: Ident
    value: Value


@dataclass(slots=True, eq=False)
class Slot(Node):
    doc: Doc | None
    name: Ident
    type: TypeExpr  # a TableType for a table
    default: Expr | None


@dataclass(slots=True, eq=False)
class Param(Node):
    name: Ident
    type: TypeExpr
    refine: Refinement | None
    default: Expr | None


@dataclass(slots=True, eq=False)
class Process(Node):
    doc: Doc | None
    name: Ident
    params: list[Param]
    trigger: Literal["every", "after_call", "before_call", "after_round"]
    period: Expr | None
    block: Block


@dataclass(slots=True, eq=False)
class WorldDecl(Decl):
    name: Ident
    members: list[Slot | Process]


@dataclass(slots=True, eq=False)
class Effect(Node):
    kind: Literal["reads", "writes"]
    paths: list[Dotted]


@dataclass(slots=True, eq=False)
class FunctionDecl(Decl):
    kind: Literal["fn", "tool"]
    name: Ident
    params: list[Param]
    result: TypeExpr | None
    world: Ident | None
    effects: list[Effect]
    block: Block


@dataclass(slots=True, eq=False)
class ExternDecl(Decl):
    name: Ident
    params: list[Param]
    result: TypeExpr | None
    source: Ident
    address: Str
    needs: list[Ident]
    options: Mapping | None


@dataclass(slots=True, eq=False)
class ModelDecl(Decl):
    name: Ident
    value: Expr


@dataclass(slots=True, eq=False)
class Prop(Node):
    """`key: value` in an agent, an environment, a stage, a run or a phase."""

    key: Ident
    value: Value


@dataclass(slots=True, eq=False)
class When(Node):
    """One rule; `condition` is None for `otherwise`."""

    condition: Expr | None
    action: Expr | Fail


@dataclass(slots=True, eq=False)
class AgentDecl(Decl):
    """Model agent: no rules, no body. Rule agent: rules. Flow agent: body."""

    name: Ident
    params: list[Param]
    result: TypeExpr | None
    props: list[Prop]
    rules: list[When]
    body: list[Stmt]


@dataclass(slots=True, eq=False)
class DerivedDecl(Decl):
    """`agent A = B with {…}` and `environment A = B with {…}`."""

    kind: Literal["agent", "environment"]
    name: Ident
    value: Expr


@dataclass(slots=True, eq=False)
class Actor(Node):
    role: Ident
    agent: Expr


@dataclass(slots=True, eq=False)
class Actors(Node):
    actors: list[Actor]


@dataclass(slots=True, eq=False)
class Setup(Node):
    params: list[Param]
    block: Block


@dataclass(slots=True, eq=False)
class DynamicsEntry(Node):
    """One line of `dynamics`; `kind` says which, `targets` what it is about (dotted for noise)."""

    kind: Literal["default", "latency", "fault", "noise"]
    targets: list[Dotted]
    value: Value
    rate: Percent | None


@dataclass(slots=True, eq=False)
class Dynamics(Node):
    entries: list[DynamicsEntry]


@dataclass(slots=True, eq=False)
class Component(Node):
    name: Ident
    measure: Expr
    weight: Expr | None


@dataclass(slots=True, eq=False)
class Reward(Node):
    """`reward`, `reward each round`, `reward for actor`."""

    each_round: bool
    for_actor: Ident | None
    components: list[Component]


@dataclass(slots=True, eq=False)
class Stage(Node):
    name: Ident
    props: list[Prop]
    until: Expr | None


@dataclass(slots=True, eq=False)
class Curriculum(Node):
    stages: list[Stage]


@dataclass(slots=True, eq=False)
class Stop(Node):
    condition: Expr


@dataclass(slots=True, eq=False)
class EnvironmentDecl(Decl):
    name: Ident
    members: list[Prop | Actors | Setup | Dynamics | Reward | Curriculum | Stop]


@dataclass(slots=True, eq=False)
class Phase(Node):
    name: Ident
    props: list[Prop]


@dataclass(slots=True, eq=False)
class TrainDecl(Decl):
    name: Ident
    members: list[Prop | Phase]


@dataclass(slots=True, eq=False)
class TestDecl(Decl):
    title: Str
    environment: Ident | None
    body: list[Stmt]


@dataclass(slots=True, eq=False)
class Use(Node):
    path: Dotted
    names: list[Ident]  # empty: the module by its last name


@dataclass(slots=True, eq=False)
class Module(Node):
    """One file. `comments` are all plain comments in order of position."""

    doc: Doc | None
    package: Dotted | None
    uses: list[Use]
    decls: list[Decl]
    comments: list[Comment] = field(default_factory=list)

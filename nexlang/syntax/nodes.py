"""The syntax tree: one slotted class a construct, each with the offsets of the text it came from.

Offsets count characters of the source text, `start` inclusive and `end` exclusive. A tree is never changed
after parsing; what later passes learn about a node they keep beside it, keyed by the node itself.
"""

from __future__ import annotations

from typing import Literal

from nexlang.syntax.node_type import NodeType


class Node(metaclass=NodeType):
    start: int
    end: int


class Ident(Node):
    """A name where it is written."""

    name: str


class Dotted(Node):
    parts: list[Ident]

    @property
    def name(self) -> str:
        return ".".join(part.name for part in self.parts)


class Doc(Node):
    """A run of `##` lines; `text` is without the marks and without the common leading blank."""

    text: str


class Comment(Node):
    """A `#` comment, kept beside the tree in order of position for the formatter."""

    text: str


# ---------------------------------------------------------------- types


class TypeExpr(Node):
    pass


class NamedType(TypeExpr):
    name: str


class OptionalType(TypeExpr):
    item: TypeExpr


class ListType(TypeExpr):
    item: TypeExpr


class MapType(TypeExpr):
    key: TypeExpr
    value: TypeExpr


class LiteralType(TypeExpr):
    value: str | int | float


class AltType(TypeExpr):
    options: list[TypeExpr]


class RowType(TypeExpr):
    record: Ident


class TableType(TypeExpr):
    record: Ident
    key: Ident


class Refinement(Node):
    """`matching "regex"` (pattern) or `where expr` (condition, in which `it` is the value)."""

    pattern: Str | None
    condition: Expr | None


# ---------------------------------------------------------------- expressions


class Expr(Node):
    pass


class Missing(Expr):
    """Stands where recovery found no expression; it has been reported."""


class Name(Expr):
    name: str


class Num(Expr):
    """`value` is an int where the text has neither a point nor an exponent."""

    value: int | float
    text: str


class Percent(Expr):
    """`70%` is the Float 0.7."""

    value: float
    text: str


class DurationLit(Expr):
    """`value` is in milliseconds."""

    value: float
    text: str


class Str(Expr):
    """A text literal: `raw` is what stands between the quotes, escapes unresolved.

    `multiline` marks the triple-quoted form. Its parts (`{{ expr }}`) are parsed on demand by
    `nexlang.syntax.text_parts`, because a prompt is a template and not an interpolated text.
    """

    raw: str
    multiline: bool


class ListLit(Expr):
    items: list[Expr]


class Pair(Node):
    """`key: value` in braces; a quoted key has `quoted` set, a number's key is its digits."""

    key: Ident
    quoted: bool
    value: Expr


class Mapping(Expr):
    pairs: list[Pair]


class Clause(Node):
    """`for a, b in source`."""

    names: list[Ident]
    source: Expr


class Comp(Expr):
    """A comprehension: in brackets a list, else the single argument of a call such as `count(...)`."""

    element: Expr
    clauses: list[Clause]
    condition: Expr | None
    by: Expr | None
    descending: bool


class ListComp(Expr):
    comp: Comp


class Attr(Expr):
    of: Expr
    name: Ident


class Index(Expr):
    of: Expr
    key: Expr


class Arg(Node):
    name: Ident | None
    value: Expr


class Call(Expr):
    """`of(args)`; a comprehension argument is an `Arg` whose value is a `Comp`."""

    of: Expr
    args: list[Arg]


class CallData(Expr):
    """`call tool(args)`: a checked tool call as data."""

    tool: Ident
    args: list[Arg]


class As(Expr):
    of: Expr
    case: Ident


class CaseName(Node):
    """A case in `is`: a name, the digits of a number, or a text literal (`quoted`)."""

    name: str
    quoted: bool


class Is(Expr):
    of: Expr
    case: CaseName


class With(Expr):
    of: Expr
    changes: Mapping


class Unary(Expr):
    op: Literal["-", "not"]
    of: Expr


class Binary(Expr):
    op: Literal["+", "-", "*", "/", "and", "or", "??"]
    left: Expr
    right: Expr


class Compare(Expr):
    """`a < b <= c`: one more operand than operators; operators are == != < <= > >= in, `not in`."""

    operands: list[Expr]
    ops: list[str]


class Cond(Expr):
    condition: Expr
    then: Expr
    otherwise: Expr


# ---------------------------------------------------------------- statements


class Stmt(Node):
    pass


class Block(Node):
    body: list[Stmt]


class OrElse(Node):
    """`else fail expr` or `else return expr`."""

    kind: Literal["fail", "return"]
    value: Expr


class Let(Stmt):
    name: Ident
    value: Expr
    orelse: OrElse | None


class Var(Stmt):
    name: Ident
    type: TypeExpr | None
    value: Expr


class Assign(Stmt):
    """`target` is a Name, Attr or Index chain."""

    target: Expr
    op: Literal["=", "+=", "-="]
    value: Expr


class Do(Stmt):
    """A call for its effect."""

    call: Call
    orelse: OrElse | None


class Add(Stmt):
    value: Expr
    target: Expr


class Remove(Stmt):
    target: Expr


class Return(Stmt):
    value: Expr


class Require(Stmt):
    condition: Expr
    failure: Expr


class Fail(Stmt):
    failure: Expr


class ByActor(Stmt):
    actor: Ident
    block: Block


class For(Stmt):
    names: list[Ident]
    source: Expr
    condition: Expr | None
    block: Block


class If(Stmt):
    """`binding` is set for `if let x = e`, whose `condition` is then the optional `e`."""

    binding: Ident | None
    condition: Expr
    then: Block
    otherwise: Block | If | None


class Case(Node):
    names: list[CaseName]
    binding: Ident | None
    block: Block


class Match(Stmt):
    subject: Expr
    cases: list[Case]
    otherwise: Block | None


class Given(Stmt):
    target: Expr
    value: Expr


class Script(Stmt):
    """`model M says value`, `extern tool answers value`, and either `fails text`: the next of what it gives."""

    kind: Literal["model", "extern"]
    name: Ident
    verb: Literal["says", "answers", "fails"]
    value: Expr


class Expect(Stmt):
    """`expect c`, `expect c fails text` or `expect place unchanged`."""

    subject: Expr
    kind: Literal["true", "fails", "unchanged"]
    failure: Expr | None


# ---------------------------------------------------------------- declarations


class Decl(Node):
    """Every declaration has `doc`; all but tests have `name`. A `private` one is for its own module."""

    doc: Doc | None
    private: bool


class EnumCase(Node):
    name: Ident
    value: Str | None


class EnumDecl(Decl):
    name: Ident
    cases: list[EnumCase]


class UnionCase(Node):
    tag: Ident
    type: TypeExpr


class UnionDecl(Decl):
    name: Ident
    tag: Ident
    cases: list[UnionCase]


class Field(Node):
    doc: Doc | None
    name: Ident
    type: TypeExpr
    refine: Refinement | None
    default: Expr | None


class Invariant(Node):
    condition: Expr


class RecordDecl(Decl):
    name: Ident
    members: list[Field | Invariant]

    @property
    def fields(self) -> list[Field]:
        return [m for m in self.members if isinstance(m, Field)]


class TypeDecl(Decl):
    name: Ident
    type: TypeExpr
    refine: Refinement | None


class Value(Node):
    """A property's value: an expression, or `Type from "file"`."""

    expr: Expr
    source: Str | None


class ConstDecl(Decl):
    name: Ident
    value: Value


class Slot(Node):
    doc: Doc | None
    name: Ident
    type: TypeExpr  # a TableType for a table
    default: Expr | None


class Param(Node):
    name: Ident
    type: TypeExpr
    refine: Refinement | None
    default: Expr | None


class Process(Node):
    doc: Doc | None
    name: Ident
    params: list[Param]
    trigger: Literal["every", "after_call", "before_call", "after_round"]
    period: Expr | None
    block: Block


class WorldDecl(Decl):
    name: Ident
    members: list[Slot | Process]


class Effect(Node):
    kind: Literal["reads", "writes", "pure"]
    paths: list[Dotted]


class FunctionDecl(Decl):
    kind: Literal["fn", "tool"]
    name: Ident
    params: list[Param]
    result: TypeExpr | None
    world: Ident | None
    effects: list[Effect]
    block: Block


class ExternDecl(Decl):
    name: Ident
    params: list[Param]
    result: TypeExpr | None
    source: Ident
    address: Str
    needs: list[Ident]
    options: Mapping | None


class ModelDecl(Decl):
    name: Ident
    value: Expr


class Prop(Node):
    """`key: value` in an agent, an environment, a stage, a run or a phase."""

    key: Ident
    value: Value


class When(Node):
    """One rule; `condition` is None for `otherwise`."""

    condition: Expr | None
    action: Expr | Fail


class AgentDecl(Decl):
    """Model agent: no rules, no body. Rule agent: rules. Flow agent: body."""

    name: Ident
    params: list[Param]
    result: TypeExpr | None
    props: list[Prop]
    rules: list[When]
    body: list[Stmt]


class DerivedDecl(Decl):
    """`agent A = B with {…}` and `environment A = B with {…}`: what is given takes the place of what `B` says."""

    kind: Literal["agent", "environment"]
    name: Ident
    base: Ident
    members: list[Prop | Actors | Setup | Dynamics | Reward | Curriculum | Stop]


class Actor(Node):
    role: Ident
    agent: Expr


class Actors(Node):
    actors: list[Actor]


class Setup(Node):
    params: list[Param]
    block: Block


class DynamicsEntry(Node):
    """One line of `dynamics`; `kind` says which, `targets` what it is about (dotted for noise). A fault strikes before
    the effect of a call or `after` it."""

    kind: Literal["default", "latency", "fault", "noise"]
    targets: list[Dotted]
    value: Value
    rate: Percent | None
    after: bool


class Dynamics(Node):
    entries: list[DynamicsEntry]


class Component(Node):
    name: Ident
    measure: Expr
    weight: Expr | None


class Reward(Node):
    """`reward`, `reward each round`, `reward for actor`."""

    each_round: bool
    for_actor: Ident | None
    components: list[Component]


class Stage(Node):
    name: Ident
    props: list[Prop]
    until: Expr | None


class Curriculum(Node):
    stages: list[Stage]


class Stop(Node):
    condition: Expr


class EnvironmentDecl(Decl):
    name: Ident
    members: list[Prop | Actors | Setup | Dynamics | Reward | Curriculum | Stop]


class Phase(Node):
    name: Ident
    props: list[Prop]


class TrainDecl(Decl):
    name: Ident
    members: list[Prop | Phase]


class Rows(Node):
    """`for names in source`: the test is run once for each."""

    names: list[Ident]
    source: Expr


class AnyValues(Node):
    """`for all n: Int where …`: the test is run for many values of these types."""

    values: list[Param]


class TestDecl(Decl):
    title: Str
    environment: Ident | None
    cases: Rows | AnyValues | None
    body: list[Stmt]


class Use(Node):
    """`export` passes what it names on to whoever uses this module."""

    path: Dotted
    names: list[Ident]  # empty: the module by its last name
    export: bool


class Module(Node):
    """One file. `comments` are all plain comments in order of position."""

    doc: Doc | None
    package: Dotted | None
    uses: list[Use]
    decls: list[Decl]
    comments: list[Comment]

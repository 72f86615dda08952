"""The program as data: what the compiler hands to everything after it.

Every name is resolved, every place made explicit, every type known. The models are strict: an unknown key, a name
that is no identifier or a foreign version is refused. `Program.model_json_schema()` is the published format.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

IR_VERSION: Literal[1] = 1

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=200)]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @model_serializer(mode="wrap")
    def with_kind(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """`kind` tells models apart, so it is written even where defaults are left out."""
        kind = getattr(self, "kind", None)
        return write(self) if kind is None else {"kind": kind, **write(self)}


# ---------------------------------------------------------------- types


class Scalar(Model):
    kind: Literal["bool", "int", "float", "text", "json", "none", "duration", "chance", "call", "message", "failure"]


class LiteralType(Model):
    """One of a few texts."""

    kind: Literal["literal"] = "literal"
    values: list[str]


class NamedType(Model):
    """A record, enum, union, refined alias or world of the program, by name."""

    kind: Literal["record", "enum", "union", "alias", "world"]
    name: Identifier


class ListType(Model):
    kind: Literal["list"] = "list"
    item: Type


class MapType(Model):
    kind: Literal["map"] = "map"
    key: Type
    value: Type


class OptionalType(Model):
    kind: Literal["optional"] = "optional"
    item: Type


class OutcomeType(Model):
    """`T | Failure`: what a call inside an agent's body gives where its failure is handled."""

    kind: Literal["outcome"] = "outcome"
    item: Type


class TableType(Model):
    """Records by their key, in insertion order."""

    kind: Literal["table"] = "table"
    record: Identifier
    key: Identifier


Type = Annotated[
    Scalar | LiteralType | NamedType | ListType | MapType | OptionalType | OutcomeType | TableType,
    Field(discriminator="kind"),
]

# ---------------------------------------------------------------- expressions


class Lit(Model):
    kind: Literal["lit"] = "lit"
    value: bool | int | float | str | None


class Shown(Model):
    """A value inside a text: rendered by its type (Text as it is, Float as JSON writes it, records as JSON)."""

    kind: Literal["shown"] = "shown"
    value: Expr
    type: Type


class Interp(Model):
    """A text with values in it."""

    kind: Literal["interp"] = "interp"
    parts: list[str | Shown]


class Local(Model):
    """A parameter, a `let`, a `var`, a loop name; in measures also task, world, start, calls, messages, result."""

    kind: Literal["local"] = "local"
    name: Identifier


class Const(Model):
    """A top-level `let`."""

    kind: Literal["const"] = "const"
    name: Identifier


class Slot(Model):
    """A slot of a world: of the body's own world where `of` is absent."""

    kind: Literal["slot"] = "slot"
    of: Expr | None = None
    name: Identifier


class FieldOf(Model):
    """A field of a record, a call (tool, arguments, by, failed, code, result), a message (by, text) or a failure."""

    kind: Literal["field"] = "field"
    of: Expr
    name: Identifier


class IndexOf(Model):
    """`of[key]`: an optional for tables and maps; for lists it fails out of range."""

    kind: Literal["index"] = "index"
    of: Expr
    key: Expr
    container: Literal["table", "map", "list"]


class Construct(Model):
    """A new record; every field is given, defaults filled in by the compiler, in the record's order."""

    kind: Literal["construct"] = "construct"
    record: Identifier
    fields: dict[Identifier, Expr]


class WithFields(Model):
    kind: Literal["with"] = "with"
    of: Expr
    record: Identifier
    fields: dict[Identifier, Expr]


class ListOf(Model):
    kind: Literal["list_of"] = "list_of"
    items: list[Expr]
    item: Type


class MapOf(Model):
    kind: Literal["map_of"] = "map_of"
    pairs: list[tuple[Expr, Expr]]
    key: Type
    value: Type


class Clause(Model):
    """`for names in source`. `over` says what is walked: a list, a map (one name: keys; two: pairs), a table's rows
    (two names: key and row), or pairs (`enumerate`, `zip`)."""

    names: list[Identifier]
    source: Expr
    over: Literal["list", "map", "table", "pairs"]


class Comp(Model):
    """A comprehension. `kind` of result: a list, or what an aggregate makes of the elements.

    `index` gives a map from `by` to element. `first` is an optional. `min` and `max` give the element (by `by`
    where present) as an optional. `item` is the element's type. `count` and `any`/`all` need no element but a Bool.
    """

    kind: Literal["comp"] = "comp"
    result: Literal["list", "count", "sum", "any", "all", "first", "min", "max", "sorted", "index"]
    element: Expr
    item: Type
    clauses: list[Clause]
    condition: Expr | None = None
    by: Expr | None = None
    key: Type | None = None
    descending: bool = False


class CallFn(Model):
    """A call of the program's own `fn` or `tool` from a body in the same transaction; `args` in parameter order."""

    kind: Literal["call_fn"] = "call_fn"
    name: Identifier
    args: list[Expr]


class Act(Model):
    """A call inside an agent's body: a transaction of its own (tool) or another agent's run.

    `handled`: the value is `T | Failure`; otherwise a failure ends the agent.
    """

    kind: Literal["act"] = "act"
    target: Literal["tool", "agent"]
    name: Identifier
    args: dict[Identifier, Expr]
    handled: bool = False


class Builtin(Model):
    """A built-in function; the full list with signatures is `nexlang.semantics.builtins`."""

    kind: Literal["builtin"] = "builtin"
    name: Identifier
    args: list[Expr]
    type: Type


class Unary(Model):
    kind: Literal["unary"] = "unary"
    op: Literal["neg", "not"]
    of: Expr


class Binary(Model):
    """`join` concatenates texts, `chain` lists. `div` always gives a Float. `in` and `not_in` look among a list's
    items, a map's or table's keys or, for texts, parts. Operands of arithmetic have the same numeric type."""

    kind: Literal["binary"] = "binary"
    op: Literal[
        "add",
        "sub",
        "mul",
        "div",
        "join",
        "chain",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
        "in",
        "not_in",
        "and",
        "or",
        "else",
    ]
    left: Expr
    right: Expr


class Cond(Model):
    kind: Literal["cond"] = "cond"
    condition: Expr
    then: Expr
    otherwise: Expr


class IsCase(Model):
    """`of is Case`: `record` for a union's case or `failure`, `value` for an enum's case or a literal."""

    kind: Literal["is_case"] = "is_case"
    of: Expr
    test: Literal["record", "failure", "value"]
    name: str


class AsCase(Model):
    """`of as Case`: an optional of the case's record."""

    kind: Literal["as_case"] = "as_case"
    of: Expr
    record: Identifier


class ToFloat(Model):
    """The one implicit conversion."""

    kind: Literal["to_float"] = "to_float"
    of: Expr


class CallValue(Model):
    """`call tool(args)` as data."""

    kind: Literal["call_value"] = "call_value"
    tool: Identifier
    args: dict[Identifier, Shown]


Expr = Annotated[
    Lit
    | Shown
    | Interp
    | Local
    | Const
    | Slot
    | FieldOf
    | IndexOf
    | Construct
    | WithFields
    | ListOf
    | MapOf
    | Comp
    | CallFn
    | Act
    | Builtin
    | Unary
    | Binary
    | Cond
    | IsCase
    | AsCase
    | ToFloat
    | CallValue,
    Field(discriminator="kind"),
]

# ---------------------------------------------------------------- statements


class Failing(Model):
    """`fail Code("text")`; the code is empty where none was given."""

    kind: Literal["fail"] = "fail"
    line: int
    code: str = ""
    message: Expr


class Return(Model):
    kind: Literal["return"] = "return"
    line: int
    value: Expr | None


class Let(Model):
    """A new name. With `orelse`, `value` is an optional (or an outcome in an agent) and `type` what is in it."""

    kind: Literal["let"] = "let"
    line: int
    name: Identifier
    type: Type
    value: Expr
    orelse: Failing | Return | None = None
    optional: Literal["optional", "outcome"] = "optional"


class Set(Model):
    """An existing local takes a new value: a `var`, or a place that is read again after a write."""

    kind: Literal["set"] = "set"
    line: int
    name: Identifier
    value: Expr


class FieldStep(Model):
    kind: Literal["field"] = "field"
    record: Identifier
    name: Identifier


class KeyStep(Model):
    kind: Literal["key"] = "key"
    key: Expr


class ItemStep(Model):
    kind: Literal["item"] = "item"
    index: Expr


PathStep = Annotated[FieldStep | KeyStep | ItemStep, Field(discriminator="kind")]


class RowRoot(Model):
    """A row of the body's world that the local `name` holds; after the write the local holds the new row."""

    kind: Literal["row"] = "row"
    table: Identifier
    name: Identifier


class SlotRoot(Model):
    kind: Literal["slot"] = "slot"
    name: Identifier


class EntryRoot(Model):
    """`table[key]` written as a whole (no steps): the record takes the key's place. Its key must equal `key`."""

    kind: Literal["entry"] = "entry"
    table: Identifier
    key: Expr


class LocalRoot(Model):
    """A `var` that holds a record, list or map."""

    kind: Literal["local"] = "local"
    name: Identifier


Root = Annotated[RowRoot | SlotRoot | EntryRoot | LocalRoot, Field(discriminator="kind")]


class Write(Model):
    """A change below a root. Records, lists and maps are values: every level on the path is replaced by a changed copy.

    `mode`: `set` puts `value` there; `remove` takes the last step's key or item away (`value` is absent);
    `put` adds the record to the table that the root (an entry without key use) names: a taken key fails.
    The compiler has already turned `+=` and `-=` into `set`. A path that crosses an absent key fails.
    """

    kind: Literal["write"] = "write"
    line: int
    root: Root
    steps: list[PathStep] = []
    mode: Literal["set", "remove"] = "set"
    value: Expr | None = None


class AddRow(Model):
    """`add record to table`: fails where the key is taken."""

    kind: Literal["add_row"] = "add_row"
    line: int
    table: Identifier
    value: Expr


class RemoveRow(Model):
    """`remove table[key]`: fails where the key is absent."""

    kind: Literal["remove_row"] = "remove_row"
    line: int
    table: Identifier
    key: Expr


class Do(Model):
    """A call for its effect."""

    kind: Literal["do"] = "do"
    line: int
    call: Expr


class Require(Model):
    kind: Literal["require"] = "require"
    line: int
    condition: Expr
    failure: Failing


class For(Model):
    kind: Literal["for"] = "for"
    line: int
    clause: Clause
    condition: Expr | None = None
    body: list[Stmt]


class If(Model):
    """With `binding`, `condition` is an optional and the name holds what is in it (type `type`)."""

    kind: Literal["if"] = "if"
    line: int
    binding: Identifier | None = None
    type: Type | None = None
    condition: Expr
    then: list[Stmt]
    otherwise: list[Stmt] = []


class Case(Model):
    """`names` are case records (`record`), `Failure` (`failure`) or enum cases and literals (`value`)."""

    test: Literal["record", "failure", "value"]
    names: list[str]
    binding: Identifier | None = None
    body: list[Stmt]


class Match(Model):
    """`subject` is a local that the compiler has bound; without `otherwise` the cases are complete."""

    kind: Literal["match"] = "match"
    line: int
    subject: Local
    cases: list[Case]
    otherwise: list[Stmt] | None = None


class Given(Model):
    kind: Literal["given"] = "given"
    line: int
    write: Write


class Expect(Model):
    """`true`: the subject holds. `fails`: the subject, a call, fails with the text. `unchanged`: the world is as it
    was when the test's `given`s were done. `text` is the source of the subject, for the report."""

    kind: Literal["expect"] = "expect"
    line: int
    test: Literal["true", "fails", "unchanged"]
    subject: Expr | None = None
    message: Expr | None = None
    text: str


Stmt = Annotated[
    Let | Set | Write | AddRow | RemoveRow | Return | Require | Failing | For | If | Match | Do | Given | Expect,
    Field(discriminator="kind"),
]

# ---------------------------------------------------------------- declarations


class Refinement(Model):
    """`pattern` is matched against the whole text; in `condition` the local `it` is the value. `text` is the source."""

    pattern: str | None = None
    condition: Expr | None = None
    text: str


class Declared(Model):
    name: Identifier
    doc: str = ""
    file: str
    line: int


class RecordField(Model):
    name: Identifier
    doc: str = ""
    type: Type
    refine: Refinement | None = None
    default: Expr | None = None


class Record(Declared):
    """`tag` is (field, value) for a case of a union. `require` are conditions over the fields as locals."""

    fields: list[RecordField]
    require: list[Refinement] = []
    tag: tuple[Identifier, str] | None = None


class Enum(Declared):
    """Cases and the texts that stand for them in data; at run time an enum's value is that text."""

    cases: dict[Identifier, str]


class Union(Declared):
    """`cases`: tag value → record."""

    tag: Identifier
    cases: dict[str, Identifier]


class Alias(Declared):
    type: Type
    refine: Refinement | None = None


class Constant(Declared):
    type: Type
    value: Expr


class WorldSlot(Model):
    name: Identifier
    doc: str = ""
    type: Type
    default: Expr | None = None


class World(Declared):
    slots: list[WorldSlot]


class Parameter(Model):
    name: Identifier
    doc: str = ""
    type: Type
    refine: Refinement | None = None
    default: Expr | None = None


class Effects(Model):
    """`reads` and `writes` name tables and slots, or `table.field`."""

    reads: list[str] = []
    writes: list[str] = []
    fails: bool = False
    chance: bool = False


class Function(Declared):
    """A `fn` or `tool`. `world` is the world it runs in."""

    kind: Literal["fn", "tool"]
    params: list[Parameter]
    result: Type | None
    world: Identifier | None
    effects: Effects
    body: list[Stmt]


class ModelSpec(Declared):
    """`endpoint("name", temperature: 0.2)`: `options` are literals."""

    maker: Identifier
    target: str
    options: dict[Identifier, bool | int | float | str] = {}


class Held(Model):
    """A tool or delegate an agent holds; `fixed` arguments are expressions over the agent's parameters."""

    name: Identifier
    kind: Literal["tool", "agent"]
    fixed: dict[Identifier, Expr] = {}


class Template(Model):
    """A Jinja2 template over `names` (the agent's parameters and constants that it uses)."""

    source: str
    names: list[Identifier]


class Limits(Model):
    """Bounds of one run of the agent; `time_ms` is simulated time."""

    steps: int | None = None
    calls: int | None = None
    tokens: int | None = None
    time_ms: int | None = None


class Agent(Declared):
    """`model`: asks a model. `rules` and `flow`: `body` is the program of one turn or of the whole run; in a rule agent
    each rule has become an `If` whose block returns; a body that ends without a return passes."""

    kind: Literal["model", "rules", "flow"]
    params: list[Parameter]
    result: Type
    model: Identifier | None = None
    tools: list[Held] = []
    limits: Limits = Limits()
    memory: list[Builtin] = []
    prompt: Template | None = None
    turn: Template | None = None
    plays: Identifier | None = None
    body: list[Stmt] = []


class TaskFile(Model):
    """`path` is inside the bundle's `data/`."""

    kind: Literal["file"] = "file"
    path: str


class TaskCall(Model):
    """A pure function that gives all tasks."""

    kind: Literal["call"] = "call"
    call: CallFn


class TaskGenerator(Model):
    """`generate(f, count: n)`: task i is `f` with the stream (seed, environment, i)."""

    kind: Literal["generate"] = "generate"
    function: Identifier
    count: int


TaskSource = Annotated[TaskFile | TaskCall | TaskGenerator, Field(discriminator="kind")]


class ActorSpec(Model):
    role: Identifier
    agent: Identifier
    args: dict[Identifier, Expr]


class Component(Model):
    """`low` and `high` bound the measure (absent: unbounded on that side); a Bool counts 0 or 1."""

    name: Identifier
    measure: Expr
    type: Literal["bool", "float", "int"]
    weight: float
    low: float | None = None
    high: float | None = None
    text: str


class StageSpec(Model):
    """`tasks` is a condition over `task`; `until` the success rate that ends the stage."""

    name: Identifier
    tasks: Expr | None = None
    noise: float | None = None
    depth: int | None = None
    until: float | None = None


class Environment(Declared):
    """`task` is the tasks' type. Measures may name earlier components; `success` and `stop` may name all."""

    world: Identifier
    world_data: str | None = None
    task: Type
    tasks: TaskSource
    split: Expr | None = None
    turns: Literal["in_order"] = "in_order"
    rounds: int | None = None
    actors: list[ActorSpec]
    setup: list[Stmt] = []
    setup_dice: Identifier | None = None
    solution: Act | Expr | None = None
    reward: list[Component] = []
    success: Expr | None = None
    stop: Expr | None = None
    curriculum: list[StageSpec] = []


class Imitate(Model):
    """`demos` is a file in the bundle's `data/`, or the stand-in agent whose episodes are the demonstrations."""

    demos_file: str | None = None
    demos_agent: Identifier | None = None
    options: dict[Identifier, bool | int | float | str] = {}


class Reinforce(Model):
    algorithm: str
    options: dict[Identifier, bool | int | float | str] = {}


class Train(Declared):
    environment: Identifier
    learns: list[Identifier]
    base: str
    imitate: Imitate | None = None
    reinforce: Reinforce | None = None


class Test(Model):
    title: str
    environment: Identifier | None
    file: str
    line: int
    body: list[Stmt]


class Program(Model):
    """A whole checked program. `files` are the sources, relative to the program's folder, in order of name."""

    ir: Literal[1] = IR_VERSION
    name: Identifier
    package: str
    edition: str
    files: list[str]
    records: list[Record] = []
    enums: list[Enum] = []
    unions: list[Union] = []
    aliases: list[Alias] = []
    constants: list[Constant] = []
    worlds: list[World] = []
    functions: list[Function] = []
    models: list[ModelSpec] = []
    agents: list[Agent] = []
    environments: list[Environment] = []
    trains: list[Train] = []
    tests: list[Test] = []

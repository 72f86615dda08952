"""Declarations in the IR."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from nexlang.ir.expressions import Act, Builtin, Clause, Expr
from nexlang.ir.statements import Stmt
from nexlang.ir.types import Identifier, Model, SlotPath, Type


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


class Effects(Model):
    """`reads` and `writes` name tables and slots, or `table.field`; `asks` names models, `extern` extern tools."""

    reads: list[str] = []
    writes: list[str] = []
    fails: bool = False
    chance: bool = False
    asks: list[str] = []
    extern: list[str] = []


class Process(Declared):
    """What a world does by itself. `period_ms` is set for `every`; `dice` is the local that holds a stream of chance.
    Around calls the local `request` is the call, after one `answer` is its text."""

    trigger: Literal["every", "before_call", "after_call", "after_round"]
    period_ms: float | None = None
    dice: Identifier | None = None
    effects: Effects = Effects()
    body: list[Stmt]


class World(Declared):
    slots: list[WorldSlot]
    processes: list[Process] = []


class Parameter(Model):
    name: Identifier
    doc: str = ""
    type: Type
    refine: Refinement | None = None
    default: Expr | None = None
    row: SlotPath | None = None
    """The table that a place given for the parameter is a row of."""


class ExternSpec(Model):
    """Where an extern tool's answers come from, and the capabilities that asking needs; `time` is in milliseconds."""

    source: Literal["python", "mcp", "http", "sandbox"]
    address: str
    needs: list[Literal["network", "files", "process", "python", "devices"]]
    options: dict[Identifier, bool | int | float | str] = {}


class Function(Declared):
    """A `fn` or `tool`. `world` is the world it runs in, `row` the table that its result is a row of. An `extern` tool
    has no body."""

    kind: Literal["fn", "tool"]
    params: list[Parameter]
    result: Type | None
    world: Identifier | None
    row: SlotPath | None = None
    effects: Effects
    extern: ExternSpec | None = None
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
    """Bounds of one run of the agent; `time_ms` is simulated time, `depth` how many runs may be in each other."""

    steps: int | None = None
    calls: int | None = None
    tokens: int | None = None
    time_ms: float | None = None
    depth: int | None = None


class Policy(Model):
    """A pure function that chooses what of a conversation a model still reads; `args` are those after the messages,
    over the agent's parameters."""

    kind: Literal["policy"] = "policy"
    name: Identifier
    args: list[Expr]


class Summary(Model):
    """An agent that sums up what is older than the last `keep` turns, where the conversation is longer than about
    `above` tokens."""

    kind: Literal["summary"] = "summary"
    agent: Identifier
    above: int
    keep: int


Memory = Annotated[Builtin | Policy | Summary, Field(discriminator="kind")]
"""A part of an agent's `memory`; the built-in one is `window`."""


class Agent(Declared):
    """`model`: asks a model. `rules` and `flow`: `body` is the program of one turn or of the whole run; in a rule agent
    each rule has become an `If` whose block returns; a body that ends without a return passes."""

    kind: Literal["model", "rules", "flow"]
    params: list[Parameter]
    result: Type
    model: Identifier | None = None
    tools: list[Held] = []
    limits: Limits = Limits()
    memory: list[Memory] = []
    prompt: Template | None = None
    turn: Template | None = None
    plays: Identifier | None = None
    grants: list[str] | None = None
    body: list[Stmt] = []


class TaskFile(Model):
    """`path` is inside the bundle's `data/`."""

    kind: Literal["file"] = "file"
    path: str


class TaskCall(Model):
    """An expression that gives all tasks: a call of a pure function, or a list."""

    kind: Literal["call"] = "call"
    call: Expr


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
    """`low` and `high` bound the measure (absent: unbounded on that side); a Bool counts 0 or 1.

    Paid at the `end`, after each `round`, or as the change of a `potential` in each round. Each actor has its `own`,
    or all have one. A `judged` one asks a judge, or reads one that does.
    """

    name: Identifier
    measure: Expr
    type: Literal["bool", "float", "int"]
    paid: Literal["end", "round", "potential"] = "end"
    own: bool = False
    judged: bool = False
    weight: float
    low: float | None = None
    high: float | None = None
    text: str


class Judge(Model):
    """An agent that is asked when the episode has ended; `judged(i)` in a measure is what the i-th found."""

    agent: Identifier
    args: dict[Identifier, Expr]


class Latency(Model):
    """How long a call takes, in milliseconds; of all other tools where `tools` is empty."""

    tools: list[Identifier] = []
    distribution: Expr


class Fault(Model):
    """A failure that strikes a share of calls, before or `after` what they do."""

    code: str = ""
    message: Expr
    rate: float
    tools: list[Identifier]
    after: bool = False


class Noise(Model):
    """What is added to a Float, at the end of `path`, in what a tool or an observing `fn` returns."""

    target: Identifier
    of: Literal["tool", "fn"]
    path: list[Identifier] = []
    distribution: Expr


class DynamicsSpec(Model):
    """What a world does to calls; a stage's `noise` scales it."""

    latency: list[Latency] = []
    faults: list[Fault] = []
    noise: list[Noise] = []


class StageSpec(Model):
    """`tasks` is a condition over `task`; `until` the success rate that ends the stage."""

    name: Identifier
    tasks: Expr | None = None
    noise: float | None = None
    depth: int | None = None
    until: float | None = None


class ClockSpec(Model):
    """When an episode begins, as ISO text without offset, and whether the clock shows how its time passes."""

    start: str
    runs: bool


class Environment(Declared):
    """`task` is the tasks' type. Measures may name earlier components; `success` and `stop` may name all. `time_ms`
    bounds the simulated time of an episode, `tick_ms` passes at the end of each round."""

    world: Identifier
    world_data: str | None = None
    task: Type
    tasks: TaskSource
    split: Expr | None = None
    turns: Literal["in_order", "at_once", "by_priority"] = "in_order"
    rounds: int | None = None
    clock: ClockSpec | None = None
    tick_ms: float | None = None
    time_ms: float | None = None
    actors: list[ActorSpec]
    setup: list[Stmt] = []
    setup_dice: Identifier | None = None
    solution: Act | Expr | None = None
    dynamics: DynamicsSpec | None = None
    judges: list[Judge] = []
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


class TestRows(Model):
    """A run of the test for each of what `clause` walks; its names have the `types`."""

    kind: Literal["rows"] = "rows"
    clause: Clause
    types: list[Type]


class TestValues(Model):
    """Runs of the test for values of these types."""

    kind: Literal["values"] = "values"
    values: list[Parameter]


class Test(Model):
    """`shown` is the title of one row, where the title names it. `world` stands where no environment gives it: one with
    empty tables and the slots' defaults."""

    title: str
    shown: Expr | None = None
    cases: Annotated[TestRows | TestValues, Field(discriminator="kind")] | None = None
    environment: Identifier | None
    world: Identifier | None = None
    file: str
    line: int
    body: list[Stmt]

"""Expressions in the IR."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from nexlang.ir.types import Identifier, LiteralValue, Model, Type


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
    result: Literal["list", "count", "sum", "any", "all", "first", "min", "max", "sorted", "index", "group"]
    element: Expr
    item: Type
    clauses: list[Clause]
    condition: Expr | None = None
    by: Expr | None = None
    key: Type | None = None
    descending: bool = False


class CallFn(Model):
    """A call of the program's own `fn` or `tool` from a body in the same transaction; `args` in parameter order.

    `part` is the slot that holds the world it runs in, where that is a part of the body's. What a `noisy` one gives
    goes through its environment's noise. `by` is the actor that a test acts for.
    """

    kind: Literal["call_fn"] = "call_fn"
    name: Identifier
    args: list[Expr]
    by: Identifier | None = None
    part: Expr | None = None
    noisy: bool = False


class Act(Model):
    """A call inside an agent's body: a transaction of its own (tool) or another agent's run.

    `handled`: the value is `T | Failure`, or none in place of a failure where it is `absent`; otherwise a failure ends
    the agent. `by` is the actor that makes the call, where it is not the agent's own.
    """

    kind: Literal["act"] = "act"
    target: Literal["tool", "agent"]
    name: Identifier
    args: dict[Identifier, Expr]
    handled: bool = False
    absent: bool = False
    by: Identifier | None = None


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
    name: LiteralValue


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

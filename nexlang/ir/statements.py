"""Statements in the IR: the bodies of functions, agents and tests."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from nexlang.ir.expressions import Clause, Expr, Local
from nexlang.ir.types import Identifier, LiteralValue, Model, SlotPath, Type


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
    table: SlotPath
    name: Identifier


class SlotRoot(Model):
    kind: Literal["slot"] = "slot"
    name: SlotPath


class EntryRoot(Model):
    """`table[key]` written as a whole (no steps): the record takes the key's place. Its key must equal `key`."""

    kind: Literal["entry"] = "entry"
    table: SlotPath
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
    table: SlotPath
    value: Expr


class RemoveRow(Model):
    """`remove table[key]`: fails where the key is absent."""

    kind: Literal["remove_row"] = "remove_row"
    line: int
    table: SlotPath
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
    names: list[LiteralValue]
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
    """`true`: the subject holds. `fails`: the subject, a call, fails with the `message` and the `code`, either of which
    may be left open. `unchanged`: the subject (the world where there is none) is as it was when the test's `given`s
    were done. `text` is the source, for the report."""

    kind: Literal["expect"] = "expect"
    line: int
    test: Literal["true", "fails", "unchanged"]
    subject: Expr | None = None
    message: Expr | None = None
    code: str | None = None
    text: str


class Script(Model):
    """The next of what a model (`name` is its name, or that of one agent) or an extern gives in a test: the value, or a
    failure with the text `value` and the code."""

    kind: Literal["script"] = "script"
    line: int
    of: Literal["model", "extern"]
    name: Identifier
    value: Expr
    code: str | None = None


Stmt = Annotated[
    Let | Set | Write | AddRow | RemoveRow | Return | Require | Failing | For | If | Match | Do
    | Given | Expect | Script,
    Field(discriminator="kind"),
]  # fmt: skip

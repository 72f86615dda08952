"""Types in the IR, and what all its models share."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StrictBool,
    StrictInt,
    StrictStr,
    model_serializer,
)

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=200)]

SlotPath = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$", max_length=2000)]
"""A slot of a world; one of a part is named by the way to it, joined by dots."""

LiteralValue = StrictBool | StrictInt | StrictStr


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @model_serializer(mode="wrap")
    def with_kind(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """`kind` tells models apart, so it is written even where defaults are left out."""
        kind = getattr(self, "kind", None)
        return write(self) if kind is None else {"kind": kind, **write(self)}


class Scalar(Model):
    kind: Literal[
        "bool", "int", "float", "decimal", "text", "json", "none", "duration", "date", "time", "time_of_day",
        "chance", "call", "message", "failure", "actor", "distribution",
    ]  # fmt: skip


class LiteralType(Model):
    """One of a few texts, whole numbers or truth values."""

    kind: Literal["literal"] = "literal"
    values: list[LiteralValue]


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

"""Pydantic models of a program's records, made on demand: many of them would cost every import a tenth of a second."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal, Union

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    create_model,
)

from nexlang.ir.lookup import Lookup
from nexlang.ir.model import (
    Expr,
    ListOf,
    ListType,
    Lit,
    LiteralType,
    MapOf,
    MapType,
    OptionalType,
    OutcomeType,
    Program,
    RecordField,
    Refinement,
    Scalar,
    TableType,
    Type,
)
from nexlang.ir.moments import EXAMPLES, READERS, decimal_text, moment_text


def _moment(kind: str, type: Any, json: dict[str, str]) -> Any:
    """A value that JSON has as a text: strictly read, and written in its one way."""

    def read(value: Any) -> Any:
        made = READERS[kind](value) if isinstance(value, str) else value
        if made is None:
            raise ValueError(f"expected a text like {EXAMPLES[kind]}")
        return made

    write = decimal_text if kind == "decimal" else moment_text
    return Annotated[
        type,
        BeforeValidator(read),
        PlainSerializer(write, return_type=str, when_used="json"),
        WithJsonSchema({"type": "string", **json}),
    ]


_SCALARS: dict[str, Any] = {
    "decimal": _moment("decimal", Decimal, {"pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"}),
    "date": _moment("date", date, {"format": "date"}),
    "time": _moment("time", datetime, {"format": "date-time"}),
    "time_of_day": _moment("time_of_day", time, {"format": "time"}),
    "bool": bool, "int": int, "float": float, "text": str, "json": Any, "none": None, "duration": float,
    "call": dict[str, Any], "message": dict[str, Any], "failure": dict[str, Any],
}  # fmt: skip


class PydanticModels:
    """The models of one program. Patterns are checked, conditions (`where`, `require`) stay with the program."""

    def __init__(self, program: Program) -> None:
        self.look = Lookup(program)
        self._made: dict[str, type[BaseModel]] = {}

    def record(self, name: str) -> type[BaseModel]:
        """The model of a record; unknown fields are refused, no type is converted but Int to Float."""
        model = self._record(name)
        for made in self._made.values():
            made.model_rebuild(_types_namespace=dict(self._made))
        return model

    def _record(self, name: str) -> type[BaseModel]:
        if name not in self._made:
            record = self.look.records[name]
            self._made[name] = BaseModel  # holds the place while the record's own fields are made
            fields: dict[str, Any] = {field.name: self._field(field) for field in record.fields}
            if record.tag:
                fields = {record.tag[0]: (Literal[record.tag[1]], record.tag[1]), **fields}
            config = ConfigDict(extra="forbid", strict=True, title=name, protected_namespaces=())
            self._made[name] = create_model(name, __config__=config, __doc__=record.doc or None, **fields)
        return self._made[name]

    def _field(self, field: RecordField) -> tuple[Any, Any]:
        annotation = _refined(self.type(field.type), field.refine)
        default = None if isinstance(field.type, OptionalType) and field.default is None else _constant(field.default)
        return annotation, Field(default, description=field.doc or None)

    def type(self, of: Type) -> Any:
        """The annotation of a type."""
        match of:
            case Scalar():
                return _SCALARS.get(of.kind, Any)
            case LiteralType():
                return Literal[tuple(of.values)]
            case ListType():
                return list[self.type(of.item)]  # type: ignore[misc]
            case MapType():
                return dict[self.type(of.key), self.type(of.value)]  # type: ignore[misc]
            case OptionalType() | OutcomeType():
                return _either([self.type(of.item), None])
            case TableType():
                return dict[str, self._named("record", of.record)]  # type: ignore[misc]
            case _:
                return self._named(of.kind, of.name)

    def _named(self, kind: str, name: str) -> Any:
        match kind:
            case "record":
                held = self._made.get(name)
                return name if held is BaseModel else self._record(name)
            case "enum":
                return Literal[tuple(self.look.enums[name].cases.values())]
            case "alias":
                alias = self.look.aliases[name]
                return _refined(self.type(alias.type), alias.refine)
            case "union":
                union = self.look.unions[name]
                cases = [self._named("record", case) for case in dict.fromkeys(union.cases.values())]
                return Annotated[_either(cases), Field(discriminator=union.tag)] if len(cases) > 1 else cases[0]
        return Any


def _either(options: list[Any]) -> Any:
    """A union; records that are still being made stand in it by name."""
    return Union[tuple(options)]  # noqa: UP007


def _constant(value: Expr | None) -> Any:
    """The value of a default that is written out; anything else makes the field one that must be given."""
    match value:
        case Lit():
            return value.value
        case ListOf():
            return [_constant(item) for item in value.items]
        case MapOf():
            return {_constant(key): _constant(item) for key, item in value.pairs}
    return ...


def _refined(annotation: Any, refine: Refinement | None) -> Any:
    if refine is None or refine.pattern is None:
        return annotation
    return Annotated[annotation, StringConstraints(pattern=f"^(?:{refine.pattern})$")]


def pydantic_model(program: Program, record: str) -> type[BaseModel]:
    """The Pydantic model of one record of a program."""
    return PydanticModels(program).record(record)

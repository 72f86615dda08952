"""JSON Schemas of a program's types and callables, in the strict form that function calling takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isinf
from typing import Any

from nexlang.ir.bounds import bounds
from nexlang.ir.model import (
    Agent,
    Alias,
    Enum,
    Function,
    ListType,
    Lit,
    LiteralType,
    MapType,
    OptionalType,
    OutcomeType,
    Parameter,
    Program,
    Record,
    Refinement,
    Scalar,
    TableType,
    Type,
    Union,
)

Json = dict[str, Any]

_SCALARS: Mapping[str, Json] = {
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "text": {"type": "string"},
    "duration": {"type": "number", "description": "Milliseconds."},
    "decimal": {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "date-time"},
    "time_of_day": {"type": "string", "format": "time"},
    "none": {"type": "null"},
    "json": {},
    "call": {
        "type": "object",
        "properties": {"tool": {"type": "string"}, "arguments": {"type": "object"}},
        "required": ["tool", "arguments"],
        "additionalProperties": False,
    },
    "message": {
        "type": "object",
        "properties": {"by": {"type": "string"}, "text": {"type": "string"}},
        "required": ["by", "text"],
        "additionalProperties": False,
    },
}

_SIZES = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems")}


class Schemas:
    """Schemas of one program. Named types are written out in place; one that holds itself ends in `{}`."""

    def __init__(self, program: Program) -> None:
        kinds: tuple[Sequence[Record | Enum | Union | Alias], ...] = (
            program.records, program.enums, program.unions, program.aliases,
        )  # fmt: skip
        self._types = {declared.name: declared for kind in kinds for declared in kind}

    def callable(self, of: Function | Agent) -> Json:
        """The function schema of a tool, or of an agent as a delegate."""
        function = {"name": of.name, "description": of.doc, "parameters": self.parameters(of.params)}
        return {"type": "function", "function": function}

    def parameters(self, params: Sequence[Parameter]) -> Json:
        """An object schema; streams of chance are the runtime's to give, not a model's."""
        asked = [p for p in params if not (isinstance(p.type, Scalar) and p.type.kind == "chance")]
        properties = {p.name: self._described(p.type, p.doc, p.refine, p.default) for p in asked}
        needed = [p.name for p in asked if p.default is None and not isinstance(p.type, OptionalType)]
        return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}

    def type(self, of: Type, within: frozenset[str] = frozenset()) -> Json:
        if isinstance(of, Scalar):
            return dict(_SCALARS.get(of.kind, {}))
        if isinstance(of, LiteralType):
            kind = {bool: "boolean", int: "integer", str: "string"}[type(of.values[0])]
            return {"type": kind, "enum": list(of.values)}
        if isinstance(of, ListType):
            return {"type": "array", "items": self.type(of.item, within)}
        if isinstance(of, MapType):
            return {"type": "object", "additionalProperties": self.type(of.value, within)}
        if isinstance(of, OptionalType):
            return _nullable(self.type(of.item, within))
        if isinstance(of, OutcomeType):
            return self.type(of.item, within)
        if isinstance(of, TableType):
            return {"type": "object", "additionalProperties": self._named(of.record, within)}
        return self._named(of.name, within)

    def _named(self, name: str, within: frozenset[str]) -> Json:
        declared = self._types.get(name)
        if declared is None or name in within:
            return {}
        inside = within | {name}
        if isinstance(declared, Enum):
            return {"type": "string", "enum": list(declared.cases.values())}
        if isinstance(declared, Union):
            return {"anyOf": [self._named(case, inside) for case in declared.cases.values()]}
        if isinstance(declared, Alias):
            return _refined(self.type(declared.type, inside), declared.refine)
        return self._record(declared, inside)

    def _record(self, record: Record, within: frozenset[str]) -> Json:
        properties: Json = {}
        if record.tag:
            properties[record.tag[0]] = {"type": "string", "enum": [record.tag[1]]}
        for field in record.fields:
            schema = _refined(self.type(field.type, within), field.refine)
            properties[field.name] = {**schema, **({"description": field.doc} if field.doc else {})}
        left_out = {f.name for f in record.fields if f.default is not None or isinstance(f.type, OptionalType)}
        needed = [name for name in properties if name not in left_out]
        return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}

    def _described(self, of: Type, doc: str, refine: Refinement | None, default: object) -> Json:
        schema = _refined(self.type(of), refine)
        if isinstance(default, Lit) and default.value is not None:
            schema = {**schema, "default": default.value}
        return {**schema, "description": doc} if doc else schema


def _refined(schema: Json, refine: Refinement | None) -> Json:
    """A pattern is matched against the whole text; of a condition, what is a bound. The program checks all of it."""
    if refine is None:
        return schema
    if "anyOf" in schema and schema["anyOf"][-1] == {"type": "null"}:
        return {**schema, "anyOf": [*(_refined(inner, refine) for inner in schema["anyOf"][:-1]), {"type": "null"}]}
    pattern = {"pattern": f"^(?:{refine.pattern})$"} if refine.pattern else {}
    return {**schema, **pattern, **_bounded(schema.get("type"), refine)}


def _bounded(kind: str | None, refine: Refinement) -> Json:
    """The keywords of JSON Schema that a condition comes to."""
    if kind == "integer":
        low, high = bounds(refine).whole
        return _present(minimum=low, maximum=high)
    if kind == "number":
        within = bounds(refine)
        least = {"exclusiveMinimum" if within.open_low else "minimum": within.low}
        most = {"exclusiveMaximum" if within.open_high else "maximum": within.high}
        return {name: bound for name, bound in (least | most).items() if not isinf(bound)}
    if kind in _SIZES:
        low, high = bounds(refine, "size").whole
        least_name, most_name = _SIZES[kind]
        return _present(**{least_name: low, most_name: high})
    return {}


def _present(**keywords: int | None) -> Json:
    return {name: value for name, value in keywords.items() if value is not None}


def _nullable(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema


def callables(program: Program) -> dict[str, Json]:
    """The function schemas of all tools and agents, by name."""
    schemas = Schemas(program)
    of: list[Function | Agent] = [function for function in program.functions if function.kind == "tool"]
    return {each.name: schemas.callable(each) for each in [*of, *program.agents]}


def results(program: Program) -> dict[str, Json]:
    """The JSON Schema of each agent's result, by the agent's name."""
    schemas = Schemas(program)
    return {agent.name: schemas.type(agent.result) for agent in program.agents}

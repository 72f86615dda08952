"""Types of the program as Python annotations and as codecs, and the types of expressions where they matter."""

from __future__ import annotations

from nexlang.codegen.names import type_name
from nexlang.ir import model as ir
from nexlang.ir.lookup import Lookup

_SCALARS = {
    "bool": "bool", "int": "int", "float": "float", "text": "str", "json": "Any", "none": "None", "duration": "float",
    "decimal": "Decimal", "date": "Date", "time": "Time", "time_of_day": "TimeOfDay", "chance": "Chance",
    "call": "Call", "message": "Message", "failure": "Failure", "actor": "Role", "distribution": "Distribution",
}  # fmt: skip
ENGINE = "nexlang.worlds.engine"
_FROM = {name: ENGINE for name in _SCALARS.values() if name[0].isupper()} | {"Any": "typing"}
del _FROM["None"]


def scalar(kind: str) -> ir.Scalar:
    return ir.Scalar.model_validate({"kind": kind})


BOOL, INT, FLOAT, TEXT, JSON, DECIMAL = (scalar(kind) for kind in ("bool", "int", "float", "text", "json", "decimal"))
_CALL_FIELDS: dict[str, ir.Type] = {
    "tool": TEXT, "arguments": JSON, "by": TEXT, "failed": BOOL, "code": TEXT, "result": TEXT, "text": TEXT,
    "message": TEXT, "name": TEXT, "agent": TEXT, "at": scalar("duration"),
    **dict.fromkeys(("year", "month", "day", "hour", "minute", "second"), INT),
}  # fmt: skip


def type_of_literals(of: ir.LiteralType) -> str:
    return {bool: "bool", int: "int", str: "str"}[type(of.values[0])]


class Annotations:
    """Python annotations; `uses` collects what a module must import, as (module, name)."""

    def __init__(self, look: Lookup, uses: set[tuple[str, str]]) -> None:
        self.look = look
        self.uses = uses

    def of(self, type: ir.Type) -> str:
        match type:
            case ir.Scalar():
                name = _SCALARS[type.kind]
                if name in _FROM:
                    self.uses.add((_FROM[name], name))
                return name
            case ir.LiteralType():
                return type_of_literals(type)
            case ir.NamedType():
                self.uses.add((".worlds" if type.kind == "world" else ".types", type_name(type.name)))
                return type_name(type.name)
            case ir.ListType():
                self.uses.add(("collections.abc", "Sequence"))
                return f"Sequence[{self.of(type.item)}]"
            case ir.MapType():
                self.uses.add(("collections.abc", "Mapping"))
                return f"Mapping[{self.of(type.key)}, {self.of(type.value)}]"
            case ir.OptionalType():
                inner = self.of(type.item)
                return inner if inner.endswith("| None") or inner in ("Any", "None") else f"{inner} | None"
            case ir.OutcomeType():
                self.uses.add((ENGINE, "Failure"))
                inner = self.of(type.item)
                if inner == "None" or inner.endswith(" | None"):
                    return f"{inner.removesuffix('None')}Failure | None"
                return inner if inner == "Any" else f"{inner} | Failure"
            case ir.TableType():
                self.uses |= {(ENGINE, "Table"), (".types", type_name(type.record))}
                key = self.of(self.look.field(type.record, type.key).type)
                return f"Table[{key}, {type_name(type.record)}]"


class Inference:
    """Types of expressions. `None` where it cannot be told, which costs no more than a check at run time."""

    def __init__(self, look: Lookup, world: str | None) -> None:
        self.look = look
        self.world = world
        self.locals: dict[str, ir.Type | None] = {}

    def bare(self, expr: ir.Expr) -> ir.Type | None:
        """The type without aliases."""
        type = self.of(expr)
        return self.look.bare(type) if type is not None else None

    def of(self, expr: ir.Expr) -> ir.Type | None:
        match expr:
            case ir.Local():
                return self.locals.get(expr.name)
            case ir.Const():
                return self.look.constants[expr.name].type
            case ir.Slot():
                return self._slot(expr)
            case ir.FieldOf():
                return self._field(expr)
            case ir.IndexOf():
                return self._index(expr)
            case ir.Construct() | ir.WithFields():
                return ir.NamedType(kind="record", name=expr.record)
            case ir.AsCase():
                return ir.OptionalType(item=ir.NamedType(kind="record", name=expr.record))
            case ir.CallFn():
                return self.look.functions[expr.name].result
            case ir.Lit():
                return _literal(expr.value)
            case ir.Interp() | ir.Shown():
                return TEXT
            case ir.ToFloat():
                return FLOAT
            case ir.ListOf():
                return ir.ListType(item=expr.item)
            case ir.MapOf():
                return ir.MapType(key=expr.key, value=expr.value)
            case ir.Builtin():
                return expr.type
            case ir.Comp():
                return self._comp(expr)
            case ir.Unary():
                return BOOL if expr.op == "not" else self.of(expr.of)
            case ir.Cond():
                return self.of(expr.then) or self.of(expr.otherwise)
            case ir.Binary():
                return self._binary(expr)
        return None

    def _slot(self, expr: ir.Slot) -> ir.Type | None:
        world = self.world
        if expr.of is not None:
            of = self.bare(expr.of)
            world = of.name if isinstance(of, ir.NamedType) and of.kind == "world" else None
        return self.look.slot(world, expr.name).type if world else None

    def _field(self, expr: ir.FieldOf) -> ir.Type | None:
        of = self.bare(expr.of)
        if isinstance(of, ir.OptionalType):
            of = self.look.bare(of.item)
        if isinstance(of, ir.NamedType) and of.kind == "record":
            return self.look.field(of.name, expr.name).type
        return _CALL_FIELDS.get(expr.name) if isinstance(of, ir.Scalar) and of.kind != "json" else None

    def _index(self, expr: ir.IndexOf) -> ir.Type | None:
        match self.bare(expr.of):
            case ir.ListType(item=item):
                return item
            case ir.MapType(value=value):
                return value if isinstance(self.look.bare(value), ir.OptionalType) else ir.OptionalType(item=value)
            case ir.TableType(record=record):
                return ir.OptionalType(item=ir.NamedType(kind="record", name=record))
        return None

    def _comp(self, expr: ir.Comp) -> ir.Type | None:
        match expr.result:
            case "list" | "sorted":
                return ir.ListType(item=expr.item)
            case "count":
                return INT
            case "any" | "all":
                return BOOL
            case "sum":
                return expr.item
            case "index":
                return ir.MapType(key=expr.key, value=expr.item) if expr.key else None
            case "group":
                return ir.MapType(key=expr.key, value=ir.ListType(item=expr.item)) if expr.key else None
        optional = isinstance(self.look.bare(expr.item), ir.OptionalType)
        return expr.item if optional else ir.OptionalType(item=expr.item)

    def _binary(self, expr: ir.Binary) -> ir.Type | None:
        if expr.op in ("add", "sub", "mul", "div", "chain"):
            left, right = self.of(expr.left), self.of(expr.right)
            if DECIMAL in (left, right) or expr.op == "div":
                return DECIMAL if DECIMAL in (left, right) else FLOAT
            return (left if left != INT else right) or left or right
        if expr.op == "else":
            left = self.bare(expr.left)
            return left.item if isinstance(left, ir.OptionalType) else self.of(expr.right)
        return TEXT if expr.op == "join" else BOOL

    def clause(self, clause: ir.Clause) -> None:
        """Note the types of a loop's names."""
        source = self.bare(clause.source)
        types: list[ir.Type | None] = [None, None]
        if clause.over == "pairs":
            types = self._pairs(clause.source)
        elif isinstance(source, ir.ListType):
            types = [source.item, None]
        elif isinstance(source, ir.MapType):
            types = [source.key, source.value]
        elif isinstance(source, ir.TableType):
            row = ir.NamedType(kind="record", name=source.record)
            types = [self.look.field(source.record, source.key).type, row] if len(clause.names) == 2 else [row]
        for name, type in zip(clause.names, types, strict=False):
            self.locals[name] = type

    def _pairs(self, source: ir.Expr) -> list[ir.Type | None]:
        if not isinstance(source, ir.Builtin):
            return [None, None]
        lists = [self.bare(arg) for arg in source.args]
        items = [of.item if isinstance(of, ir.ListType) else None for of in lists]
        return [INT, *items] if source.name == "enumerate" else [*items, None, None]


def _literal(value: object) -> ir.Type:
    if value is None:
        return scalar("none")
    return scalar({bool: "bool", int: "int", float: "float", str: "text"}[type(value)])

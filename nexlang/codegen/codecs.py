"""Codecs of types, as the Python expressions that make them."""

from __future__ import annotations

from nexlang.codegen import layout as py
from nexlang.codegen.expressions import Surroundings
from nexlang.codegen.layout import Atom
from nexlang.codegen.names import field_name, type_name, upper_name
from nexlang.codegen.statements import Body
from nexlang.codegen.text import constant, literal
from nexlang.codegen.types import ENGINE
from nexlang.ir import model as ir
from nexlang.ir.lookup import Lookup

CODECS = f"{ENGINE}.codecs"
_SCALARS = {
    "bool": "BOOL", "int": "INT", "float": "FLOAT", "text": "TEXT", "json": "JSON", "none": "NONE",
    "duration": "DURATION", "decimal": "DECIMAL", "date": "DATE", "time": "TIME", "time_of_day": "TIME_OF_DAY",
    "message": "MESSAGE", "failure": "FAILURE",
}  # fmt: skip


def codec_names(look: Lookup) -> dict[str, str]:
    """The names of the codecs of enums, aliases and unions in `types.py`; each is used once."""
    taken = {"BOOL", "INT", "FLOAT", "TEXT", "JSON", "NONE", "DURATION", "MESSAGE", "FAILURE", "CALL"}
    taken |= {"DECIMAL", "DATE", "TIME", "TIME_OF_DAY"}
    taken |= {type_name(record) for record in look.records}
    names: dict[str, str] = {}
    for name in (*look.enums, *look.aliases, *look.unions):
        upper = upper_name(name)
        while upper in taken:
            upper += "_"
        taken.add(upper)
        names[name] = upper
    return names


class Codecs:
    """Writes the codec of a type; `home` is set in `types.py`, where the program's own codecs are made."""

    def __init__(self, look: Lookup, uses: set[tuple[str, str]], home: bool = False) -> None:
        self.look = look
        self.uses = uses
        self.home = home
        self.names = codec_names(look)

    def use(self, name: str, module: str = CODECS) -> Atom:
        if not name.isidentifier():
            raise ValueError(f"`{name}` is no name")
        if not (self.home and module == ".types"):
            self.uses.add((module, name))
        return Atom(name)

    def of(self, type: ir.Type, refine: ir.Refinement | None = None) -> py.Expr:
        if refine is not None:
            return self.refined(self.of(type), refine)
        match type:
            case ir.Scalar(kind="call"):
                return self.use("CALL", ".types")
            case ir.Scalar():
                return self.use(_SCALARS[type.kind], ENGINE)
            case ir.LiteralType():
                return py.Call(self.use("one_of"), [constant(value) for value in type.values])
            case ir.NamedType(kind="record"):
                return self.use(type_name(type.name), ".types")
            case ir.NamedType(kind="world"):
                raise ValueError(f"a world is no JSON: {type.name} cannot be a field or a tool's parameter")
            case ir.NamedType():
                return self.use(self.names[type.name], ".types")
            case ir.ListType():
                return py.Call(self.use("list_of"), [self.of(type.item)])
            case ir.MapType():
                return py.Call(self.use("map_of"), [self.of(type.key), self.of(type.value)])
            case ir.OptionalType() | ir.OutcomeType():
                return py.Call(self.use("optional"), [self.of(type.item)])
            case ir.TableType():
                record = self.of(ir.NamedType(kind="record", name=type.record))
                return py.Call(self.use("table", f"{ENGINE}.tables"), [record, Atom(literal(field_name(type.key)))])

    def refined(self, base: py.Expr, refine: ir.Refinement, name: str = "") -> py.Expr:
        items = [base, Atom(literal(refine.text))]
        if name:
            items.append(py.Keyword("name", Atom(literal(name))))
        if refine.pattern is not None:
            items.append(py.Keyword("pattern", Atom(literal(refine.pattern))))
        if refine.condition is not None:
            items.append(py.Keyword("where", self.function("it", refine.condition, {"it": Atom("it")})))
        return py.Call(self.use("refined"), items)

    def function(self, parameter: str, body: ir.Expr, named: dict[str, py.Expr]) -> py.Expr:
        """A small function over one value, for a refinement or a default."""
        around = Surroundings(self.look, set(), None, ctx="pure()", named=named, inline_constants=True)
        made = Body(around).expr(body)
        for module, name in around.uses:
            self.use(name, module)
        if "pure()" in made.flat():
            self.use("pure", ENGINE)
        return py.Lambda(parameter, made)

    def field(self, type: ir.Type, refine: ir.Refinement | None, default: ir.Expr | None) -> py.Expr:
        """A field's or parameter's codec, with its default."""
        codec = self.of(type, refine)
        if default is None or (default == ir.Lit(value=None) and isinstance(type, ir.OptionalType)):
            return codec
        return py.Call(self.use("default", f"{ENGINE}.records"), [codec, self.function("", default, {})])

"""Expressions of the program as expressions of Python."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from nexlang.codegen import layout as py
from nexlang.codegen.calls import Builtins
from nexlang.codegen.comprehensions import Comprehensions
from nexlang.codegen.layout import AND, COMPARE, OR, PRODUCT, SUM, UNARY, Atom
from nexlang.codegen.names import field_name, global_name, local_name, slot_name, type_name
from nexlang.codegen.text import constant, f_string, literal, text_expr
from nexlang.codegen.types import ENGINE, JSON, Annotations, Inference
from nexlang.ir import model as ir
from nexlang.ir.lookup import Lookup
from nexlang.ir.moments import READERS

BUILTINS = f"{ENGINE}.builtins"
_OPERATORS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "in": "in", "not_in": "not in"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NEGATED = {"eq": "ne", "ne": "eq", "in": "not_in", "not_in": "in"}


_TYPED = (ir.Local, ir.Const, ir.Slot, ir.FieldOf, ir.IndexOf, ir.CallFn)
"""Expressions whose values were held to their type where they came from."""


class Surroundings:
    """What a body's expressions stand in: how it names its context, its locals, and whether it may act."""

    def __init__(
        self,
        look: Lookup,
        uses: set[tuple[str, str]],
        world: str | None,
        ctx: str = "ctx",
        named: Mapping[str, py.Expr] | None = None,
        taken: frozenset[str] = frozenset(),
        inline_constants: bool = False,
    ) -> None:
        self.look = look
        self.uses = uses
        self.annotations = Annotations(look, uses)
        self.infer = Inference(look, world)
        self.ctx = ctx
        self.named = dict(named or {})
        self.taken = taken
        self.inline_constants = inline_constants


class Expressions(Comprehensions, Builtins):
    """One body's expressions. `x_<kind>` writes the expression of that kind."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.look = around.look
        self.infer = around.infer
        self.fresh_names = 0
        self.in_source = False
        self.paid = True

    # ------------------------------------------------------------ helpers

    def use(self, name: str, module: str = BUILTINS) -> Atom:
        """A name that the module must import."""
        if not name.isidentifier():
            raise ValueError(f"`{name}` is no name")
        self.around.uses.add((module, name))
        return Atom(name)

    def record(self, name: str) -> Atom:
        return self.use(type_name(name), ".types")

    def local(self, name: str) -> str:
        """The Python name of a local."""
        return local_name(name, self.around.taken)

    def fresh(self, stem: str = "made") -> str:
        """A name that no local has: locals of the program that end so get a `_`."""
        self.fresh_names += 1
        return f"{stem}_{self.fresh_names}_"

    def ctx(self, name: str, *items: py.Expr) -> py.Expr:
        return py.Call(Atom(f"{self.around.ctx}.{name}"), list(items))

    def annotation(self, type: ir.Type) -> str:
        return self.around.annotations.of(type)

    def expr(self, expr: ir.Expr) -> py.Expr:
        method: Callable[[ir.Expr], py.Expr] = getattr(self, f"x_{expr.kind}")
        return method(expr)

    def all(self, exprs: Sequence[ir.Expr]) -> list[py.Expr]:
        return [self.expr(expr) for expr in exprs]

    # ------------------------------------------------------------ values

    def x_lit(self, expr: ir.Lit) -> py.Expr:
        if isinstance(expr.value, str):
            return text_expr(expr.value)
        text = repr(expr.value)
        if isinstance(expr.value, float) and not math.isfinite(expr.value):
            return py.Call(Atom("float"), [Atom(literal(text))])
        return Atom(text, UNARY if text.startswith("-") else py.ATOM)

    def x_local(self, expr: ir.Local) -> py.Expr:
        return self.around.named.get(expr.name) or Atom(self.local(expr.name))

    def x_const(self, expr: ir.Const) -> py.Expr:
        if self.around.inline_constants:
            value = self.look.constants[expr.name].value
            if not isinstance(value, ir.Lit):
                raise ValueError(f"a refinement or default may only name constants that are literals: `{expr.name}`")
            return self.x_lit(value)
        return self.use(global_name(self.look.constants[expr.name].name), ".functions")

    def x_slot(self, expr: ir.Slot) -> py.Expr:
        of = Atom(f"{self.around.ctx}.world") if expr.of is None else self.expr(expr.of)
        return py.Member(of, slot_name(expr.name))

    def x_field(self, expr: ir.FieldOf) -> py.Expr:
        of = self.expr(expr.of)
        if isinstance(self.infer.bare(expr.of), ir.OptionalType):
            of = py.Call(self.use("present"), [of, Atom(literal(f"value with a field {expr.name}"))])
        return py.Member(of, field_name(expr.name))

    def x_index(self, expr: ir.IndexOf) -> py.Expr:
        of, key = self.expr(expr.of), self.expr(expr.key)
        if isinstance(self.infer.bare(expr.of), ir.OptionalType):
            of = py.Call(self.use("present"), [of, Atom('"value to look into"')])
        if expr.container == "list":
            return py.Call(self.use("at"), [of, key])
        return py.Call(py.Member(of, "get"), [key])

    def x_construct(self, expr: ir.Construct) -> py.Expr:
        items: list[py.Expr] = [py.Keyword(field_name(name), self.expr(of)) for name, of in expr.fields.items()]
        made = py.Call(self.record(expr.record), items)
        return self.checked(made, expr.record, expr.fields)

    def x_with(self, expr: ir.WithFields) -> py.Expr:
        items: list[py.Expr] = [py.Keyword(field_name(name), self.expr(of)) for name, of in expr.fields.items()]
        made = py.Call(py.Member(self.expr(expr.of), "_with"), items)
        return self.checked(made, expr.record, expr.fields)

    def checked(self, made: py.Expr, record: str, fields: Mapping[str, ir.Expr]) -> py.Expr:
        """With the refinements that literals, checked by the compiler, do not settle."""
        declared = self.look.records[record]
        open_fields = [name for name, value in fields.items() if not isinstance(value, ir.Lit)]
        if declared.require or any(self.is_refined(self.look.field(record, name)) for name in open_fields):
            return py.Call(py.Member(made, "_checked"), [])
        return made

    def kept(self, made: py.Expr, value: ir.Expr, type: ir.Type | None, what: str) -> py.Expr:
        """A value held to the refinements of its type, where neither the compiler nor its own type has done so."""
        if type is None or isinstance(value, ir.Lit) or not self._refined_type(type):
            return made
        if isinstance(value, _TYPED) and self.infer.of(value) == type:
            return made
        return self.held(made, type, what)

    def held(self, made: py.Expr, type: ir.Type, what: str) -> py.Expr:
        from nexlang.codegen.codecs import Codecs

        codec = Codecs(self.look, self.around.uses).of(type)
        return py.Call(self.use("kept", f"{ENGINE}.records"), [codec, made, Atom(literal(what))])

    def is_refined(self, field: ir.RecordField | ir.Parameter) -> bool:
        """Whether a value of the field's Python type may still not fit."""
        return field.refine is not None or self._refined_type(field.type)

    def _refined_type(self, type: ir.Type) -> bool:
        match type:
            case ir.NamedType(kind="alias"):
                alias = self.look.aliases[type.name]
                return alias.refine is not None or self._refined_type(alias.type)
            case ir.ListType() | ir.OptionalType():
                return self._refined_type(type.item)
            case ir.MapType():
                return self._refined_type(type.value)
        return False

    def x_list_of(self, expr: ir.ListOf) -> py.Expr:
        return py.Display("[", self.all(expr.items), "]")

    def x_map_of(self, expr: ir.MapOf) -> py.Expr:
        return py.Display("{", [py.Entry(self.expr(key), self.expr(value)) for key, value in expr.pairs], "}")

    def x_call_value(self, expr: ir.CallValue) -> py.Expr:
        entries: list[py.Expr] = [
            py.Entry(Atom(literal(name)), self.plain(shown.value, shown.type)) for name, shown in expr.args.items()
        ]
        return py.Call(self.use("Call", ENGINE), [Atom(literal(expr.tool)), py.Display("{", entries, "}")])

    def plain(self, value: ir.Expr, type: ir.Type) -> py.Expr:
        """A value as JSON."""
        made = self.expr(value)
        bare = self.look.bare(type)
        if self.is_text(type) or (isinstance(bare, ir.Scalar) and bare.kind not in READERS):
            return made
        return py.Call(self.use("plain", f"{ENGINE}.codecs"), [made])

    # ------------------------------------------------------------ texts

    def x_shown(self, expr: ir.Shown) -> py.Expr:
        if self.is_text(expr.type):
            return self.expr(expr.value)
        bare = self.look.bare(expr.type)
        if isinstance(bare, ir.Scalar) and bare.kind == "duration":
            return py.Call(self.use("duration_text", f"{ENGINE}.moments"), [self.expr(expr.value)])
        return py.Call(self.use("show"), [self.expr(expr.value)])

    def is_text(self, type: ir.Type) -> bool:
        bare = self.look.bare(type)
        if isinstance(bare, ir.Scalar):
            return bare.kind == "text"
        if isinstance(bare, ir.LiteralType):
            return isinstance(bare.values[0], str)
        return isinstance(bare, ir.NamedType) and bare.kind == "enum"

    def x_interp(self, expr: ir.Interp) -> py.Expr:
        """A text that is kept is paid for; one that a failure says is not."""
        values = [part if isinstance(part, str) else self.x_shown(part) for part in expr.parts]
        if all(isinstance(value, str) for value in values):
            return text_expr("".join(value for value in values if isinstance(value, str)))
        if len(values) == 1 and isinstance(values[0], py.Expr):
            return values[0]
        made = f_string(values)
        return self.ctx("text", made) if self.paid else made

    # ------------------------------------------------------------ calls

    def x_call_fn(self, expr: ir.CallFn) -> py.Expr:
        if expr.noisy:
            told = [Atom(literal(expr.name)), self.x_call_fn(expr.model_copy(update={"noisy": False}))]
            return py.Call(Atom("scope.noisy"), told)
        module = ".tools" if self.look.functions[expr.name].kind == "tool" else ".functions"
        if expr.part is not None:
            function = self.use(global_name(expr.name), module)
            return self.ctx("within", self.expr(expr.part), function, *self.all(expr.args))
        return py.Call(self.use(global_name(expr.name), module), [Atom(self.around.ctx), *self.all(expr.args)])

    def x_act(self, expr: ir.Act) -> py.Expr:
        """A call in an agent's body; its result is known to be of the declared type."""
        target = self.look.agents[expr.name] if expr.target == "agent" else self.look.functions[expr.name]
        type: ir.Type = target.result or ir.Scalar(kind="none")
        if expr.absent:
            type = type if isinstance(self.look.bare(type), ir.OptionalType) else ir.OptionalType(item=type)
        elif expr.handled:
            type = ir.OutcomeType(item=type)
        annotation = self.annotation(type)
        made = py.Paren("yield from ", self.act(expr))
        if annotation in ("Any", "None"):
            return made
        return py.Call(self.use("cast", "typing"), [Atom(annotation), made])

    def act(self, expr: ir.Act) -> py.Expr:
        entries: list[py.Expr] = [py.Entry(Atom(literal(name)), self.expr(of)) for name, of in expr.args.items()]
        head = [Atom(literal(expr.target)), Atom(literal(expr.name)), py.Display("{", entries, "}")]
        more: list[py.Expr] = [py.Keyword("absent", Atom("True"))] if expr.absent else []
        more += [py.Keyword("by", Atom(literal(expr.by)))] if expr.by else []
        return py.Call(Atom("run.act"), [*head, Atom(str(expr.handled)), *more])

    # ------------------------------------------------------------ operators

    def x_unary(self, expr: ir.Unary) -> py.Expr:
        return self.negated(expr.of) if expr.op == "not" else py.Prefix("-", self.expr(expr.of))

    def negated(self, expr: ir.Expr) -> py.Expr:
        """`not expr`, as one would write it."""
        match expr:
            case ir.Unary(op="not"):
                return self.expr(expr.of)
            case ir.Binary() if expr.op in _NEGATED:
                return self.expr(expr.model_copy(update={"op": _NEGATED[expr.op]}))
            case ir.IsCase(test="value"):
                return self.is_value(expr.of, expr.name, negated=True)
            case ir.Builtin(name="contains"):
                return self.b_contains(expr, negated=True)
        return py.Prefix("not ", self.expr(expr))

    def x_binary(self, expr: ir.Binary) -> py.Expr:
        match expr.op:
            case "and" | "or":
                return self.logical(expr)
            case "else":
                return self.otherwise(expr)
            case "join":
                return self.ctx("text", self.chain(SUM, expr, "+"))
            case "chain":
                return self.ctx("listed", py.Display("[", [*self.spread(expr.left), *self.spread(expr.right)], "]"))
            case "add" | "sub":
                return self.chain(SUM, expr, "+" if expr.op == "add" else "-")
            case "mul":
                return self.product(expr)
            case "div":
                return self.chain(PRODUCT, expr, "/")
        return self.compare(expr)

    def chain(self, level: int, expr: ir.Binary, operator: str) -> py.Expr:
        return py.Chain(level, [self.expr(expr.left), self.expr(expr.right)], [operator])

    def spread(self, expr: ir.Expr) -> list[py.Expr]:
        """The items of a list inside another list's brackets."""
        return self.all(expr.items) if isinstance(expr, ir.ListOf) else [py.Starred(self.expr(expr))]

    def product(self, expr: ir.Binary) -> py.Expr:
        small = any(isinstance(side, ir.Lit) and abs(side.value or 0) < 1 << 16 for side in (expr.left, expr.right))  # type: ignore[arg-type]
        kinds = [of.kind for side in (expr.left, expr.right) if isinstance(of := self.infer.bare(side), ir.Scalar)]
        if small or {"float", "duration", "decimal"} & {*kinds}:
            return self.chain(PRODUCT, expr, "*")
        return self.ctx("product", self.expr(expr.left), self.expr(expr.right))

    def logical(self, expr: ir.Binary) -> py.Expr:
        if expr.op == "or" and (found := self.one_of(expr)) is not None:
            return found
        return self.chain(AND if expr.op == "and" else OR, expr, expr.op)

    def one_of(self, expr: ir.Binary) -> py.Expr | None:
        """`x == a or x == b` as `x in (a, b)`."""
        sides = _disjuncts(expr)
        if not all(isinstance(side, ir.Binary) and side.op == "eq" for side in sides):
            return None
        equalities = [side for side in sides if isinstance(side, ir.Binary)]
        if any(side.left != equalities[0].left or _is_none(side.right) for side in equalities):
            return None
        values = py.Display("(", [self.expr(side.right) for side in equalities], ")")
        return py.Chain(COMPARE, [self.expr(equalities[0].left), values], ["in"])

    def compare(self, expr: ir.Binary) -> py.Expr:
        left, right = expr.left, expr.right
        operator = _OPERATORS[expr.op]
        if operator in _MIRRORED and isinstance(left, ir.Lit) and not isinstance(right, ir.Lit):
            left, right, operator = right, left, _MIRRORED[operator]
        if isinstance(right, ir.Lit) and (right.value is None or isinstance(right.value, bool)):
            operator = {"==": "is", "!=": "is not"}.get(operator, operator)
        if operator in ("==", "!=") and self.is_large(left):
            same = self.ctx("same", self.expr(left), self.expr(right))
            return same if operator == "==" else py.Prefix("not ", same)
        return py.Chain(COMPARE, [self.expr(left), self.among(right, operator)], [operator])

    def is_large(self, expr: ir.Expr) -> bool:
        """Whether comparing the value takes time that its size decides; texts are bounded, worlds have deltas."""
        bare = self.infer.bare(expr)
        if isinstance(bare, ir.OptionalType):
            bare = self.look.bare(bare.item)
        if isinstance(bare, ir.NamedType):
            return bare.kind in ("record", "union")
        return isinstance(bare, (ir.ListType, ir.MapType)) or bare == JSON

    def among(self, expr: ir.Expr, operator: str) -> py.Expr:
        """The right side of a comparison; looking through a list or text is paid for."""
        made = self.expr(expr)
        if operator not in ("in", "not in") or isinstance(expr, ir.Lit):
            return made
        if isinstance(expr, ir.ListOf):
            return py.Display("(", made.items, ")") if isinstance(made, py.Display) and made.items else made
        bare = self.infer.bare(expr)
        if isinstance(bare, ir.ListType):
            return self.ctx("over", made)
        return self.ctx("text", made) if bare is not None and self.is_text(bare) else made

    def otherwise(self, expr: ir.Binary) -> py.Expr:
        """`left ?? right`: the right side only where it is needed, unless it costs nothing."""
        left, right = self.expr(expr.left), self.expr(expr.right)
        of = self.infer.bare(expr.left)
        inner = self.look.bare(of.item) if isinstance(of, ir.OptionalType) else None
        if isinstance(inner, ir.NamedType) and inner.kind in ("record", "union"):
            return py.Chain(OR, [left, right], ["or"])
        if isinstance(expr.right, (ir.Lit, ir.Local, ir.Const)):
            return py.Call(self.use("coalesce"), [left, right])
        if self.in_source:
            return py.Call(self.use("or_else"), [left, py.Lambda("", right)])
        name = self.fresh("value")
        bound = py.Chain(COMPARE, [py.Paren(f"{name} := ", left), Atom("None")], ["is not"])
        return py.IfElse(bound, Atom(name), right)

    def x_cond(self, expr: ir.Cond) -> py.Expr:
        match expr.then, expr.otherwise:
            case ir.Lit(value=True), ir.Lit(value=False):
                return self.expr(expr.condition)
            case ir.Lit(value=False), ir.Lit(value=True):
                return self.negated(expr.condition)
        return py.IfElse(self.expr(expr.condition), self.expr(expr.then), self.expr(expr.otherwise))

    def x_is_case(self, expr: ir.IsCase) -> py.Expr:
        of = self.expr(expr.of)
        if expr.test == "value":
            return self.is_value(expr.of, expr.name)
        kind = self.use("Failure", ENGINE) if expr.test == "failure" else self.record(str(expr.name))
        return py.Call(Atom("isinstance"), [of, kind])

    def is_value(self, of: ir.Expr, value: str | int, negated: bool = False) -> py.Expr:
        """Whether a value is a case of an enum, or a literal."""
        operators = ("is", "is not") if isinstance(value, bool) else ("==", "!=")
        return py.Chain(COMPARE, [self.expr(of), constant(value)], [operators[negated]])

    def x_as_case(self, expr: ir.AsCase) -> py.Expr:
        return py.Call(self.use("as_case"), [self.record(expr.record), self.expr(expr.of)])

    def x_to_float(self, expr: ir.ToFloat) -> py.Expr:
        if isinstance(expr.of, ir.Lit) and isinstance(expr.of.value, int):
            return self.x_lit(ir.Lit(value=float(expr.of.value)))
        return py.Call(Atom("float"), [self.expr(expr.of)])


def _disjuncts(expr: ir.Expr) -> list[ir.Expr]:
    if isinstance(expr, ir.Binary) and expr.op == "or":
        return [*_disjuncts(expr.left), *_disjuncts(expr.right)]
    return [expr]


def _is_none(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Lit) and (expr.value is None or isinstance(expr.value, bool))

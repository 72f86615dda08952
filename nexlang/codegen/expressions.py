"""Expressions of the program as expressions of Python."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from nexlang.codegen import layout as py
from nexlang.codegen.calls import Builtins
from nexlang.codegen.layout import AND, COMPARE, OR, PRODUCT, SUM, UNARY, Atom
from nexlang.codegen.names import field_name, global_name, local_name, slot_name, type_name
from nexlang.codegen.text import escaped, literal, quote_for, text_expr
from nexlang.codegen.types import ENGINE, Annotations, Inference
from nexlang.ir import model as ir
from nexlang.ir.lookup import Lookup

BUILTINS = f"{ENGINE}.builtins"
_OPERATORS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "in": "in", "not_in": "not in"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NEGATED = {"eq": "ne", "ne": "eq", "in": "not_in", "not_in": "in"}


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


class Expressions(Builtins):
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
        if self.is_text(type) or isinstance(self.look.bare(type), ir.Scalar):
            return made
        return py.Call(self.use("plain", f"{ENGINE}.codecs"), [made])

    # ------------------------------------------------------------ texts

    def x_shown(self, expr: ir.Shown) -> py.Expr:
        if self.is_text(expr.type):
            return self.expr(expr.value)
        return py.Call(self.use("show"), [self.expr(expr.value)])

    def is_text(self, type: ir.Type) -> bool:
        bare = self.look.bare(type)
        if isinstance(bare, ir.Scalar):
            return bare.kind == "text"
        return isinstance(bare, ir.LiteralType) or (isinstance(bare, ir.NamedType) and bare.kind == "enum")

    def x_interp(self, expr: ir.Interp) -> py.Expr:
        """A text that is kept is paid for; one that a failure says is not."""
        values = [part if isinstance(part, str) else self.x_shown(part) for part in expr.parts]
        if all(isinstance(value, str) for value in values):
            return text_expr("".join(value for value in values if isinstance(value, str)))
        if len(values) == 1 and isinstance(values[0], py.Expr):
            return values[0]
        made = _f_string(values)
        return self.ctx("text", made) if self.paid else made

    # ------------------------------------------------------------ calls

    def x_call_fn(self, expr: ir.CallFn) -> py.Expr:
        module = ".tools" if self.look.functions[expr.name].kind == "tool" else ".functions"
        return py.Call(self.use(global_name(expr.name), module), [Atom(self.around.ctx), *self.all(expr.args)])

    def x_act(self, expr: ir.Act) -> py.Expr:
        """A call in an agent's body; its result is known to be of the declared type."""
        target = self.look.agents[expr.name] if expr.target == "agent" else self.look.functions[expr.name]
        type: ir.Type = target.result or ir.Scalar(kind="none")
        annotation = self.annotation(ir.OutcomeType(item=type) if expr.handled else type)
        made = py.Paren("yield from ", self.act(expr))
        if annotation in ("Any", "None"):
            return made
        return py.Call(self.use("cast", "typing"), [Atom(annotation), made])

    def act(self, expr: ir.Act) -> py.Expr:
        entries: list[py.Expr] = [py.Entry(Atom(literal(name)), self.expr(of)) for name, of in expr.args.items()]
        head = [Atom(literal(expr.target)), Atom(literal(expr.name)), py.Display("{", entries, "}")]
        return py.Call(Atom("run.act"), [*head, Atom(str(expr.handled))])

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
                return py.Chain(COMPARE, [self.expr(expr.of), Atom(literal(expr.name))], ["!="])
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
        if small or "float" in kinds or "duration" in kinds:
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
        if operator in ("==", "!=") and isinstance(self.infer.bare(left), (ir.ListType, ir.MapType)):
            same = self.ctx("same", self.expr(left), self.expr(right))
            return same if operator == "==" else py.Prefix("not ", same)
        return py.Chain(COMPARE, [self.expr(left), self.among(right, operator)], [operator])

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
            return py.Chain(COMPARE, [of, Atom(literal(expr.name))], ["=="])
        kind = self.use("Failure", ENGINE) if expr.test == "failure" else self.record(expr.name)
        return py.Call(Atom("isinstance"), [of, kind])

    def x_as_case(self, expr: ir.AsCase) -> py.Expr:
        return py.Call(self.use("as_case"), [self.record(expr.record), self.expr(expr.of)])

    def x_to_float(self, expr: ir.ToFloat) -> py.Expr:
        if isinstance(expr.of, ir.Lit) and isinstance(expr.of.value, int):
            return self.x_lit(ir.Lit(value=float(expr.of.value)))
        return py.Call(Atom("float"), [self.expr(expr.of)])

    # ------------------------------------------------------------ comprehensions

    def clause(self, clause: ir.Clause) -> tuple[str, py.Expr]:
        """The names and the source of a loop; walking it is paid for."""
        before, self.in_source = self.in_source, True
        source = self.source(clause)
        self.in_source = before
        self.infer.clause(clause)
        return ", ".join(self.local(name) for name in clause.names), source

    def source(self, clause: ir.Clause) -> py.Expr:
        made = self.expr(clause.source)
        if clause.over == "table":
            rows = py.Call(py.Member(made, "rows" if len(clause.names) == 1 else "pairs"), [])
            return self.ctx("over", rows)
        if clause.over == "map":
            name = "keys" if len(clause.names) == 1 else "entries"
            return py.Call(self.use(name), [Atom(self.around.ctx), made])
        paid = isinstance(clause.source, ir.Builtin) and clause.source.name in ("range", "enumerate", "zip")
        return made if paid or isinstance(clause.source, ir.ListOf) else self.ctx("over", made)

    def clauses(self, comp: ir.Comp) -> list[py.For]:
        made = [py.For(*self.clause(clause)) for clause in comp.clauses]
        if comp.condition is not None:
            made[-1].conditions.append(self.expr(comp.condition))
        return made

    def x_comp(self, comp: ir.Comp) -> py.Expr:
        clauses = self.clauses(comp)
        return getattr(self, f"c_{comp.result}")(comp, clauses)  # type: ignore[no-any-return]

    def generator(self, comp: ir.Comp, clauses: list[py.For]) -> py.Generator:
        return py.Generator(self.expr(comp.element), clauses)

    def keyed(self, comp: ir.Comp, clauses: list[py.For]) -> py.Generator:
        """Pairs of (key, element)."""
        assert comp.by is not None
        pair = py.Display("(", [self.expr(comp.by), self.expr(comp.element)], ")")
        return py.Generator(pair, clauses)

    def c_list(self, comp: ir.Comp, clauses: list[py.For]) -> py.Expr:
        generator = self.generator(comp, clauses)
        same = isinstance(generator.element, Atom) and generator.element.text == clauses[0].target
        if same and len(clauses) == 1 and not clauses[0].conditions:
            return py.Call(Atom("list"), [clauses[0].source])
        return py.Comprehension("[", generator, "]")

    def c_count(self, comp: ir.Comp, clauses: list[py.For]) -> py.Expr:
        counted = py.Comprehension("[", py.Generator(Atom("None"), clauses), "]")
        return py.Call(Atom("len"), [counted])

    def c_sum(self, comp: ir.Comp, clauses: list[py.For]) -> py.Expr:
        whole = isinstance(comp.item, ir.Scalar) and comp.item.kind == "int"
        return py.Call(Atom("sum") if whole else self.use("total"), [self.generator(comp, clauses)])

    def c_any(self, comp: ir.Comp, clauses: list[py.For]) -> py.Expr:
        return py.Call(Atom("any"), [self.generator(comp, clauses)])

    def c_all(self, comp: ir.Comp, clauses: list[py.For]) -> py.Expr:
        return py.Call(Atom("all"), [self.generator(comp, clauses)])

    def c_first(self, comp: ir.Comp, clauses: list[py.For]) -> py.Expr:
        found = self.indexed(comp)
        if found is not None:
            return found
        generator = py.Comprehension("(", self.generator(comp, clauses), ")")
        return py.Call(Atom("next"), [generator, Atom("None")])

    def c_min(self, comp: ir.Comp, clauses: list[py.For]) -> py.Expr:
        if comp.by is None:
            return py.Call(self.use("lowest"), [self.generator(comp, clauses)])
        name = "highest_by" if comp.descending else "lowest_by"
        return py.Call(self.use(name), [self.keyed(comp, clauses)])

    def c_max(self, comp: ir.Comp, clauses: list[py.For]) -> py.Expr:
        if comp.by is None:
            return py.Call(self.use("highest"), [self.generator(comp, clauses)])
        name = "lowest_by" if comp.descending else "highest_by"
        return py.Call(self.use(name), [self.keyed(comp, clauses)])

    def c_sorted(self, comp: ir.Comp, clauses: list[py.For]) -> py.Expr:
        down: list[py.Expr] = [py.Keyword("reverse", Atom("True"))] if comp.descending else []
        if comp.by is None:
            of: py.Expr = self.generator(comp, clauses)
            return py.Call(Atom("sorted"), [py.Comprehension("(", of, ")") if down else of, *down])  # type: ignore[arg-type]
        pairs = self.keyed(comp, clauses)
        items: list[py.Expr] = [py.Comprehension("(", pairs, ")"), Atom("True")] if down else [pairs]
        return py.Call(self.use("sorted_by"), items)

    def c_index(self, comp: ir.Comp, clauses: list[py.For]) -> py.Expr:
        assert comp.by is not None
        entry = py.Entry(self.expr(comp.by), self.expr(comp.element))
        return py.Comprehension("{", py.Generator(entry, clauses), "}")

    def is_hashable(self, expr: ir.Expr) -> bool:
        """Whether every row has the value, and an index can hold it."""
        if isinstance(expr, ir.FieldOf) and isinstance(self.infer.bare(expr.of), ir.OptionalType):
            return False
        inner = expr.args[0] if isinstance(expr, ir.Builtin) else expr.of if isinstance(expr, ir.FieldOf) else None
        bare = self.infer.bare(expr)
        simple = isinstance(bare, (ir.Scalar, ir.LiteralType)) or (
            isinstance(bare, ir.NamedType) and bare.kind == "enum"
        )
        nested = isinstance(inner, ir.FieldOf) and not isinstance(self.infer.bare(inner.of), ir.OptionalType)
        return simple and (nested or isinstance(inner, ir.Local))

    def indexed(self, comp: ir.Comp) -> py.Expr | None:
        """The first row with a certain value, by an index that the table keeps; `None` where it is no such search."""
        row = comp.clauses[0].names[0]
        simple = len(comp.clauses) == 1 and comp.clauses[0].over == "table" and len(comp.clauses[0].names) == 1
        if not simple or comp.element != ir.Local(name=row) or comp.condition is None:
            return None
        conditions = _conjuncts(comp.condition)
        split = next(((i, s) for i, c in enumerate(conditions) if (s := _search(c, row)) is not None), None)
        if split is None or split[0] != 0:
            return None
        by, value = split[1]
        if not self.is_hashable(by):
            return None
        source = comp.clauses[0].source
        key = py.Lambda(self.local(row), self.expr(by))
        arguments: list[py.Expr] = [Atom(literal(key.flat())), key, self.expr(value)]
        if len(conditions) > 1:
            rest = [self.expr(condition) for condition in conditions[1:]]
            joined = rest[0] if len(rest) == 1 else py.Chain(AND, rest, ["and"] * (len(rest) - 1))
            arguments.append(py.Lambda(self.local(row), joined))
        return py.Call(py.Member(self.expr(source), "find"), arguments)


def _f_string(values: Sequence[str | py.Expr]) -> py.Expr:
    """An f-string, in pieces where it is long; a join where a value's own quotes forbid one."""
    flats = [value if isinstance(value, str) else value.flat() for value in values]
    inner = [flat for flat, value in zip(flats, values, strict=True) if isinstance(value, py.Expr)]
    if any(character in flat for flat in inner for character in "\"'\\{}\n"):
        items = [text_expr(value) if isinstance(value, str) else value for value in values]
        return py.Call(Atom('"".join'), [py.Display("[", items, "]")])
    quote = quote_for("".join(value for value in values if isinstance(value, str)))
    marked = [
        _braces(escaped(v, quote)) if isinstance(v, str) else f"{{{f}}}" for f, v in zip(flats, values, strict=True)
    ]
    pieces, current = [], ""
    for part in _short(marked):
        if current and len(current) + len(part) > 90:
            pieces.append(current)
            current = ""
        current += part
    pieces.append(current)
    whole = f"f{quote}{''.join(marked)}{quote}"
    return py.Text(whole, [f"{_prefix(piece)}{quote}{_plain(piece)}{quote}" for piece in pieces])


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _prefix(piece: str) -> str:
    return "f" if "{" in piece.replace("{{", "") else ""


def _plain(piece: str) -> str:
    """A piece without values needs no doubled braces."""
    return piece if _prefix(piece) else piece.replace("{{", "{").replace("}}", "}")


def _short(parts: Sequence[str]) -> list[str]:
    """Long stretches of text in words, values whole."""
    result: list[str] = []
    for part in parts:
        if part.startswith("{") and not part.startswith("{{"):
            result.append(part)
        else:
            result += [word for word in part.replace(" ", " \0").split("\0") if word]
    return result


def _disjuncts(expr: ir.Expr) -> list[ir.Expr]:
    if isinstance(expr, ir.Binary) and expr.op == "or":
        return [*_disjuncts(expr.left), *_disjuncts(expr.right)]
    return [expr]


def _conjuncts(expr: ir.Expr) -> list[ir.Expr]:
    if isinstance(expr, ir.Binary) and expr.op == "and":
        return [*_conjuncts(expr.left), *_conjuncts(expr.right)]
    return [expr]


def _is_none(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Lit) and (expr.value is None or isinstance(expr.value, bool))


def _search(condition: ir.Expr, row: str) -> tuple[ir.Expr, ir.Expr] | None:
    """(what of the row, what it must equal) of a condition that an index can answer."""
    if not isinstance(condition, ir.Binary) or condition.op != "eq":
        return None
    for by, value in ((condition.left, condition.right), (condition.right, condition.left)):
        if _of_row(by, row) and _is_ready(value, row):
            return by, value
    return None


def _of_row(expr: ir.Expr, row: str) -> bool:
    """A field of the row, perhaps in small letters."""
    if isinstance(expr, ir.Builtin) and expr.name == "lower":
        return _of_row(expr.args[0], row)
    return isinstance(expr, ir.FieldOf) and (expr.of == ir.Local(name=row) or _of_row(expr.of, row))


def _is_ready(expr: ir.Expr, row: str) -> bool:
    """Whether a value does not depend on the row, and costs nothing to have."""
    if isinstance(expr, ir.Builtin) and expr.name == "lower":
        return _is_ready(expr.args[0], row)
    if isinstance(expr, ir.FieldOf):
        return _is_ready(expr.of, row)
    return isinstance(expr, ir.Lit) or (isinstance(expr, ir.Local) and expr.name != row)

"""Comprehensions and what aggregates make of their elements; searches that a table's index can answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nexlang.codegen import layout as py
from nexlang.codegen.layout import AND, Atom
from nexlang.codegen.text import literal
from nexlang.ir import model as ir

if TYPE_CHECKING:
    from nexlang.codegen.expressions import Surroundings
    from nexlang.codegen.types import Inference
    from nexlang.ir.lookup import Lookup

SEQUENCES = "nexlang.worlds.engine.sequences"


class Comprehensions:
    """`c_<result>` writes the comprehension of that result."""

    around: Surroundings
    infer: Inference
    look: Lookup
    in_source: bool
    paid: bool
    use: Callable[..., Atom]
    ctx: Callable[..., py.Expr]
    expr: Callable[[ir.Expr], py.Expr]
    local: Callable[[str], str]
    adding: Callable[[ir.Type], Atom]

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
        value = self.occurrences(comp)
        if value is not None:
            before, self.in_source = self.in_source, True
            items = self.ctx("listed", self.expr(comp.clauses[0].source))
            self.in_source = before
            return py.Call(py.Member(items, "count"), [value])
        counted = py.Comprehension("[", py.Generator(Atom("None"), clauses), "]")
        return py.Call(Atom("len"), [counted])

    def occurrences(self, comp: ir.Comp) -> py.Expr | None:
        """What a count of equal elements of a list looks for: lists count by themselves."""
        clause, condition = comp.clauses[0], comp.condition
        single = len(comp.clauses) == 1 and len(clause.names) == 1 and clause.over == "list"
        if not single or not isinstance(condition, ir.Binary) or condition.op != "eq":
            return None
        element = ir.Local(name=clause.names[0])
        sides = (condition.left, condition.right)
        value = sides[1] if sides[0] == element else sides[0] if sides[1] == element else None
        if value is None or not _is_ready(value, element.name):
            return None
        bare = self.infer.bare(value)
        simple = isinstance(bare, ir.Scalar) and bare.kind in ("text", "int", "bool")
        return self.expr(value) if simple or (isinstance(bare, ir.NamedType) and bare.kind == "enum") else None

    def c_sum(self, comp: ir.Comp, clauses: list[py.For]) -> py.Expr:
        return py.Call(self.adding(comp.item), [self.generator(comp, clauses)])

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

    def c_group(self, comp: ir.Comp, clauses: list[py.For]) -> py.Expr:
        return py.Call(self.use("grouped", SEQUENCES), [self.keyed(comp, clauses)])

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
        before, self.paid = self.paid, False
        key = py.Lambda(self.local(row), self.expr(by))
        arguments: list[py.Expr] = [Atom(literal(key.flat())), key, self.expr(value)]
        if len(conditions) > 1:
            rest = [self.expr(condition) for condition in conditions[1:]]
            joined = rest[0] if len(rest) == 1 else py.Chain(AND, rest, ["and"] * (len(rest) - 1))
            arguments.append(py.Lambda(self.local(row), joined))
        self.paid = before
        return py.Call(py.Member(self.expr(source), "find"), arguments)


def _conjuncts(expr: ir.Expr) -> list[ir.Expr]:
    if isinstance(expr, ir.Binary) and expr.op == "and":
        return [*_conjuncts(expr.left), *_conjuncts(expr.right)]
    return [expr]


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

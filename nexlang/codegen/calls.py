"""Calls of the language's own functions: as Python's own where these mean the same, else the engine's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nexlang.codegen import layout as py
from nexlang.codegen.layout import COMPARE, Atom
from nexlang.codegen.text import literal
from nexlang.ir import model as ir
from nexlang.ir.moments import READERS

if TYPE_CHECKING:
    from nexlang.codegen.expressions import Surroundings
    from nexlang.codegen.types import Inference
    from nexlang.ir.lookup import Lookup

ENGINE = "nexlang.worlds.engine"
SEQUENCES = f"{ENGINE}.sequences"
# ---- name → the engine's function, which takes the context first
PAID = {
    "split": "split", "join": "join", "replace": "replace", "occurrences": "occurrences", "matches": "matches",
    "json": "json", "parse_json": "parse_json", "take": "take", "drop": "drop", "reverse": "reverse",
    "unique": "unique", "enumerate": "positions", "zip": "pairs", "entries": "entries", "keys": "keys",
    "values": "values",
}  # fmt: skip
# ---- name → the engine's function, which takes only the values
FREE = {
    "clamp": "clamp", "floor": "floor", "ceil": "ceil", "sqrt": "sqrt", "mod": "mod", "to_int": "to_int",
    "to_float": "to_float", "evaluate": "evaluate", "first": "first", "last": "last",
}  # fmt: skip
# ---- name → the engine's function over dates, times and decimals
MOMENTS = {
    "plus": "plus", "elapsed": "elapsed", "weekday": "weekday", "to_decimal": "to_decimal", "to_date": "to_date",
    "decimal_sum": "decimal_sum", "decimal_difference": "decimal_difference", "decimal_product": "decimal_product",
    "decimal_quotient": "decimal_quotient", "decimal_negated": "decimal_negated",
    "to_time": "to_time", "to_time_of_day": "to_time_of_day", "to_duration": "to_duration", "fixed": "fixed",
}  # fmt: skip
# ---- name → the engine's function that makes a list, a map or a text, which takes the context first
MADE = {
    "flat": "flat", "chunks": "chunks", "filled": "filled", "merged": "merged", "lines": "lines", "repeat": "repeat",
    "pad_start": "pad_start", "pad_end": "pad_end",
}  # fmt: skip
# ---- name → the engine's function of the same module that costs nothing
SIMPLE = {
    "quotient": "quotient", "pow": "power", "exp": "exponential", "log": "logarithm", "sin": "sine", "cos": "cosine",
    "atan2": "angle_of", "plus_months": "plus_months", "without_start": "without_start", "without_end": "without_end",
    "sample": "sample",
}  # fmt: skip
MESSAGES = {"message": "Message", "with_text": "with_text", "with_by": "with_by"}
METHODS = {
    "lower": "lower", "upper": "upper", "trim": "strip", "starts_with": "startswith", "ends_with": "endswith",
    "fresh_id": "fresh_id", "uniform_int": "between", "happens": "happens", "chance": "happens",
    "choose": "choose", "shuffle": "shuffled",
}  # fmt: skip
PYTHON = {"abs": "abs", "len": "len", "count": "len", "any": "any", "all": "all"}


class Builtins:
    """`b_<name>` writes the calls that are in none of the tables above."""

    around: Surroundings
    infer: Inference
    look: Lookup
    use: Callable[..., Atom]
    ctx: Callable[..., py.Expr]
    expr: Callable[[ir.Expr], py.Expr]
    annotation: Callable[[ir.Type], str]
    all: Callable[[Sequence[ir.Expr]], list[py.Expr]]
    paid: bool
    is_text: Callable[[ir.Type], bool]

    def x_builtin(self, expr: ir.Builtin) -> py.Expr:
        name = expr.name
        special = getattr(self, f"b_{name}", None)
        if special is not None:
            return special(expr)  # type: ignore[no-any-return]
        items = self.all(expr.args)
        if name in PAID:
            return py.Call(self.use(PAID[name]), [Atom(self.around.ctx), *items])
        if name in FREE:
            return py.Call(self.use(FREE[name]), items)
        if name in MOMENTS:
            return py.Call(self.use(MOMENTS[name], f"{ENGINE}.moments"), items)
        if name in MADE:
            return py.Call(self.use(MADE[name], SEQUENCES), [Atom(self.around.ctx), *items])
        if name in SIMPLE:
            return py.Call(self.use(SIMPLE[name], SEQUENCES), items)
        if name in MESSAGES:
            return py.Call(self.use(MESSAGES[name], ENGINE if name == "message" else f"{ENGINE}.values"), items)
        if name in METHODS:
            return py.Call(py.Member(items[0], METHODS[name]), items[1:])
        return py.Call(Atom(PYTHON[name]), items)

    def is_whole(self, expr: ir.Expr) -> bool:
        of = self.infer.bare(expr)
        return isinstance(of, ir.Scalar) and of.kind == "int"

    # ------------------------------------------------------------ numbers

    def b_abs(self, expr: ir.Builtin) -> py.Expr:
        if self.gives_decimal(expr):
            return self.moment("decimal_size", expr)
        return py.Call(Atom("abs"), self.all(expr.args))

    def b_mod(self, expr: ir.Builtin) -> py.Expr:
        return self.moment("decimal_rest", expr) if self.gives_decimal(expr) else self._engine("mod", expr)

    def gives_decimal(self, expr: ir.Builtin) -> bool:
        return isinstance(expr.type, ir.Scalar) and expr.type.kind == "decimal"

    def is_decimal(self, expr: ir.Expr) -> bool:
        of = self.infer.bare(expr)
        return isinstance(of, ir.Scalar) and of.kind == "decimal"

    def b_round(self, expr: ir.Builtin) -> py.Expr:
        if self.is_decimal(expr.args[0]):
            return self.moment("rounded" if len(expr.args) == 2 else "whole_decimal", expr)
        if len(expr.args) == 2 and isinstance(expr.args[1], ir.Lit):
            return py.Call(Atom("round"), self.all(expr.args))
        return py.Call(self.use("round_whole" if len(expr.args) == 1 else "round_to"), self.all(expr.args))

    def b_floor(self, expr: ir.Builtin) -> py.Expr:
        return self.moment("floor_decimal", expr) if self.is_decimal(expr.args[0]) else self._engine("floor", expr)

    def b_ceil(self, expr: ir.Builtin) -> py.Expr:
        return self.moment("ceil_decimal", expr) if self.is_decimal(expr.args[0]) else self._engine("ceil", expr)

    def b_int(self, expr: ir.Builtin) -> py.Expr:
        return self.expr(expr.args[0]) if self.is_whole(expr.args[0]) else self._engine("whole", expr)

    def b_min(self, expr: ir.Builtin) -> py.Expr:
        return self._least("min", "lowest", expr)

    def b_max(self, expr: ir.Builtin) -> py.Expr:
        return self._least("max", "highest", expr)

    def _least(self, of_two: str, of_list: str, expr: ir.Builtin) -> py.Expr:
        """Of two numbers, or of a list, which may be empty."""
        if len(expr.args) > 1:
            return py.Call(Atom(of_two), self.all(expr.args))
        return py.Call(self.use(of_list), [self.ctx("over", self.expr(expr.args[0]))])

    def b_sum(self, expr: ir.Builtin) -> py.Expr:
        items = self.ctx("over", self.expr(expr.args[0]))
        return py.Call(self.adding(expr.type), [items])

    def adding(self, type: ir.Type) -> Atom:
        """What adds up numbers of a type."""
        kind = type.kind if isinstance(type, ir.Scalar) else ""
        if kind == "decimal":
            return self.use("decimal_total", f"{ENGINE}.moments")
        return Atom("sum") if kind == "int" else self.use("total")

    # ------------------------------------------------------------ dates, times, decimals

    def moment(self, name: str, expr: ir.Builtin) -> py.Expr:
        return py.Call(self.use(name, f"{ENGINE}.moments"), self.all(expr.args))

    def written(self, expr: ir.Builtin) -> str | None:
        """The literal text that the value is made of, where it writes one."""
        first = expr.args[0]
        text = first.value if isinstance(first, ir.Lit) and isinstance(first.value, str) else None
        return text if text is not None and READERS[expr.name](text) is not None else None

    def numbers(self, type: str, *parts: int) -> py.Expr:
        return py.Call(self.use(type, ENGINE), [Atom(str(part)) for part in parts])

    def b_decimal(self, expr: ir.Builtin) -> py.Expr:
        text = self.written(expr)
        if text is None:
            return self.moment("decimal_of", expr)
        return py.Call(self.use("Decimal", ENGINE), [Atom(literal(text))])

    def b_date(self, expr: ir.Builtin) -> py.Expr:
        if len(expr.args) == 3:
            return self.moment("date_from", expr)
        text = self.written(expr)
        if text is None:
            return self.moment("date_of", expr)
        day = READERS["date"](text)
        return self.numbers("Date", day.year, day.month, day.day)

    def b_time(self, expr: ir.Builtin) -> py.Expr:
        if len(expr.args) == 2:
            return self.moment("time_at", expr)
        text = self.written(expr)
        if text is None:
            return self.moment("time_of", expr)
        of = READERS["time"](text)
        more = [of.microsecond] if of.microsecond else []
        return self.numbers("Time", of.year, of.month, of.day, of.hour, of.minute, of.second, *more)

    def b_time_of_day(self, expr: ir.Builtin) -> py.Expr:
        text = self.written(expr)
        if text is None:
            return self.moment("time_of_day", expr)
        of = READERS["time_of_day"](text)
        return self.numbers("TimeOfDay", of.hour, of.minute, of.second, *([of.microsecond] if of.microsecond else []))

    def b_float(self, expr: ir.Builtin) -> py.Expr:
        return py.Call(Atom("float"), self.all(expr.args))

    def b_now(self, expr: ir.Builtin) -> py.Expr:
        return self.ctx("clock.now")

    def b_today(self, expr: ir.Builtin) -> py.Expr:
        return py.Call(py.Member(self.ctx("clock.now"), "date"), [])

    # ------------------------------------------------------------ texts and lists

    def b_text(self, expr: ir.Builtin) -> py.Expr:
        return self.ctx("text", py.Call(self.use("show"), self.all(expr.args)))

    def b_json(self, expr: ir.Builtin) -> py.Expr:
        value = expr.args[0].value if isinstance(expr.args[0], ir.Shown) else expr.args[0]
        return py.Call(self.use("json"), [Atom(self.around.ctx), self.expr(value)])

    def b_lower(self, expr: ir.Builtin) -> py.Expr:
        return self._changed(expr)

    def b_upper(self, expr: ir.Builtin) -> py.Expr:
        return self._changed(expr)

    def b_trim(self, expr: ir.Builtin) -> py.Expr:
        return self._changed(expr)

    def _changed(self, expr: ir.Builtin) -> py.Expr:
        """A method that makes a text anew."""
        made = py.Call(py.Member(self.expr(expr.args[0]), METHODS[expr.name]), [])
        return self.ctx("text", made) if self.paid else made

    def b_contains(self, expr: ir.Builtin, negated: bool = False) -> py.Expr:
        among, wanted = self.all(expr.args)
        of = self.infer.bare(expr.args[0])
        among = self.ctx("text" if of is not None and self.is_text(of) else "over", among)
        return py.Chain(COMPARE, [wanted, among], ["not in" if negated else "in"])

    def b_index_of(self, expr: ir.Builtin) -> py.Expr:
        of = self.infer.bare(expr.args[0])
        name = "place_in" if of is not None and self.is_text(of) else "position_of"
        return py.Call(self.use(name, SEQUENCES), [Atom(self.around.ctx), *self.all(expr.args)])

    def b_slice(self, expr: ir.Builtin) -> py.Expr:
        text = self.is_text(expr.type)
        return py.Call(self.use("cut_text" if text else "cut"), [Atom(self.around.ctx), *self.all(expr.args)])

    def b_sorted(self, expr: ir.Builtin) -> py.Expr:
        return py.Call(Atom("sorted"), [self.ctx("over", self.expr(expr.args[0]))])

    def b_range(self, expr: ir.Builtin) -> py.Expr:
        bounds = self.all(expr.args)
        start = bounds if len(bounds) == 2 else [Atom("0"), bounds[0]]
        return py.Call(self.use("numbers"), [Atom(self.around.ctx), *start])

    def b_first(self, expr: ir.Builtin) -> py.Expr:
        of = self.infer.bare(expr.args[0])
        made = self.expr(expr.args[0])
        rows = py.Call(py.Member(made, "rows"), []) if isinstance(of, ir.TableType) else made
        return py.Call(self.use("first"), [rows])

    # ------------------------------------------------------------ agents and environments

    def b_normal(self, expr: ir.Builtin) -> py.Expr:
        return self._distribution(expr, "normal")

    def b_uniform(self, expr: ir.Builtin) -> py.Expr:
        return self._distribution(expr, "uniform")

    def b_lognormal(self, expr: ir.Builtin) -> py.Expr:
        return self._distribution(expr, "lognormal")

    def b_exponential(self, expr: ir.Builtin) -> py.Expr:
        return self._distribution(expr, "exponential")

    def b_constant_distribution(self, expr: ir.Builtin) -> py.Expr:
        return self._distribution(expr, "constant")

    def _distribution(self, expr: ir.Builtin, name: str) -> py.Expr:
        """A distribution, or a draw where a stream comes first."""
        items = self.all(expr.args)
        if expr.type.kind != "distribution":
            return py.Call(py.Member(items[0], name), items[1:])
        made = name if name in ("constant", "lognormal", "exponential") else f"{name}_distribution"
        return py.Call(self.use(made, f"{ENGINE}.distributions"), items)

    def b_replay(self, expr: ir.Builtin) -> py.Expr:
        return py.Call(Atom("scope.replay"), self.all(expr.args))

    def b_wait(self, expr: ir.Builtin) -> py.Expr:
        return py.Call(Atom("run.wait"), self.all(expr.args))

    def b_judged(self, expr: ir.Builtin) -> py.Expr:
        annotation = self.annotation(expr.type)
        made = py.Call(Atom("scope.judged"), self.all(expr.args))
        return made if annotation == "Any" else py.Call(self.use("cast", "typing"), [Atom(annotation), made])

    def b_play(self, expr: ir.Builtin) -> py.Expr:
        return py.Paren("yield from ", self.played(expr))

    def played(self, expr: ir.Builtin) -> py.Expr:
        return py.Call(self.use("play"), [Atom("run"), *self.all(expr.args)])

    def _engine(self, name: str, expr: ir.Builtin) -> py.Expr:
        return py.Call(self.use(name), self.all(expr.args))

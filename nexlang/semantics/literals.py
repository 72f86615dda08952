"""Literals, lists and maps: their types and their core forms."""

from __future__ import annotations

from nexlang.diagnostics.codes_types import (
    BAD_KEY,
    CANNOT_INFER,
    TYPE_MISMATCH,
    UNKNOWN_LITERAL,
)
from nexlang.diagnostics.suggest import suggest
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import POISON, Checker, listed, words
from nexlang.semantics.moments import (
    MOMENT_TYPES,
    made_decimal,
    plain_digits,
    suggest_moment,
)
from nexlang.semantics.scope import Body, Typed
from nexlang.semantics.types import (
    DATE,
    DECIMAL,
    DURATION,
    ERROR,
    FLOAT,
    INT,
    TEXT,
    Core,
    Enum,
    List,
    Literal,
    Map,
    Optional,
    Scalar,
    Type,
    base,
    fits,
    joined,
    literal_text,
    opened,
)
from nexlang.syntax import nodes as n
from nexlang.syntax import text_parts


def lit(value: object) -> Core:
    return {"kind": "lit", "value": value}


def binary(op: str, left: Core, right: Core) -> Core:
    return {"kind": "binary", "op": op, "left": left, "right": right}


def with_optional(expected: Type | None) -> Type | None:
    """The expected type without its optional and aliases."""
    if expected is None:
        return None
    expected = base(expected)
    return base(expected.item) if isinstance(expected, Optional) else expected


class Literals(Checker):
    """What is written out in the program."""

    body: Body

    def expr(self, node: n.Expr, expected: Type | None = None) -> Typed:
        """Check an expression; defined by `Expressions`."""
        raise AssertionError("defined by Expressions")

    def value(self, node: n.Expr, expected: Type) -> Core:
        """Check an expression that must have a type; defined by `Expressions`."""
        raise AssertionError("defined by Expressions")

    def hold_to(self, node: n.Expr, core: Core, type: Type) -> None:
        """Hold a literal to the refinements of a type; defined by `Expressions`."""
        raise AssertionError("defined by Expressions")

    def enum_case(self, info: s.EnumInfo, name: n.Ident) -> Typed:
        """A case by its name; defined by `Expressions`."""
        raise AssertionError("defined by Expressions")

    def x_Missing(self, node: n.Missing, expected: Type | None) -> Typed:
        return POISON

    def x_Num(self, node: n.Num, expected: Type | None) -> Typed:
        if isinstance(node.value, float):
            if with_optional(expected) is DECIMAL:
                return Typed(DECIMAL, made_decimal(lit(plain_digits(self.text(node)))))
            return Typed(FLOAT, lit(node.value))
        if with_optional(expected) is FLOAT:
            return Typed(FLOAT, lit(float(node.value)))
        if with_optional(expected) is DECIMAL:
            return Typed(DECIMAL, made_decimal(lit(str(node.value))))
        return self.literal_value(node.value, INT, node, expected)

    def x_Percent(self, node: n.Percent, expected: Type | None) -> Typed:
        return Typed(FLOAT, lit(node.value))

    def x_DurationLit(self, node: n.DurationLit, expected: Type | None) -> Typed:
        return Typed(DURATION, lit(node.value))

    def x_Str(self, node: n.Str, expected: Type | None) -> Typed:
        parts, problems = text_parts(node, self.module.source)
        for problem in problems:
            self.reporter.add(problem)
        if all(isinstance(part, str) for part in parts):
            return self.literal_text("".join(str(part) for part in parts), node, expected)
        shown = [part if isinstance(part, str) else self.shown(part) for part in parts]
        return Typed(TEXT, {"kind": "interp", "parts": shown})

    def literal_value(self, value: int, of: Scalar, node: n.Node, expected: Type | None) -> Typed:
        """A number or truth value: one of a few where such a type is expected."""
        wanted = with_optional(expected)
        if not isinstance(wanted, Literal) or wanted.of is not of:
            return Typed(of, lit(value))
        if value in wanted.values:
            return Typed(Literal((value,), of), lit(value))
        diagnostic = self.report(UNKNOWN_LITERAL, node, value=literal_text(value), allowed=wanted)
        if len(wanted.values) == 1:
            diagnostic.replace("the only one", literal_text(wanted.values[0]))
        return Typed(ERROR, lit(value))

    def literal_text(self, text: str, node: n.Node, expected: Type | None) -> Typed:
        wanted = with_optional(expected)
        if isinstance(wanted, Literal) and wanted.of is TEXT and text not in wanted.values:
            diagnostic = self.report(UNKNOWN_LITERAL, node, value=f'"{text}"', allowed=wanted)
            near = suggest(text, [str(value) for value in wanted.values])
            if near is not None:
                diagnostic.replace("one of them is like it", f'"{near}"')
            return Typed(ERROR, lit(text))
        if isinstance(wanted, Enum):
            return self.enum_text(text, node, wanted)
        typed = Typed(Literal((text,)), lit(text))
        if wanted in MOMENT_TYPES and isinstance(node, n.Str):
            diagnostic = self.report(TYPE_MISMATCH, node, expected=f"`{wanted}`", actual="a text")
            suggest_moment(diagnostic, self.text(node), typed, wanted)
            return POISON
        return typed

    def enum_text(self, text: str, node: n.Node, wanted: Enum) -> Typed:
        """A quoted text where an enum's case belongs: say how to write the case."""
        info = wanted.info
        case = next((name for name, value in info.cases.items() if text in (value, name)), None)
        case = case or suggest(text, info.cases)
        diagnostic = self.report(TYPE_MISMATCH, node, expected=f"`{wanted}`", actual="a text")
        if case is not None:
            diagnostic.replace("cases are written without quotes", case)
        else:
            diagnostic.advise(f"the cases are {listed(info.cases)}")
        return Typed(ERROR, lit(text))

    def shown(self, node: n.Expr) -> Core:
        typed = self.expr(node)
        return {"kind": "shown", "value": typed.core, "type": self.core_type(typed.type)}

    def core_type(self, type: Type) -> Core:
        return {"kind": "none"} if type is ERROR else type.core()

    # ---- lists and maps

    def x_ListLit(self, node: n.ListLit, expected: Type | None) -> Typed:
        wanted = with_optional(expected)
        item = wanted.item if isinstance(wanted, List) else None
        if item is not None:
            cores = [self.value(each, item) for each in node.items]
            return Typed(List(item), {"kind": "list_of", "items": cores, "item": self.core_type(item)})
        typed = self.items(node.items)
        if not typed:
            if expected is None:
                self.report(CANNOT_INFER, node, what="an empty list").advise("name its type: `var xs: [Text] = []`")
            return Typed(ERROR, {"kind": "list_of", "items": [], "item": {"kind": "none"}})
        item = joined([each.type for each in typed])
        if item is None:
            first = typed[0].type
            odd = next(i for i, each in enumerate(typed) if joined([first, each.type]) is None)
            self.report(TYPE_MISMATCH, node.items[odd], expected=words(first), actual=words(typed[odd].type)).label(
                self.span(node.items[0]), "the items have this type"
            )
            return POISON
        cores = [self.coerce(each, t, item) for each, t in zip(node.items, typed, strict=True)]
        return Typed(List(item), {"kind": "list_of", "items": cores, "item": self.core_type(item)})

    def items(self, nodes: list[n.Expr]) -> list[Typed]:
        """The items of a list; empty lists and maps among them take their type from the others."""
        empty = [isinstance(node, n.ListLit) and not node.items for node in nodes]
        if not any(empty) or all(empty):
            typed = [self.expr(node) for node in nodes]
            decimal = any(each.type is DECIMAL for each in typed)
            again = [decimal and isinstance(node, n.Num) for node in nodes]
            return [self.expr(nodes[i], DECIMAL) if again[i] else each for i, each in enumerate(typed)]
        firm = [None if bare else self.expr(node) for node, bare in zip(nodes, empty, strict=True)]
        hint = joined([typed.type for typed in firm if typed is not None])
        return [found or self.expr(node, hint) for node, found in zip(nodes, firm, strict=True)]

    def x_Mapping(self, node: n.Mapping, expected: Type | None) -> Typed:
        wanted = with_optional(expected)
        if not isinstance(wanted, Map):
            if not node.pairs and wanted is ERROR:
                return POISON
            if not node.pairs:
                self.report(CANNOT_INFER, node, what="an empty map").advise("name its type: `var m: {Text: Int} = {}`")
                return POISON
            values = [self.expr(pair.value) for pair in node.pairs]
            value = joined([v.type for v in values])
            if value is None:
                self.report(CANNOT_INFER, node, what="a map whose values differ in type")
                return POISON
            numbers = all(not pair.quoted and pair.key.name[:1].isdigit() for pair in node.pairs)
            wanted = Map(INT if numbers else TEXT, value)
        pairs = [[self.map_key(pair, wanted.key), self.value(pair.value, wanted.value)] for pair in node.pairs]
        core = {
            "kind": "map_of",
            "pairs": pairs,
            "key": self.core_type(wanted.key),
            "value": self.core_type(wanted.value),
        }
        return Typed(wanted, core)

    def map_key(self, pair: n.Pair, key: Type) -> Core:
        wanted = base(key)
        if isinstance(wanted, Enum) and not pair.quoted:
            return self.enum_case(wanted.info, pair.key).core
        number = not pair.quoted and pair.key.name[:1].isdigit()
        typed = self.key_literal(pair.key, wanted) if number else self.literal_text(pair.key.name, pair.key, wanted)
        if not fits(typed.type, wanted) and typed.type is not ERROR:
            self.report(BAD_KEY, pair.key, type=words(typed.type) if number else "a text")
        self.hold_to(n.Str(pair.key.start, pair.key.end, pair.key.name, False), typed.core, key)
        return typed.core

    def key_literal(self, key: n.Ident, wanted: Type) -> Typed:
        if not key.name.isdigit():
            self.report(BAD_KEY, key, type="`Float`")
            return POISON
        return self.literal_value(int(key.name), INT, key, wanted)

    def map_key_allowed(self, type: Type, node: n.Node) -> None:
        if opened(type) not in (TEXT, INT, DATE, ERROR) and not isinstance(base(type), Enum):
            self.report(BAD_KEY, node, type=words(type))

"""Python expressions as trees, and their layout: what a formatter with lines of 120 characters would make of them.

Emission builds the trees; `lay_out` writes a statement. Only the shapes that emission uses are here. The rules are
those of the common formatter: what fits stays on one line; else the outermost brackets open, their items on one line
where that suffices and else one a line; operators and conditions open only inside brackets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nexlang.codegen.printer import (
    INDENT,
    SOFT,
    SPACE,
    WIDTH,
    Choice,
    Group,
    Line,
    Nest,
    Printer,
    bracketed,
    cat,
    joined,
)

__all__ = ["INDENT", "WIDTH"]

LAMBDA, COND, OR, AND, NOT, COMPARE, SUM, PRODUCT, UNARY, POWER, POSTFIX, ATOM = range(12)


@dataclass(slots=True)
class Expr:
    """A Python expression. `level` is how tightly it binds; `own` whether it can open its own brackets."""

    @property
    def level(self) -> int:
        return ATOM

    @property
    def own(self) -> bool:
        """Whether the expression ends in brackets that are not empty."""
        return False

    def doc(self, inside: bool) -> object:
        """The document; `inside` brackets operators may break."""
        raise NotImplementedError

    def flat(self) -> str:
        return Printer(1_000_000).write(Group(self.doc(True)), 0)


@dataclass(slots=True)
class Atom(Expr):
    """A name or a literal; `tight` says how it binds where it is none of these."""

    text: str
    tight: int = ATOM

    @property
    def level(self) -> int:
        return self.tight

    def doc(self, inside: bool) -> object:
        return self.text


@dataclass(slots=True)
class Text(Expr):
    """A text literal in pieces, each with its own quotes and prefix; on one line they are one."""

    whole: str
    pieces: list[str]

    def doc(self, inside: bool) -> object:
        if not inside or len(self.pieces) < 2:
            return self.whole
        parts: list[object] = []
        for piece in self.pieces:
            parts += [Line(""), piece] if parts else [piece]
        return Group(Choice(cat(*parts), self.whole))


def _wrapped(expr: Expr, level: int, inside: bool) -> object:
    """The expression, in parentheses where it binds less tightly than its place asks."""
    if expr.level >= level:
        return expr.doc(inside)
    return bracketed("(", expr.doc(True), ")")


@dataclass(slots=True)
class Call(Expr):
    """`of(items)`; keyword arguments are `Keyword`s. A single generator has no brackets of its own."""

    of: Expr
    items: list[Expr]

    @property
    def level(self) -> int:
        return POSTFIX

    @property
    def own(self) -> bool:
        return bool(self.items)

    def doc(self, inside: bool) -> object:
        head = _wrapped(self.of, POSTFIX, inside)
        if not self.items:
            return cat(head, "()")
        if len(self.items) == 1 and isinstance(self.items[0], Generator):
            return cat(head, bracketed("(", self.items[0].doc(True), ")"))
        return cat(head, bracketed("(", joined([item.doc(True) for item in self.items]), ")"))


@dataclass(slots=True)
class Keyword(Expr):
    name: str
    value: Expr

    def doc(self, inside: bool) -> object:
        return cat(f"{self.name}=", maybe_parenthesized(self.value))


@dataclass(slots=True)
class Starred(Expr):
    value: Expr

    def doc(self, inside: bool) -> object:
        return cat("*", _wrapped(self.value, SUM, inside))


@dataclass(slots=True)
class Entry(Expr):
    """`key: value` of a dict."""

    key: Expr
    value: Expr

    def doc(self, inside: bool) -> object:
        return cat(_wrapped(self.key, COND, inside), ": ", maybe_parenthesized(self.value))


@dataclass(slots=True)
class Display(Expr):
    """A list, tuple or dict: unlike a call's, its items that do not fit on one line stand one a line."""

    opening: str
    items: list[Expr]
    closing: str

    @property
    def own(self) -> bool:
        return bool(self.items)

    def doc(self, inside: bool) -> object:
        if not self.items:
            return self.opening + self.closing
        single = self.opening == "(" and len(self.items) == 1
        parts: list[object] = []
        for item in self.items:
            parts += [",", SPACE, item.doc(True)] if parts else [item.doc(True)]
        tail = "," if single else Choice(",", "")
        return Group(cat(self.opening, Nest(cat(SOFT, *parts, tail)), SOFT, self.closing))


@dataclass(slots=True)
class Member(Expr):
    """`of.name`."""

    of: Expr
    name: str

    @property
    def level(self) -> int:
        return POSTFIX

    def doc(self, inside: bool) -> object:
        return cat(_wrapped(self.of, POSTFIX, inside), f".{self.name}")


@dataclass(slots=True)
class Subscript(Expr):
    of: Expr
    key: Expr

    @property
    def level(self) -> int:
        return POSTFIX

    @property
    def own(self) -> bool:
        return True

    def doc(self, inside: bool) -> object:
        return cat(_wrapped(self.of, POSTFIX, inside), bracketed("[", self.key.doc(True), "]"))


@dataclass(slots=True)
class Chain(Expr):
    """Operands with operators of one precedence between them; every operand but the first binds more tightly."""

    tight: int
    operands: list[Expr]
    operators: list[str] = field(default_factory=list)

    @property
    def level(self) -> int:
        return self.tight

    def __post_init__(self) -> None:
        first = self.operands[0]
        if isinstance(first, Chain) and first.tight == self.tight != COMPARE:
            self.operands = [*first.operands, *self.operands[1:]]
            self.operators = [*first.operators, *self.operators]

    def doc(self, inside: bool) -> object:
        parts: list[object] = [_wrapped(self.operands[0], self.needed(0), inside)]
        for index, operator in enumerate(self.operators, 1):
            operand = _wrapped(self.operands[index], self.needed(index), inside)
            parts += [SPACE if inside else " ", f"{operator} ", operand]
        return Group(cat(*parts)) if inside else cat(*parts)

    def needed(self, index: int) -> int:
        """How tightly an operand must bind to stand without parentheses; `and` inside `or` always has them."""
        return ATOM if self.tight == OR and self.operands[index].level == AND else self.tight + 1


@dataclass(slots=True)
class Prefix(Expr):
    """`not x` or `-x`."""

    operator: str
    of: Expr

    @property
    def level(self) -> int:
        return NOT if self.operator == "not " else UNARY

    def doc(self, inside: bool) -> object:
        return cat(self.operator, _wrapped(self.of, self.level, inside))


@dataclass(slots=True)
class IfElse(Expr):
    condition: Expr
    then: Expr
    otherwise: Expr

    @property
    def level(self) -> int:
        return COND

    def doc(self, inside: bool) -> object:
        parts = cat(*self._parts(SPACE if inside else " ", inside))
        return Group(parts) if inside else parts

    def _parts(self, line: object, inside: bool) -> list[object]:
        """A conditional in the last place continues the list: each `if` and `else` stands on its own line."""
        last = self.otherwise
        parts = [_wrapped(self.then, OR, inside), line, cat("if ", _wrapped(self.condition, OR, inside)), line, "else "]
        return parts + (last._parts(line, inside) if isinstance(last, IfElse) else [_wrapped(last, COND, inside)])


@dataclass(slots=True)
class Lambda(Expr):
    params: str
    body: Expr

    @property
    def level(self) -> int:
        return LAMBDA

    @property
    def plain(self) -> str:
        """`list` for `lambda: []` and `dict` for `lambda: {}`."""
        empty = isinstance(self.body, Display) and not self.body.items and not self.params
        return {"[": "list", "{": "dict"}[self.body.opening] if empty and isinstance(self.body, Display) else ""

    def doc(self, inside: bool) -> object:
        if self.plain:
            return self.plain
        head = f"lambda {self.params}: " if self.params else "lambda: "
        return cat(head, maybe_parenthesized(self.body))


@dataclass(slots=True)
class Paren(Expr):
    """Parentheses that are always there: `(name := value)`, `(yield from …)`."""

    head: str
    of: Expr

    @property
    def own(self) -> bool:
        return True

    def doc(self, inside: bool) -> object:
        return bracketed("(", cat(self.head, self.of.doc(True)), ")")


@dataclass(slots=True)
class For:
    """A clause of a comprehension, with the conditions that follow it."""

    target: str
    source: Expr
    conditions: list[Expr] = field(default_factory=list)


@dataclass(slots=True)
class Generator(Expr):
    """`element for …`, without brackets: the only argument of a call, or inside a list or dict comprehension."""

    element: Expr
    clauses: list[For]

    @property
    def level(self) -> int:
        return LAMBDA

    def doc(self, inside: bool) -> object:
        parts: list[object] = [Group(_wrapped(self.element, COND, True))]
        for clause in self.clauses:
            parts += [SPACE, cat(f"for {clause.target} in ", Group(_wrapped(clause.source, OR, True)))]
            for condition in clause.conditions:
                parts += [SPACE, cat("if ", Group(_wrapped(condition, OR, True)))]
        return Group(cat(*parts))


@dataclass(slots=True)
class Comprehension(Expr):
    opening: str
    of: Generator
    closing: str

    @property
    def own(self) -> bool:
        return True

    def doc(self, inside: bool) -> object:
        return bracketed(self.opening, self.of.doc(True), self.closing)


def maybe_parenthesized(expr: Expr) -> object:
    """A value in a place where the formatter adds parentheses around operators that do not fit."""
    if not isinstance(expr, (Chain, IfElse, Prefix)):
        return expr.doc(True)
    opening, closing = Choice("(", ""), Choice(")", "")
    return Group(cat(opening, Nest(cat(SOFT, expr.doc(True))), SOFT, closing))


# ---------------------------------------------------------------- statements


def lay_out(head: str, expr: Expr, tail: str = "", indent: int = 0) -> list[str]:
    """The lines of a statement `head expr tail` at an indentation."""
    start = " " * indent + head
    for doc in _attempts(expr):
        printer = Printer(WIDTH)
        printer.column = len(start)
        lines = (start + printer.write(cat(doc, tail), indent)).split("\n")
        if all(len(line) <= WIDTH for line in lines):
            break
    return lines


def _attempts(expr: Expr) -> Iterator[object]:
    """The ways to write a value, best first."""
    if isinstance(expr, Text):
        yield expr.whole
    elif isinstance(expr, (Chain, IfElse, Prefix)):
        yield Group(expr.doc(False)) if _may_open_last(expr) else expr.flat()
    else:
        yield expr.doc(False)
    yield bracketed("(", expr.doc(True), ")")


def _may_open_last(expr: Expr) -> bool:
    """Whether brackets at an end of the expression may open instead of parentheses around the whole."""
    if isinstance(expr, Prefix) and expr.of.level >= expr.level and not expr.of.own:
        return _may_open_last(expr.of)
    if isinstance(expr, IfElse) or (isinstance(expr, Chain) and len(expr.operators) > 1):
        return False
    return _end_opens(expr, 0) or _end_opens(expr, -1)


def _end_opens(expr: Expr, end: int) -> bool:
    """Whether the first (0) or last (-1) part is in brackets; what is called or looked into comes before its own."""
    if isinstance(expr, Chain):
        operand = expr.operands[end]
        return operand.level < expr.needed(end) or _end_opens(operand, end)
    if isinstance(expr, Prefix):
        return end == -1 and (expr.of.level < expr.level or _end_opens(expr.of, end))
    return expr.own and (end == -1 or not isinstance(expr, (Call, Subscript)))

"""How types and expressions look: on one line, or broken after a bracket or before an operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nexlang.syntax import nodes as n
from nexlang.syntax.formatting.page import INDENT, Page, fits, width_after

LEVELS = {"or": 1, "and": 2, "??": 5, "+": 6, "-": 6, "*": 7, "/": 7}
COMPARED, POSTFIX, ATOM = 4, 9, 10
SHORT = 40


def level(node: n.Expr) -> int:
    """How tightly an expression holds together; an operand that is looser than its place stands in parentheses."""
    if isinstance(node, n.Binary):
        return LEVELS[node.op]
    if isinstance(node, n.Unary):
        return 8 if node.op == "-" else 3
    if isinstance(node, n.Cond):
        return 0
    if isinstance(node, n.Compare | n.Is):
        return COMPARED
    return POSTFIX if isinstance(node, n.Attr | n.Index | n.Call | n.As | n.With) else ATOM


class Expressions(Page):
    def __init__(self, text: str, module: n.Module) -> None:
        super().__init__(text, module)
        self.known: dict[n.Node, str] = {}

    # ------------------------------------------------------------ one line

    def flat(self, node: n.Node) -> str:
        """The node on one line (a text with line ends keeps them)."""
        found = self.known.get(node)
        if found is None:
            found = self.known[node] = getattr(self, f"flat_{type(node).__name__}")(node)
        return found

    def flats(self, nodes: Sequence[n.Node], between: str = ", ") -> str:
        return between.join(self.flat(node) for node in nodes)

    def operand(self, node: n.Expr, least: int) -> str:
        return f"({self.flat(node)})" if self.parenthesised(node, least) else self.flat(node)

    def parenthesised(self, node: n.Expr, least: int) -> bool:
        """Parentheses stand where they are needed, and around an operand stay where somebody put them."""
        if level(node) < least:
            return True
        if level(node) == ATOM:
            return False
        before = (
            self.text[: node.start].rstrip() if node.start < 200 else self.text[node.start - 200 : node.start].rstrip()
        )
        after = self.text[node.end : node.end + 200].lstrip()
        return before.endswith("(") and after.startswith(")")

    def flat_Ident(self, node: n.Ident) -> str:
        return node.name

    def flat_Dotted(self, node: n.Dotted) -> str:
        return node.name

    def flat_Name(self, node: n.Name) -> str:
        return node.name

    def flat_Num(self, node: n.Num | n.Percent | n.DurationLit) -> str:
        return node.text

    flat_Percent = flat_DurationLit = flat_Num

    def flat_Str(self, node: n.Str) -> str:
        return f'"""{node.raw}"""' if node.multiline else f'"{node.raw}"'

    def flat_ListLit(self, node: n.ListLit) -> str:
        return f"[{self.flats(node.items)}]"

    def flat_Pair(self, node: n.Pair) -> str:
        return f"{self.pair_key(node)}: {self.flat(node.value)}"

    def pair_key(self, node: n.Pair) -> str:
        return self.text[node.key.start : node.key.end] if node.quoted else node.key.name

    def flat_Mapping(self, node: n.Mapping) -> str:
        return f"{{ {self.flats(node.pairs)} }}" if node.pairs else "{}"

    def flat_Clause(self, node: n.Clause) -> str:
        return f"for {self.flats(node.names)} in {self.operand_plain(node.source, 1)}"

    def operand_plain(self, node: n.Expr, least: int) -> str:
        """An expression whose parentheses stay only where they are needed."""
        return f"({self.flat(node)})" if level(node) < least else self.flat(node)

    def comp_parts(self, node: n.Comp) -> list[str]:
        parts = [self.flat(node.element), *(self.flat(clause) for clause in node.clauses)]
        if node.condition:
            parts.append(f"if {self.flat(node.condition)}")
        if node.by:
            parts.append(f"by {self.flat(node.by)}{' desc' if node.descending else ''}")
        return parts

    def flat_Comp(self, node: n.Comp) -> str:
        return " ".join(self.comp_parts(node))

    def flat_ListComp(self, node: n.ListComp) -> str:
        return f"[{self.flat(node.comp)}]"

    def flat_Attr(self, node: n.Attr) -> str:
        return f"{self.operand(node.of, POSTFIX)}.{node.name.name}"

    def flat_Index(self, node: n.Index) -> str:
        return f"{self.operand(node.of, POSTFIX)}[{self.flat(node.key)}]"

    def flat_Arg(self, node: n.Arg) -> str:
        return f"{node.name.name}: {self.flat(node.value)}" if node.name else self.flat(node.value)

    def flat_Call(self, node: n.Call) -> str:
        return f"{self.operand(node.of, POSTFIX)}({self.flats(node.args)})"

    def flat_CallData(self, node: n.CallData) -> str:
        return f"call {node.tool.name}({self.flats(node.args)})"

    def flat_As(self, node: n.As) -> str:
        return f"{self.operand(node.of, POSTFIX)} as {node.case.name}"

    def flat_CaseName(self, node: n.CaseName) -> str:
        return self.text[node.start : node.end] if node.quoted else node.name

    def flat_Is(self, node: n.Is) -> str:
        return f"{self.operand(node.of, COMPARED + 1)} is {self.flat(node.case)}"

    def flat_With(self, node: n.With) -> str:
        return f"{self.operand(node.of, POSTFIX)} with {self.flat(node.changes)}"

    def flat_Unary(self, node: n.Unary) -> str:
        return f"-{self.operand(node.of, 8)}" if node.op == "-" else f"not {self.operand(node.of, 3)}"

    def sides(self, node: n.Binary) -> tuple[int, int]:
        """The least levels of the left and the right operand; only `??` leans to the right."""
        own = LEVELS[node.op]
        return (own + 1, own) if node.op == "??" else (own, own + 1)

    def flat_Binary(self, node: n.Binary) -> str:
        left, right = self.sides(node)
        return f"{self.operand(node.left, left)} {node.op} {self.operand(node.right, right)}"

    def flat_Compare(self, node: n.Compare) -> str:
        operands = [self.operand(operand, COMPARED + 1) for operand in node.operands]
        return operands[0] + "".join(f" {op} {operand}" for op, operand in zip(node.ops, operands[1:], strict=True))

    def flat_Cond(self, node: n.Cond) -> str:
        return f"if {self.flat(node.condition)} then {self.flat(node.then)} else {self.flat(node.otherwise)}"

    # ------------------------------------------------------------ types

    def flat_NamedType(self, node: n.NamedType) -> str:
        return node.name

    def flat_OptionalType(self, node: n.OptionalType) -> str:
        return f"{self.flat(node.item)}?"

    def flat_ListType(self, node: n.ListType) -> str:
        return f"[{self.flat(node.item)}]"

    def flat_MapType(self, node: n.MapType) -> str:
        return f"{{{self.flat(node.key)}: {self.flat(node.value)}}}"

    def flat_LiteralType(self, node: n.LiteralType) -> str:
        return self.text[node.start : node.end]

    def flat_AltType(self, node: n.AltType) -> str:
        return self.flats(node.options, " | ")

    def flat_RowType(self, node: n.RowType) -> str:
        return f"row {node.record.name}"

    def flat_TableType(self, node: n.TableType) -> str:
        return f"table {node.record.name} by {node.key.name}"

    def flat_Refinement(self, node: n.Refinement) -> str:
        if node.pattern:
            return f"matching {self.flat(node.pattern)}"
        return f"where {self.flat(node.condition)}" if node.condition else ""

    # ------------------------------------------------------------ broken

    def expr(self, node: n.Node, indent: int, column: int, tail: int = 0) -> str:
        """The node from `column` on, further lines relative to `indent`, with room for `tail` characters behind it."""
        if not self.commented(node.start, node.end):
            flat = self.flat(node)
            if fits(flat, column, tail):
                return flat
        breaker = getattr(self, f"broken_{type(node).__name__}", None)
        return breaker(node, indent, column, tail) if breaker else self.flat(node)

    def bracketed(
        self,
        opening: str,
        items: Sequence[n.Node],
        node: n.Node,
        indent: int,
        closing: str,
        render: Callable[[Any], str],
    ) -> str:
        """The items on one line of their own, or names and numbers as many as fit on each, else one a line."""
        inside = indent + INDENT
        if not items and not self.commented(node.start, node.end):
            return opening + closing
        lines = self.filled(items, inside) if not self.commented(node.start, node.end) else []
        if not lines:
            start = items[0].start if items else node.start
            lines = self.sequence(items, start, node.end - 1, inside, render, ",", ",", False)
        return "\n".join([opening, *lines, " " * indent + closing])

    def filled(self, items: Sequence[n.Node], indent: int) -> list[str]:
        """Lines of items, where they make one line or all are short; else none."""
        flats = [self.flat(item) for item in items]
        lines = [" " * indent + flats[0]]
        for flat in flats[1:]:
            if fits(f", {flat}", len(lines[-1]), 1):
                lines[-1] += f", {flat}"
            else:
                lines[-1] += ","
                lines.append(" " * indent + flat)
        short = all(
            isinstance(item, n.Name | n.Num | n.Str | n.Ident) and len(flat) <= SHORT
            for item, flat in zip(items, flats, strict=True)
        )
        return lines if (len(lines) == 1 or short) and fits(lines[-1], 0) and "\n" not in "".join(flats) else []

    def inner(self, indent: int, tail: int = 1) -> Callable[[Any], str]:
        return lambda item: self.expr(item, indent + INDENT, indent + INDENT, tail)

    def broken_ListLit(self, node: n.ListLit, indent: int, column: int, tail: int) -> str:
        return self.bracketed("[", node.items, node, indent, "]", self.inner(indent))

    def broken_Mapping(self, node: n.Mapping, indent: int, column: int, tail: int) -> str:
        return self.bracketed("{", node.pairs, node, indent, "}", self.inner(indent))

    def broken_Pair(self, node: n.Pair, indent: int, column: int, tail: int) -> str:
        key = self.pair_key(node)
        return f"{key}: {self.expr(node.value, indent, column + len(key) + 2, tail)}"

    def broken_Arg(self, node: n.Arg, indent: int, column: int, tail: int) -> str:
        name = f"{node.name.name}: " if node.name else ""
        return name + self.expr(node.value, indent, column + len(name), tail)

    def broken_comp(self, opening: str, comp: n.Comp, end: int, indent: int, closing: str) -> str:
        """What is collected and its first `for` on one line where they fit, then a part a line."""
        inside = indent + INDENT
        pad = " " * inside
        flat = self.flat(comp)
        if not self.commented(comp.start, end) and fits(flat, inside) and "\n" not in flat:
            return "\n".join([opening, pad + flat, " " * indent + closing])
        first = self.expr(comp.element, inside, inside)
        parts = [self.clause(clause, inside) for clause in comp.clauses]
        if "\n" not in first + parts[0] and fits(f"{first} {parts[0]}", inside):
            parts[0] = f"{first} {parts[0]}"
        else:
            parts.insert(0, first)
        if comp.condition:
            parts.append("if " + self.expr(comp.condition, inside, inside + 3))
        if comp.by:
            parts.append("by " + self.expr(comp.by, inside, inside + 3) + (" desc" if comp.descending else ""))
        comments = [pad + comment.text for comment in self.take(end)]
        return "\n".join([opening, *comments, *(pad + part for part in parts), " " * indent + closing])

    def clause(self, node: n.Clause, indent: int) -> str:
        head = f"for {self.flats(node.names)} in "
        return head + self.wrapped(node.source, 1, indent, indent + len(head), 0, keep=False)

    def broken_ListComp(self, node: n.ListComp, indent: int, column: int, tail: int) -> str:
        return self.broken_comp("[", node.comp, node.end, indent, "]")

    def arguments(self, opening: str, node: Any, indent: int, column: int, tail: int) -> str:
        args: list[n.Arg] = node.args
        if len(args) == 1 and isinstance(args[0].value, n.Comp):
            return self.broken_comp(opening, args[0].value, node.end, indent, ")")
        if (
            len(args) == 1
            and not args[0].name
            and isinstance(args[0].value, n.ListLit | n.ListComp | n.Mapping | n.Call)
        ):
            return opening + self.expr(args[0].value, indent, column, tail + 1) + ")"
        return self.bracketed(opening, args, node, indent, ")", self.inner(indent))

    def broken_Call(self, node: n.Call, indent: int, column: int, tail: int) -> str:
        of = self.wrapped(node.of, POSTFIX, indent, column, 1)
        return self.arguments(f"{of}(", node, indent, width_after(of, column) + 1, tail)

    def broken_CallData(self, node: n.CallData, indent: int, column: int, tail: int) -> str:
        opening = f"call {node.tool.name}("
        return self.arguments(opening, node, indent, column + len(opening), tail)

    def broken_Attr(self, node: n.Attr, indent: int, column: int, tail: int) -> str:
        return self.wrapped(node.of, POSTFIX, indent, column, tail) + f".{node.name.name}"

    def broken_Index(self, node: n.Index, indent: int, column: int, tail: int) -> str:
        of = self.wrapped(node.of, POSTFIX, indent, column, tail)
        return f"{of}[{self.expr(node.key, indent, width_after(of, column) + 1, tail + 1)}]"

    def broken_As(self, node: n.As, indent: int, column: int, tail: int) -> str:
        return self.wrapped(node.of, POSTFIX, indent, column, tail) + f" as {node.case.name}"

    def broken_Is(self, node: n.Is, indent: int, column: int, tail: int) -> str:
        return self.wrapped(node.of, COMPARED + 1, indent, column, tail) + f" is {self.flat(node.case)}"

    def broken_With(self, node: n.With, indent: int, column: int, tail: int) -> str:
        of = self.wrapped(node.of, POSTFIX, indent, column, 7)
        return f"{of} with {self.expr(node.changes, indent, width_after(of, column) + 6, tail)}"

    def broken_Unary(self, node: n.Unary, indent: int, column: int, tail: int) -> str:
        op, least = ("-", 8) if node.op == "-" else ("not ", 3)
        return op + self.wrapped(node.of, least, indent, column + len(op), tail)

    def wrapped(self, node: n.Expr, least: int, indent: int, column: int, tail: int, keep: bool = True) -> str:
        """An operand that may be broken, in its parentheses."""
        if self.parenthesised(node, least) if keep else level(node) < least:
            return f"({self.expr(node, indent, column + 1, tail + 1)})"
        return self.expr(node, indent, column, tail)

    def broken_Binary(self, node: n.Binary, indent: int, column: int, tail: int) -> str:
        """A chain of the same level: one operand a line, the operator first."""
        chain: list[tuple[str, n.Expr, int]] = []
        left: n.Expr = node
        if node.op == "??":
            chain = [("??", node.right, 5)]
            left = node.left
        while isinstance(left, n.Binary) and LEVELS[left.op] == LEVELS[node.op] and node.op != "??":
            if left is not node and self.parenthesised(left, 0):
                break
            chain.append((left.op, left.right, LEVELS[left.op] + 1))
            left = left.left
        least = 6 if node.op == "??" else LEVELS[node.op]
        return self.chained(self.wrapped(left, least, indent, column, 0), chain[::-1], indent, tail)

    def chained(self, first: str, chain: list[tuple[str, n.Expr, int]], indent: int, tail: int) -> str:
        inside = indent + INDENT
        lines = [first]
        for number, (op, operand, least) in enumerate(chain):
            room = tail if number + 1 == len(chain) else 0
            text = self.wrapped(operand, least, inside, inside + len(op) + 1, room)
            lines.append(f"{' ' * inside}{op} {text}")
        return "\n".join(lines)

    def broken_Compare(self, node: n.Compare, indent: int, column: int, tail: int) -> str:
        """Only a long chain breaks before its operators; one comparison breaks inside its operands."""
        first = self.wrapped(node.operands[0], COMPARED + 1, indent, column, 0)
        if len(node.ops) == 1:
            text = f"{first} {node.ops[0]} "
            return text + self.wrapped(node.operands[1], COMPARED + 1, indent, width_after(text, column), tail)
        chain = [(op, operand, COMPARED + 1) for op, operand in zip(node.ops, node.operands[1:], strict=True)]
        return self.chained(first, chain, indent, tail)

    def broken_Cond(self, node: n.Cond, indent: int, column: int, tail: int) -> str:
        inside = indent + INDENT
        pad = "\n" + " " * inside
        condition = self.expr(node.condition, inside, column + 3)
        then = self.expr(node.then, inside, inside + 5)
        return f"if {condition}{pad}then {then}{pad}else {self.expr(node.otherwise, inside, inside + 5, tail)}"

    def broken_AltType(self, node: n.AltType, indent: int, column: int, tail: int) -> str:
        pad = "\n" + " " * (indent + INDENT)
        return self.flat(node.options[0]) + "".join(f"{pad}| {self.flat(option)}" for option in node.options[1:])

    def broken_Refinement(self, node: n.Refinement, indent: int, column: int, tail: int) -> str:
        if node.pattern or not node.condition:
            return self.flat(node)
        return "where " + self.expr(node.condition, indent, column + 6, tail)

"""Operators: arithmetic, comparison, membership, and choices."""

from __future__ import annotations

from typing import Any

from nexlang.diagnostics import Diagnostic, Edit, Span
from nexlang.diagnostics.codes_names import UNKNOWN_TOOL
from nexlang.diagnostics.codes_types import BAD_OPERANDS, NOT_INDEXABLE, NOT_OPTIONAL, TYPE_MISMATCH, UNRELATED
from nexlang.diagnostics.suggest import suggest
from nexlang.semantics import symbols as s
from nexlang.semantics.cases import Cases
from nexlang.semantics.checker import POISON, words
from nexlang.semantics.literals import binary, lit, with_optional
from nexlang.semantics.moments import (
    DECIMAL_ARITHMETIC,
    as_kind,
    builtin_core,
    made_decimal,
    moment_arithmetic,
    negated,
)
from nexlang.semantics.scope import Typed
from nexlang.semantics.types import (
    BOOL,
    DECIMAL,
    DURATION,
    ERROR,
    FLOAT,
    INT,
    JSON,
    MOMENTS,
    NONE,
    TEXT,
    Core,
    Enum,
    List,
    Literal,
    Map,
    Optional,
    Table,
    Type,
    base,
    is_amount,
    is_text,
    joined,
    opened,
)
from nexlang.syntax import nodes as n

_OPS = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "in": "in", "not in": "not_in"}
_ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


class Operators(Cases):
    @property
    def functions(self) -> dict[str, s.FunctionInfo]:
        """All functions and tools; defined by `Declarations`."""
        raise AssertionError("defined by Declarations")

    def x_Unary(self, node: n.Unary, expected: Type | None) -> Typed:
        if node.op == "not":
            return Typed(BOOL, {"kind": "unary", "op": "not", "of": self.condition(node.of)})
        of = self.expr(node.of, None if isinstance(with_optional(expected), Literal) else expected)
        if of.type is not ERROR and not is_amount(of.type):
            self.report(TYPE_MISMATCH, node.of, expected="a number", actual=words(of.type))
            return POISON
        if of.core["kind"] == "lit" and isinstance(of.core["value"], int | float):
            value: Any = -of.core["value"]
            return self.literal_value(value, INT, node, expected) if of.type is INT else Typed(of.type, lit(value))
        if opened(of.type) is DECIMAL:
            return Typed(DECIMAL, negated(of.core))
        return Typed(opened(of.type), {"kind": "unary", "op": "neg", "of": of.core})

    def x_Binary(self, node: n.Binary, expected: Type | None) -> Typed:
        if node.op in ("and", "or"):
            left = self.condition(node.left)
            self.body.inside += 1
            right = self.condition(node.right)
            self.body.inside -= 1
            return Typed(BOOL, binary(node.op, left, right))
        if node.op == "??":
            return self.otherwise(node, expected)
        left_t = self.expr(node.left, expected if node.op in "+-*" else None)
        hint = DECIMAL if base(left_t.type) is DECIMAL else expected if node.op in "+-*" else None
        if base(left_t.type) in MOMENTS and isinstance(node.right, n.Str):
            hint = base(left_t.type)
        right_t = self.expr(node.right, hint)
        if base(right_t.type) is DECIMAL and isinstance(node.left, n.Num):
            left_t = self.expr(node.left, DECIMAL)
        return self.arithmetic(node, node.op, left_t, right_t)

    def otherwise(self, node: n.Binary, expected: Type | None) -> Typed:
        left = self.or_none(self.expr(node.left, expected))
        if left.type is ERROR:
            self.expr(node.right, expected)
            return POISON
        if left.type is NONE:
            return self.expr(node.right, expected)
        if not isinstance(base(left.type), Optional):
            diagnostic = self.report(NOT_OPTIONAL, node.left, what="??", type=words(left.type))
            diagnostic.fix("leave the rest out", Edit(Span(diagnostic.span.file, node.left.end, node.end), ""))
            self.expr(node.right, expected)
            return left
        inner = base(left.type).item  # type: ignore[attr-defined]
        self.body.inside += 1
        right = self.expr(node.right, expected or (None if isinstance(base(inner), Literal) else inner))
        self.body.inside -= 1
        result = joined([inner, right.type])
        if result is None:
            self.coerce(node.right, right, inner)
            return POISON
        left_core = left.core
        return Typed(result, binary("else", left_core, self.coerce(node.right, right, result)))

    def arithmetic(self, node: n.Node, op: str, left: Typed, right: Typed) -> Typed:
        a, b = opened(left.type), opened(right.type)
        if ERROR in (a, b):
            return POISON
        if op == "+" and is_text(a) and is_text(b):
            return Typed(TEXT, binary("join", left.core, right.core))
        if op == "+" and isinstance(a, List) and isinstance(b, List):
            item = joined([a, b])
            if item is not None:
                return Typed(item, binary("chain", left.core, right.core))
        if is_amount(a) and is_amount(b):
            result = self.number(op, a, b)
            if result is DECIMAL:
                both = (left, right)
                sides = [side.core if opened(side.type) is DECIMAL else made_decimal(side.core) for side in both]
                return Typed(DECIMAL, builtin_core(DECIMAL_ARITHMETIC[op], sides, DECIMAL))
            if result is not None:
                return Typed(result, binary(_ARITHMETIC[op], *self.same_number(left, right, op)))
        moved = moment_arithmetic(op, left, right)
        if isinstance(moved, Typed):
            return moved
        hint = moved or "not numbers of one kind"
        if {a, b} == {DECIMAL, FLOAT}:
            hint = "`decimal(x)` makes a Decimal of a Float, `float(x)` a Float of a Decimal"
        if op == "+" and (is_text(a) or is_text(b)):
            hint = "put values into a text with `{{ … }}`"
        elif isinstance(a, Optional) or isinstance(b, Optional):
            hint = "may be none"
        diagnostic = self.report(BAD_OPERANDS, node, op=op, left=words(left.type), right=words(right.type), hint=hint)
        if moved is not None and isinstance(node, n.Binary) and isinstance(node.right, n.Num) and b is INT:
            edit = Edit(self.span(node.right), f"{self.text(node.right)}d")
            diagnostic.fix("that many days", edit, applicability="unsafe")
        return POISON

    def number(self, op: str, a: Type, b: Type) -> Type | None:
        if DURATION in (a, b):
            if op in "+-":
                return DURATION if a is b else None
            if op == "*":
                return DURATION if a is not b and DECIMAL not in (a, b) else None
            return FLOAT if a is b else (DURATION if a is DURATION and b is not DECIMAL else None)
        if DECIMAL in (a, b):
            return None if FLOAT in (a, b) else DECIMAL
        if op == "/":
            return FLOAT
        return INT if a is INT and b is INT else FLOAT

    def same_number(self, left: Typed, right: Typed, op: str = "") -> tuple[Core, Core]:
        a, b = left.core, right.core
        if DECIMAL in (opened(left.type), opened(right.type)):
            return a, b
        if opened(left.type) is INT and (opened(right.type) is not INT):
            a = lit(float(a["value"])) if a["kind"] == "lit" else {"kind": "to_float", "of": a}
        if opened(right.type) is INT and (opened(left.type) is not INT):
            b = lit(float(b["value"])) if b["kind"] == "lit" else {"kind": "to_float", "of": b}
        return a, b

    def x_Compare(self, node: n.Compare, expected: Type | None) -> Typed:
        parts = []
        left_node = node.operands[0]
        left = self.operand(left_node, node.operands[1], node.ops[0])
        for op, right_node in zip(node.ops, node.operands[1:], strict=True):
            outer, self.tool_wanted = self.tool_wanted, left.names_tool
            right = self.expr(right_node, self.other_side(op, left.type, right_node))
            self.tool_wanted = outer
            if left.names_tool:
                self.known_tools(right_node)
            parts.append(self.comparison(op, left_node, left, right_node, right))
            left_node, left = right_node, right
        core = parts[0]
        for part in parts[1:]:
            core = binary("and", core, part)
        return Typed(BOOL, core)

    def known_tools(self, node: n.Expr) -> None:
        """Hold quoted texts that a call's `tool` is compared with to the tools that there are."""
        texts = [each for each in (node.items if isinstance(node, n.ListLit) else [node]) if isinstance(each, n.Str)]
        for each in texts:
            core = self.x_Str(each, None).core
            tools = [info.name for info in self.functions.values() if info.kind == "tool"]
            if core["kind"] == "lit" and core["value"] not in tools:
                near = suggest(str(core["value"]), tools)
                diagnostic = self.report(UNKNOWN_TOOL, each, name=core["value"])
                if near is not None:
                    diagnostic.replace("a tool like it exists", near)

    def other_side(self, op: str, left: Type, node: n.Expr) -> Type | None:
        """What the left side lets expect of the right: its own type, or a list of its cases."""
        if op not in ("in", "not in"):
            return left
        return List(left) if isinstance(node, n.ListLit) and isinstance(with_optional(left), Enum) else None

    def operand(self, node: n.Expr, other: n.Expr, op: str) -> Typed:
        """The left side of a comparison; a bare enum case takes its enum from the other side."""
        if isinstance(node, n.Name) and self.body.find(node.name) is None and self.module.lookup(node.name) is None:
            slots = self.body.world.slots if self.body.world and self.body.kind != "measure" else {}
            if node.name not in slots and node.name not in ("none", "true", "false"):
                return self.expr(node, self.expr(other).type)
        if op in ("in", "not in") and isinstance(node, n.Str):
            other_type = base(self.expr(other).type)
            if isinstance(other_type, List):
                return self.expr(node, other_type.item)
        return self.expr(node)

    def comparison(self, op: str, left_node: n.Expr, left: Typed, right_node: n.Expr, right: Typed) -> Core:
        a, b = left.type, right.type
        core = binary(_OPS[op], left.core, right.core)
        if ERROR in (a, b):
            return core
        if op in ("in", "not in"):
            return self.membership(op, left_node, left, right_node, right)
        if base(b) is DECIMAL and isinstance(left_node, n.Num):
            left = self.expr(left_node, DECIMAL)
            a, core["left"] = left.type, left.core
        number = is_amount(a) and is_amount(b) and _comparable(opened(a), opened(b))
        if op in ("==", "!="):
            if number:
                return binary(_OPS[op], *self.same_number(left, right))
            if joined([a, b]) is None and JSON not in (with_optional(a), with_optional(b)):
                diagnostic = self.report(UNRELATED, right_node, left=words(a), right=words(b))
                diagnostic.label(self.span(left_node), str(a))
                self.of_one_kind(diagnostic, left_node, left, right_node, right)
            return core
        if number:
            return binary(_OPS[op], *self.same_number(left, right))
        if base(a) is base(b) and base(a) in MOMENTS:
            return core
        if not (is_text(a) and is_text(b)):
            none = isinstance(a, Optional) or isinstance(b, Optional)
            hint = "may be none" if none else "numbers, texts or dates needed"
            span = right_node if not isinstance(base(a), Optional) else left_node
            diagnostic = self.report(BAD_OPERANDS, span, op=op, left=words(a), right=words(b), hint=hint)
            self.of_one_kind(diagnostic, left_node, left, right_node, right)
        return core

    def of_one_kind(
        self, diagnostic: Diagnostic, left_node: n.Expr, left: Typed, right_node: n.Expr, right: Typed
    ) -> None:
        """Where one side is near to the other's type, say how it becomes it."""
        for node, side, other in ((left_node, left, right), (right_node, right, left)):
            text = as_kind(self.text(node), isinstance(node, n.Binary | n.Cond), side, opened(other.type))
            if text is not None:
                edit = Edit(self.span(node), text)
                diagnostic.fix(f"compare `{opened(other.type)}` with its like", edit, applicability="unsafe")
                return

    def membership(self, op: str, left_node: n.Expr, left: Typed, right_node: n.Expr, right: Typed) -> Core:
        container = base(right.type)
        core = binary(_OPS[op], left.core, right.core)
        match container:
            case List(item):
                if joined([left.type, item]) is None:
                    self.report(UNRELATED, left_node, left=words(left.type), right=words(item))
            case Map(key, _):
                core["left"] = self.coerce(left_node, left, key)
            case Table():
                core["left"] = self.coerce(left_node, left, container.key_type)
            case _ if is_text(container):
                core["left"] = self.coerce(left_node, left, TEXT)
            case Optional():
                self.may_be_none(right_node, right.type)
            case _:
                self.report(NOT_INDEXABLE, right_node, type=words(right.type))
        return core

    def x_Cond(self, node: n.Cond, expected: Type | None) -> Typed:
        condition = self.condition(node.condition)
        self.body.inside += 1
        then, other = self.expr(node.then, expected), self.expr(node.otherwise, expected)
        self.body.inside -= 1
        result = joined([then.type, other.type])
        if result is None:
            diagnostic = self.report(TYPE_MISMATCH, node.otherwise, expected=words(then.type), actual=words(other.type))
            diagnostic.label(self.span(node.then), "both sides give one type")
            return POISON
        core = {
            "kind": "cond",
            "condition": condition,
            "then": self.coerce(node.then, then, result),
            "otherwise": self.coerce(node.otherwise, other, result),
        }
        return Typed(result, core)


def _comparable(a: Type, b: Type) -> bool:
    """Whether two numbers are of kinds that may be compared: Durations with each other, no Decimal with a Float."""
    if DURATION in (a, b):
        return a is b
    return {a, b} != {DECIMAL, FLOAT}

"""How statements and blocks look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nexlang.syntax import nodes as n
from nexlang.syntax.formatting.expressions import Expressions
from nexlang.syntax.formatting.page import INDENT, fits, width_after


class Statements(Expressions):
    # ------------------------------------------------------------ blocks

    def braces(self, items: Sequence[n.Node], start: int, end: int, indent: int, between: str = "") -> str:
        """`{ … }` over several lines; `start` and `end` are those of the braces."""
        inside = indent + INDENT
        lines = self.sequence(
            items, start + 1, end - 1, inside, lambda item: self.item(item, inside), between, between and ","
        )
        return "\n".join(["{", *lines, " " * indent + "}"]) if lines else "{ }"

    def one_line_braces(self, items: Sequence[n.Node], between: str) -> str:
        return f"{{ {between.join(self.flat_item(item) for item in items)} }}" if items else "{ }"

    def block(self, block: n.Block, indent: int, column: int, may_flat: bool = True) -> str:
        if may_flat and self.can_flat(block):
            flat = self.one_line_braces(block.body, "  ")
            if "\n" not in flat and fits(flat, column):
                return flat
        return self.braces(block.body, block.start, block.end, indent)

    def can_flat(self, block: n.Node) -> bool:
        """A block that stood on one line may stay there, when no comment before it waits to be printed in it."""
        waiting = self.taken < len(self.positions) and self.positions[self.taken] < block.end
        return self.one_line(block) and not waiting

    def item(self, node: n.Node, indent: int) -> str:
        """A statement or member at the begin of a line; further lines are relative to `indent`."""
        return str(getattr(self, f"put_{type(node).__name__}")(node, indent))

    def flat_item(self, node: n.Node) -> str:
        """A statement or member of a construct that stood on one line."""
        return self.item(node, 0) if not isinstance(node, n.Expr) else self.flat(node)

    # ------------------------------------------------------------ statements

    def ending(self, text: str, word: str, value: n.Expr, indent: int) -> str:
        """`text` and `word value`, on the same line where both fit, else the ending on a line of its own."""
        flat = f" {word} {self.flat(value)}"
        last = text[text.rfind("\n") + 1 :] if "\n" in text and '"""' not in text else ""
        deeper = len(last) - len(last.lstrip()) > indent
        if not deeper and fits(flat, width_after(text, indent)) and not self.commented(value.start, value.end):
            return text + flat
        inside = indent + INDENT
        return f"{text}\n{' ' * inside}{word} {self.expr(value, inside, inside + len(word) + 1)}"

    def with_orelse(self, head: str, value: n.Expr, orelse: n.OrElse | None, indent: int) -> str:
        text = head + self.expr(value, indent, indent + len(head))
        return self.ending(text, f"else {orelse.kind}", orelse.value, indent) if orelse else text

    def put_Let(self, node: n.Let, indent: int) -> str:
        return self.with_orelse(f"let {node.name.name} = ", node.value, node.orelse, indent)

    def put_Var(self, node: n.Var, indent: int) -> str:
        kind = f": {self.flat(node.type)}" if node.type else ""
        head = f"var {node.name.name}{kind} = "
        return head + self.expr(node.value, indent, indent + len(head))

    def put_Assign(self, node: n.Assign, indent: int) -> str:
        target = self.expr(node.target, indent, indent)
        head = f"{target} {node.op} "
        return head + self.expr(node.value, indent, width_after(head, indent))

    def put_Do(self, node: n.Do, indent: int) -> str:
        return self.with_orelse("", node.call, node.orelse, indent)

    def put_Add(self, node: n.Add, indent: int) -> str:
        text = "add " + self.expr(node.value, indent, indent + 4, 4)
        return f"{text} to {self.expr(node.target, indent, width_after(text, indent) + 4)}"

    def put_Remove(self, node: n.Remove, indent: int) -> str:
        return "remove " + self.expr(node.target, indent, indent + 7)

    def put_Return(self, node: n.Return, indent: int) -> str:
        return "return " + self.expr(node.value, indent, indent + 7)

    def put_Fail(self, node: n.Fail, indent: int) -> str:
        return "fail " + self.expr(node.failure, indent, indent + 5)

    def put_Require(self, node: n.Require, indent: int) -> str:
        text = "require " + self.expr(node.condition, indent, indent + 8)
        return self.ending(text, "else fail", node.failure, indent)

    def put_ByActor(self, node: n.ByActor, indent: int) -> str:
        head = f"by {node.actor.name} "
        return head + self.block(node.block, indent, indent + len(head))

    def put_For(self, node: n.For, indent: int) -> str:
        head = f"for {self.flats(node.names)} in "
        head += self.wrapped(node.source, 1, indent, indent + len(head), 2, keep=False)
        if node.condition:
            text = self.expr(node.condition, indent + INDENT, width_after(head, indent) + 4, 2)
            head += f" if {text}"
        return f"{head} {self.block(node.block, indent, width_after(head, indent) + 1)}"

    def put_If(self, node: n.If, indent: int) -> str:
        flat = self.flat_chain(node, indent) if self.can_flat(node) else ""
        return flat if flat and "\n" not in flat and fits(flat, indent) else self.if_chain(node, indent, "", False)

    def flat_chain(self, node: n.If, indent: int) -> str:
        return self.if_chain(node, indent, "", True)

    def if_chain(self, node: n.If, indent: int, text: str, flat: bool) -> str:
        binding = f"let {node.binding.name} = " if node.binding else ""
        text += f"if {binding}"
        text += self.expr(node.condition, indent, width_after(text, indent), 2)
        text += f" {self.branch(node.then, indent, flat)}"
        if isinstance(node.otherwise, n.If):
            return self.if_chain(node.otherwise, indent, f"{text} else ", flat)
        if node.otherwise:
            text += f" else {self.branch(node.otherwise, indent, flat)}"
        return text

    def branch(self, block: n.Block, indent: int, flat: bool) -> str:
        return self.one_line_braces(block.body, "  ") if flat else self.block(block, indent, 0, False)

    def put_Match(self, node: n.Match, indent: int) -> str:
        head = "match " + self.expr(node.subject, indent, indent + 6, 2)
        cases: list[n.Node] = list(node.cases)
        if node.otherwise:
            cases.append(node.otherwise)
        if self.can_flat(node):
            flat = f"{head} {self.one_line_braces(cases, ' ')}"
            if "\n" not in flat and fits(flat, indent):
                return flat
        return f"{head} {self.braces(cases, node.subject.end, node.end, indent)}"

    def put_Case(self, node: n.Case, indent: int) -> str:
        binding = f" as {node.binding.name}" if node.binding else ""
        head = f"is {self.flats(node.names)}{binding} "
        return head + self.block(node.block, indent, indent + len(head))

    def put_Block(self, node: n.Block, indent: int) -> str:
        """The `else` of a match."""
        return "else " + self.block(node, indent, indent + 5)

    def put_Given(self, node: n.Given, indent: int) -> str:
        head = f"given {self.expr(node.target, indent, indent + 6)} = "
        return head + self.expr(node.value, indent, width_after(head, indent))

    def put_Script(self, node: n.Script, indent: int) -> str:
        head = f"{node.kind} {node.name.name} {node.verb} "
        return head + self.expr(node.value, indent, indent + len(head))

    def put_Expect(self, node: n.Expect, indent: int) -> str:
        text = "expect " + self.expr(node.subject, indent, indent + 7)
        if node.kind == "unchanged":
            return f"{text} unchanged"
        return self.ending(text, "fails", node.failure, indent) if node.failure else text

    def keyed(self, name: str, value: Any, indent: int, tail: int = 0) -> str:
        head = f"{name}: "
        return head + self.expr(value, indent, indent + len(head), tail)

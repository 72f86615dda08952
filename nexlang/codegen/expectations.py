"""Statements of tests: what is given, what models and externs say, what is expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pydantic import BaseModel

from nexlang.codegen import layout as py
from nexlang.codegen.blocks import Simple, Stmt
from nexlang.codegen.expressions import Expressions
from nexlang.codegen.layout import Atom
from nexlang.codegen.text import literal
from nexlang.codegen.trees import nodes
from nexlang.ir import model as ir

_OPERATORS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "in": "in", "not_in": "not in"}


class Expectations(Expressions):
    """`looped` are the locals of the loops around: what is tried later holds them as they are now."""

    statements: Callable[[Sequence[BaseModel]], list[Stmt]]
    in_test = False
    looped: frozenset[str] = frozenset()

    def entered(self, stmt: ir.For) -> frozenset[str]:
        """Note the names that a loop gives anew each time; gives those that were noted before."""
        before = self.looped
        found = set(stmt.clause.names)
        for node in nodes(stmt.body):
            if isinstance(node, ir.Let | ir.Set):
                found.add(node.name)
            elif isinstance(node, ir.If | ir.Case) and node.binding is not None:
                found.add(node.binding)
            elif isinstance(node, ir.For):
                found.update(node.clause.names)
        self.looped = before | {self.local(name) for name in found}
        return before

    def later(self, of: py.Expr) -> py.Expr:
        """A function that gives the value when it is called."""
        text = of.flat() if self.looped else ""
        held = [name for name in sorted(self.looped) if re.search(rf"(?<![\w.]){name}\b", text)]
        made = py.Lambda(", ".join(held), of)
        return py.Call(self.use("partial", "functools"), [made, *(Atom(name) for name in held)]) if held else made

    def s_given(self, stmt: ir.Given) -> list[Stmt]:
        return self.statements([stmt.write])

    def s_script(self, stmt: ir.Script) -> list[Stmt]:
        head: list[py.Expr] = [Atom(str(stmt.line)), Atom(literal(stmt.of)), Atom(literal(stmt.name))]
        items = [*head, self.expr(stmt.value)]
        if stmt.code is not None:
            items.append(Atom(literal(stmt.code)))
        return [Simple("", py.Call(Atom("run.script"), items))]

    def s_expect(self, stmt: ir.Expect) -> list[Stmt]:
        head: list[py.Expr] = [Atom(str(stmt.line)), Atom(literal(stmt.text.removeprefix("expect ")))]
        if stmt.test == "unchanged":
            place = [] if stmt.subject is None else [py.Lambda("ctx", self.expr(stmt.subject))]
            return [Simple("", py.Call(Atom("run.unchanged"), [*head, *place]))]
        assert stmt.subject is not None
        if stmt.test == "fails":
            message = self.expr(stmt.message) if stmt.message is not None else Atom("None")
            code: list[py.Expr] = [] if stmt.code is None else [Atom(literal(stmt.code))]
            called = self.later(self.expr(stmt.subject))
            return [Simple("", py.Call(Atom("run.fails"), [*head, called, message, *code]))]
        if isinstance(stmt.subject, ir.Binary) and stmt.subject.op in _OPERATORS:
            left, right = (self.later(self.expr(side)) for side in (stmt.subject.left, stmt.subject.right))
            operator = Atom(literal(_OPERATORS[stmt.subject.op]))
            return [Simple("", py.Call(Atom("run.compare"), [*head, left, operator, right]))]
        return [Simple("", py.Call(Atom("run.true"), [*head, self.later(self.expr(stmt.subject))]))]

    def x_call_fn(self, expr: ir.CallFn) -> py.Expr:
        return self.around_processes(expr) if self.in_test and self.is_guarded(expr) else super().x_call_fn(expr)

    def is_guarded(self, expr: ir.CallFn) -> bool:
        """Whether processes may stand around the call: of a tool, in a program in which calls have some."""
        function = self.look.functions[expr.name]
        processes = [process for world in self.look.program.worlds for process in world.processes]
        around = any(process.trigger in ("before_call", "after_call") for process in processes)
        return around and function.kind == "tool" and function.world is not None

    def around_processes(self, expr: ir.CallFn) -> py.Expr:
        """A call of a tool in a test, as an agent would make it."""
        tool = Atom(f"{self.use('TOOLS', '.tools').text}[{literal(expr.name)}]")
        by = [py.Keyword("by", Atom(literal(expr.by)))] if expr.by else []
        return py.Call(Atom("run.tool"), [tool, *self.all(expr.args), *by])

    def asked(self, expr: ir.Act) -> py.Expr:
        """A call of an agent in a test: it runs to its end."""
        entries: list[py.Expr] = [py.Entry(Atom(literal(name)), self.expr(of)) for name, of in expr.args.items()]
        return py.Call(Atom("run.ask"), [Atom(literal(expr.name)), py.Display("{", entries, "}")])

    def x_act(self, expr: ir.Act) -> py.Expr:
        return self.asked(expr) if self.in_test else super().x_act(expr)

"""The module of a generated package that tests it."""

from __future__ import annotations

from nexlang.codegen import blocks
from nexlang.codegen import layout as py
from nexlang.codegen.blocks import Loop, Simple, Stmt
from nexlang.codegen.layout import Atom
from nexlang.codegen.measures import uses_context
from nexlang.codegen.modules import Module
from nexlang.codegen.names import local_name, type_name
from nexlang.codegen.statements import Body
from nexlang.codegen.text import literal
from nexlang.ir import model as ir


class Tests(Module):
    """`test` blocks as functions, with the rows or the values that they are run for."""

    home = "tests"
    title = "The program's tests."

    def build(self) -> None:
        tests = self.look.program.tests
        for index, test in enumerate(tests, 1):
            self.rows(index, test)
            self.test(index, test)
        entries = [self.entry(index, test) for index, test in enumerate(tests, 1)]
        if entries:
            self.assignment("TESTS = ", py.Display("(", entries, ")"))

    def body(self, test: ir.Test) -> Body:
        world = self.look.environments[test.environment].world if test.environment else test.world
        statements = [*test.body, test.cases, test.shown] if test.shown or test.cases else test.body
        body = Body(self.surroundings(world), statements)  # type: ignore[arg-type]
        body.in_test = True
        for name, type in self.named(test):
            body.infer.locals[name] = type
        return body

    def named(self, test: ir.Test) -> list[tuple[str, ir.Type]]:
        """The names that the cases of a test have, with their types."""
        match test.cases:
            case ir.TestRows(clause=clause, types=types):
                return list(zip(clause.names, types, strict=True))
            case ir.TestValues(values=values):
                return [(value.name, value.type) for value in values]
        return []

    def parameters(self, test: ir.Test) -> list[str]:
        return [f"{local_name(name, self.taken)}: {self.annotations.of(type)}" for name, type in self.named(test)]

    # ------------------------------------------------------------ rows

    def rows(self, index: int, test: ir.Test) -> None:
        """A generator of what each row gives the names, and the title of one row."""
        if not isinstance(test.cases, ir.TestRows):
            return
        body = self.body(test)
        target, source = body.clause(test.cases.clause)
        names = [Atom(local_name(name, self.taken)) for name in test.cases.clause.names]
        made: list[Stmt] = [Simple("yield from ", source)]
        if len(names) == 1:
            made = [Loop(target, source, [Simple("yield ", py.Display("(", [*names], ")"))])]
        result = f"{self.use('Iterator', 'collections.abc')}[tuple[{self.use('Any', 'typing')}, ...]]"
        self.written(f"rows_{index}", [], result, made)
        if test.shown is not None:
            shown: list[Stmt] = [Simple("return ", self.body(test).expr(test.shown))]
            self.written(f"title_{index}", self.parameters(test), "str", shown)

    def written(self, name: str, params: list[str], result: str, stmts: list[Stmt], doc: str = "") -> None:
        lines = blocks.write(stmts, 4)
        if uses_context(lines):
            lines.insert(0, "    ctx = run.ctx")
        run = f"run: {self.use('TestRun')}"
        self.add(self.function(name, [run, *params], result, lines, doc))

    # ------------------------------------------------------------ bodies

    def test(self, index: int, test: ir.Test) -> None:
        body = self.body(test)
        givens = [place for place, stmt in enumerate(test.body, 1) if isinstance(stmt, ir.Given)]
        first = givens[-1] if givens else 0
        stmts = body.statements(test.body[:first])
        if givens:
            stmts.append(Simple("", Atom("run.begin()")))
        stmts += body.statements(test.body[first:])
        lines = blocks.write(stmts, 4)
        if uses_context(lines):
            lines.insert(0, "    ctx = run.ctx")
        params = [f"run: {self.use('TestRun')}", *self.parameters(test)]
        self.add([self.source(test), *self.function(f"check_{index}", params, "None", lines, test.title)])

    def entry(self, index: int, test: ir.Test) -> py.Expr:
        environment = Atom("None") if test.environment is None else Atom(literal(test.environment))
        items: list[py.Expr] = [Atom(literal(test.title)), environment, Atom(literal(test.file)), Atom(str(test.line))]
        items.append(Atom(f"check_{index}"))
        if test.world is not None:
            items.append(py.Keyword("world", Atom(self.use(type_name(test.world), ".worlds"))))
        if isinstance(test.cases, ir.TestRows):
            items.append(py.Keyword("rows", Atom(f"rows_{index}")))
            if test.shown is not None:
                items.append(py.Keyword("shown", Atom(f"title_{index}")))
        if isinstance(test.cases, ir.TestValues):
            entries: list[py.Expr] = [
                py.Entry(Atom(literal(value.name)), self.codecs.of(value.type, value.refine))
                for value in test.cases.values
            ]
            items.append(py.Keyword("values", py.Display("{", entries, "}")))
        return py.Call(Atom(self.use("Test")), items)

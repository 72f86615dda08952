"""The methods of a generated environment that read an episode: measures, `success` and `stop`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from nexlang.codegen import blocks
from nexlang.codegen import layout as py
from nexlang.codegen.blocks import Simple, Stmt
from nexlang.codegen.layout import Atom
from nexlang.codegen.modules import Module
from nexlang.codegen.names import local_name
from nexlang.codegen.statements import Body
from nexlang.codegen.text import literal
from nexlang.codegen.trees import nodes
from nexlang.codegen.types import scalar
from nexlang.ir import model as ir

PAID = {
    ("end", False): "measures",
    ("round", False): "round_measures",
    ("end", True): "actor_measures",
    ("round", True): "actor_round_measures",
    ("potential", False): "potentials",
}
"""The method of each kind of component, by when it is paid and whether each actor has its own."""


def uses_context(lines: Sequence[str]) -> bool:
    """Whether a body names its context. Texts may too, which does no harm where they do."""
    return any(re.search(r"(?<![\w.\"'])ctx(?=[.,)])", line) for line in lines)


class Measures(Module):
    """Methods over a scope; `types` are the world and the task of the environment at hand."""

    types: str

    def scoped(self, of: ir.Environment, named: Mapping[str, py.Expr] | None = None) -> Body:
        """A body whose names are those of a scope."""
        names = ("task", "world", "start", "before", "actor", "calls", "messages", "result")
        scope: dict[str, py.Expr] = {name: Atom(f"scope.{name}") for name in names}
        body = Body(self.surroundings(of.world, named={**scope, **(named or {})}))
        world = ir.NamedType(kind="world", name=of.world)
        body.infer.locals = {
            "task": of.task, "world": world, "start": world, "before": world, "actor": scalar("actor"),
            "calls": ir.ListType(item=scalar("call")), "messages": ir.ListType(item=scalar("message")),
        }  # fmt: skip
        return body

    def method(self, name: str, params: Sequence[str], result: str, stmts: Sequence[Stmt]) -> list[str]:
        lines = blocks.write(stmts, 8)
        if "ctx: " not in "".join(params) and uses_context(lines):
            lines.insert(0, "        ctx = scope.ctx")
        return self.function(name, ["self", *params], result, lines, indent=4)

    def scope(self) -> str:
        return f"scope: {self.use('Scope')}[{self.types}]"

    # ------------------------------------------------------------ rewards

    def rewards(self, of: ir.Environment) -> Iterator[list[str]]:
        """One method for each kind of component that there is."""
        for (paid, own), name in PAID.items():
            components = [c for c in of.reward if (c.paid, c.own) == (paid, own) and not c.judged]
            if components:
                yield self.measured(of, name, components)
        if judged := [c for c in of.reward if c.judged]:
            yield self.judges(of)
            yield self.measured(of, "judged_measures", judged)

    def judges(self, of: ir.Environment) -> list[str]:
        """Who is asked for what; they may be told what is measured without them."""
        whole = [c for c in of.reward if (c.paid, c.own, c.judged) == ("end", False, False)]
        body = self.scoped(of, {c.name: self.measure(c, "whole") for c in whole})
        body.infer.locals |= {c.name: scalar(c.type) for c in whole}
        plays: list[py.Expr] = []
        for judge in of.judges:
            args: list[py.Expr] = [py.Entry(Atom(literal(name)), body.expr(arg)) for name, arg in judge.args.items()]
            plays.append(py.Call(Atom(self.use("Play")), [Atom(literal(judge.agent)), py.Display("{", args, "}")]))
        read = {node.name for node in nodes(of.judges) if isinstance(node, ir.Local)}
        stmts: list[Stmt] = []
        if any(c.name in read for c in whole):
            stmts.append(Simple("whole = ", py.Call(Atom("self.measures"), [Atom("scope")])))
        stmts.append(Simple("return ", py.Display("[", plays, "]")))
        result = f"{self.use('Sequence', 'collections.abc')}[{self.use('Play')}]"
        return self.method("judges", [self.scope()], result, stmts)

    def measured(self, of: ir.Environment, name: str, components: Sequence[ir.Component]) -> list[str]:
        """What its components are now, by name. Those of the whole episode are made first where they are read."""
        mine = {c.name for c in components}
        whole = [c for c in of.reward if (c.paid, c.own, c.judged) == ("end", False, False) and c.name not in mine]
        read = {node.name for c in components for node in nodes(c.measure) if isinstance(node, ir.Local)}
        taken = {c.name: self.component(c.name) for c in components}
        named: dict[str, py.Expr] = {name: Atom(variable) for name, variable in taken.items()}
        named |= {c.name: self.measure(c, "whole") for c in whole}
        body = self.scoped(of, named)
        body.infer.locals |= {c.name: scalar(c.type) for c in whole}
        stmts: list[Stmt] = []
        if any(c.name in read for c in whole):
            stmts.append(Simple("whole = ", py.Call(Atom("self.measures"), [Atom("scope")])))
        for component in components:
            stmts.append(Simple(f"{taken[component.name]} = ", body.expr(component.measure)))
            body.infer.locals[component.name] = scalar(component.type)
        entries: list[py.Expr] = [py.Entry(Atom(literal(c.name)), Atom(taken[c.name])) for c in components]
        stmts.append(Simple("return ", py.Display("{", entries, "}")))
        return self.method(name, [self.scope()], "dict[str, bool | int | float]", stmts)

    def component(self, name: str) -> str:
        return local_name(name, self.taken | {"scope", "self", "measures", "whole"})

    def measure(self, component: ir.Component, of: str) -> py.Expr:
        return py.Call(Atom(component.type), [Atom(f"{of}[{literal(component.name)}]")])

    def verdict(self, of: ir.Environment, name: str, condition: ir.Expr | None) -> list[str]:
        """`success` or `stop`."""
        if condition is None:
            return []
        whole = [c for c in of.reward if (c.paid, c.own) == ("end", False)]
        body = self.scoped(of, {c.name: self.measure(c, "measures") for c in whole})
        body.infer.locals |= {c.name: scalar(c.type) for c in whole}
        params = [self.scope(), f"measures: {self.use('Measures')}"]
        return self.method(name, params, "bool", [Simple("return ", body.expr(condition))])

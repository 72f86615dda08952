"""An environment's dynamics as the value that they are at run time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from nexlang.codegen import layout as py
from nexlang.codegen.layout import Atom
from nexlang.codegen.statements import Body
from nexlang.codegen.text import literal
from nexlang.codegen.types import ENGINE
from nexlang.ir import model as ir


class DynamicsWriter:
    """Writes `Dynamics(…)`; the expressions belong to no world."""

    def __init__(self, use: Callable[..., str], body: Body) -> None:
        self.use = use
        self.body = body

    def written(self, of: ir.DynamicsSpec) -> py.Expr:
        named = [(tool, one.distribution) for one in of.latency for tool in one.tools]
        default = next((one.distribution for one in of.latency if not one.tools), None)
        latency: list[py.Expr] = [py.Entry(Atom(literal(tool)), self.body.expr(made)) for tool, made in named]
        faults: dict[str, list[py.Expr]] = {}
        for fault in of.faults:
            for tool in fault.tools:
                faults.setdefault(tool, []).append(self.fault(fault))
        noise: dict[str, list[py.Expr]] = {}
        for one in of.noise:
            path = py.Display("(", [Atom(literal(name)) for name in one.path], ")")
            noise.setdefault(one.target, []).append(py.Display("(", [path, self.body.expr(one.distribution)], ")"))
        items: list[py.Expr] = [
            py.Keyword("latency", py.Display("{", latency, "}")),
            py.Keyword("default", self.body.expr(default) if default is not None else Atom("None")),
            py.Keyword("faults", grouped(faults)),
            py.Keyword("noise", grouped(noise)),
        ]
        return py.Call(Atom(self.use("Dynamics", f"{ENGINE}.distributions")), items)

    def fault(self, fault: ir.Fault) -> py.Expr:
        items = [
            Atom(literal(fault.code)),
            self.body.expr(fault.message),
            Atom(repr(fault.rate)),
            Atom(str(fault.after)),
        ]
        return py.Call(Atom(self.use("Fault", f"{ENGINE}.distributions")), items)


def grouped(lists: Mapping[str, Iterable[py.Expr]]) -> py.Expr:
    """A dict of lists."""
    return py.Display("{", [py.Entry(Atom(literal(k)), py.Display("[", list(of), "]")) for k, of in lists.items()], "}")

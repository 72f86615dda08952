"""The module of a generated package that says what happens in its worlds by itself."""

from __future__ import annotations

from nexlang.codegen import blocks
from nexlang.codegen import layout as py
from nexlang.codegen.layout import Atom
from nexlang.codegen.modules import Module
from nexlang.codegen.names import global_name, local_name, snake_name, type_name
from nexlang.codegen.statements import Body
from nexlang.codegen.text import literal
from nexlang.codegen.types import ENGINE, TEXT, scalar
from nexlang.ir import model as ir


class Processes(Module):
    """The bodies of processes, and for each world the list of its own."""

    home = "processes"
    title = "What happens in the program's worlds by itself."

    def build(self) -> None:
        for world in self.look.program.worlds:
            for process in world.processes:
                self.body(world, process)
        for world in self.look.program.worlds:
            if world.processes:
                listed: list[py.Expr] = [Atom(self.use(type_name(world.name), ".worlds"))]
                listed += [self.entry(world, process) for process in world.processes]
                made = Atom(self.use("define_processes", f"{ENGINE}.processes"))
                self.assignment("", py.Call(made, listed), apart=True)

    def body(self, world: ir.World, process: ir.Process) -> None:
        body = Body(self.surroundings(world.name), process.body)
        params = [self.context(world.name)]
        if process.trigger in ("before_call", "after_call"):
            body.infer.locals["request"] = scalar("call")
            params.append(f"{local_name('request', self.taken)}: {self.use('Call')}")
        if process.trigger == "after_call":
            body.infer.locals["answer"] = TEXT
            params.append(f"{local_name('answer', self.taken)}: str")
        if process.dice is not None:
            params.append(f"{local_name(process.dice, self.taken)}: {self.use('Chance')}")
        lines = blocks.write(body.statements(process.body), 4)
        self.add([self.source(process), *self.function(self.name(world, process), params, "None", lines, process.doc)])

    def name(self, world: ir.World, process: ir.Process) -> str:
        """The function's name; no other function or constant of the program has it."""
        name = global_name(f"{snake_name(world.name)}_{process.name}_process")
        while name in self.taken:
            name += "_"
        return name

    def entry(self, world: ir.World, process: ir.Process) -> py.Expr:
        items: list[py.Expr] = [Atom(literal(process.name)), Atom(literal(process.trigger))]
        items.append(Atom(self.name(world, process)))
        if process.period_ms is not None:
            items.append(Atom(repr(process.period_ms)))
        if process.dice is not None:
            items.append(py.Keyword("dice", Atom("True")))
        return py.Call(Atom(self.use("Process", f"{ENGINE}.processes")), items)

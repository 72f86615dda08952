"""The modules of a generated package that play: agents and environments."""

from __future__ import annotations

from nexlang.codegen import blocks
from nexlang.codegen import layout as py
from nexlang.codegen.blocks import Branch, Simple, Stmt
from nexlang.codegen.dynamics import DynamicsWriter
from nexlang.codegen.layout import COMPARE, Atom
from nexlang.codegen.measures import Measures, uses_context
from nexlang.codegen.modules import Module, docstring
from nexlang.codegen.names import global_name, snake_name, type_name
from nexlang.codegen.statements import Body
from nexlang.codegen.text import literal
from nexlang.codegen.trees import nodes
from nexlang.codegen.types import ENGINE, scalar
from nexlang.ir import model as ir


class Agents(Module):
    """Bodies of rule and flow agents as generators, and the table of all agents."""

    home = "agents"
    title = "The program's agents."

    def build(self) -> None:
        agents = self.look.program.agents
        for agent in agents:
            if agent.kind != "model":
                self.body(agent)
        entries: list[py.Expr] = [py.Entry(Atom(literal(agent.name)), self.entry(agent)) for agent in agents]
        if entries:
            self.assignment("AGENTS = ", py.Display("{", entries, "}"))

    def body(self, agent: ir.Agent) -> None:
        """A generator over `run`; a rule agent in which no rule holds gives `None`."""
        body = Body(self.surroundings(None), agent.body)
        body.result = agent.result
        body.gives = True
        for param in agent.params:
            body.infer.locals[param.name] = param.type
        stmts = body.statements(agent.body)
        result = self.annotations.of(agent.result)
        if agent.kind == "rules":
            result = result if result == "Any" or result.endswith("None") else f"{result} | None"
        if not blocks.ends(blocks.tidy(stmts)):
            stmts.append(Simple("return None"))
        if not any(_acts(node) for node in nodes(agent.body)):
            stmts.insert(0, Simple("yield from ()"))
        lines = blocks.write(stmts, 4)
        if uses_context(lines):
            lines.insert(0, f"    {self.context(None)} = run.ctx")
        params = [f"run: {self.use('Run', 'nexlang.runtime.run')}", *(self.parameter(param) for param in agent.params)]
        result = f"{self.use('Flow', 'nexlang.runtime.code')}[{result}]"
        self.add([self.source(agent), *self.function(self.name(agent), params, result, lines, agent.doc)])

    def name(self, agent: ir.Agent) -> str:
        """The function's name; no other function or constant of the program has it."""
        name = snake_name(agent.name)
        return global_name(f"{name}_agent" if name in self.taken else name)

    def entry(self, agent: ir.Agent) -> py.Expr:
        params: list[py.Expr] = [
            py.Entry(Atom(literal(param.name)), self.codecs.of(param.type, param.refine))
            for param in agent.params
            if param.type != scalar("chance")
        ]
        items: list[py.Expr] = [Atom(literal(agent.name)), py.Display("{", params, "}"), self.codecs.of(agent.result)]
        if agent.kind != "model":
            items.append(Atom(self.name(agent)))
        fixed: list[py.Expr] = [
            py.Entry(Atom(literal(held.name)), self.fixed(agent, held)) for held in agent.tools if held.fixed
        ]
        if fixed:
            items.append(py.Keyword("fixed", py.Display("{", fixed, "}")))
        policies = [self.policy(agent, policy) for policy in agent.memory if isinstance(policy, ir.Policy)]
        if policies:
            items.append(py.Keyword("memory", py.Display("[", policies, "]")))
        return py.Call(Atom(self.use("agent", f"{ENGINE}.package")), items)

    def policy(self, agent: ir.Agent, policy: ir.Policy) -> py.Expr:
        """From the agent's arguments and the messages to those that its model still reads."""
        named: dict[str, py.Expr] = {p.name: Atom(f"args[{literal(p.name)}]") for p in agent.params}
        body = Body(self.surroundings(None, ctx=f"{self.use('pure')}()", named=named))
        function = Atom(self.use(global_name(policy.name), ".functions"))
        items = [Atom("pure()"), Atom("made"), *(body.expr(of) for of in policy.args)]
        return py.Lambda("args, made", py.Call(function, items))

    def fixed(self, agent: ir.Agent, held: ir.Held) -> py.Expr:
        """From the agent's arguments to those that it fixes for what it holds."""
        named: dict[str, py.Expr] = {p.name: Atom(f"args[{literal(p.name)}]") for p in agent.params}
        body = Body(self.surroundings(None, ctx="pure()", named=named))
        entries: list[py.Expr] = [py.Entry(Atom(literal(name)), body.expr(of)) for name, of in held.fixed.items()]
        made = py.Lambda("args", py.Display("{", entries, "}"))
        if "pure()" in made.flat():
            self.use("pure")
        return made


def _acts(node: object) -> bool:
    return isinstance(node, ir.Act) or (isinstance(node, ir.Builtin) and node.name in ("play", "wait"))


class Environments(Measures):
    """Environments as classes whose methods read a scope."""

    home = "environments"
    title = "The program's environments."

    def build(self) -> None:
        environments = self.look.program.environments
        for environment in environments:
            self.environment(environment)
        entries: list[py.Expr] = [py.Entry(Atom(literal(e.name)), self.entry(e)) for e in environments]
        if entries:
            self.assignment("ENVIRONMENTS = ", py.Display("{", entries, "}"))

    def environment(self, of: ir.Environment) -> None:
        world = self.use(type_name(of.world), ".worlds")
        task = self.annotations.of(of.task)
        self.types = f"{world}, {task}"
        self.task = task
        methods = [
            self.setup(of), self.arguments(of), *self.rewards(of), self.verdict(of, "success", of.success),
            self.verdict(of, "stop", of.stop), self.split(of), self.stages(of), self.solution(of),
            self.tasks(of), self.dynamics(of),
        ]  # fmt: skip
        lines = [self.source(of), f"class {type_name(of.name)}({self.use('Environment')}[{self.types}]):"]
        lines += docstring(of.doc, 4) if of.doc else []
        for index, method in enumerate(method for method in methods if method):
            lines += [*([""] if index or of.doc else []), *method]
        self.add(lines)

    def entry(self, of: ir.Environment) -> py.Expr:
        actors: list[py.Expr] = [py.Entry(Atom(literal(a.role)), Atom(literal(a.agent))) for a in of.actors]
        weights: list[py.Expr] = [
            py.Entry(Atom(literal(c.name)), self.scoped(of).expr(ir.Lit(value=c.weight))) for c in of.reward
        ]
        items: list[py.Expr] = [Atom(literal(of.name)), Atom(type_name(of.world)), self.codecs.of(of.task)]
        items.append(py.Keyword("actors", py.Display("{", actors, "}")))
        items.append(py.Keyword("components", py.Display("{", weights, "}")))
        if of.curriculum:
            stages: list[py.Expr] = [Atom(literal(stage.name)) for stage in of.curriculum]
            items.append(py.Keyword("stages", py.Display("(", stages, ")")))
        if isinstance(of.tasks, ir.TaskGenerator):
            items.append(py.Keyword("count", Atom(str(of.tasks.count))))
        if of.clock is not None:
            clock: list[py.Expr] = [Atom(literal(of.clock.start)), Atom(str(of.clock.runs))]
            items.append(py.Keyword("clock", py.Display("(", clock, ")")))
        return py.Call(Atom(type_name(of.name)), items)

    # ------------------------------------------------------------ methods

    def setup(self, of: ir.Environment) -> list[str]:
        if not of.setup:
            return []
        named: dict[str, py.Expr] = {"task": Atom("task")}
        if of.setup_dice:
            named[of.setup_dice] = Atom("dice")
        body = Body(self.surroundings(of.world, named=named), of.setup)
        body.infer.locals["task"] = of.task
        params = [self.context(of.world), f"task: {self.task}", f"dice: {self.use('Chance')}"]
        return self.method("setup", params, "None", body.statements(of.setup))

    def arguments(self, of: ir.Environment) -> list[str]:
        stmts: list[Stmt] = []
        for actor in of.actors:
            body = self.scoped(of)
            entries: list[py.Expr] = [py.Entry(Atom(literal(name)), body.expr(e)) for name, e in actor.args.items()]
            test = py.Chain(COMPARE, [Atom("role"), Atom(literal(actor.role))], ["=="])
            stmts.append(Branch([(test, [Simple("return ", py.Display("{", entries, "}"))])]))
        stmts.append(Simple("raise ", py.Call(Atom("KeyError"), [Atom("role")])))
        result = f"dict[str, {self.use('Any', 'typing')}]"
        return self.method("arguments", ["role: str", self.scope()], result, stmts)

    def split(self, of: ir.Environment) -> list[str]:
        if of.split is None:
            return []
        body = self.scoped(of, {"task": Atom("task")})
        return self.method("split", [f"task: {self.task}"], "str | None", [Simple("return ", body.expr(of.split))])

    def stages(self, of: ir.Environment) -> list[str]:
        stmts: list[Stmt] = []
        for stage in of.curriculum:
            if stage.tasks is not None:
                body = Body(self.surroundings(of.world, ctx="pure()", named={"task": Atom("task")}))
                body.infer.locals["task"] = of.task
                test = py.Chain(COMPARE, [Atom("stage"), Atom(literal(stage.name))], ["=="])
                stmts.append(Branch([(test, [Simple("return ", body.expr(stage.tasks))])]))
        if not stmts:
            return []
        lines = self.method(
            "stage_tasks", ["stage: str", f"task: {self.task}"], "bool", [*stmts, Simple("return True")]
        )
        if any("pure()" in line for line in lines):
            self.use("pure")
        return lines

    def solution(self, of: ir.Environment) -> list[str]:
        solution = of.solution
        if solution is None:
            return []
        body = self.scoped(of)
        if isinstance(solution, ir.Act):
            entries: list[py.Expr] = [py.Entry(Atom(literal(n)), body.expr(e)) for n, e in solution.args.items()]
            made: py.Expr = py.Call(
                Atom(self.use("Play")), [Atom(literal(solution.name)), py.Display("{", entries, "}")]
            )
            result = "Play"
        else:
            made = body.expr(solution)
            result = f"{self.use('Sequence', 'collections.abc')}[{self.use('Call')}]"
        return self.method("solution", [self.scope()], result, [Simple("return ", made)])

    def dynamics(self, of: ir.Environment) -> list[str]:
        if of.dynamics is None:
            return []
        made = DynamicsWriter(self.use, Body(self.surroundings(None, ctx="pure()"))).written(of.dynamics)
        if "pure()" in made.flat():
            self.use("pure")
        result = self.use("Dynamics", f"{ENGINE}.distributions")
        return self.method("dynamics", [], result, [Simple("return ", made)])

    def tasks(self, of: ir.Environment) -> list[str]:
        if isinstance(of.tasks, ir.TaskCall):
            body = Body(self.surroundings(None))
            result = f"{self.use('Sequence', 'collections.abc')}[{self.task}]"
            return self.method("tasks", [self.context(None)], result, [Simple("return ", body.expr(of.tasks.call))])
        if isinstance(of.tasks, ir.TaskGenerator):
            function = Atom(self.use(global_name(of.tasks.function), ".functions"))
            stmts = [Simple("return ", py.Call(function, [Atom("ctx"), Atom("dice")]))]
            return self.method("generate", [self.context(None), f"dice: {self.use('Chance')}"], self.task, stmts)
        return []

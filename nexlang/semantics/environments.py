"""Environments: their world, tasks, actors, options and setup."""

from __future__ import annotations

from nexlang.diagnostics import Span
from nexlang.diagnostics.codes_agents import (
    BAD_GENERATOR,
    BAD_SOLUTION,
    BAD_TASKS,
    NO_VALUE,
)
from nexlang.diagnostics.codes_names import UNKNOWN_FUNCTION
from nexlang.diagnostics.codes_types import TYPE_MISMATCH
from nexlang.ir.options import ENVIRONMENT, Option
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import listed, words
from nexlang.semantics.runs import Runs
from nexlang.semantics.scope import Body
from nexlang.semantics.shapes import is_given
from nexlang.semantics.splits import leaks, split_field
from nexlang.semantics.types import (
    CALL,
    CHANCE,
    ERROR,
    TEXT,
    Core,
    List,
    Literal,
    Record,
    base,
)
from nexlang.syntax import nodes as n

_PROPS = ("world", "tasks", "split", "clock", "tick", "limits", "rounds", "turns", "solution", "success")
_LATER_PROPS = {"turn_order": "`turn_order` is"}


class Environments(Runs):
    # ---- environments

    def check_environment(self, info: s.EnvironmentInfo) -> None:
        node = info.node
        assert isinstance(node, n.EnvironmentDecl)
        props = self.environment_properties(node)
        peopled = any(member.actors for member in node.members if isinstance(member, n.Actors))
        info.broken = not peopled
        needed = [name for name in ("world", "tasks", "success") if name not in props] + ["actors"] * (not peopled)
        self.missing(node.name, f"environment `{info.name}`", needed)
        info.core = info.declared() | {"actors": [], "reward": []}
        self.environment_parts(info, node, props)

    def environment_properties(self, node: n.EnvironmentDecl) -> dict[str, n.Prop]:
        members = [m for m in node.members if isinstance(m, n.Prop)]
        for prop in members:
            if prop.key.name in _LATER_PROPS:
                self.not_yet(prop.key, _LATER_PROPS[prop.key.name])
        return self.props([p for p in members if p.key.name not in _LATER_PROPS], _PROPS, "an environment")

    def environment_parts(self, info: s.EnvironmentInfo, node: n.EnvironmentDecl, props: dict[str, n.Prop]) -> None:
        """Each part that is given; a derived environment gives some, over what its base says of the others."""
        self.environment_world(info, props.get("world"))
        self.environment_tasks(info, props.get("tasks"))
        self.environment_actors(info, [m for m in node.members if isinstance(m, n.Actors)])
        self.environment_options(info, props)
        self.splits_apart(info)
        self.environment_time(info, props)
        self.environment_members(info, node)
        self.observed(info)
        self.environment_rewards(info, node, props)
        self.timed.append((info, node, self.time_tellers.pop("", None)))

    def environment_world(self, info: s.EnvironmentInfo, prop: n.Prop | None) -> None:
        if prop is None:
            return
        value = prop.value
        if not isinstance(value.expr, n.Name):
            self.bad(value.expr, "world", 'names a world: `world: Shop from "data/shop.json"`')
            return
        info.world = self.world_named(n.Ident(value.expr.start, value.expr.end, value.expr.name))
        if info.world is not None:
            info.core |= {"world": info.world.core_name, "world_data": None}
            if value.source is not None:
                info.core["world_data"] = self.world_file(info.world, value.source)
            else:
                self.filled(info.world, value)

    def filled(self, world: s.WorldInfo, node: n.Node) -> None:
        """Without a file every slot but tables begins with its default."""
        empty = [slot for slot in world.slots.values() if is_given(slot)]
        if empty:
            names = listed(slot.name for slot in empty)
            diagnostic = self.report(NO_VALUE, node, slots=names, world=world.name)
            diagnostic.advise('give it a default, or the world a file: `world: … from "data.json"`')
            diagnostic.label(Span(world.source.path, empty[0].node.name.start, empty[0].node.name.end), "declared here")

    def environment_tasks(self, info: s.EnvironmentInfo, prop: n.Prop | None) -> None:
        if prop is None:
            return
        value = prop.value
        if value.source is not None and isinstance(value.expr, n.Name):
            expr = value.expr
            info.task = self.type_of(n.NamedType(expr.start, expr.end, expr.name))
            info.core["tasks"] = {"kind": "file", "path": self.task_file(info.task, value.source)}
        elif isinstance(value.expr, n.Call) and isinstance(value.expr.of, n.Name):
            self.computed_tasks(info, value.expr, value.expr.of)
        elif isinstance(value.expr, n.ListLit) and value.expr.items:
            self.computed_tasks(info, value.expr)
        else:
            self.report(BAD_TASKS, value)
        info.core["task"] = self.core_type(info.task)

    def computed_tasks(self, info: s.EnvironmentInfo, node: n.Call | n.ListLit, name: n.Name | None = None) -> None:
        if isinstance(node, n.Call) and name is not None and name.name == "generate":
            self.generated_tasks(info, node)
            return
        self.body = self.const_body()
        typed = self.expr(node)
        type = base(typed.type)
        if isinstance(type, List) and isinstance(base(type.item), Record):
            info.task = type.item
            info.core["tasks"] = {"kind": "call", "call": typed.core}
        elif type is not ERROR and not (isinstance(type, List) and type.item is ERROR):
            self.report(BAD_TASKS, node)

    def generated_tasks(self, info: s.EnvironmentInfo, node: n.Call) -> None:
        first = node.args[0].value if node.args else None
        counts = [(arg.name, arg.value) for arg in node.args if arg.name is not None]
        options = self.options(counts, {"count": Option("int", "How many tasks.", low=1)}, "`generate`")
        if not isinstance(first, n.Name) or len(node.args) != 2 or "count" not in options:
            self.report(BAD_TASKS, node)
            return
        maker = self.module.lookup(first.name)
        if not isinstance(maker, s.FunctionInfo):
            diagnostic = self.report(UNKNOWN_FUNCTION, first, name=first.name)
            self.did_you_mean(diagnostic, first.name, self.visible(s.FunctionInfo))
            return
        params = [p.type for p in maker.params.values()]
        if ERROR in params:
            return
        if params != [CHANCE] or maker.world is not None or not isinstance(base(maker.result or ERROR), Record):
            self.report(BAD_GENERATOR, first, name=maker.name).label(maker.span(), "declared here")
            return
        info.task = maker.result or ERROR
        info.core["tasks"] = {"kind": "generate", "function": maker.core_name, "count": options["count"]}

    # ---- actors

    def environment_actors(self, info: s.EnvironmentInfo, blocks: list[n.Actors]) -> None:
        if not blocks:
            return
        seen: dict[str, n.Ident] = {}
        info.core["actors"], info.agents, info.result = [], [], ERROR
        for block in blocks:
            for actor in block.actors:
                self.styled(actor.role, camel_case=False, what="Role")
                is_new = self.unique(actor.role, seen, "the role", actor)
                agent = self.actor(info, actor) if is_new else None
                info.broken |= not is_new
                if agent is not None and (agent.kind == "model" or len(info.agents) == 0):
                    info.result = agent.result if info.result is ERROR or agent.kind == "model" else info.result
                if agent is not None:
                    info.agents.append(agent)

    def actor(self, info: s.EnvironmentInfo, actor: n.Actor) -> s.AgentInfo | None:
        node = actor.agent
        name = node.of if isinstance(node, n.Call) else node
        if not isinstance(name, n.Name):
            self.bad(node, actor.role.name, "is an agent with its arguments: `Clerk(ticket: task)`")
            return None
        agent = self.agent_named(name)
        if agent is None:
            info.broken = True
            return None
        self.body = self.measure_body(info, ("task", "world", "messages"))
        call = node if isinstance(node, n.Call) else n.Call(node.start, node.end, name, [])
        args = self.bind_agent(call, agent)
        info.core["actors"].append({"role": actor.role.name, "agent": agent.core_name, "args": args})
        return agent

    # ---- options, setup, curriculum, stop

    def environment_options(self, info: s.EnvironmentInfo, props: dict[str, n.Prop]) -> None:
        pairs = self.prop_pairs([props[name] for name in ("rounds", "turns") if name in props])
        info.core |= self.options(pairs, ENVIRONMENT, "an environment")
        if "split" in props:
            self.body = self.measure_body(info, ("task",))
            node = props["split"].value.expr
            typed = self.expr(node)
            if typed.type is not ERROR and not isinstance(base(typed.type), Literal) and base(typed.type) is not TEXT:
                self.report(TYPE_MISMATCH, node, expected="the name of a split (`Text`)", actual=words(typed.type))
            info.core["split"] = typed.core
        if "solution" in props:
            info.core["solution"] = self.solution(info, props["solution"].value.expr)

    def splits_apart(self, info: s.EnvironmentInfo) -> None:
        """No task of a file stands in two splits. Other tasks are held to it where they are made."""
        split, tasks = split_field(info.core.get("split")), info.core.get("tasks") or {}
        base = info.base.core if info.base is not None else {}
        if split is None or (base.get("split"), base.get("tasks")) == (info.core["split"], tasks):
            return
        if (read := self.task_rows.get(tasks.get("path", ""))) is not None:
            for diagnostic in leaks(read, split):
                self.reporter.add(diagnostic)

    def solution(self, info: s.EnvironmentInfo, node: n.Expr) -> Core | None:
        called = self.module.lookup(node.of.name) if isinstance(node, n.Call) and isinstance(node.of, n.Name) else None
        self.body = self.measure_body(info, ("task", "world", "actor"))
        if isinstance(called, s.AgentInfo) and isinstance(node, n.Call):
            args = self.bind_agent(node, called)
            if called.kind == "model":
                self.report(BAD_SOLUTION, node, type=f"a {called.kind} agent")
            return {"kind": "act", "target": "agent", "name": called.core_name, "args": args}
        typed = self.expr(node, List(CALL))
        if typed.type is not ERROR and base(typed.type) != List(CALL):
            self.report(BAD_SOLUTION, node, type=words(typed.type))
        return typed.core

    def environment_members(self, info: s.EnvironmentInfo, node: n.EnvironmentDecl) -> None:
        for member in node.members:
            match member:
                case n.Setup():
                    self.setup(info, member)
                case n.Dynamics():
                    self.dynamics(info, member)
                case n.Curriculum():
                    self.curriculum(info, member)

    def setup(self, info: s.EnvironmentInfo, node: n.Setup) -> None:
        body = self.body = Body(self.module, "setup", info.world)
        body.declare("task", info.task, "param", node)
        for param in node.params:
            type = self.type_of(param.type)
            if type is not CHANCE:
                self.report(TYPE_MISMATCH, param.type, expected="`Chance`", actual=words(type))
            info.core["setup_dice"] = body.declare(param.name.name, type, "param", param.name).core_name
        statements: list[Core] = []
        if info.world is None:
            self.passed_over(node.block)
        else:
            self.block(node.block.body, statements)
        info.core["setup"] = self.prune(statements)

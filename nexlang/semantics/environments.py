"""Environments: actors, tasks, rewards, curricula; the runs that train on them; tests."""

from __future__ import annotations

import math

from nexlang.diagnostics import Span
from nexlang.diagnostics.codes_agents import (
    BAD_GENERATOR,
    BAD_SOLUTION,
    BAD_TASKS,
    BAD_UNTIL,
    CONSTANT_REWARD,
    NO_LEARNER,
    NO_VALUE,
    UNBOUNDED_REWARD,
    UNKNOWN_COMPONENT,
    UNKNOWN_PROPERTY,
)
from nexlang.diagnostics.codes_names import DUPLICATE_NAME, UNKNOWN_ENVIRONMENT, UNKNOWN_FUNCTION
from nexlang.diagnostics.codes_types import TYPE_MISMATCH
from nexlang.diagnostics.suggest import suggest
from nexlang.ir.options import ENVIRONMENT, IMITATE, REINFORCE, Option
from nexlang.semantics import symbols as s
from nexlang.semantics.agents import number_of
from nexlang.semantics.checker import listed, words
from nexlang.semantics.files import Files
from nexlang.semantics.intervals import bounds, depends
from nexlang.semantics.scope import Body
from nexlang.semantics.shapes import is_needed
from nexlang.semantics.types import (
    CALL,
    CHANCE,
    ERROR,
    MESSAGE,
    NONE,
    TEXT,
    Core,
    List,
    Literal,
    Optional,
    Record,
    Table,
    Type,
    World,
    base,
)
from nexlang.syntax import nodes as n

_PROPS = ("world", "tasks", "split", "rounds", "turns", "solution", "success")
_LATER_PROPS = {"clock": "`clock` is", "limits": "`limits` of an environment are", "turn_order": "`turn_order` is"}
_SCOPE = ("task", "world", "start", "calls", "messages", "result")
_RATE = Option("float", "", low=0, high=1)


class Environments(Files):
    # ---- scopes

    def measure_body(self, info: s.EnvironmentInfo, names: tuple[str, ...]) -> Body:
        """A body in which the environment's own names are in sight and nothing can change."""
        body = Body(self.module, "measure", info.world)
        world: Type = World(info.world) if info.world is not None else ERROR
        types: dict[str, Type] = {
            "task": info.task,
            "world": world,
            "start": world,
            "calls": List(CALL),
            "messages": List(MESSAGE),
            "result": Optional(TEXT) if info.result in (ERROR, NONE) else Optional(info.result),
        }
        for name in names:
            body.declare(name, types[name], "scope", info.node)
        return body

    # ---- environments

    def check_environment(self, info: s.EnvironmentInfo) -> None:
        node = info.node
        assert isinstance(node, n.EnvironmentDecl)
        members = [m for m in node.members if isinstance(m, n.Prop)]
        for prop in members:
            if prop.key.name in _LATER_PROPS:
                self.not_yet(prop.key, _LATER_PROPS[prop.key.name])
        props = self.props([p for p in members if p.key.name not in _LATER_PROPS], _PROPS, "an environment")
        actors = [m for m in node.members if isinstance(m, n.Actors)]
        peopled = any(block.actors for block in actors)
        info.broken = not peopled
        needed = [name for name in ("world", "tasks", "success") if name not in props] + ["actors"] * (not peopled)
        self.missing(node.name, f"environment `{info.name}`", needed)
        info.core = info.declared()
        self.environment_world(info, props.get("world"))
        self.environment_tasks(info, props.get("tasks"))
        self.environment_actors(info, actors)
        self.environment_options(info, props)
        self.environment_members(info, node)
        self.environment_rewards(info, node, props)

    def environment_world(self, info: s.EnvironmentInfo, prop: n.Prop | None) -> None:
        if prop is None:
            return
        value = prop.value
        if not isinstance(value.expr, n.Name):
            self.bad(value.expr, "world", 'names a world: `world: Shop from "data/shop.json"`')
            return
        info.world = self.world_named(n.Ident(value.expr.start, value.expr.end, value.expr.name))
        if info.world is not None:
            info.core["world"] = info.world.core_name
            if value.source is not None:
                info.core["world_data"] = self.world_file(info.world, value.source)
            else:
                self.filled(info.world, value)

    def filled(self, world: s.WorldInfo, node: n.Node) -> None:
        """Without a file every slot but tables begins with its default."""
        known = (slot for slot in world.slots.values() if slot.type is not ERROR and not isinstance(slot.type, Table))
        empty = [slot for slot in known if is_needed(slot)]
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
        else:
            self.report(BAD_TASKS, value)
        info.core["task"] = self.core_type(info.task)

    def computed_tasks(self, info: s.EnvironmentInfo, node: n.Call, name: n.Name) -> None:
        if name.name == "generate":
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
        if params != [CHANCE] or maker.world is not None or not isinstance(base(maker.result or ERROR), Record):
            self.report(BAD_GENERATOR, first, name=maker.name).label(maker.span(), "declared here")
            return
        info.task = maker.result or ERROR
        info.core["tasks"] = {"kind": "generate", "function": maker.core_name, "count": options["count"]}

    # ---- actors

    def environment_actors(self, info: s.EnvironmentInfo, blocks: list[n.Actors]) -> None:
        seen: dict[str, n.Ident] = {}
        info.core["actors"] = []
        for block in blocks:
            for actor in block.actors:
                self.styled(actor.role, camel_case=False, what="Role")
                is_new = self.unique(actor.role, seen, "the role")
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
        args = self.bind(call, agent.name, agent.params)
        info.core["actors"].append({"role": actor.role.name, "agent": agent.core_name, "args": args})
        return agent

    # ---- options, setup, curriculum, stop

    def environment_options(self, info: s.EnvironmentInfo, props: dict[str, n.Prop]) -> None:
        if "turns" in props and isinstance(props["turns"].value.expr, n.Name):
            turns = props["turns"].value.expr
            if turns.name in ("at_once", "by_priority"):
                self.not_yet(turns, f"`turns: {turns.name}` is")
                props.pop("turns")
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

    def solution(self, info: s.EnvironmentInfo, node: n.Expr) -> Core | None:
        called = self.module.lookup(node.of.name) if isinstance(node, n.Call) and isinstance(node.of, n.Name) else None
        self.body = self.measure_body(info, ("task",))
        if isinstance(called, s.AgentInfo) and isinstance(node, n.Call):
            args = self.bind(node, called.name, called.params)
            if called.kind != "flow":
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
                    head = n.Node(member.start, member.start + len("dynamics"))
                    self.not_yet(head, "dynamics (latency, faults, noise) are")
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

    def curriculum(self, info: s.EnvironmentInfo, node: n.Curriculum) -> None:
        seen: dict[str, n.Ident] = {}
        info.core["curriculum"] = [
            self.stage(info, stage) for stage in node.stages if self.unique(stage.name, seen, "the stage")
        ]

    def stage(self, info: s.EnvironmentInfo, node: n.Stage) -> Core:
        core: Core = {"name": node.name.name}
        for prop in node.props:
            if prop.key.name in ("noise", "depth"):
                self.not_yet(prop.key, f"`{prop.key.name}` of a stage is")
        props = self.props([p for p in node.props if p.key.name not in ("noise", "depth")], ("tasks",), "a stage")
        if "tasks" in props:
            self.body = self.measure_body(info, ("task",))
            core["tasks"] = self.condition(props["tasks"].value.expr)
        if node.until is not None:
            core["until"] = self.until(node.until)
        return core

    def until(self, node: n.Expr) -> float | None:
        if isinstance(node, n.Compare) and node.ops == [">="] and isinstance(node.operands[0], n.Name):
            rate = self.literal(node.operands[1], _RATE)
            if node.operands[0].name == "success" and isinstance(rate, float | int) and not _RATE.problem(rate):
                return float(rate)
        self.report(BAD_UNTIL, node)
        return None

    # ---- rewards

    def environment_rewards(self, info: s.EnvironmentInfo, node: n.EnvironmentDecl, props: dict[str, n.Prop]) -> None:
        measures: dict[str, tuple[Type, n.Ident]] = {}
        ranges: dict[str, tuple[float, float]] = {}
        info.core["reward"] = []
        for reward in (m for m in node.members if isinstance(m, n.Reward)):
            head = n.Node(reward.start, reward.start + len("reward"))
            if reward.each_round:
                self.not_yet(head, "rewards of each round are")
            elif reward.for_actor is not None:
                self.not_yet(head, "rewards for one actor are")
            else:
                for component in reward.components:
                    self.component(info, component, measures, ranges)
        if "success" in props:
            self.body = self.scope_with(info, measures)
            info.core["success"] = self.condition(props["success"].value.expr)
        for stop in (m for m in node.members if isinstance(m, n.Stop)):
            self.body = self.scope_with(info, measures)
            info.core["stop"] = self.condition(stop.condition)

    def scope_with(self, info: s.EnvironmentInfo, measures: dict[str, tuple[Type, n.Ident]]) -> Body:
        body = self.measure_body(info, _SCOPE)
        for name, (type, node) in measures.items():
            body.declare(name, type, "scope", node)
        return body

    def component(
        self,
        info: s.EnvironmentInfo,
        node: n.Component,
        measures: dict[str, tuple[Type, n.Ident]],
        ranges: dict[str, tuple[float, float]],
    ) -> None:
        name = node.name.name
        self.styled(node.name, camel_case=False, what="Component")
        if name in measures or name in _SCOPE:
            diagnostic = self.report(DUPLICATE_NAME, node.name, what="the component", name=name)
            if name in measures:
                diagnostic.label(self.span(measures[name][1]), "first here")
            return
        self.body = self.scope_with(info, measures)
        typed = self.expr(node.measure)
        kind = number_of(typed.type)
        measures[name] = (typed.type, node.name)
        if kind is None:
            if typed.type is not ERROR:
                self.report(UNKNOWN_COMPONENT, node.measure, type=words(typed.type))
            measures[name] = (ERROR, node.name)
            return
        low, high = bounds(typed.core, ranges, self.body_of)
        if kind == "bool":
            low, high = max(low, 0.0), min(high, 1.0)
        ranges[name] = (low, high)
        weight = self.literal(node.weight) if node.weight is not None else 1.0
        if not isinstance(weight, int | float) or isinstance(weight, bool):
            self.bad(node.weight or node, "weight", "must be a number")
            weight = 1.0
        self.range_warnings(node, name, low, high, typed.core)
        info.core["reward"].append(
            {
                "name": name,
                "measure": typed.core,
                "type": kind,
                "weight": float(weight),
                "low": low if math.isfinite(low) else None,
                "high": high if math.isfinite(high) else None,
                "text": self.text(node.measure),
            }
        )

    def range_warnings(self, node: n.Component, name: str, low: float, high: float, core: Core) -> None:
        path = self.module.source.path
        wrong = (d.span for d in self.reporter.diagnostics)
        if any(s.file == path and node.measure.start <= s.start < node.measure.end for s in wrong):
            return
        if low == high or not depends(core):
            value = f"{low:g}" if low == high else "the same"
            self.report(CONSTANT_REWARD, node.measure, name=name, value=value)
        elif not (math.isfinite(low) and math.isfinite(high)):
            sides = "as small" if math.isfinite(high) else "as large"
            sides = sides if math.isfinite(low) or math.isfinite(high) else "as small or as large"
            diagnostic = self.report(UNBOUNDED_REWARD, node.measure, name=name, range=f"{sides} as it likes")
            diagnostic.replace("keep it between two bounds", f"clamp({self.text(node.measure)}, 0, 1)", "unsafe")

    def body_of(self, name: str) -> tuple[list[str], list[Core]] | None:
        """The parameters and statements of a function, for the range of what it returns."""
        function = self.function_by_core(name)
        return (list(function.params), function.body) if function is not None else None

    # ---- runs

    def check_train(self, info: s.TrainInfo) -> None:
        node = info.node
        assert isinstance(node, n.TrainDecl)
        props = self.props(
            [m for m in node.members if isinstance(m, n.Prop)], ("environment", "learns", "base"), "a run"
        )
        needed = [name for name in ("environment", "learns", "base") if name not in props]
        self.missing(node.name, f"run `{info.name}`", needed)
        info.core = info.declared() | {"learns": []}
        environment = self.environment_named(props["environment"].value.expr) if "environment" in props else None
        if environment is not None:
            info.core["environment"] = environment.core_name
        if "learns" in props:
            self.learns(info, props["learns"].value.expr, environment)
        if "base" in props:
            base_node = props["base"].value.expr
            if isinstance(base_node, n.Str):
                info.core["base"] = self.plain_text(base_node)
            else:
                self.bad(base_node, "base", "is the name or the folder of a model")
        for phase in (m for m in node.members if isinstance(m, n.Phase)):
            self.phase(info, phase)

    def all_agents(self) -> list[s.AgentInfo]:
        return [i for m in self.modules.values() for i in m.declared.values() if isinstance(i, s.AgentInfo)]

    def environment_named(self, node: n.Expr) -> s.EnvironmentInfo | None:
        if not isinstance(node, n.Name):
            self.bad(node, "environment", "names an environment")
            return None
        return self.named(node, s.EnvironmentInfo, UNKNOWN_ENVIRONMENT)

    def learns(self, info: s.TrainInfo, node: n.Expr, environment: s.EnvironmentInfo | None) -> None:
        if not isinstance(node, n.ListLit) or not node.items:
            self.bad(node, "learns", "is a list of agents: `learns: [Clerk]`")
            return
        agents = {agent.core_name: agent for agent in self.all_agents()}
        tree = _tree(environment.agents, agents) if environment is not None else []
        broken = environment is not None and (environment.broken or any(agent.broken for agent in tree))
        for item in node.items:
            if not isinstance(item, n.Name):
                self.bad(item, "learns", "names agents")
                continue
            agent = self.agent_named(item)
            if agent is None:
                continue
            if agent.kind != "model":
                self.bad(item, "learns", f"names model agents, and `{agent.name}` asks no model")
            elif environment is not None and agent not in tree and not broken:
                self.report(NO_LEARNER, item, environment=environment.name, name=agent.name)
            info.core["learns"].append(agent.core_name)

    def phase(self, info: s.TrainInfo, node: n.Phase) -> None:
        if node.name.name not in ("imitate", "reinforce"):
            diagnostic = self.report(UNKNOWN_PROPERTY, node.name, owner="a run", name=node.name.name)
            self.did_you_mean(diagnostic, node.name.name, ("imitate", "reinforce"))
            return
        if node.name.name in info.core:
            self.report(DUPLICATE_NAME, node.name, what="the phase", name=node.name.name)
            return
        if node.name.name == "imitate":
            info.core["imitate"] = self.imitate(node)
        else:
            options = self.options(self.prop_pairs(node.props), REINFORCE, "`reinforce`")
            info.core["reinforce"] = {"algorithm": options.pop("algorithm", "grpo"), "options": options}

    def imitate(self, node: n.Phase) -> Core:
        core: Core = {}
        demos = [prop for prop in node.props if prop.key.name == "demos"]
        for prop in demos:
            expr = prop.value.expr
            if isinstance(expr, n.Str):
                core["demos_file"] = self.demos_file(expr)
            elif isinstance(expr, n.Name):
                agent = self.agent_named(expr)
                if agent is not None and "plays" not in agent.core:
                    self.bad(expr, "demos", f"`{agent.name}` stands in for no agent: give it `plays: …`")
                core["demos_agent"] = agent.core_name if agent is not None else None
            else:
                self.bad(expr, "demos", "is a JSON Lines file or a stand-in agent")
        meant = any(suggest(prop.key.name, ["demos"]) for prop in node.props)
        self.missing(node.name, "`imitate`", [] if demos or meant else ["demos"])
        rest = [prop for prop in node.props if prop.key.name != "demos"]
        core["options"] = self.options(self.prop_pairs(rest), IMITATE, "`imitate`")
        return core

    def demos_file(self, node: n.Str) -> str:
        from nexlang.semantics.data import load_text

        name = self.plain_text(node)
        self.loaded(load_text(self.folder(), name, self.span(node)), name)
        return name

    # ---- tests

    def check_test(self, node: n.TestDecl) -> Core:
        environment = None
        if node.environment is not None:
            at = node.environment
            environment = self.environment_named(n.Name(at.start, at.end, at.name))
        self.body = Body(self.module, "test", environment.world if environment is not None else None)
        statements: list[Core] = []
        if node.environment is not None and (environment is None or environment.world is None):
            for statement in node.body:
                self.passed_over(statement)
        else:
            self.block(node.body, statements)
        return {
            "title": self.plain_text(node.title),
            "environment": environment.core_name if environment is not None else None,
            "file": self.module.file,
            "line": self.line(node),
            "body": self.prune(statements),
        }


def _tree(roots: list[s.AgentInfo], agents: dict[str, s.AgentInfo]) -> list[s.AgentInfo]:
    """The agents below `roots`: their delegates and those that flow agents call."""
    found: list[s.AgentInfo] = []
    waiting = list(roots)
    while waiting:
        agent = waiting.pop()
        if agent not in found:
            found.append(agent)
            waiting += [agents[name] for name in agent.calls if name in agents]
    return found

"""Rewards: what a measure may read, when it is paid and to whom."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from nexlang.diagnostics.codes_agents import UNKNOWN_COMPONENT
from nexlang.diagnostics.codes_environments import MISPLACED_POTENTIAL, REWARD_FOR
from nexlang.diagnostics.codes_names import DUPLICATE_NAME
from nexlang.semantics import symbols as s
from nexlang.semantics.agents import number_of
from nexlang.semantics.checker import words
from nexlang.semantics.intervals import Range, bounds
from nexlang.semantics.reward_warnings import RewardWarnings
from nexlang.semantics.scope import Body
from nexlang.semantics.types import ACTOR, CALL, ERROR, MESSAGE, NONE, TEXT, Core, List, Optional, Type, World
from nexlang.syntax import nodes as n

SCOPE = ("task", "world", "start", "calls", "messages", "result")
POTENTIAL = "potential"


@dataclass(frozen=True)
class Pay:
    """When a block's components are paid, and whether each actor has its own."""

    each_round: bool = False
    own: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What its measures may read beside other measures."""
        return (*SCOPE, *(("before",) if self.each_round else ()), *(("actor",) if self.own else ()))


@dataclass
class Measured:
    """The components so far: the type, the name and the pay of each (none: a potential, which nothing may read), the
    range of each, what each depends on."""

    types: dict[str, tuple[Type, n.Ident, Pay | None]] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)
    depends: dict[str, set[str]] = field(default_factory=dict)

    def readable(self, pay: Pay) -> dict[str, tuple[Type, n.Ident]]:
        """Those that a measure of such a block may read: of the whole episode, and of its own kind."""
        return {name: (type, at) for name, (type, at, of) in self.types.items() if of in (Pay(), pay)}


class Rewards(RewardWarnings):
    # ---- scopes

    def measure_body(self, info: s.EnvironmentInfo, names: tuple[str, ...]) -> Body:
        """A body in which the environment's own names are in sight and nothing can change."""
        body = Body(self.module, "measure", info.world)
        world: Type = World(info.world) if info.world is not None else ERROR
        types: dict[str, Type] = {
            "task": info.task,
            "world": world,
            "start": world,
            "before": world,
            "actor": ACTOR,
            "calls": List(CALL),
            "messages": List(MESSAGE),
            "result": Optional(TEXT) if info.result in (ERROR, NONE) else Optional(info.result),
        }
        for name in names:
            body.declare(name, types[name], "scope", info.node)
        return body

    def scope_with(self, info: s.EnvironmentInfo, measured: Measured, pay: Pay) -> Body:
        body = self.measure_body(info, pay.names)
        for name, (type, node) in measured.readable(pay).items():
            body.declare(name, type, "scope", node)
        return body

    # ---- components

    def environment_rewards(self, info: s.EnvironmentInfo, node: n.EnvironmentDecl, props: dict[str, n.Prop]) -> None:
        if info.measured is None or any(isinstance(member, n.Reward) for member in node.members):
            info.measured, info.core["reward"] = Measured(), []
        measured: Measured = info.measured
        for reward in (m for m in node.members if isinstance(m, n.Reward)):
            if reward.for_actor is not None and reward.for_actor.name != "actor":
                self.report(REWARD_FOR, reward.for_actor).replace("each actor has its own", "actor", "safe")
            pay = Pay(reward.each_round, reward.for_actor is not None)
            for component in reward.components:
                self.component(info, component, pay, measured)
        if "success" in props:
            self.verdict(info, "success", props["success"].value.expr, measured)
        for stop in (m for m in node.members if isinstance(m, n.Stop)):
            self.verdict(info, "stop", stop.condition, measured)

    def verdict(self, info: s.EnvironmentInfo, name: str, node: n.Expr, measured: Measured) -> None:
        self.body = self.scope_with(info, measured, Pay())
        count = len(self.reporter.diagnostics)
        core = info.core[name] = self.condition(node)
        if len(self.reporter.diagnostics) == count:
            self.hopeless(node, name, core, bounds(core, measured.ranges, self.body_of))

    def component(self, info: s.EnvironmentInfo, node: n.Component, pay: Pay, measured: Measured) -> None:
        name = node.name.name
        self.styled(node.name, camel_case=False, what="Component")
        if name in measured.types or name in pay.names:
            diagnostic = self.report(DUPLICATE_NAME, node.name, what="the component", name=name)
            if name in measured.types:
                diagnostic.label(self.span(measured.types[name][1]), "first here")
            return
        self.body = self.scope_with(info, measured, pay)
        potential = self.potential(node.measure, pay)
        measure = potential or node.measure
        count = len(self.reporter.diagnostics)
        typed = self.expr(measure)
        kind = number_of(typed.type)
        measured.types[name] = (typed.type if kind else ERROR, node.name, None if potential else pay)
        if kind is None:
            if typed.type is not ERROR:
                self.report(UNKNOWN_COMPONENT, measure, type=words(typed.type))
            return
        low, high = bounds(typed.core, measured.ranges, self.body_of)
        if kind == "bool":
            low, high = max(low, 0.0), min(high, 1.0)
        if potential is None:
            measured.ranges[name] = (low, high)
        reads = measured.depends[name] = self.based_on(typed.core, measured.depends)
        if len(self.reporter.diagnostics) == count:
            self.reward_warnings(info, node, measure, typed.core, (low, high), reads, pay.each_round)
        info.core["reward"].append(
            {
                "name": name,
                "measure": typed.core,
                "type": kind,
                "paid": "potential" if potential else "round" if pay.each_round else "end",
                "own": pay.own,
                "weight": self.weight(node),
                "low": low if math.isfinite(low) else None,
                "high": high if math.isfinite(high) else None,
                "text": self.text(measure),
            }
        )

    def weight(self, node: n.Component) -> float:
        weight = self.literal(node.weight) if node.weight is not None else 1.0
        if not isinstance(weight, int | float) or isinstance(weight, bool):
            self.bad(node.weight or node, "weight", "must be a number")
            return 1.0
        return float(weight)

    def potential(self, node: n.Expr, pay: Pay) -> n.Expr | None:
        """The measure inside `potential(…)`, where the component is one."""
        if not isinstance(node, n.Call) or not isinstance(node.of, n.Name) or node.of.name != POTENTIAL:
            return None
        if self.module.lookup(POTENTIAL) is not None:
            return None
        if pay.each_round or pay.own:
            self.report(MISPLACED_POTENTIAL, node, problem="of the whole world, and paid each round by itself")
        elif len(node.args) != 1 or node.args[0].name is not None or isinstance(node.args[0].value, n.Comp):
            self.report(MISPLACED_POTENTIAL, node, problem="made of one measure")
        return node.args[0].value if node.args and not isinstance(node.args[0].value, n.Comp) else None

    def body_of(self, name: str) -> tuple[list[str], list[Core]] | None:
        """The parameters and statements of a function, for the range of what it returns."""
        function = self.function_by_core(name)
        return (list(function.params), function.body) if function is not None else None

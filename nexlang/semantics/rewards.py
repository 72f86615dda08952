"""Rewards: what a measure may read, and the range of each component."""

from __future__ import annotations

import math

from nexlang.diagnostics.codes_agents import CONSTANT_REWARD, UNBOUNDED_REWARD, UNKNOWN_COMPONENT
from nexlang.diagnostics.codes_names import DUPLICATE_NAME
from nexlang.semantics import symbols as s
from nexlang.semantics.agents import number_of
from nexlang.semantics.checker import words
from nexlang.semantics.files import Files
from nexlang.semantics.intervals import bounds, depends
from nexlang.semantics.scope import Body
from nexlang.semantics.types import CALL, ERROR, MESSAGE, NONE, TEXT, Core, List, Optional, Type, World
from nexlang.syntax import nodes as n

_SCOPE = ("task", "world", "start", "calls", "messages", "result")


class Rewards(Files):
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

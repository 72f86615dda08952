"""Curricula: the stages of an environment."""

from __future__ import annotations

from nexlang.diagnostics.codes_agents import BAD_UNTIL
from nexlang.ir.options import STAGE, Option
from nexlang.semantics import symbols as s
from nexlang.semantics.rewards import Rewards
from nexlang.semantics.types import Core
from nexlang.syntax import nodes as n

_RATE = Option("float", "", low=0, high=1)


class Curricula(Rewards):
    def curriculum(self, info: s.EnvironmentInfo, node: n.Curriculum) -> None:
        seen: dict[str, n.Ident] = {}
        info.core["curriculum"] = [
            self.stage(info, stage) for stage in node.stages if self.unique(stage.name, seen, "the stage", stage)
        ]

    def stage(self, info: s.EnvironmentInfo, node: n.Stage) -> Core:
        core: Core = {"name": node.name.name}
        props = self.props(node.props, ("tasks", *STAGE), "a stage")
        core |= self.options(self.prop_pairs([props[name] for name in STAGE if name in props]), STAGE, "a stage")
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

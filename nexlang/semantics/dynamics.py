"""Dynamics: how long calls take, how often they fail of themselves, and how exact what they tell is."""

from __future__ import annotations

from typing import Any

from nexlang.diagnostics.codes_agents import DUPLICATE_PROPERTY, UNKNOWN_PROPERTY
from nexlang.diagnostics.codes_environments import BAD_NOISE, NOT_A_DISTRIBUTION, UNUSED_DYNAMICS
from nexlang.diagnostics.codes_names import UNKNOWN_FUNCTION
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import words
from nexlang.semantics.curricula import Curricula
from nexlang.semantics.types import (
    DELAYS,
    DISTRIBUTION,
    DURATION,
    ERROR,
    FLOAT,
    INT,
    Core,
    Optional,
    Record,
    Type,
    base,
)
from nexlang.syntax import nodes as n

_CONSTRUCTORS = ("normal", "uniform", "lognormal", "exponential")


class DynamicsChecks(Curricula):
    def dynamics(self, info: s.EnvironmentInfo, node: n.Dynamics) -> None:
        core: Core = {"latency": [], "faults": [], "noise": []}
        seen: set[tuple[str, str]] = set()
        for entry in node.entries:
            if entry.value.source is not None or _names(entry.value.expr, "fitted"):
                self.not_yet(entry.value, "dynamics fitted from a log are")
                continue
            if entry.kind == "default":
                self.default_latency(entry, core, seen)
            elif entry.kind == "latency":
                self.latency(info, entry, core, seen)
            elif entry.kind == "fault":
                self.fault(info, entry, core)
            else:
                self.noise(info, entry, core, seen)
        info.core["dynamics"] = core

    def observed(self, info: s.EnvironmentInfo) -> None:
        """Let the noise into what the actors are shown."""
        noise = (info.core.get("dynamics") or {}).get("noise", ())
        noisy = {one["target"] for one in noise if one["of"] == "fn"}
        for actor in info.core.get("actors", ()) if noisy else ():
            actor["args"] = _observed(actor["args"], noisy)

    def once(self, kind: str, name: str, node: n.Node, seen: set[tuple[str, str]]) -> bool:
        if (kind, name) in seen:
            self.report(DUPLICATE_PROPERTY, node, name=f"{kind} {name}".strip())
            return False
        seen.add((kind, name))
        return True

    # ---- latency

    def default_latency(self, entry: n.DynamicsEntry, core: Core, seen: set[tuple[str, str]]) -> None:
        name = entry.targets[0].parts[0]
        if name.name != "latency":
            diagnostic = self.report(UNKNOWN_PROPERTY, name, owner="`dynamics`", name=name.name)
            self.did_you_mean(diagnostic, name.name, ("latency",))
        elif self.once("latency", "", name, seen):
            core["latency"].append({"tools": [], "distribution": self.distribution(entry.value.expr, DURATION)})

    def latency(self, info: s.EnvironmentInfo, entry: n.DynamicsEntry, core: Core, seen: set[tuple[str, str]]) -> None:
        tools = self.tools_of(info, entry, seen)
        core["latency"].append({"tools": tools, "distribution": self.distribution(entry.value.expr, DURATION)})

    def tools_of(
        self, info: s.EnvironmentInfo, entry: n.DynamicsEntry, seen: set[tuple[str, str]] | None = None
    ) -> list[str]:
        """The core names of the tools that a line is about."""
        found = []
        for target in entry.targets:
            tool = self.tool_named(target.parts[0])
            if tool is None or (seen is not None and not self.once("latency", tool.name, target, seen)):
                continue
            if not self.is_called(info, tool):
                diagnostic = self.report(UNUSED_DYNAMICS, target, environment=info.name, name=tool.name, does="calls")
                self.left_out(diagnostic, entry if len(entry.targets) == 1 else target)
            found.append(tool.core_name)
        return found

    def is_called(self, info: s.EnvironmentInfo, tool: s.FunctionInfo) -> bool:
        """Whether an actor of the environment, or one below it, may call the tool."""
        if info.broken or any(agent.broken for agent in info.agents):
            return True
        agents = {agent.core_name: agent for agent in self.all_agents()}
        waiting, found = list(info.agents), list[s.AgentInfo]()
        while waiting:
            agent = waiting.pop()
            if agent not in found:
                found.append(agent)
                waiting += [*agent.delegates, *(agents[name] for name in agent.calls if name in agents)]
        return any(tool in agent.tools or tool.core_name in agent.calls for agent in found)

    def all_agents(self) -> list[s.AgentInfo]:
        return [i for m in self.modules.values() for i in m.declared.values() if isinstance(i, s.AgentInfo)]

    def distribution(self, node: n.Expr, unit: Type) -> Core:
        """A number, always the same, or a `Distribution`; a latency is of Durations, noise of Floats."""
        self.body = self.const_body()
        typed = self.expr(node)
        type = base(typed.type)
        if type == unit or (type is INT and unit is FLOAT):
            core = {"kind": "to_float", "of": typed.core} if type is INT else typed.core
            return self.builtin("constant_distribution", [core], DISTRIBUTION)
        direct = any(_names(node, name) for name in _CONSTRUCTORS)
        wanted = DELAYS if unit is DURATION else DISTRIBUTION
        if type is not ERROR and type != wanted and (direct or type is not DISTRIBUTION):
            what = "a latency is a Duration or a Distribution of Durations"
            what = what if unit is DURATION else "noise is a Distribution of Floats"
            diagnostic = self.report(NOT_A_DISTRIBUTION, node, what=what, type=words(typed.type))
            if unit is DURATION and isinstance(node, n.Num):
                diagnostic.replace("in milliseconds", f"{self.text(node)}ms", "unsafe")
            elif unit is FLOAT and isinstance(node, n.DurationLit):
                diagnostic.replace("as a number", self.text(node).rstrip("hdms"), "unsafe")
        return typed.core

    # ---- faults

    def fault(self, info: s.EnvironmentInfo, entry: n.DynamicsEntry, core: Core) -> None:
        tools = self.tools_of(info, entry)
        self.body = self.const_body()
        failing = self.failing(entry.value.expr, self.line(entry))
        rate = entry.rate.value if entry.rate is not None else 0.0
        if rate > 1 and entry.rate is not None:
            self.bad(entry.rate, "fault", "strikes at most 100% of calls")
        fault = {"code": failing["code"], "message": failing["message"], "rate": min(rate, 1.0)}
        core["faults"].append({**fault, "tools": tools, "after": entry.after})

    # ---- noise

    def noise(self, info: s.EnvironmentInfo, entry: n.DynamicsEntry, core: Core, seen: set[tuple[str, str]]) -> None:
        target = entry.targets[0]
        name, path = target.parts[0], target.parts[1:]
        distribution = self.distribution(entry.value.expr, FLOAT)
        function = self.module.lookup(name.name)
        if not isinstance(function, s.FunctionInfo):
            if name.name not in self.module.refused:
                diagnostic = self.report(UNKNOWN_FUNCTION, name, name=name.name)
                self.did_you_mean(diagnostic, name.name, self.visible(s.FunctionInfo))
            return
        label = ".".join(part.name for part in target.parts)
        if not self.once("noise", label, target, seen) or not self.noisy_field(function, target, path):
            return
        of = "tool" if function.kind == "tool" else "fn"
        if of == "fn" and not self.is_observed(info, function):
            diagnostic = self.report(
                UNUSED_DYNAMICS, target, environment=info.name, name=function.name, does="observes"
            )
            self.left_out(diagnostic, entry)
        elif of == "tool" and not self.is_called(info, function):
            diagnostic = self.report(UNUSED_DYNAMICS, target, environment=info.name, name=function.name, does="calls")
            self.left_out(diagnostic, entry)
        entry_core = {"target": function.core_name, "of": of, "path": [part.name for part in path]}
        core["noise"].append({**entry_core, "distribution": distribution})

    def noisy_field(self, function: s.FunctionInfo, target: n.Dotted, path: list[n.Ident]) -> bool:
        """Whether the path leads to a Float that may take any value."""
        type, refined = base(function.result or ERROR), False
        for part in path:
            type = base(type.item) if isinstance(type, Optional) else type
            if not isinstance(type, Record):
                return self.bad_noise(target, type, f"{words(type)} has no field `{part.name}`")
            field = type.info.fields.get(part.name)
            if field is None:
                self.unknown_field(part, type.info.name, type.info.fields, type.info)
                return False
            refined = field.refine is not None or type.info.require != [] or base(field.type) is not field.type
            type = base(field.type)
        type = base(type.item) if isinstance(type, Optional) else type
        if type is not FLOAT:
            return self.bad_noise(target, type, f"this is {words(type)}")
        if refined:
            return self.bad_noise(target, type, "noise could break what is required of this field")
        return True

    def bad_noise(self, node: n.Node, type: Type, problem: str) -> bool:
        if type is not ERROR:
            self.report(BAD_NOISE, node, problem=problem)
        return False

    def is_observed(self, info: s.EnvironmentInfo, function: s.FunctionInfo) -> bool:
        """Whether an actor's arguments call the function."""
        return info.broken or any(_calls(actor["args"], function.core_name) for actor in info.core.get("actors", ()))


def _names(node: n.Expr, name: str) -> bool:
    """Whether an expression is `name` or a call of it."""
    of = node.of if isinstance(node, n.Call) else node
    return isinstance(of, n.Name) and of.name == name


def _calls(core: Any, name: str) -> bool:
    if isinstance(core, dict):
        own = core.get("kind") == "call_fn" and core["name"] == name
        return own or any(_calls(value, name) for value in core.values())
    return isinstance(core, list) and any(_calls(item, name) for item in core)


def _observed(core: Any, noisy: set[str]) -> Any:
    """Arguments in which what the noisy functions give goes through the noise."""
    if isinstance(core, list):
        return [_observed(item, noisy) for item in core]
    if not isinstance(core, dict):
        return core
    made = {key: _observed(value, noisy) for key, value in core.items()}
    if made.get("kind") == "call_fn" and made["name"] in noisy:
        return {**made, "noisy": True}
    return made

"""Rewards: what a measure may read, when it is paid and to whom."""

from __future__ import annotations

import math

from nexlang.diagnostics import Span
from nexlang.diagnostics.codes_agents import UNKNOWN_COMPONENT
from nexlang.diagnostics.codes_environments import MISPLACED_POTENTIAL, NOT_READ_HERE, REWARD_FOR
from nexlang.diagnostics.codes_names import DUPLICATE_NAME
from nexlang.diagnostics.slotted import dataclass, field
from nexlang.semantics import symbols as s
from nexlang.semantics.agents import number_of
from nexlang.semantics.checker import words
from nexlang.semantics.intervals import UNKNOWN, Range, bounds, held_between
from nexlang.semantics.reward_warnings import RewardWarnings
from nexlang.semantics.scope import Body
from nexlang.semantics.types import (
    ACTOR,
    CALL,
    ERROR,
    MESSAGE,
    NONE,
    TEXT,
    Alias,
    Core,
    List,
    Optional,
    Record,
    Table,
    Type,
    World,
    base,
    is_number,
)
from nexlang.syntax import nodes as n

SCOPE = ("task", "world", "start", "calls", "messages", "result")
POTENTIAL = "potential"


@dataclass(frozen=True, slots=True)
class Pay:
    """When a block's components are paid, and whether each actor has its own; `asked` is whether the judges were."""

    each_round: bool = False
    own: bool = False
    asked: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """What its measures may read beside other measures."""
        return (*SCOPE, *(("before",) if self.each_round else ()), *(("actor",) if self.own else ()))


@dataclass(slots=True)
class Measured:
    """The components so far: the type, the name and the pay of each (none: a potential, which nothing may read), the
    range of each, what each depends on, and those that ask a judge."""

    types: dict[str, tuple[Type, n.Ident, Pay | None]] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)
    depends: dict[str, set[str]] = field(default_factory=dict)
    judged: set[str] = field(default_factory=set)

    def readable(self, pay: Pay) -> dict[str, tuple[Type, n.Ident]]:
        """Those that a measure of such a block may read: of the whole episode, and of its own kind."""
        found = ((name, type, at) for name, (type, at, of) in self.types.items() if of in (Pay(), pay))
        return {name: (type, at) for name, type, at in found if name not in {*pay.names, *self.unheard(pay)}}

    def unheard(self, pay: Pay) -> set[str]:
        """What is known only when the episode has ended."""
        return set() if pay == Pay() else self.judged

    def hidden(self, pay: Pay) -> dict[str, str]:
        """What a measure of such a block may not read, and why."""
        found = {name: why for name, why in _ELSEWHERE.items() if name not in pay.names and name not in self.types}
        for name, (_, _, of) in self.types.items():
            if name in self.unheard(pay):
                found[name] = "judged when the episode has ended, and known only then"
            elif of is None:
                found[name] = "a potential: it pays for its changes and has no value to read"
            elif of not in (Pay(), pay):
                found[name] = f"measured {'each round' if of.each_round else 'for each actor'}, and read only there"
        return found


_ELSEWHERE = {
    "before": "the world as a round began, and read only in `reward each round`",
    "actor": "the one who is paid, and read only in `reward for actor`",
}


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
        for name in measured.hidden(pay):
            body.declare(name, ERROR, "scope", info.node)
        return body

    def hold_to_scope(self, measured: Measured, pay: Pay) -> None:
        """Report what a measure reads that is measured elsewhere."""
        for name, what in measured.hidden(pay).items():
            local = self.body.find(name)
            for use in local.uses if local is not None else ():
                span = Span(self.module.source.path, use, use + len(name))
                self.report(NOT_READ_HERE, span, name=name, what=what)

    # ---- components

    def environment_rewards(self, info: s.EnvironmentInfo, node: n.EnvironmentDecl, props: dict[str, n.Prop]) -> None:
        if info.measured is None or any(isinstance(member, n.Reward) for member in node.members):
            info.measured, info.core["reward"], info.core["judges"] = Measured(), [], []
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
        pay = Pay(asked=name == "success")
        self.body = self.scope_with(info, measured, pay)
        count = len(self.reporter.diagnostics)
        core = info.core[name] = self.condition(node)
        self.hold_to_scope(measured, pay)
        if len(self.reporter.diagnostics) == count:
            self.hopeless(node, name, core, self.range_of(info, core, measured))

    def component(self, info: s.EnvironmentInfo, node: n.Component, pay: Pay, measured: Measured) -> None:
        name = node.name.name
        self.styled(node.name, camel_case=False, what="Component")
        if name in measured.types or name in pay.names:
            diagnostic = self.report(DUPLICATE_NAME, node.name, what="the component", name=name)
            if name in measured.types:
                diagnostic.label(self.span(measured.types[name][1]), "first here")
            return
        self.body = self.scope_with(info, measured, pay)
        count = len(self.reporter.diagnostics)
        potential = self.potential(node.measure, pay)
        if potential is not None and not potential:
            measured.types[name] = (ERROR, node.name, None)
            return
        measure = potential[0] if potential else node.measure
        self.judged = measured.judged
        self.judging = info.core["judges"] if pay == Pay() and not potential else None
        typed = self.expr(measure)
        self.judging = None
        self.hold_to_scope(measured, pay)
        if self.is_judged(typed.core, measured.judged):
            measured.judged.add(name)
        kind = number_of(typed.type)
        measured.types[name] = (typed.type if kind else ERROR, node.name, None if potential else pay)
        if kind is None:
            if typed.type is not ERROR:
                self.report(UNKNOWN_COMPONENT, measure, type=words(typed.type))
            return
        low, high = self.range_of(info, typed.core, measured)
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
                "judged": name in measured.judged,
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

    def potential(self, node: n.Expr, pay: Pay) -> list[n.Expr] | None:
        """The measure inside `potential(…)`, where the component is one; none where it is a wrong one."""
        if not isinstance(node, n.Call) or not isinstance(node.of, n.Name) or node.of.name != POTENTIAL:
            return None
        if self.module.lookup(POTENTIAL) is not None:
            return None
        if pay.each_round or pay.own:
            problem = "of the whole world, and paid each round by itself"
            diagnostic = self.report(MISPLACED_POTENTIAL, node, problem=problem)
            diagnostic.advise("move it into a plain `reward { … }`")
        elif len(node.args) != 1 or node.args[0].name is not None or isinstance(node.args[0].value, n.Comp):
            self.report(MISPLACED_POTENTIAL, node, problem="made of one measure")
        else:
            return [node.args[0].value]
        return []

    # ---- ranges

    def range_of(self, info: s.EnvironmentInfo, core: Core, measured: Measured) -> Range:
        task = base(info.task)
        records = {"task": task.info.core_name} if isinstance(task, Record) else {}
        if info.world is not None:
            records |= dict.fromkeys(("world", "start", "before"), info.world.core_name)
        return bounds(core, measured.ranges, self.body_of, records, self.field_range)

    def field_range(self, record: str, name: str) -> tuple[str | None, Range]:
        """The record that a field or a slot holds, itself or in a table or a list, and its range as a number."""
        infos = (i for m in self.modules.values() for i in m.declared.values())
        info = next(i for i in infos if isinstance(i, s.RecordInfo | s.WorldInfo) and i.core_name == record)
        held = (info.fields if isinstance(info, s.RecordInfo) else info.slots).get(name)
        if held is None:
            return None, UNKNOWN
        rules = [held.refine]
        type = held.type
        while isinstance(type, Alias):
            rules.append(type.info.refine)
            type = type.info.type
        if isinstance(type, List):
            type = base(type.item)
        of = type.record if isinstance(type, Table) else type.info if isinstance(type, Record) else None
        low, high = UNKNOWN
        for rule in rules if is_number(type) else ():
            lowest, highest = held_between((rule or {}).get("condition"))
            low, high = max(low, lowest), min(high, highest)
        return (of.core_name if of else None), (low, high)

    def body_of(self, name: str) -> tuple[list[str], list[Core]] | None:
        """The parameters and statements of a function, for the range of what it returns."""
        function = self.function_by_core(name)
        return (list(function.params), function.body) if function is not None else None

"""Delegation: agents below agents, and that no run of them can go on for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from nexlang.diagnostics import Diagnostic, Edit, Span
from nexlang.diagnostics.codes_agents import DELEGATION_CYCLE
from nexlang.diagnostics.codes_externs import FLOW_RECURSION
from nexlang.semantics import symbols as s
from nexlang.semantics.grants import Grants
from nexlang.syntax import nodes as n

DEPTH = 3
"""What the fix proposes."""


class Delegation(Grants):
    def delegation_cycles(self, agents: Mapping[str, s.AgentInfo]) -> None:
        """Agents whose bodies call each other recurse, which none may; a cycle in which a model decides needs a
        `depth` somewhere."""
        recursive: set[str] = set()

        def compiled(agent: s.AgentInfo) -> bool:
            return agent.kind != "model"

        def unbounded(agent: s.AgentInfo) -> bool:
            return agent.core_name not in recursive and not (agent.core.get("limits") or {}).get("depth")

        def recursion(cycle: list[s.AgentInfo], at: Span) -> None:
            recursive.update(agent.core_name for agent in cycle)
            self.flow_recursion(cycle, at)

        for counts, report in ((compiled, recursion), (unbounded, self.delegation_cycle)):
            done: set[str] = set()
            for name in agents:
                self.cycle_from(name, [], done, agents, counts, report)

    def cycle_from(
        self,
        name: str,
        path: list[str],
        done: set[str],
        agents: Mapping[str, s.AgentInfo],
        counts: Callable[[s.AgentInfo], bool],
        report: Callable[[list[s.AgentInfo], Span], None],
    ) -> None:
        """Walk down from an agent; `report` is told of each cycle of agents that count."""
        if not counts(agents[name]):
            return
        if name in path:
            cycle = [*path[path.index(name) :], name]
            last = agents[path[-1]]
            if not done & set(cycle):
                self.module = self.owner_of(last)
                report([agents[each] for each in cycle], last.calls.get(name, last.span()))
            done.update(cycle)
            return
        if name in done or len(path) > 200:
            return
        for other in agents[name].calls:
            if other in agents:
                self.cycle_from(other, [*path, name], done, agents, counts, report)
        done.add(name)

    def flow_recursion(self, cycle: list[s.AgentInfo], at: Span) -> None:
        shown = " → ".join(agent.name for agent in cycle)
        self.drawn(self.report(FLOW_RECURSION, at, name=cycle[0].name, path=shown), cycle).advise(
            "walk a collection with `for` instead, or let a model agent in between decide and give it a `depth`"
        )

    def delegation_cycle(self, cycle: list[s.AgentInfo], at: Span) -> None:
        shown = " → ".join(agent.name for agent in cycle)
        diagnostic = self.drawn(self.report(DELEGATION_CYCLE, at, name=cycle[0].name, path=shown), cycle)
        diagnostic.advise("take one of them out of the cycle, or bound it with `limits: { depth: 3 }`")
        self.bound_depth(diagnostic, cycle[-2])

    def drawn(self, diagnostic: Diagnostic, cycle: list[s.AgentInfo]) -> Diagnostic:
        """Point at each other step of the cycle."""
        for agent, following in pairwise(cycle[:-1]):
            span = agent.calls.get(following.core_name)
            if span is not None and span != diagnostic.span:
                diagnostic.label(span, f"`{agent.name}` hands on to `{following.name}`")
        return diagnostic

    def bound_depth(self, diagnostic: Diagnostic, agent: s.AgentInfo) -> None:
        """The fix that gives an agent a `depth`."""
        node, source = agent.node, agent.source
        if not isinstance(node, n.AgentDecl) or agent.kind != "model" or not node.props:
            return
        limits = [prop.value.expr for prop in node.props if prop.key.name == "limits"]
        if limits and isinstance(limits[0], n.Mapping) and limits[0].pairs:
            end = limits[0].pairs[-1].end
            edit = Edit(Span(source.path, end, end), f", depth: {DEPTH}")
        elif limits:
            return
        else:
            end = node.props[-1].end
            edit = Edit(Span(source.path, end, end), f"\n  limits: {{ depth: {DEPTH} }}")
        diagnostic.fix(f"let it be {DEPTH} deep", edit, applicability="unsafe")

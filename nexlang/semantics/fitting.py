"""What cannot fit: limits of an agent in those of the agents that run it, prompts in what their model reads."""

from __future__ import annotations

from nexlang.diagnostics import Diagnostic, Edit, Span
from nexlang.diagnostics.codes_explain import LONG_PROMPT, WIDER_LIMIT
from nexlang.ir.options import ENDPOINT
from nexlang.semantics import symbols as s
from nexlang.semantics.clauses import Clauses
from nexlang.semantics.types import Core
from nexlang.syntax import nodes as n

_SHARED = {"tokens": "tokens", "time": "time_ms"}
"""Limits that hold for all that is below an agent, by their name in the IR."""


class Fitting(Clauses):
    def fits(self, agents: dict[str, s.AgentInfo]) -> None:
        """Report the limits and the prompts of a program that cannot fit. Runs when every agent is checked."""
        acting = {agent.core_name for info in self.infos(s.EnvironmentInfo) for agent in info.agents}
        parents: dict[str, list[s.AgentInfo]] = {}
        for agent in agents.values():
            for name in agent.calls:
                if name in agents and name not in acting and agent is not agents[name]:
                    parents.setdefault(name, []).append(agent)
        for name, above in parents.items():
            for key, core_key in _SHARED.items():
                self.narrower(agents[name], above, key, core_key)
        self.prompts_fit(agents)

    # ---- limits

    def narrower(self, child: s.AgentInfo, parents: list[s.AgentInfo], key: str, core_key: str) -> None:
        """A limit that none of those who run the agent leaves room for is never used up."""
        own = _limit(child, core_key)
        above = [limit for parent in parents if (limit := _limit(parent, core_key)) is not None]
        if own is None or len(above) < len(parents) or own <= max(above):
            return
        widest = max(parents, key=lambda parent: _limit(parent, core_key) or 0)
        self.module = self.owner_of(child)
        there = self.limit_node(child, key)
        values = {"child": child.name, "parent": widest.name, "own": _shown(own, key), "above": _shown(max(above), key)}
        diagnostic = self.report(WIDER_LIMIT, there or child.span(), **values)
        if there is not None:
            self.narrowed(diagnostic, there, widest, key)

    def narrowed(self, diagnostic: Diagnostic, there: n.Expr, parent: s.AgentInfo, key: str) -> None:
        """Show the limit above, and offer to take it."""
        edit = Span(self.module.source.path, there.start, there.end)
        self.module = self.owner_of(parent)
        limit = self.limit_node(parent, key)
        if limit is not None:
            diagnostic.label(self.span(limit), f"all that `{parent.name}` runs shares this")
            diagnostic.fix("take the limit above", Edit(edit, self.text(limit)), applicability="unsafe")

    def limit_node(self, agent: s.AgentInfo, key: str) -> n.Expr | None:
        """Where an agent's limit is written, if it is written with the agent."""
        members = getattr(agent.node, "props", None) or getattr(agent.node, "members", None) or ()
        for prop in members:
            if isinstance(prop, n.Prop) and prop.key.name == "limits" and isinstance(prop.value.expr, n.Mapping):
                return next((pair.value for pair in prop.value.expr.pairs if pair.key.name == key), None)
        return None

    # ---- prompts

    def prompts_fit(self, agents: dict[str, s.AgentInfo]) -> None:
        models: dict[str, Core] = {info.core_name: info.core for info in self.infos(s.ModelInfo)}
        models |= {core["name"]: core for core in self.own_models}
        reading = {name: core["options"]["context"] for name, core in models.items() if _reads(core)}
        for agent in agents.values() if reading else ():
            model = agent.core.get("model")
            if model in reading and not agent.broken:
                self.prompt_fits(agent, models[model], reading[model])

    own_models: list[Core]

    def prompt_fits(self, agent: s.AgentInfo, model: Core, context: int) -> None:
        from nexlang.semantics.tokens import estimate, of_agent, texts

        held: list[s.FunctionInfo | s.AgentInfo] = [*agent.tools, *agent.delegates]
        callables: dict[str, Core] = {
            info.core_name: {"name": info.name, "doc": info.doc, "params": _params(info)} for info in held
        }
        constants = {info.core_name: {"value": info.value} for info in self.infos(s.ConstInfo)}
        tokens = of_agent(agent.core, callables, texts(constants))
        reply = int(model["options"].get("max_tokens") or ENDPOINT["max_tokens"].default or 0)
        if tokens + reply <= context:
            return
        self.module = self.owner_of(agent)
        members = getattr(agent.node, "props", None) or getattr(agent.node, "members", None) or ()
        prompts = [p.value for p in members if isinstance(p, n.Prop) and p.key.name == "prompt"]
        caption = "too long" if tokens > context else f"a reply may take {reply:,} more"
        values = {"name": agent.name, "tokens": tokens, "model": model["name"], "context": context, "caption": caption}
        diagnostic = self.report(LONG_PROMPT, prompts[0] if prompts else agent.span(), **values)
        longest = max(texts(constants).items(), key=lambda each: estimate(each[1]), default=None)
        if longest is not None and longest[0] in (agent.core.get("prompt") or {}).get("names", ()):
            diagnostic.advise(f"`{longest[0]}` alone is about {estimate(longest[1]):,} tokens")
        else:
            diagnostic.advise("let a tool answer what is not always needed, or shorten `max_tokens`")


def _reads(core: Core) -> bool:
    return isinstance((core.get("options") or {}).get("context"), int)


def _limit(agent: s.AgentInfo, key: str) -> float | None:
    value = (agent.core.get("limits") or {}).get(key)
    return float(value) if isinstance(value, int | float) else None


def _params(info: s.FunctionInfo | s.AgentInfo) -> list[Core]:
    return [{"name": param.name, "doc": param.doc} for param in info.params.values()]


def _shown(limit: float, key: str) -> str:
    return f"{limit:,.0f} tokens" if key == "tokens" else f"{limit / 1000:g} s"

"""Memory: the policies that choose what a model agent still reads of its conversation."""

from __future__ import annotations

from nexlang.diagnostics.codes_agents import BAD_MEMORY
from nexlang.diagnostics.codes_names import UNKNOWN_AGENT, UNKNOWN_FUNCTION
from nexlang.diagnostics.codes_types import DUPLICATE_ARGUMENT, MISSING_ARGUMENT
from nexlang.ir.options import Option
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import listed, words
from nexlang.semantics.delegation import Delegation
from nexlang.semantics.effects import shown
from nexlang.semantics.scope import Body
from nexlang.semantics.types import CHANCE, ERROR, MESSAGE, NONE, TEXT, Core, List, Type, base
from nexlang.syntax import nodes as n

WINDOW = {"turns": Option("int", "How many of the latest turns the model sees.", low=1)}
SUMMARY = {
    "above": Option("int", "Estimated tokens of the conversation from which on its older part is summed up.", low=1),
    "keep": Option("int", "The latest turns that stay as they are.", default=4, low=1),
}
_BUILT_IN = ("window", "summary")
_MESSAGES = List(MESSAGE)


class Memory(Delegation):
    """`rememberers` are the agents that sum up, to be held to what they may do once it is known what they do."""

    rememberers: list[tuple[n.Name, s.AgentInfo, s.ModuleInfo]]

    def memory(self, info: s.AgentInfo, node: n.Expr) -> list[Core]:
        items = node.items if isinstance(node, n.ListLit) else [node]
        found = [self.remembering(info, item) for item in items]
        return [core for core in found if core is not None]

    def remembering(self, info: s.AgentInfo, item: n.Expr) -> Core | None:
        if isinstance(item, n.Name) and (item.name in _BUILT_IN or self.module.lookup(item.name) is not None):
            diagnostic = self.report(BAD_MEMORY, item, name=item.name, problem="it is written with its arguments")
            diagnostic.replace("with its arguments", f"{item.name}()", "unsafe")
            return None
        if not (isinstance(item, n.Call) and isinstance(item.of, n.Name)):
            self.bad(item, "memory", "is a list of policies: `memory: [window(turns: 20)]`")
            return None
        known = self.module.lookup(item.of.name)
        if known is None and item.of.name == "window":
            return self.window(item)
        if known is None and item.of.name == "summary":
            return self.summary(info, item)
        return self.policy(info, item, item.of, known)

    def window(self, node: n.Call) -> Core:
        given = _named(node, ["turns"])
        options = self.options(given, WINDOW, "`window`")
        if not given:
            self.report(MISSING_ARGUMENT, node.of, name="window", missing="`turns`")
        turns: Core = {"kind": "lit", "value": options.get("turns")}
        return {"kind": "builtin", "name": "window", "args": [turns], "type": NONE.core()}

    def param_body(self, info: s.AgentInfo) -> Body:
        """Where an agent's own properties are evaluated: over its parameters."""
        body = Body(self.module, "const")
        for name, param in info.params.items():
            body.declare(name, param.type, "param", param.node.name)
        return body

    # ---- policies of the program's own

    def policy(self, info: s.AgentInfo, node: n.Call, name: n.Name, known: s.Info | None) -> Core | None:
        """A pure function over the messages; its other arguments are fixed, over the agent's parameters."""
        if known is None:
            if name.name not in self.module.refused:
                candidates = [*self.visible(s.FunctionInfo), *_BUILT_IN]
                self.did_you_mean(self.report(UNKNOWN_FUNCTION, name, name=name.name), name.name, candidates)
            return None
        problem = _misfit(known)
        if problem is not None:
            diagnostic = self.report(BAD_MEMORY, name, name=name.name, problem=problem)
            diagnostic.label(known.span(), "declared here").advise(
                "a policy is a `fn` like `fn policy(messages: [Message], turns: Int) -> [Message]`"
            )
            return None
        assert isinstance(known, s.FunctionInfo)
        self.body = self.param_body(info)
        rest = dict(list(known.params.items())[1:])
        args = self.bind(node, known.name, rest)
        return {"kind": "policy", "name": known.core_name, "args": list(args.values())}

    # ---- summaries

    def summary(self, info: s.AgentInfo, node: n.Call) -> Core | None:
        given = _named(node, ["by", *SUMMARY])
        by = [value for key, value in given if key.name == "by"]
        options = self.options([(key, value) for key, value in given if key.name != "by"], SUMMARY, "`summary`")
        there = {key.name for key, _ in given}
        if lacking := [name for name in ("by", "above") if name not in there]:
            self.report(MISSING_ARGUMENT, node.of, name="summary", missing=listed(lacking))
        for again in (arg for arg in node.args if arg.value in by[1:]):
            self.left_out(self.report(DUPLICATE_ARGUMENT, again, argument="by"), again)
        agent = self.summing_up(info, by[0]) if by else None
        if agent is None or "above" not in options:
            return None
        keep = options.get("keep", SUMMARY["keep"].default)
        return {"kind": "summary", "agent": agent.core_name, "above": options["above"], "keep": keep}

    def summing_up(self, info: s.AgentInfo, node: n.Expr) -> s.AgentInfo | None:
        if not isinstance(node, n.Name):
            self.bad(node, "by", "names an agent")
            return None
        agent = self.named(node, s.AgentInfo, UNKNOWN_AGENT)
        if agent is None:
            info.broken = True
            return None
        asked = [param.type for param in agent.params.values() if base(param.type) is not CHANCE]
        problem = None
        if ERROR in (*asked, agent.result):
            return None
        if asked != [_MESSAGES]:
            problem = "it takes one list of messages, and nothing else"
        elif base(agent.result) is not TEXT:
            problem = f"it gives {words(agent.result)}, not Text"
        if problem is not None:
            diagnostic = self.report(BAD_MEMORY, node, name=agent.name, problem=problem)
            diagnostic.label(agent.span(), "declared here").advise(
                f"an agent that sums up is declared `agent {agent.name}(messages: [Message]) -> Text`"
            )
            return None
        info.calls.setdefault(agent.core_name, self.span(node))
        self.rememberers.append((node, agent, self.module))
        return agent

    def check_rememberers(self) -> None:
        """Who sums up only looks. Runs when all bodies are checked."""
        for node, agent, module in self.rememberers:
            effects = self.effects.of_agent(agent.core_name)  # type: ignore[attr-defined]
            if effects.writes or effects.plays:
                self.module = module
                paths = listed(shown(effects.writes)) or "the world"
                diagnostic = self.report(BAD_MEMORY, node, name=agent.name, problem=f"it changes {paths}")
                diagnostic.label(agent.span(), "declared here")


def _named(node: n.Call, order: list[str]) -> list[tuple[n.Ident, n.Expr]]:
    """Arguments with their names; those without one are meant in order."""
    left = iter([name for name in order if all(arg.name is None or arg.name.name != name for arg in node.args)])
    return [(arg.name or n.Ident(arg.start, arg.end, next(left, order[-1])), arg.value) for arg in node.args]


def _misfit(known: s.Info) -> str | None:
    """Why a declaration is no policy."""
    if not isinstance(known, s.FunctionInfo):
        return "it is no `fn`"
    if known.kind != "fn":
        return "it is a tool"
    params: list[Type] = [param.type for param in known.params.values()]
    if ERROR in params or known.result is ERROR:
        return None
    if known.world is not None or known.has_row:
        return "it reads a world"
    if not params or params[0] != _MESSAGES:
        return "its first parameter is no `[Message]`"
    if known.result != _MESSAGES:
        return f"it gives {words(known.result)}, not [Message]" if known.result else "it gives nothing"
    if any(base(param) is CHANCE for param in params):
        return "it draws from chance"
    return None

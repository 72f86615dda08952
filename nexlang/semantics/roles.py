"""`by role { … }`: in solutions and tests of several actors, whose calls these are."""

from __future__ import annotations

from collections.abc import Mapping

from nexlang.diagnostics import Diagnostic, Edit, Span
from nexlang.diagnostics.codes_externs import BY_NOT_HERE, ROLE_LACKS, UNKNOWN_ROLE
from nexlang.diagnostics.slotted import dataclass, field
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import listed
from nexlang.semantics.scope import Typed
from nexlang.semantics.testing import Tests
from nexlang.semantics.types import Core, Type
from nexlang.syntax import nodes as n

_WHERE = {
    "fn": "a function",
    "tool": "a tool",
    "process": "a process",
    "setup": "a setup",
    "agent": "a rule agent",
    "test": "a test without an environment",
}


@dataclass(slots=True)
class Acting:
    """One `by` block: the role, where it stands, the calls made in it, and the environment whose roles are meant: of a
    test its own, of an agent each that it solves."""

    role: n.Ident
    module: s.ModuleInfo
    owner: s.AgentInfo | None
    environment: s.EnvironmentInfo | None
    calls: list[tuple[str, Span]] = field(default_factory=list)


class Roles(Tests):
    acting: list[Acting]
    tested: s.EnvironmentInfo | s.WorldInfo | None = None
    by: Acting | None = None

    def test_place(self, node: n.TestDecl) -> s.EnvironmentInfo | s.WorldInfo | None:
        self.tested = super().test_place(node)
        return self.tested

    def s_ByActor(self, node: n.ByActor, into: list[Core]) -> bool | None:
        body = self.body
        environment = self.tested if body.kind == "test" and isinstance(self.tested, s.EnvironmentInfo) else None
        owner = body.owner if isinstance(body.owner, s.AgentInfo) and body.owner.kind == "flow" else None
        if environment is None and owner is None:
            head = n.Node(node.start, node.actor.end)
            self.unwrap(self.report(BY_NOT_HERE, head, where=_WHERE.get(body.kind, "what stands here")), node)
            return self.block(node.block.body, [])
        outer, self.by = self.by, Acting(node.actor, self.module, owner, environment)
        self.acting.append(self.by)
        ended = self.block(node.block.body, into)
        self.by = outer
        return ended

    def unwrap(self, diagnostic: Diagnostic, node: n.ByActor) -> None:
        """The fix that keeps the calls and leaves the `by` out."""
        path, text = self.module.source.path, self.module.source.text
        inside = text[node.block.start + 1 : node.block.end - 1].strip()
        edit = Edit(Span(path, node.start, node.end), inside)
        diagnostic.fix("leave the `by` out", edit, applicability="unsafe")

    def x_Call(self, node: n.Call, expected: Type | None) -> Typed:
        typed = super().x_Call(node, expected)
        core = typed.core
        if self.by is not None and core.get("kind") in ("act", "call_fn") and "by" not in core:
            name = core["name"]
            is_tool = name in self.functions and self.functions[name].kind == "tool"
            if is_tool or core["kind"] == "act":
                core["by"] = self.by.role.name
                self.by.calls.append((name, self.span(node.of)))
        return typed

    # ---- when all is checked

    def check_roles(self, agents: Mapping[str, s.AgentInfo], environments: list[s.EnvironmentInfo]) -> None:
        """The roles are there, and each could do what is done in its name."""
        for acting in self.acting:
            self.module = acting.module
            solved = [acting.environment] if acting.environment is not None else []
            for environment in environments if acting.owner is not None else ():
                solution = environment.core.get("solution")
                if isinstance(solution, dict) and solution.get("name") == acting.owner.core_name:  # type: ignore[union-attr]
                    solved.append(environment)
            if not solved and acting.owner is not None:
                where = f"`{acting.owner.name}`, which is no environment's solution"
                self.report(BY_NOT_HERE, acting.role, where=where)
            for environment in solved:
                self.role_acts(acting, environment, agents)

    def role_acts(self, acting: Acting, environment: s.EnvironmentInfo, agents: Mapping[str, s.AgentInfo]) -> None:
        actors = {actor["role"]: agents.get(actor["agent"]) for actor in environment.core.get("actors", ())}
        if acting.role.name not in actors:
            if not environment.broken:
                values = {"environment": environment.name, "name": acting.role.name}
                diagnostic = self.report(UNKNOWN_ROLE, acting.role, **values)
                self.did_you_mean(diagnostic, acting.role.name, actors)
                if not diagnostic.fixes:
                    diagnostic.advise(f"its roles are {listed(actors)}")
            return
        agent = actors[acting.role.name]
        if agent is None or agent.broken:
            return
        reach = _reach(agent, agents)
        for name, span in acting.calls:
            if name not in reach and not (name in agents and agents[name].broken):
                self.report(ROLE_LACKS, span, agent=agent.name, role=acting.role.name, name=name)


def _reach(agent: s.AgentInfo, agents: Mapping[str, s.AgentInfo]) -> set[str]:
    """What an agent holds or calls, itself and through all below it."""
    found = {agent.core_name}
    waiting = [agent]
    while waiting:
        one = waiting.pop()
        for name in [*(tool.core_name for tool in one.tools), *one.calls]:
            if name not in found:
                found.add(name)
                if name in agents:
                    waiting.append(agents[name])
    return found

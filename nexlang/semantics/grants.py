"""Grants: what an agent lets those below it do, held to what they do. Least privilege down the tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nexlang.diagnostics import Diagnostic, Edit, Span
from nexlang.diagnostics.codes_externs import IDLE_GRANT, NO_SUCH_GRANT, NOT_GRANTED, UNKNOWN_CAPABILITY
from nexlang.diagnostics.slotted import dataclass, field
from nexlang.ir.capabilities import CAPABILITIES
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import listed
from nexlang.semantics.processes import Processes
from nexlang.semantics.types import Optional, Record, Table, Type, base
from nexlang.syntax import nodes as n

Grant = tuple[str, ...]
"""A capability, or a world and a path in it: `("network",)`, `("Shop", "orders", "status")`."""


@dataclass(slots=True)
class Needs:
    """What an agent does, itself and through all below it: each grant that it needs, and the tool it is needed for."""

    found: dict[Grant, str] = field(default_factory=dict)

    def add(self, other: Needs) -> None:
        for grant, tool in other.found.items():
            self.found.setdefault(grant, tool)


class Grants(Processes):
    # ---- what is granted

    def grants(self, info: s.AgentInfo, node: n.Expr) -> list[str]:
        """`grants: [network, Shop.orders.status]`."""
        info.granted = {}
        if not isinstance(node, n.ListLit):
            self.bad(node, "grants", "is a list: `grants: [network, Shop.orders]`")
            info.broken = True
            return []
        for item in node.items:
            grant = self.grant(item)
            if grant is None:
                info.broken = True
            else:
                info.granted.setdefault(grant, item)
        return [".".join(grant) for grant in info.granted]

    def grant(self, node: n.Expr) -> Grant | None:
        path: list[n.Ident | n.Name] = []
        of = node
        while isinstance(of, n.Attr):
            path.append(of.name)
            of = of.of
        if not isinstance(of, n.Name):
            self.bad(node, "grants", "names capabilities and what may be written: `[network, Shop.orders]`")
            return None
        if not of.name[:1].isupper():
            if not path:
                return self.capability(of)
            self.bad(node, "grants", "names a capability alone, and what may be written from its world on")
            return None
        world = self.world_named(n.Ident(of.start, of.end, of.name))
        return self.granted_path(world, path[::-1]) if world is not None else None

    def capability(self, name: n.Name) -> Grant | None:
        if name.name in CAPABILITIES:
            return (name.name,)
        diagnostic = self.report(UNKNOWN_CAPABILITY, name, name=name.name)
        self.did_you_mean(diagnostic, name.name, CAPABILITIES)
        if not diagnostic.fixes:
            diagnostic.advise(f"the capabilities are {listed(CAPABILITIES)}; what may be written is `World.slot`")
        return None

    def granted_path(self, world: s.WorldInfo, path: list[n.Ident | n.Name]) -> Grant | None:
        fields: Mapping[str, s.FieldInfo] = world.slots
        of = world.name
        for name in path:
            if name.name not in fields:
                diagnostic = self.report(NO_SUCH_GRANT, name, of=of, name=name.name)
                self.did_you_mean(diagnostic, name.name, fields)
                return None
            of, fields = f"{of}.{name.name}", _fields(fields[name.name].type)
        return (world.core_name, *(name.name for name in path))

    # ---- what is needed

    def check_grants(self, agents: Mapping[str, s.AgentInfo]) -> None:
        """Every agent grants what those below it need. Runs when all bodies are checked."""
        if not any(agent.granted is not None for agent in agents.values()) and not self.has_externs():
            return
        made: dict[str, Needs] = {}
        for agent in agents.values():
            below = [agents[name] for name in agent.calls if name in agents]
            if agent.broken or agent.core.get("plays") or any(each.broken for each in below):
                continue
            self.module = self.owner_of(agent)
            needed = [(each, self.needs(each, agents, made)) for each in below]
            self.granted_to(agent, needed)
            self.idle_grants(agent, [needs for _, needs in needed])

    def has_externs(self) -> bool:
        return any(function.extern is not None for function in self.functions.values())

    def needs(self, agent: s.AgentInfo, agents: Mapping[str, s.AgentInfo], made: dict[str, Needs]) -> Needs:
        known = made.get(agent.core_name)
        if known is not None:
            return known
        needs = made[agent.core_name] = Needs()  # one that is below itself finds what is there so far
        held = [tool.core_name for tool in agent.tools]
        for name in dict.fromkeys([*held, *agent.calls]):
            if name in agents:
                needs.add(self.needs(agents[name], agents, made))
            elif name in self.functions:
                needs.add(self.tool_needs(self.functions[name]))
        return needs

    def tool_needs(self, tool: s.FunctionInfo) -> Needs:
        needs = Needs()
        effects = self.effects.of(tool.core_name)  # type: ignore[attr-defined]
        for path in sorted(effects.writes):
            if tool.world is not None:
                needs.found[(tool.world.core_name, *path)] = tool.name
        for name in sorted(effects.extern):
            extern = self.functions[name].extern or {}
            for capability in extern.get("needs", ()):
                needs.found.setdefault((capability,), tool.name)
        return needs

    def granted_to(self, agent: s.AgentInfo, needed: list[tuple[s.AgentInfo, Needs]]) -> None:
        """Capabilities are always granted by name; writes where the agent says what it grants at all."""
        lacking = [(child, missing) for child, needs in needed if (missing := self.not_granted(agent, needs))]
        if not lacking:
            return
        child, missing = lacking[0]
        names = listed(".".join(grant) for grant in missing)
        diagnostic = self.report(
            NOT_GRANTED, agent.calls[child.core_name], parent=agent.name, missing=names, child=child.name
        )
        diagnostic.advise(f"`{child.name}` needs it for {listed(dict.fromkeys(missing.values()))}")
        for other, more in lacking[1:]:
            others = listed(".".join(grant) for grant in more)
            diagnostic.label(agent.calls[other.core_name], f"`{other.name}` needs {others}")
        if agent.granted is None:  # once it grants anything, it says what may be written too
            wanted = {grant: "" for _, needs in needed for grant in needs.found}
        else:
            wanted = {grant: "" for _, missing in lacking for grant in missing}
        self.grant_more(diagnostic, agent, [".".join(grant) for grant in _outermost(wanted)])

    def not_granted(self, agent: s.AgentInfo, needs: Needs) -> dict[Grant, str]:
        missing = {
            grant: tool
            for grant, tool in needs.found.items()
            if not _covered(grant, agent.granted or {}) and (len(grant) == 1 or agent.granted is not None)
        }
        return _outermost(missing)

    def grant_more(self, diagnostic: Diagnostic, agent: s.AgentInfo, names: list[str]) -> None:
        """The fix that grants it: unsafe, because to grant is the author's to decide."""
        source = self.module.source
        own = [prop for prop in _props(agent.node) if prop.key.name == "grants"]
        more = ", ".join(names)
        if own and isinstance(own[0].value.expr, n.ListLit):
            items = own[0].value.expr.items
            at = items[-1].end if items else own[0].value.expr.start + 1
            edit = Edit(Span(source.path, at, at), f", {more}" if items else more)
        else:
            head = getattr(agent.node, "result", None) or getattr(agent.node, "base", None) or agent.node
            at = source.text.find("{", head.end if head is not agent.node else agent.span().end) + 1
            if at == 0:
                return  # a brace that recovery made up
            edit = Edit(Span(source.path, at, at), f"\n  grants: [{more}]")
        diagnostic.fix("grant it", edit, applicability="unsafe")

    def idle_grants(self, agent: s.AgentInfo, needed: list[Needs]) -> None:
        wanted = {grant for needs in needed for grant in needs.found}
        if isinstance(agent.node, n.DerivedDecl) and all(prop.key.name != "grants" for prop in _props(agent.node)):
            return
        for grant, node in (agent.granted or {}).items():
            if not any(_covered(each, {grant: node}) for each in wanted):
                diagnostic = self.report(IDLE_GRANT, node, name=".".join(grant), agent=agent.name)
                self.left_out(diagnostic, node, "unsafe")


def _props(node: n.Decl) -> Iterator[n.Prop]:
    members = getattr(node, "props", None) or getattr(node, "members", None) or ()
    return (member for member in members if isinstance(member, n.Prop))


def _covered(grant: Grant, granted: Mapping[Grant, object]) -> bool:
    return any(grant[:i] in granted for i in range(1, len(grant) + 1))


def _outermost(grants: Mapping[Grant, str]) -> dict[Grant, str]:
    """Without what lies below another one."""
    return {grant: tool for grant, tool in grants.items() if not any(grant[:i] in grants for i in range(1, len(grant)))}


def _fields(type: Type) -> Mapping[str, s.FieldInfo]:
    """What lies in a slot or a field: the fields of its record, or the slots of a part."""
    type = base(type)
    while isinstance(type, Optional):
        type = base(type.item)
    if isinstance(type, Record):
        return type.info.fields
    if isinstance(type, Table):
        return type.record.fields
    info = getattr(type, "info", None)
    return info.slots if isinstance(info, s.WorldInfo) else {}

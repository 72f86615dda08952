"""Derived agents and environments: what the base says, with some of it replaced; made into ordinary ones here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any, TypeVar

from nexlang.diagnostics.codes_derived import DERIVATION_CYCLE, DERIVED_CHANGES, DERIVED_LACKS
from nexlang.diagnostics.codes_names import UNKNOWN_AGENT, UNKNOWN_ENVIRONMENT
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import listed, words
from nexlang.semantics.environments import Environments
from nexlang.semantics.sizes import summing
from nexlang.semantics.types import ERROR, Core
from nexlang.syntax import nodes as n

Member = n.Prop | n.Actors | n.Setup | n.Dynamics | n.Reward | n.Curriculum | n.Stop
Base = TypeVar("Base", s.AgentInfo, s.EnvironmentInfo)
_READERS = ("success", "stop", "reward")


class Derived(Environments):
    """Each check asks for its base first, so the order of declarations does not matter."""

    # ---- bases

    def derive(self, info: Base, kind: type[Base]) -> Base | None:
        """The base of a derived declaration; its own base is found first, and a circle reported once."""
        node = info.node
        assert isinstance(node, n.DerivedDecl)
        code = UNKNOWN_AGENT if kind is s.AgentInfo else UNKNOWN_ENVIRONMENT
        found: Any = self.named(node.base, kind, code)
        if found is None:
            return None
        path: list[Any] = [info, *_chain(found)]
        if info in path[1:]:
            if not info.broken:
                names = [each.name for each in path[: path.index(info, 1) + 1]]
                self.report(DERIVATION_CYCLE, node.base, name=info.name, path=" → ".join(names))
            for each in path:
                each.broken = True
            return None
        base: Base = found
        return base

    # ---- agents

    def agent_shape(self, info: s.AgentInfo) -> None:
        if info.shaped:
            return
        info.shaped = True
        if not isinstance(info.node, n.DerivedDecl):
            super().agent_shape(info)
            return
        info.base = self.derive(info, s.AgentInfo)
        info.broken |= info.base is None
        if info.base is not None:
            outer, self.module = self.module, self.owner_of(info.base)
            self.agent_shape(info.base)
            self.module = outer
            info.kind, info.params, info.result = info.base.kind, info.base.params, info.base.result
            info.broken |= info.base.broken

    def check_agent(self, info: s.AgentInfo) -> None:
        if info.checked:
            return
        info.checked = True
        if not isinstance(info.node, n.DerivedDecl):
            super().check_agent(info)
        elif info.base is not None:
            outer, self.module = self.module, self.owner_of(info.base)
            self.check_agent(info.base)
            self.module = outer
            self.derived_agent(info, info.base, info.node)

    def derived_agent(self, info: s.AgentInfo, base: s.AgentInfo, node: n.DerivedDecl) -> None:
        info.broken |= base.broken
        info.core = deepcopy(base.core) | _declared(info, base.core)
        props = self.agent_properties([m for m in node.members if isinstance(m, n.Prop)], info)
        kept = [] if "tools" in props else list(base.tools)
        below = [] if "delegates" in props else list(base.delegates)
        replaced = {agent.core_name for agent in base.delegates if agent not in below}
        if "memory" in props:
            replaced |= set(summing(base.core.get("memory") or [])) - {agent.core_name for agent in below}
        info.tools, info.delegates = kept, below
        info.granted = base.granted
        info.calls = {name: span for name, span in base.calls.items() if name not in replaced}
        inherited = {"tool": "tools" not in props, "agent": "delegates" not in props}
        held = [item for item in info.core.get("tools", ()) if inherited[item["kind"]]]
        self.agent_props(info, props)
        if "tools" in props or "delegates" in props:
            info.core["tools"] = [*(item for item in info.core["tools"] if not inherited[item["kind"]]), *held]
            info.core["tools"].sort(key=lambda item: item["kind"] == "agent")
        else:
            info.core["tools"] = held

    # ---- environments

    def check_environment(self, info: s.EnvironmentInfo) -> None:
        if info.checked:
            return
        info.checked = True
        if not isinstance(info.node, n.DerivedDecl):
            super().check_environment(info)
            return
        info.base = self.derive(info, s.EnvironmentInfo)
        info.broken |= info.base is None
        if info.base is not None:
            outer, self.module = self.module, self.owner_of(info.base)
            self.check_environment(info.base)
            self.module = outer
            self.derived_environment(info, info.base, info.node)

    def derived_environment(self, info: s.EnvironmentInfo, base: s.EnvironmentInfo, node: n.DerivedDecl) -> None:
        """Only what is given is checked, over the names of the base; then that what is kept still fits it."""
        members = [_as_member(member) for member in node.members]
        given = n.EnvironmentDecl(node.start, node.end, node.doc, node.private, node.name, members)
        info.core = deepcopy(base.core) | _declared(info, base.core)
        info.world, info.task, info.result, info.agents = base.world, base.task, base.result, list(base.agents)
        info.measured = base.measured
        props = self.environment_properties(given)
        self.same_world(info, base, props)
        self.environment_parts(info, given, props)
        if not (info.broken or base.broken):
            self.still_fits(info, base, given)
        info.broken |= base.broken

    def same_world(self, info: s.EnvironmentInfo, base: s.EnvironmentInfo, props: dict[str, n.Prop]) -> None:
        """Another world file and other tasks, but about the same: what is kept was checked with them."""
        named: dict[str, object] = {"name": info.name, "base": base.name}
        if "world" in props:
            prop = props.pop("world")
            self.environment_world(info, prop)
            if info.world is not None and info.world is not base.world:
                reason = f"what it keeps is about `{base.world.name if base.world else ''}`"
                found = self.report(DERIVED_CHANGES, prop.value, what="the world", reason=reason, **named)
                self.left_out(found, prop)
            info.broken |= info.world is not base.world
            info.world = base.world
        if "tasks" in props:
            prop = props.pop("tasks")
            self.environment_tasks(info, prop)
            if ERROR not in (info.task, base.task) and info.task != base.task:
                reason = f"what it keeps reads {words(base.task)}, not {words(info.task)}"
                found = self.report(DERIVED_CHANGES, prop.value, what="the tasks' type", reason=reason, **named)
                self.left_out(found, prop)
            info.broken |= info.task != base.task
            info.task = base.task

    def still_fits(self, info: s.EnvironmentInfo, base: s.EnvironmentInfo, node: n.EnvironmentDecl) -> None:
        actors = [member for member in node.members if isinstance(member, n.Actors)]
        if actors:
            self.actors_fit(info, base, actors[0])
        rewards = [member for member in node.members if isinstance(member, n.Reward)]
        if rewards:
            self.measures_fit(info, base, rewards[0])

    def actors_fit(self, info: s.EnvironmentInfo, base: s.EnvironmentInfo, at: n.Actors) -> None:
        head = n.Node(at.start, at.actors[0].role.end if at.actors else at.end)
        roles = [actor["role"] for actor in info.core["actors"]]
        lacking = [actor["role"] for actor in base.core["actors"] if actor["role"] not in roles]
        if lacking:
            self.report(DERIVED_LACKS, head, name=info.name, what="`actors`", missing=listed(lacking), reader="base")
        read = [key for key in _READERS if "result" in set(_locals(info.core.get(key)))]
        if read and ERROR not in (info.result, base.result) and info.result != base.result:
            reason = f"`{read[0]}` reads {words(base.result)}, not {words(info.result)}"
            values: dict[str, object] = {"name": info.name, "base": base.name, "reason": reason}
            self.report(DERIVED_CHANGES, head, what="the result", **values)

    def measures_fit(self, info: s.EnvironmentInfo, base: s.EnvironmentInfo, at: n.Reward) -> None:
        head = n.Node(at.start, at.start + len("reward"))
        for key in ("success", "stop"):
            lacking = [name for name in _locals(info.core.get(key)) if name in base.measured.types]
            lacking = [name for name in dict.fromkeys(lacking) if name not in info.measured.types]
            if lacking:
                missing = listed(lacking)
                self.report(DERIVED_LACKS, head, name=info.name, what="`reward`", missing=missing, reader=f"`{key}`")


def _chain(info: s.AgentInfo | s.EnvironmentInfo) -> Iterator[s.AgentInfo | s.EnvironmentInfo]:
    """A declaration, its base, and so on, until one is there again."""
    seen: list[s.AgentInfo | s.EnvironmentInfo] = []
    current: s.AgentInfo | s.EnvironmentInfo | None = info
    while current is not None and current not in seen:
        seen.append(current)
        yield current
        current = current.base


def _declared(info: s.Info, base: Core) -> Core:
    """Its own name and place, and the base's description where it has none."""
    declared = info.declared()
    return declared | {"doc": declared["doc"] or base.get("doc", "")}


def _as_member(member: Member) -> Member:
    """`actors: { role: Agent(…) }` means the block `actors { role: Agent(…) }`."""
    if not (isinstance(member, n.Prop) and member.key.name == "actors" and isinstance(member.value.expr, n.Mapping)):
        return member
    pairs = member.value.expr.pairs
    return n.Actors(member.start, member.end, [n.Actor(pair.start, pair.end, pair.key, pair.value) for pair in pairs])


def _locals(core: object) -> Iterable[str]:
    if isinstance(core, dict):
        if core.get("kind") == "local":
            yield core["name"]
        for each in core.values():
            yield from _locals(each)
    elif isinstance(core, list | tuple):
        for each in core:
            yield from _locals(each)

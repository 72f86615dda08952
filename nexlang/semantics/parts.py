"""Parts: a world that is a slot of another. A path of slots, joined by dots, names what lies in one."""

from __future__ import annotations

from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics.codes_values import PART_TWICE, TOOL_WORLD
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import Checker
from nexlang.semantics.types import ERROR, Core, Type, World
from nexlang.syntax import nodes as n


def slot_core(path: str) -> Core:
    """The slot of the body's world at a path."""
    core: Core | None = None
    for name in path.split("."):
        core = {"kind": "slot", "name": name} if core is None else {"kind": "slot", "of": core, "name": name}
    assert core is not None
    return core


def slot_type(world: s.WorldInfo | None, path: str) -> Type:
    type: Type = ERROR
    for name in path.split("."):
        slot = world.slots.get(name) if world is not None else None
        type = slot.type if slot is not None else ERROR
        world = type.info if isinstance(type, World) else None
    return type


def parts(world: s.WorldInfo, path: str = "") -> list[tuple[str, s.WorldInfo]]:
    """All parts below a world, those of parts too, each with its path."""
    found = []
    for name, slot in world.slots.items():
        if isinstance(slot.type, World) and f".{path}.".count(".") < 32:
            below = f"{path}.{name}" if path else name
            found += [(below, slot.type.info), *parts(slot.type.info, below)]
    return found


def part_of(world: s.WorldInfo | None, part: s.WorldInfo | None) -> str | None:
    """The path of a part in a world; empty where it is the world itself, None where it is no part of it."""
    if world is None or part is None or world is part:
        return "" if world is part else None
    return next((path for path, info in parts(world) if info is part), None)


class Parts(Checker):
    """That each world is a part only once, and none of itself."""

    def check_parts(self, world: s.WorldInfo) -> None:
        seen: dict[s.WorldInfo, str] = {}
        for name, slot in world.slots.items():
            if not isinstance(slot.type, World):
                continue
            within = self.worlds_within(slot.type.info, set())
            if world in within:
                self.twice(slot, world, world, "a part of itself")
                slot.type = ERROR
                continue
            again = next((info for info in within if info in seen), None)
            if again is not None:
                self.twice(slot, again, world, f"a part twice: `{seen[again]}` holds it already")
                slot.type = ERROR
                continue
            seen |= dict.fromkeys(within, name)

    def check_reach(
        self, of: s.EnvironmentInfo, agents: dict[str, s.AgentInfo], functions: dict[str, s.FunctionInfo]
    ) -> None:
        """Every tool that an actor may call runs in the environment's world, or in a part of it."""
        if of.world is None or of.broken:
            return
        waiting, seen = list(of.agents), set(of.agents)
        while waiting:
            agent = waiting.pop()
            called = [functions[name] for name in agent.calls if name in functions]
            for tool in [*agent.tools, *called]:
                if tool.world is not None and part_of(of.world, tool.world) is None:
                    self.out_of_reach(of, agent, tool)
                    return
            below = {*agent.delegates, *(agents[name] for name in agent.calls if name in agents)} - seen
            seen |= below
            waiting += below

    def out_of_reach(self, of: s.EnvironmentInfo, agent: s.AgentInfo, tool: s.FunctionInfo) -> None:
        assert of.world is not None and tool.world is not None
        diagnostic = self.report(
            TOOL_WORLD, of.span(), tool=tool.name, agent=agent.name, theirs=tool.world.name, ours=of.world.name
        )
        diagnostic.label(tool.span(), f"runs in `{tool.world.name}`")
        name = tool.world.name
        if isinstance(of.world.node, n.WorldDecl) and part_of(tool.world, of.world) is None:
            at = Span(of.world.source.path, of.world.node.end - 1, of.world.node.end - 1)
            slot = f"  {name[:1].lower()}{name[1:]}: {name}\n"
            diagnostic.fix(f"make `{name}` a part of `{of.world.name}`", Edit(at, slot), applicability="display")

    def worlds_within(self, world: s.WorldInfo, found: set[s.WorldInfo]) -> set[s.WorldInfo]:
        if world not in found:
            found.add(world)
            for slot in world.slots.values():
                if isinstance(slot.type, World):
                    self.worlds_within(slot.type.info, found)
        return found

    def twice(self, slot: s.FieldInfo, part: s.WorldInfo, world: s.WorldInfo, how: str) -> None:
        assert isinstance(slot.node, n.Slot)
        diagnostic = self.report(PART_TWICE, slot.node.type, part=part.name, world=world.name, how=how)
        diagnostic.label(part.span(), f"`{part.name}` is declared here")
        self.left_out(diagnostic, slot.node)

"""What is said of rewards that cannot do their work: constant, unbounded, unreachable, out of everybody's reach."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nexlang.diagnostics.codes_agents import CONSTANT_REWARD, UNBOUNDED_REWARD
from nexlang.diagnostics.codes_environments import IDLE_REWARD, UNREACHABLE_REWARD
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import listed
from nexlang.semantics.intervals import Range, depends
from nexlang.semantics.judges import Judges
from nexlang.semantics.types import Core, World
from nexlang.syntax import nodes as n

if TYPE_CHECKING:
    from nexlang.semantics.effects import Path

_GIVEN = frozenset(("task", "start", "actor"))
_WORLDS = frozenset(("world", "before"))


class RewardWarnings(Judges):
    """`may_be_idle` are components to be looked at again once it is known what the actors do."""

    may_be_idle: list[tuple[s.ModuleInfo, s.EnvironmentInfo, n.Component, n.Expr, Core, set[str]]]

    def based_on(self, core: Core, measures: Mapping[str, set[str]]) -> set[str]:
        """The names of the scope that a measure reads, itself or through other measures."""
        found: set[str] = set()
        for name in depends(core):
            found |= measures.get(name, {name})
        return found

    def reward_warnings(
        self, info: s.EnvironmentInfo, node: n.Component, measure: n.Expr, core: Core, range: Range, reads: set[str],
        each_round: bool,
    ) -> None:  # fmt: skip
        name, (low, high) = node.name.name, range
        if self.is_test(core) and self.hopeless(measure, name, core, range):
            return
        if low == high or not reads:
            if not each_round or low == high == 0:  # a price of each round is paid as long as the episode goes on
                value = f"{low:g}" if low == high else "the same"
                self.report(CONSTANT_REWARD, measure, name=name, value=value)
        elif not (math.isfinite(low) and math.isfinite(high)):
            self.unbounded(measure, name, low, high)
        elif not each_round:
            self.may_be_idle.append((self.module, info, node, measure, core, reads))

    def is_test(self, core: Core) -> bool:
        if core.get("type", {}).get("kind") == "bool":
            return True
        return core["kind"] == "binary" and core["op"] in ("eq", "ne", "lt", "le", "gt", "ge", "and", "or")

    def unbounded(self, node: n.Expr, name: str, low: float, high: float) -> None:
        sides = "as small" if math.isfinite(high) else "as large"
        sides = sides if math.isfinite(low) or math.isfinite(high) else "as small or as large"
        diagnostic = self.report(UNBOUNDED_REWARD, node, name=name, range=f"{sides} as it likes")
        diagnostic.replace("keep it between two bounds", f"clamp({self.text(node)}, 0, 1)", "unsafe")

    def hopeless(self, node: n.Expr, name: str, core: Core, range: Range) -> bool:
        """Report a condition that no range of what it compares lets hold."""
        if range != (0.0, 0.0) or core["kind"] == "lit":
            return False
        self.report(UNREACHABLE_REWARD, node, name=name)
        return True

    # ---- what no action changes

    def idle_rewards(self) -> None:
        """Once every body is known: components that no actor has a hand in."""
        for module, info, component, node, core, reads in self.may_be_idle:
            self.module = module
            self.idle(info, component, node, core, reads)

    def idle(self, info: s.EnvironmentInfo, component: n.Component, node: n.Expr, core: Core, reads: set[str]) -> None:
        from nexlang.semantics.effects import shown

        name, found = component.name.name, None
        if reads <= _GIVEN:
            found = self.report(IDLE_REWARD, node, name=name, reads=f"only {listed(sorted(reads))}")
        elif reads <= _GIVEN | _WORLDS and info.world is not None and not info.broken:
            effects = self.effects.of_body(core, self.effects.slots(info.world.core_name), measure=True)
            written = self.written_in(info)
            read = {path for each in effects.reads for path in _within(each, info.world)}
            if read and not any(_meet(a, b) for a in read for b in written):
                paths = listed(shown(effects.reads))
                found = self.report(
                    IDLE_REWARD, node, name=name, reads=f"only {paths}, which no tool of its actors writes"
                )
        if found is not None:
            self.left_out(found, component)

    def written_in(self, info: s.EnvironmentInfo) -> set[Path]:
        """What changes in the environment's world while an episode goes on, by actors and by processes."""
        from nexlang.semantics.effects import WHOLE

        assert info.world is not None
        written: set[Path] = set()
        for agent in info.agents:
            effects = self.effects.of_agent(agent.core_name)
            written |= {WHOLE} if effects.plays or agent.broken else effects.writes
        for world in info.world.whole():
            slots = self.effects.slots(world.core_name)
            for process in world.process_cores:
                written |= self.effects.of_body(process["body"], slots).writes
        return written


def _within(path: Path, world: s.WorldInfo) -> list[Path]:
    """A path from the whole world, and from the parts that it leads through: a part's own code names it from there."""
    slot = world.slots.get(path[0]) if path else None
    part = slot.type.info if slot is not None and isinstance(slot.type, World) else None
    return [path, *(_within(path[1:], part) if part is not None else [])]


def _meet(a: Path, b: Path) -> bool:
    """Whether one of the two paths lies in the other."""
    shorter = min(len(a), len(b))
    return a[:shorter] == b[:shorter]

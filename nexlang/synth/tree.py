"""The shapes of agent trees: one agent, a planner with delegates, or delegates with a specialist for each tool."""

from __future__ import annotations

from collections.abc import Sequence

from nexlang.synth.lexicon import Tool
from nexlang.synth.plan import Node, Unserved

DEEPEST = 3


def tree_of(tools: Sequence[Tool], depth: int, delegates: int, planned: bool) -> Node:
    """`depth` and `delegates` are 0 where the description does not say; `planned` where it wants a planner."""
    if depth > DEEPEST:
        raise Unserved(f"cannot serve {depth} levels of agents; at most {DEEPEST} can be made")
    if depth == 1 and (delegates or planned):
        raise Unserved("cannot serve delegates in a tree of one level")
    if delegates > len(tools):
        named = ", ".join(tool.name for tool in tools)
        raise Unserved(f"cannot serve {delegates} delegates: they would share {len(tools)} tools ({named})")
    if depth < 2 and not delegates and not planned:
        return Node("Clerk", "Settles what the customers come for.", tuple(tool.name for tool in tools))
    groups = split(tools, delegates or min(2, len(tools)))
    below = tuple(delegate(group, deep=depth == DEEPEST) for group in groups)
    return Node("Planner", "Hands each request to the right delegate and passes the answer on.", delegates=below)


def split(tools: Sequence[Tool], parts: int) -> list[list[Tool]]:
    """The tools in order, in so many groups, the first ones larger where they do not divide."""
    size, more = divmod(len(tools), parts)
    groups, at = [], 0
    for place in range(parts):
        end = at + size + (place < more)
        groups.append(list(tools[at:end]))
        at = end
    return groups


def delegate(group: Sequence[Tool], deep: bool) -> Node:
    name = "And".join(tool.team for tool in group)
    doc = f"Sees to {' and '.join(_spaced(tool.team) for tool in group)}."
    if not deep:
        return Node(name, doc, tuple(tool.name for tool in group))
    specialists = tuple(
        Node(f"{t.team}Specialist", f"Sees to {_spaced(t.team)} and nothing else.", (t.name,)) for t in group
    )
    return Node(name, doc, delegates=specialists)


def _spaced(team: str) -> str:
    """`NewBookings` → `new bookings`."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in team).strip()

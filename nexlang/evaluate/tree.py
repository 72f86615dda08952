"""The agent tree of an environment, and where to draw its boxes."""

from __future__ import annotations

from dataclasses import dataclass, field

from nexlang.ir.model import Agent, Program
from nexlang.runtime.library import acts, summing

KINDS = {"environment": "environment", "model": "asks a model", "rules": "rules", "flow": "flow", "tool": "tool"}
ROW, GAP, BOX, COLUMN, TALL = 46, 10, 184, 228, 36
NOTE = 32
MOST_TOOLS = 12


@dataclass
class Node:
    """`kind` is a key of `KINDS`; `note` is one line in small print."""

    name: str
    kind: str
    note: str = ""
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Box:
    name: str
    kind: str
    note: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """`edges` are paths of SVG."""

    width: int
    height: int
    boxes: list[Box]
    edges: list[str]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds that are drawn, for the legend."""
        drawn = {box.kind for box in self.boxes}
        return [(kind, said) for kind, said in KINDS.items() if kind in drawn and kind != "environment"]


def tree_of(program: Program, environment: str) -> Node:
    """The environment's actors, what they delegate to, and the tools that they hold."""
    spec = next(e for e in program.environments if e.name == environment)
    agents = {agent.name: agent for agent in program.agents}
    stand_ins = {agent.plays: agent.name for agent in reversed(program.agents) if agent.plays}
    root = Node(environment, "environment", f"in {spec.world}")
    for actor in spec.actors:
        node = _node(agents[actor.agent], agents, stand_ins, frozenset())
        node.note = f"as {actor.role}" + (f" · {node.note}" if node.note else "")
        root.children.append(node)
    return root


def _node(agent: Agent, agents: dict[str, Agent], stand_ins: dict[str, str], above: frozenset[str]) -> Node:
    note = f"by hand: {stand_ins[agent.name]}" if agent.name in stand_ins else ""
    node = Node(agent.name, agent.kind, note)
    if agent.name in above:
        return node
    held = [(h.kind, h.name) for h in agent.tools] + [("agent", name) for name in summing(agent)]
    used = dict.fromkeys(held + [(act.target, act.name) for act in acts(agent.body)])
    for kind, name in used:
        if kind == "agent":
            node.children.append(_node(agents[name], agents, stand_ins, above | {agent.name}))
    tools = [name for kind, name in used if kind == "tool"]
    shown = tools if len(tools) <= MOST_TOOLS else tools[: MOST_TOOLS - 1]
    node.children += [Node(name, "tool") for name in shown]
    if len(shown) < len(tools):
        node.children.append(Node(f"and {len(tools) - len(shown)} more", "tool"))
    return node


def draw(root: Node) -> Drawing:
    """Left to right: a column a level, leaves one below the other, parents in the middle of their children."""
    boxes: list[Box] = []
    edges: list[str] = []
    _place(root, 0, 0, boxes, edges)
    right = max(box.x for box in boxes) + BOX
    return Drawing(right + 2, max(box.y for box in boxes) + TALL + 2, boxes, edges)


def _place(node: Node, depth: int, top: int, boxes: list[Box], edges: list[str]) -> tuple[int, int]:
    """Place a subtree below `top`; the middle of its root, and the first free line below it."""
    x, place = 1 + depth * COLUMN, len(boxes)
    note = node.note if len(node.note) <= NOTE else node.note[: NOTE - 1] + "…"
    boxes.append(Box(node.name, node.kind, note, x, 0))
    middles: list[int] = []
    bottom = top
    for child in node.children:
        middle, bottom = _place(child, depth + 1, bottom, boxes, edges)
        middles.append(middle)
    own = (middles[0] + middles[-1]) // 2 if middles else top + ROW // 2
    boxes[place] = Box(node.name, node.kind, note, x, own - TALL // 2)
    edges += [_edge(x + BOX, own, x + COLUMN, middle) for middle in middles]
    return own, max(bottom, top + ROW) + (GAP if depth <= 1 and node.children else 0)


def _edge(x: int, y: int, to_x: int, to_y: int) -> str:
    half = (x + to_x) // 2
    return f"M{x} {y}C{half} {y} {half} {to_y} {to_x} {to_y}"

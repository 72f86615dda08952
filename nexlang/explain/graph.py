"""A program as a graph: agents below their environments, the tools that they hold, the state that those touch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from nexlang.explain.index import Index
from nexlang.explain.words import duration, type_names, type_words
from nexlang.ir.model import Effects, NamedType, Process, TableType, Type

View = Literal["agents", "state", "effects", "all"]


@dataclass(frozen=True, slots=True)
class Node:
    """`kind` is environment, model, rules, flow, tool, process, table or slot; `rank` is its column, from the left."""

    id: str
    kind: str
    label: str
    note: str = ""
    rank: int = 0
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """`kind` is acts, judges, delegates, calls, holds, reads, writes or refers; `label` says what of."""

    source: str
    target: str
    kind: str
    label: str = ""


@dataclass(slots=True)
class Graph:
    title: str
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)

    def add(self, node: Node) -> Node:
        return self.nodes.setdefault(node.id, node)

    def join(self, source: str, target: str, kind: str, label: str = "") -> None:
        edge = Edge(source, target, kind, label)
        if edge not in self.edges:
            self.edges.append(edge)

    def to_json(self) -> dict[str, Any]:
        nodes = [
            {"id": n.id, "kind": n.kind, "name": n.label, "note": n.note, "lines": list(n.lines)}
            for n in self.nodes.values()
        ]
        edges = [{"from": e.source, "to": e.target, "kind": e.kind, "label": e.label} for e in self.edges]
        return {"title": self.title, "nodes": nodes, "edges": edges}


def graph(index: Index, view: View = "all", roots: Iterable[str] = ()) -> Graph:
    """The graph of a program, or of what is below some of its environments and agents."""
    made = Graph(index.program.package or index.program.name)
    if view == "state":
        _state(index, made, list(index.worlds), 0)
        _spread(made)
        return made
    begun = _agents(index, made, list(roots))
    if view in ("effects", "all"):
        _effects(index, made, begun, whole=view == "all" and not roots)
    return made


# ---------------------------------------------------------------- agents


def _agents(index: Index, made: Graph, roots: list[str]) -> int:
    """Environments, agents, tools; the rank after the last of them."""
    environments = [name for name in index.environments if name in roots or (not roots and name in index.own)]
    depths: dict[str, int] = {}
    for name in environments:
        environment = index.environments[name]
        made.add(Node(f"environment {name}", "environment", name, f"in {environment.world}"))
        for asked in [*(actor.agent for actor in environment.actors), *(judge.agent for judge in environment.judges)]:
            _deepen(index, asked, 1, depths, ())
    starts = [name for name in roots if name in index.agents] if roots else _free(index, depths)
    for name in starts:
        _deepen(index, name, 1, depths, ())
    for name, depth in depths.items():
        agent = index.agents[name]
        note = f"plays {agent.plays}" if agent.plays else {"model": f"asks {agent.model}"}.get(agent.kind, agent.kind)
        made.add(Node(f"agent {name}", agent.kind, name, note, depth))
    for name in environments:
        for actor in index.environments[name].actors:
            made.join(f"environment {name}", f"agent {actor.agent}", "acts", actor.role)
        for judge in index.environments[name].judges:
            made.join(f"environment {name}", f"agent {judge.agent}", "judges", "judge")
    after = max(depths.values(), default=0) + 1
    for name in depths:
        held = {held.name for held in index.agents[name].tools}
        for kind, child in index.children(name):
            if kind == "tool":
                tool = index.functions[child]
                made.add(Node(f"tool {child}", "tool", child, "extern" if getattr(tool, "extern", None) else "", after))
            how = "calls" if child not in held else "delegates" if kind == "agent" else "holds"
            made.join(f"agent {name}", f"{kind} {child}", how)
    return after + 1


def _free(index: Index, below: dict[str, int]) -> list[str]:
    """The agents of the program itself that nobody runs, stand-ins after the others."""
    run = {child for agent in index.agents for kind, child in index.children(agent) if kind == "agent"}
    found = [name for name in index.agents if name not in below and name not in run and name in index.own]
    return sorted(found, key=lambda name: index.agents[name].plays is not None)


def _deepen(index: Index, name: str, depth: int, depths: dict[str, int], above: tuple[str, ...]) -> None:
    """The column of an agent: one right of the rightmost agent that runs it."""
    if name in above:
        return
    depths[name] = max(depths.get(name, 0), depth)
    for kind, child in index.children(name):
        if kind == "agent":
            _deepen(index, child, depth + 1, depths, (*above, name))


# ---------------------------------------------------------------- state


def _effects(index: Index, made: Graph, rank: int, whole: bool) -> None:
    """What each tool of the graph, and each process, reads and writes."""
    tools = [node.label for node in made.nodes.values() if node.kind == "tool"]
    worlds = {world for name in tools if (world := index.functions[name].world)}
    worlds |= {env.world for name, env in index.environments.items() if f"environment {name}" in made.nodes}
    paths = _paths(index, [world for world in index.worlds if world in worlds])
    for world in paths:
        for process in index.worlds[world].processes:
            id = f"process {world}.{process.name}"
            made.add(Node(id, "process", process.name, _when(process), rank - 1))
            _touch(index, made, id, world, process.effects)
    for name in tools:
        function = index.functions[name]
        if function.world:
            _touch(index, made, f"tool {name}", function.world, function.effects)
    touched = {edge.target for edge in made.edges if edge.kind in ("reads", "writes")}
    _state(index, made, list(paths), rank, None if whole else touched)
    made.edges = [edge for edge in made.edges if edge.target in made.nodes]


def _paths(index: Index, worlds: list[str]) -> dict[str, str]:
    """Worlds and the parts of them, each with the path that leads to it from the whole."""
    found: dict[str, str] = {}
    parts = {part for world in worlds for _, part in _parts(index, world)}
    waiting = [(world, "") for world in worlds if world not in parts]
    for world, path in waiting:
        found[world] = path
        waiting += [(part, f"{path}{slot}.") for slot, part in _parts(index, world)]
    return found


def _parts(index: Index, world: str) -> list[tuple[str, str]]:
    """The slots of a world that are worlds themselves, with those."""
    slots = index.worlds[world].slots
    return [(slot.name, slot.type.name) for slot in slots if _is_world(slot.type) and isinstance(slot.type, NamedType)]


def _is_world(type: Type) -> bool:
    return isinstance(type, NamedType) and type.kind == "world"


def _when(process: Process) -> str:
    return f"every {duration(process.period_ms)}" if process.period_ms else process.trigger.replace("_", " ")


def _touch(index: Index, made: Graph, source: str, world: str, effects: Effects) -> None:
    for kind, paths in (("reads", effects.reads), ("writes", effects.writes)):
        by_slot: dict[str, list[str]] = {}
        for path in paths:
            for slot, rest in _slots(index, world, path):
                by_slot.setdefault(slot, []).append(rest)
        for slot, fields in by_slot.items():
            made.join(source, slot, kind, ", ".join(f for f in fields if f))


def _slots(index: Index, world: str, path: str) -> Iterator[tuple[str, str]]:
    """The box that a path leads to, with the rest of it; of a whole world, or a whole part, each of its boxes."""
    first, _, rest = path.partition(".")
    parts = dict(_parts(index, world))
    for slot in index.worlds[world].slots:
        if path in ("", "world") or slot.name == first:
            if slot.name in parts:
                yield from _slots(index, parts[slot.name], rest)
            else:
                yield f"slot {world}.{slot.name}", rest


def _state(index: Index, made: Graph, worlds: list[str], rank: int, only: set[str] | None = None) -> None:
    paths = _paths(index, worlds)
    keys = {}
    for world, path in paths.items():
        for slot in index.worlds[world].slots:
            id = f"slot {world}.{slot.name}"
            if _is_world(slot.type) or (only is not None and id not in only):
                continue
            if key := _key(index, slot.type):
                keys[key] = id
            lines = _fields(index, slot.type) if only is None else ()
            kind = "table" if isinstance(slot.type, TableType) else "slot"
            made.add(Node(id, kind, f"{path}{slot.name}", type_words(slot.type), rank, lines))
    for world in paths:
        for slot in index.worlds[world].slots:
            for name, type in _references(index, slot.type):
                for target in sorted(type_names(type) & set(keys)):
                    if f"slot {world}.{slot.name}" in made.nodes:
                        made.join(f"slot {world}.{slot.name}", keys[target], "refers", name)


def _spread(made: Graph) -> None:
    """Columns by who refers to whom: what others refer to stands to their right."""
    ranks = dict.fromkeys(made.nodes, 0)
    for _ in range(min(len(ranks), 6)):  # tables may refer to each other in a circle
        for edge in made.edges:
            if edge.source != edge.target:
                ranks[edge.target] = max(ranks[edge.target], min(ranks[edge.source] + 1, 6))
    made.nodes = {id: replace(node, rank=ranks[id]) for id, node in made.nodes.items()}


def _key(index: Index, type: Type) -> str:
    """The name of the type of a table's key, where it has one of its own."""
    if not isinstance(type, TableType):
        return ""
    key = index.field(type.record, type.key).type
    return key.name if isinstance(key, NamedType) else ""


def _references(index: Index, type: Type) -> list[tuple[str, Type]]:
    record = type.record if isinstance(type, TableType) else None
    if record is None or record not in index.records:
        return []
    key = type.key if isinstance(type, TableType) else ""
    return [(field.name, field.type) for field in index.records[record].fields if field.name != key]


def _fields(index: Index, type: Type) -> tuple[str, ...]:
    name = type.record if isinstance(type, TableType) else getattr(index.bare(type), "name", "")
    if name not in index.records:
        return ()
    key = type.key if isinstance(type, TableType) else None
    return tuple(
        f"{each.name}: {type_words(each.type)}{' (key)' if each.name == key else ''}"
        for each in index.records[name].fields
    )

"""Where the boxes of a graph go: columns from left to right, few crossings, neighbours at about the same height."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from nexlang.explain.graph import Graph, Node

LETTER, SMALL_LETTER = 7.9, 6.3
PAD, GAP_X, GAP_Y, HEAD, LINE = 12, 84, 14, 40, 16
FLAT = 26
"""The height of a box with one line in it."""
MOST_LETTERS = 34
SWEEPS = 6


@dataclass(slots=True)
class Box:
    node: Node
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Drawing:
    boxes: dict[str, Box]
    width: float
    height: float


def cut(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"


def layout(graph: Graph) -> Drawing:
    """Boxes in columns by their nodes' ranks, in an order that keeps edges short."""
    boxes = {node.id: _box(node) for node in graph.nodes.values()}
    columns = _columns(graph)
    near = _neighbours(graph)
    for sweep in range(SWEEPS):
        ordered = columns if sweep % 2 == 0 else columns[::-1]
        for column in ordered:
            _place(column, boxes)
            column.sort(key=lambda id: _pull(id, near, boxes))
    for column in columns:
        _place(column, boxes)
    for _ in range(SWEEPS):
        for column in columns:
            _straighten(column, boxes, near)
    return _aligned(columns, boxes)


def _box(node: Node) -> Box:
    widths = [len(cut(node.label)) * LETTER, *(len(cut(text)) * SMALL_LETTER for text in (node.note, *node.lines))]
    height = (HEAD if node.note else FLAT) + LINE * len(node.lines) + (4 if node.lines else 0)
    return Box(node, width=max(70.0, max(widths) + 2 * PAD), height=height)


def _columns(graph: Graph) -> list[list[str]]:
    ranks = sorted({node.rank for node in graph.nodes.values()})
    return [[node.id for node in graph.nodes.values() if node.rank == rank] for rank in ranks]


def _neighbours(graph: Graph) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for edge in graph.edges:
        if graph.nodes[edge.source].rank != graph.nodes[edge.target].rank:
            found.setdefault(edge.source, []).append(edge.target)
            found.setdefault(edge.target, []).append(edge.source)
    return found


def _place(column: list[str], boxes: dict[str, Box]) -> None:
    top = 0.0
    for id in column:
        boxes[id].y = top
        top += boxes[id].height + GAP_Y


def _pull(id: str, near: dict[str, list[str]], boxes: dict[str, Box]) -> float:
    """Where a box would like its middle to be: at the mean of what it is joined to."""
    others = [boxes[other].middle for other in near.get(id, ())]
    return sum(others) / len(others) if others else boxes[id].middle


def _straighten(column: list[str], boxes: dict[str, Box], near: dict[str, list[str]]) -> None:
    """Move boxes towards their neighbours, in order, and apart where they would touch."""
    wished = [_pull(id, near, boxes) - boxes[id].height / 2 for id in column]
    for id, y in zip(column, wished, strict=True):
        boxes[id].y = y
    for above, below in pairwise(column):
        boxes[below].y = max(boxes[below].y, boxes[above].y + boxes[above].height + GAP_Y)
    for below, above in pairwise(reversed(column)):
        if above not in near:
            boxes[above].y = boxes[below].y - boxes[above].height - GAP_Y
    joined = [(boxes[id].y, y) for id, y in zip(column, wished, strict=True) if id in near]
    drift = sum(y - wish for y, wish in joined) / len(joined) if joined else 0.0
    for id in column:
        boxes[id].y -= drift


def _aligned(columns: list[list[str]], boxes: dict[str, Box]) -> Drawing:
    top = min((box.y for box in boxes.values()), default=0.0)
    left = 0.0
    for column in columns:
        width = max(boxes[id].width for id in column)
        for id in column:
            boxes[id].x, boxes[id].y, boxes[id].width = left, boxes[id].y - top, width
        left += width + GAP_X
    bottom = max((box.y + box.height for box in boxes.values()), default=0.0)
    return Drawing(boxes, max(left - GAP_X, 0.0), bottom)

"""A graph as SVG and as Mermaid. Every text of a program is escaped: a drawing of a foreign file is safe to open."""

from __future__ import annotations

import re
from html import escape

from nexlang.explain.graph import Edge, Graph, Node
from nexlang.explain.layout import FLAT, HEAD, LINE, PAD, Box, Drawing, cut, layout

KINDS = {
    "environment": "environment", "model": "asks a model", "rules": "rules", "flow": "flow", "tool": "tool",
    "process": "process", "table": "table", "slot": "slot",
}  # fmt: skip
EDGES = {"reads": "reads", "writes": "writes", "refers": "refers to"}
MARGIN, LEGEND = 16, 34
_OFF = {"reads": -4, "writes": 4}
STYLE = """
.nex-graph{font-family:system-ui,-apple-system,"Segoe UI",sans-serif;background:#fff}
.nex-graph .box{stroke-width:1.2;rx:7}
.nex-graph .name{font-size:13px;font-weight:600;fill:#1c2430}
.nex-graph .note,.nex-graph .line,.nex-graph .key{font-size:11px;fill:#5b6675}
.nex-graph .edge{fill:none;stroke:#a3adba;stroke-width:1.3}
.nex-graph .reads{stroke:#7d9cc9;stroke-dasharray:4 3}
.nex-graph .writes{stroke:#c0563f}
.nex-graph .refers{stroke:#8a74b8}
.nex-graph .environment{fill:#eef1f5;stroke:#7a8797}
.nex-graph .model{fill:#e3efff;stroke:#4d82c4}
.nex-graph .rules{fill:#fdf1d8;stroke:#c1922f}
.nex-graph .flow{fill:#e5f5e8;stroke:#4f9d62}
.nex-graph .tool{fill:#fff;stroke:#7a8797}
.nex-graph .process{fill:#fbe9e5;stroke:#c0563f}
.nex-graph .table,.nex-graph .slot{fill:#f2edfb;stroke:#8a74b8}
"""


def svg(graph: Graph) -> str:
    """The graph as one SVG, with its style and a legend inside it."""
    drawn = layout(graph)
    beside = any(drawn.boxes[edge.source].x == drawn.boxes[edge.target].x for edge in graph.edges)
    width = max(drawn.width + (drawn.height / 12 + 30 if beside else 0), 420) + 2 * MARGIN
    height = drawn.height + 2 * MARGIN + LEGEND
    edges = "\n".join(_edge(edge, drawn) for edge in graph.edges)
    boxes = "\n".join(_box(box) for box in drawn.boxes.values())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nex-graph" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-label="{escape(graph.title)}">\n'
        f"<style>{STYLE}</style>\n{_ARROWS}\n"
        f'<g transform="translate({MARGIN} {MARGIN})">\n{edges}\n{boxes}\n'
        f'<g transform="translate(0 {drawn.height + LEGEND - 12:.0f})">{_legend(graph)}</g>\n</g>\n</svg>\n'
    )


_ARROWS = (
    "<defs>"
    + "".join(
        f'<marker id="nex-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
        for name, colour in (("plain", "#a3adba"), ("reads", "#7d9cc9"), ("writes", "#c0563f"), ("refers", "#8a74b8"))
    )
    + "</defs>"
)


def _box(box: Box) -> str:
    node = box.node
    x = box.x + PAD
    base = box.y + (17 if node.note else FLAT / 2 + 4.5)
    parts = [
        f'<rect class="box {node.kind}" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}"/>',
        f'<text class="name" x="{x:.1f}" y="{base:.1f}">{escape(cut(node.label))}</text>',
    ]
    if node.note:
        parts.append(f'<text class="note" x="{x:.1f}" y="{box.y + 32:.1f}">{escape(cut(node.note))}</text>')
    for i, line in enumerate(node.lines):
        y = box.y + HEAD + LINE * (i + 0.75)
        parts.append(f'<text class="line" x="{x:.1f}" y="{y:.1f}">{escape(cut(line))}</text>')
    return f"<g><title>{escape(_said(node))}</title>{''.join(parts)}</g>"


def _said(node: Node) -> str:
    return f"{KINDS[node.kind]} {node.label}" + (f": {node.note}" if node.note else "")


def _edge(edge: Edge, drawn: Drawing) -> str:
    start, end = drawn.boxes[edge.source], drawn.boxes[edge.target]
    off = _OFF.get(edge.kind, 0)
    if start is end:
        path = _loop(start)
    elif start.x == end.x:
        path = _beside(start, end)
    elif start.x < end.x:
        path = _across(start.x + start.width, start.middle + off, end.x, end.middle + off)
    else:
        path = _across(start.x, start.middle + off, end.x + end.width, end.middle + off)
    marker = edge.kind if edge.kind in EDGES else "plain"
    title = f"<title>{escape(_said_edge(edge))}</title>"
    return f'<path class="edge {edge.kind}" d="{path}" marker-end="url(#nex-{marker})">{title}</path>'


def _said_edge(edge: Edge) -> str:
    names = [end.split(" ", 1)[1] for end in (edge.source, edge.target)]
    return f"{names[0]} {EDGES.get(edge.kind, edge.kind)} {names[1]}" + (f": {edge.label}" if edge.label else "")


def _across(x: float, y: float, to_x: float, to_y: float) -> str:
    half = (x + to_x) / 2
    return f"M{x:.1f} {y:.1f}C{half:.1f} {y:.1f} {half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"


def _beside(start: Box, end: Box) -> str:
    """From one box of a column to another: around their right."""
    x, y, to_y = start.x + start.width, start.middle, end.middle
    out = x + 22 + abs(y - to_y) / 12
    return f"M{x:.1f} {y:.1f}C{out:.1f} {y:.1f} {out:.1f} {to_y:.1f} {x:.1f} {to_y:.1f}"


def _loop(box: Box) -> str:
    x, y = box.x + box.width, box.middle
    return f"M{x:.1f} {y - 6:.1f}C{x + 28:.1f} {y - 14:.1f} {x + 28:.1f} {y + 14:.1f} {x:.1f} {y + 6:.1f}"


def _legend(graph: Graph) -> str:
    kinds = [kind for kind in KINDS if any(node.kind == kind for node in graph.nodes.values())]
    edges = [kind for kind in EDGES if any(edge.kind == kind for edge in graph.edges)]
    parts, x = [], 0.0
    for kind in kinds:
        parts.append(f'<rect class="box {kind}" x="{x:.0f}" y="-9" width="12" height="12"/>')
        parts.append(f'<text class="key" x="{x + 17:.0f}" y="1">{KINDS[kind]}</text>')
        x += 34 + 6 * len(KINDS[kind])
    for kind in edges:
        parts.append(f'<path class="edge {kind}" d="M{x:.0f} -3h22" marker-end="url(#nex-{kind})"/>')
        parts.append(f'<text class="key" x="{x + 27:.0f}" y="1">{EDGES[kind]}</text>')
        x += 46 + 6 * len(EDGES[kind])
    return "".join(parts)


# ---------------------------------------------------------------- Mermaid

_SHAPES = {"environment": ("([", "])"), "table": ("[(", ")]"), "slot": ("[/", "/]"), "process": ("{{", "}}")}
_ARROW = {"reads": "-.->", "refers": "-.->"}


def mermaid(graph: Graph) -> str:
    """The graph as a Mermaid flowchart."""
    ids = {id: f"n{i}" for i, id in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    for node in graph.nodes.values():
        opening, closing = _SHAPES.get(node.kind, ("[", "]"))
        text = "<br/>".join(_quoted(part) for part in (node.label, node.note) if part)
        lines.append(f'  {ids[node.id]}{opening}"{text}"{closing}:::{node.kind}')
    for edge in graph.edges:
        said = EDGES.get(edge.kind, "") if edge.kind in EDGES else edge.label
        label = f'|"{_quoted(said)}"|' if said else ""
        lines.append(f"  {ids[edge.source]} {_ARROW.get(edge.kind, '-->')}{label} {ids[edge.target]}")
    for kind, (fill, stroke) in _colours().items():
        if any(node.kind == kind for node in graph.nodes.values()):
            lines.append(f"  classDef {kind} fill:{fill},stroke:{stroke}")
    return "\n".join(lines) + "\n"


def _colours() -> dict[str, tuple[str, str]]:
    """Fill and stroke of each kind, as the style of the SVG has them."""
    rules = re.findall(r"^((?:,?\.nex-graph \.\w+)+)\{fill:(#\w+);stroke:(#\w+)\}", STYLE, re.MULTILINE)
    return {kind: (fill, stroke) for names, fill, stroke in rules for kind in re.findall(r" \.(\w+)", names)}


def _quoted(text: str) -> str:
    """Mermaid's entities for what would end a label or begin a mark in it."""
    return re.sub(r"[^\w .,:|?()\[\]-]", lambda match: f"#{ord(match[0])};", cut(text))

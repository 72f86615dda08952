"""`nexc graph`: a program drawn: its agents, its state, what touches what."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import typer

from nexlang.cli.common import note, out, out_json


class Kind(StrEnum):
    svg = "svg"
    mermaid = "mermaid"
    json = "json"


class Shown(StrEnum):
    all = "all"
    agents = "agents"
    effects = "effects"
    state = "state"


def command(
    program: Path = typer.Argument(..., metavar="FILE", help="A .nex file, or a bundle."),
    show: Shown = typer.Option(Shown.all, help="The tree of agents, what they touch, the state, or all of it."),
    below: list[str] = typer.Option([], "--below", help="Only what is below this environment or agent."),
    format: Kind = typer.Option(Kind.svg, help="How to answer."),
    output: Path | None = typer.Option(None, "-o", "--output", help="The file to write, in place of standard output."),
) -> int:
    """Draw a program: the tree of its agents, its state, and what reads and writes what."""
    from nexlang.cli.explain import unknown_name
    from nexlang.cli.opening import program_at
    from nexlang.explain.drawing import mermaid, svg
    from nexlang.explain.graph import graph
    from nexlang.explain.index import Index

    index = Index(program_at(program))
    for name in below:
        if name not in index.agents and name not in index.environments:
            raise unknown_name(program, name, [*index.environments, *index.agents])
    drawn = graph(index, show.value, below)
    if format is Kind.json and output is None:
        out_json(drawn.to_json())
        return 0
    if format is Kind.json:
        import json

        text = json.dumps(drawn.to_json(), ensure_ascii=False, indent=2) + "\n"
    else:
        text = svg(drawn) if format is Kind.svg else mermaid(drawn)
    if output is None:
        out(text)
    else:
        output.write_text(text, encoding="utf-8")
        note(f"{output}: {len(drawn.nodes)} boxes, {len(drawn.edges)} arrows")
    return 0

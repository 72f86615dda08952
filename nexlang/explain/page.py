"""The documentation of a program as one HTML file that needs nothing else. All texts of the program are escaped."""

from __future__ import annotations

from pathlib import Path

from nexlang.explain.documentation import documentation, drawn, headline, tables
from nexlang.explain.drawing import svg
from nexlang.explain.index import Index


def html(index: Index) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals |= {"tables": tables, "headline": headline}
    graph = drawn(index)
    picture = Markup(svg(graph)) if graph.nodes else ""  # every text in it is escaped where it is drawn
    return environment.get_template("page.html.j2").render(doc=documentation(index), picture=picture)

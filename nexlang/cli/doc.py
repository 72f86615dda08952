"""`nexc doc`: the documentation of a program, as Markdown or as one HTML file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import typer

from nexlang.cli.common import note, out


class Kind(StrEnum):
    markdown = "markdown"
    html = "html"


def command(
    program: Path = typer.Argument(..., metavar="FILE", help="A .nex file, or a bundle."),
    format: Kind | None = typer.Option(None, help="How to answer; HTML where the output ends in .html."),
    output: Path | None = typer.Option(None, "-o", "--output", help="The file to write, in place of standard output."),
) -> int:
    """Document a program: its environments, agents, tools, state and types, with the tree of its agents drawn."""
    from nexlang.cli.opening import program_at
    from nexlang.explain.index import Index

    index = Index(program_at(program))
    wanted = format or (Kind.html if output is not None and output.suffix in (".html", ".htm") else Kind.markdown)
    if wanted is Kind.html:
        from nexlang.explain.page import html

        text = html(index)
    else:
        from nexlang.explain.documentation import markdown

        text = markdown(index)
    if output is None:
        out(text)
    else:
        output.write_text(text, encoding="utf-8")
        note(f"{output}: {len(index.own)} declarations")
    return 0

"""`nexc new`: start a project."""

from __future__ import annotations

from pathlib import Path

import typer


def command(name: str = typer.Argument(..., help="The project's name, which is also its folder's.")) -> int:
    """Start a project: a small program with its data that checks, passes its tests and verifies."""
    from nexlang.synth.project import write
    from nexlang.synth.scaffold import scaffold

    project = scaffold(name)
    write(project, Path(name))
    typer.echo(f"{name}/: {', '.join(project.files)}\nnext: nexc test {name}/{project.program}")
    return 0

"""`nexc synth`: write a program from a description."""

from __future__ import annotations

from pathlib import Path

import typer


def command(
    text: str = typer.Argument(..., help="What the program is for, in English."),
    output: Path | None = typer.Option(
        None, "-o", "--output", help="The folder to write; without it the program is printed."
    ),
    explain: bool = typer.Option(False, "--explain", help="Print the plan that was read from the description."),
    seed: int = typer.Option(0, "--seed", help="Seed of the data; the same seed gives the same bytes."),
) -> int:
    """Write a program from a description: no model is asked, and what cannot be served is refused by name."""
    from nexlang.synth import build, read, write

    plan = read(text, seed)
    if explain:
        typer.echo(plan.explain())
    elif plan.unused:
        typer.echo(f"nexc: words that changed nothing: {', '.join(plan.unused)}", err=True)
    if output is not None:
        project = build(plan)
        write(project, output)
        typer.echo(f"{output / project.program}: {plan.tasks} tasks; next: nexc test {output / project.program}")
    elif not explain:
        project = build(plan)
        typer.echo(project.files[project.program], nl=False)
    return 0

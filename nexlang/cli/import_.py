"""`nexc import`: bring in what other tools wrote."""

from __future__ import annotations

from pathlib import Path

import typer

from nexlang.cli import Refused

PEERS = ("tau2",)


def command(
    peer: str = typer.Argument(..., help="Whose format: tau2."),
    folder: Path = typer.Argument(..., help="A folder with tasks.json and, where there is one, split_tasks.json."),
    output: Path = typer.Option(..., "-o", "--output", help="The JSON Lines file to write."),
) -> int:
    """Bring in what other tools wrote: a domain of tau2-bench as a task file."""
    from nexlang.interop.tau2 import read_tasks, write_tasks

    if peer not in PEERS:
        raise Refused(f"cannot import from `{peer}`; what can be imported: {', '.join(PEERS)}")
    tasks = read_tasks(folder)
    write_tasks(tasks, output)
    held_out = sum(task["split"] == "test" for task in tasks)
    typer.echo(f"{output}: {len(tasks)} tasks, {held_out} of them held out")
    return 0

"""`nexc compile`: a program and its data as a bundle, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nexlang.cli import Refused
from nexlang.cli.common import counted, note
from nexlang.cli.opening import compiled
from nexlang.collector import collector_paused

if TYPE_CHECKING:
    from nexlang.compiler import Compilation

ZIPPED = ".nexb"


def command(
    file: Path = typer.Argument(..., help="The program."),
    output: Path = typer.Option(..., "-o", "--output", help="The bundle's folder, or its file."),
    zip: bool = typer.Option(False, "--zip", help="Write one .nexb file; an output that ends in .nexb means the same."),
) -> int:
    """Compile a program to a bundle: the same bytes for the same input, anywhere."""
    with collector_paused():
        done = compiled(file)
        return write(done, output, zip)


def write(done: Compilation, output: Path, zip: bool) -> int:
    from nexlang.bundle import write_bundle

    splits_apart(done)
    as_zip = zip or output.suffix == ZIPPED
    if as_zip and output.suffix != ZIPPED:
        output = output.with_name(output.name + ZIPPED)
    written = write_bundle(done.program, done.data, output, as_zip)
    program = done.program
    parts = (
        counted(len(program.agents), "agent"),
        counted(sum(function.kind == "tool" for function in program.functions), "tool"),
        counted(len(program.environments), "environment"),
        counted(len(program.tests), "test"),
    )
    note(f"{written}: {', '.join(parts)}")
    return 0


def splits_apart(done: Compilation) -> None:
    """Hold splits that are worked out, and those of tasks that the program makes, to what files are held to."""
    from nexlang.ir.model import TaskFile

    split = [one for one in done.program.environments if one.split is not None]
    if all(isinstance(one.tasks, TaskFile) and one.split.kind == "field" for one in split if one.split is not None):
        return
    from nexlang.bundle import bundle_of
    from nexlang.worlds.tasks import leaks, prepare

    held = bundle_of(done.program, done.data)
    for one in split:
        found = leaks(one.name, one.split, prepare(held.package.environments[one.name], held.tasks(one.name)))
        if found:
            raise Refused("\n".join(found))

"""`nexc diff`: what changed between two versions of a program, and whom it breaks."""

from __future__ import annotations

from pathlib import Path

import typer

from nexlang.cli.common import Format, counted, note, out, out_json


def command(
    old: Path = typer.Argument(..., help="The version before: a .nex file, or a bundle."),
    new: Path = typer.Argument(..., help="The version after."),
    format: Format = typer.Option(Format.text, help="How to answer."),
) -> int:
    """Compare two versions of a program by what they offer. The exit code is 1 where something breaks."""
    from nexlang.cli.opening import program_at
    from nexlang.explain.index import Index
    from nexlang.explain.interfaces import changes, listing

    found = changes(Index(program_at(old)), Index(program_at(new)))
    breaking = sum(change.kind == "breaking" for change in found)
    if format is Format.json:
        out_json({"breaking": breaking, "changes": [change.to_json() for change in found]})
    else:
        out(listing(found))
        note(f"{counted(len(found), 'change')}, {breaking} breaking" if found else "nothing changed")
    return int(breaking > 0)

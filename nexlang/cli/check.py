"""`nexc check`: everything that is wrong with programs, before anything runs."""

from __future__ import annotations

from pathlib import Path

import typer

from nexlang.cli.common import Format, counted, failed, note, out_json, show


def command(
    paths: list[Path] = typer.Argument(..., help="Files, or folders with .nex files in them."),
    format: Format = typer.Option(Format.text, help="How to answer."),
) -> int:
    """Check programs and say what is wrong with them."""
    import nexlang

    checked = nexlang.compile(paths)
    if format is Format.json:
        from nexlang.diagnostics.render_json import render_json

        out_json(render_json(checked.diagnostics, checked.sources))
    elif checked.diagnostics:
        show(checked.diagnostics, checked.sources)
    else:
        note(f"{counted(len(checked.sources), 'file')} checked, nothing wrong")
    return int(failed(checked.diagnostics))

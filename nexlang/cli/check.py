"""`nexc check`: everything that is wrong with programs, before anything runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from nexlang.cli.common import Format, counted, failed, nex_files, note, out_json, show

if TYPE_CHECKING:
    import typer


def command(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders with .nex files in them.")],
    format: Annotated[Format, typer.Option(help="How to answer.")] = Format.text,
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
        note(f"{counted(len(nex_files(paths)), 'file')} checked, nothing wrong")
    return int(failed(checked.diagnostics))

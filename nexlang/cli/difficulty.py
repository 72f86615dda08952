"""`nexc difficulty`: how hard each task is, measured, in bands that a curriculum and `nexc eval` can use."""

from __future__ import annotations

from pathlib import Path

import typer

from nexlang.cli.common import Format, aligned, counted, note, out, out_json, waiting
from nexlang.cli.externs import ALLOW, EXTERNS, answering
from nexlang.cli.opening import opened


def command(
    bundle: Path = typer.Argument(..., help="A bundle, or a .nex file."),
    environment: str | None = typer.Option(None, "--environment", "-e", help="Which one, where there are several."),
    runs: int = typer.Option(20, min=1, help="How often each policy plays each task."),
    seed: int = typer.Option(0, help="The seed of chance."),
    bands: Path | None = typer.Option(None, help="Write each task's band to this file, one JSON object a line."),
    annotate: Path | None = typer.Option(None, help="Write the tasks to this file, each with its band as `band`."),
    tasks: bool = typer.Option(False, "--tasks", help="Show each task, not only the bands."),
    allow: list[str] = ALLOW,
    externs: Path | None = EXTERNS,
    format: Format = typer.Option(Format.text, help="How to answer."),
) -> int:
    """Measure how hard each task is: its solution's length, the choices there are, who passes it how often."""
    from nexlang.evaluate.difficulty import difficulty
    from nexlang.worlds.setting import Setting

    held = opened(bundle)
    with answering(held, allow, externs) as answers:
        setting = Setting.of(held, environment, seed, answers)
        with waiting(f"measuring {setting.name}: {counted(len(setting.tasks), 'task')}"):
            found = difficulty(setting, seed, runs)
    for path, text in ((bands, found.lines()), (annotate, found.annotated(setting))):
        if path is not None:
            path.write_text(text, encoding="utf-8")
            note(f"{path}: {counted(len(found.tasks), 'task')}")
    if format is Format.json:
        out_json(found.to_json())
    else:
        out(aligned(found.table(tasks)))
    return 0

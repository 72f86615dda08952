"""What several commands share: the paths they take, the formats they answer in, how diagnostics are shown."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nexlang.cli import Refused

if TYPE_CHECKING:
    from nexlang.diagnostics import Diagnostic, Source


class Format(StrEnum):
    text = "text"
    json = "json"


class Report(StrEnum):
    """The forms of diagnostics."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


def out(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") or not text else f"{text}\n")


def note(text: str) -> None:
    """A line for the person who watches; standard output stays clean for programs."""
    sys.stderr.write(f"{text}\n")


def out_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def colored(stream: Any = None) -> bool:
    """Colours only on a terminal whose owner has not said no."""
    stream = stream or sys.stdout
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Say on a terminal what is being waited for; elsewhere say nothing."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


@contextmanager
def ticking(text: str, total: int | None = None) -> Iterator[Callable[[], None]]:
    """A bar on a terminal that moves on with each call; elsewhere nothing is shown."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(text, total=total)
        yield lambda: progress.advance(task)


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Cells in columns: the first to the left, the rest to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [[cell.rjust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *line[1:]]).rstrip() for row, line in zip(rows, lines, strict=True)
    )


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def nex_files(paths: Sequence[Path]) -> list[Path]:
    """The files that paths name: a file as it is, a folder as every .nex file under it, hidden folders aside."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = [path] if not path.is_dir() else sorted(visible(path))
        if not inside:
            raise Refused(f"{path}: no .nex file in this folder")
        found.update(dict.fromkeys(inside))
    return list(found)


def visible(folder: Path) -> Iterable[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place, name) for name in files if name.endswith(".nex"))


def show(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source], stream: Any = None) -> None:
    """Diagnostics as text, with a line that counts them."""
    from nexlang.diagnostics.render_text import render_text, summary

    stream = stream or sys.stdout
    stream.write(render_text(diagnostics, sources, colored(stream)))
    stream.write(f"\n{summary(diagnostics)}\n")


def failed(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)

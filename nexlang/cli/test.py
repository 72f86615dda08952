"""`nexc test`: run the `test` blocks of programs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nexlang.cli import Refused
from nexlang.cli.common import Format, nex_files, note, out, out_json
from nexlang.cli.externs import ALLOW, EXTERNS, answering
from nexlang.cli.opening import SOURCE, opened

if TYPE_CHECKING:
    from nexlang.worlds.testing import TestResult


def command(
    paths: list[Path] = typer.Argument(..., help="Files, folders with .nex files in them, or bundles."),
    only: str = typer.Option("", "-k", "--only", help="Run the tests whose title holds this text."),
    seed: int = typer.Option(0, help="What the values of tests `for all` follow from."),
    runs: int = typer.Option(100, min=1, help="How many values a test `for all` is tried with."),
    allow: list[str] = ALLOW,
    externs: Path | None = EXTERNS,
    format: Format = typer.Option(Format.text, help="How to answer."),
) -> int:
    """Run the test blocks of programs."""
    from nexlang.worlds.testing import summary

    results = [result for path in programs(paths) for result in run(path, only, seed, runs, allow, externs)]
    if not results:
        raise Refused(f"no test whose title holds `{only}`" if only else "there is no test block here")
    if format is Format.json:
        out_json([result.to_json() for result in results])
    else:
        out("\n".join(line for result in results for line in result.lines()))
        note(summary(results))
    return int(not all(result.passed for result in results))


def programs(paths: list[Path]) -> list[Path]:
    """Bundles as they are, sources file by file."""
    bundles = [
        path for path in paths if path.suffix != SOURCE and (path.is_file() or (path / "manifest.json").exists())
    ]
    sources = [path for path in paths if path not in bundles]
    return [*nex_files(sources), *bundles]


def run(
    path: Path, only: str, seed: int = 0, runs: int = 100, allow: Sequence[str] = (), externs: Path | None = None
) -> list[TestResult]:
    from nexlang.cache.store import default_folder
    from nexlang.worlds.testing import run_tests

    folder = default_folder()
    # What Hypothesis keeps between runs belongs with the other things that can be made again, not into this folder.
    if folder is not None:
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(folder / "hypothesis"))
    bundle = opened(path)
    if not bundle.program.tests:
        return []
    with answering(bundle, allow, externs) as answers:
        return run_tests(bundle, only, seed, runs, answers)

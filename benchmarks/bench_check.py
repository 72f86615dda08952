"""How long the command line takes: its start, and checking and formatting whole files, each in a fresh process."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.programs import program
from benchmarks.table import Row, seconds

LINES = {1_000: 0.25, 10_000: 1.3, 50_000: None}


def nexc() -> list[str]:
    script = Path(sysconfig.get_path("scripts")) / "nexc"
    return [str(script)] if script.exists() else [sys.executable, "-m", "nexlang"]


def process(*words: str) -> float:
    return seconds(lambda: subprocess.run([*nexc(), *words], check=True, capture_output=True), times=5)


def rows() -> Iterator[Row]:
    yield Row("nexc --version", process("--version"), "s", 0.06)
    yield Row("nexc --help", process("--help"), "s")
    yield Row("nexc explain NEX0101", process("explain", "NEX0101"), "s")
    taken: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for lines, goal in LINES.items():
            path = Path(folder) / f"program_{lines}.nex"
            path.write_text(program(lines), encoding="utf-8")
            taken[lines] = process("check", str(path))
            yield Row(f"nexc check, {lines:,} lines", taken[lines], "s", goal)
        yield Row("nexc fmt, 10,000 lines", process("fmt", "--diff", str(Path(folder) / "program_10000.nex")), "s")
    # Five times the lines in five times the time; the start of the process is in neither.
    start = taken[1_000] * 0.5
    yield Row("growth, 10,000 to 50,000 lines", (taken[50_000] - start) / (taken[10_000] - start), "times", 6.0)

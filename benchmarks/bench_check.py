"""How long the command line takes, each time in a fresh process: its start; checking, formatting, compiling files."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.programs import program
from benchmarks.table import Row, seconds

LINES = {1_000: 0.12, 10_000: 0.7, 100_000: None}
IMPORT = """
import importlib, pathlib, sys, time
sys.path.insert(0, {folder!r})
names = sorted(path.stem for path in pathlib.Path({folder!r}, {package!r}).glob("*.py"))
start = time.perf_counter()
for name in names:
    importlib.import_module({package!r} + "." + name)
print(time.perf_counter() - start)
"""


def nexc() -> list[str]:
    script = Path(sysconfig.get_path("scripts")) / "nexc"
    return [str(script)] if script.exists() else [sys.executable, "-m", "nexlang"]


def surroundings(cache: Path) -> dict[str, str]:
    """As people run it: compiled modules are kept."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"NEXLANG_CACHE": str(cache)}


def run(cache: Path, *words: str | Path) -> None:
    subprocess.run([*nexc(), *words], check=True, capture_output=True, env=surroundings(cache))


def process(cache: Path, *words: str | Path, times: int = 5) -> float:
    run(cache, *words)
    return seconds(lambda: run(cache, *words), times)


def edited(path: Path, cache: Path) -> float:
    """Each time one body is another than it was at the last check."""
    text = path.read_text(encoding="utf-8")
    at = text.index("owner.credit += line.price", len(text) // 2)
    taken = []
    for number in range(1, 8):
        path.write_text(f"{text[:at]}owner.credit += {number} * {text[at + 16 :]}", encoding="utf-8")
        taken.append(seconds(lambda: run(cache, "check", path), 1))
    return statistics.median(taken)


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache = folder / "cache"
        yield Row("nexc --version", process(cache, "--version"), "s", 0.06)
        yield Row("nexc --help", process(cache, "--help"), "s")
        yield Row("nexc explain NEX0101", process(cache, "explain", "NEX0101"), "s")
        paths = {lines: folder / f"program_{lines}.nex" for lines in LINES}
        taken: dict[int, float] = {}
        for lines, goal in LINES.items():
            paths[lines].write_text(program(lines), encoding="utf-8")
            taken[lines] = process(cache, "check", "--no-cache", paths[lines], times=5 if lines < 100_000 else 1)
            yield Row(f"nexc check, {lines:,} lines", taken[lines], "s", goal)
        # Ten times the lines in ten times the time; the start of the process is in neither.
        start = taken[1_000] * 0.5
        yield Row("growth, 10,000 to 100,000 lines", (taken[100_000] - start) / (taken[10_000] - start), "times", 12.0)
        middle = paths[10_000]
        yield Row("nexc check again, 10,000 lines", process(cache, "check", middle), "s", 0.06)
        yield Row("nexc check, one body edited, 10,000 lines", edited(middle, cache), "s", 0.15)
        yield Row("nexc fmt, 10,000 lines", process(cache, "fmt", "--diff", middle), "s", 0.6)
        yield from compiled(folder, cache, paths)


def compiled(folder: Path, cache: Path, paths: dict[int, Path]) -> Iterator[Row]:
    """Writing bundles, and importing what was generated for a thousand lines."""
    whole = process(cache, "compile", paths[10_000], "-o", folder / "large", times=3)
    yield Row("nexc compile, 10,000 lines", whole, "s", 1.5)
    run(cache, "compile", paths[1_000], "-o", folder / "small")
    (package,) = (path.parent for path in folder.glob("small/*/__init__.py"))
    command = [sys.executable, "-c", IMPORT.format(folder=str(package.parent), package=package.name)]
    yield Row(
        "import of what 1,000 lines make", statistics.median(printed(command, cache) for _ in range(6)), "s", 0.15
    )


def printed(command: list[str], cache: Path) -> float:
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=surroundings(cache))
    return float(done.stdout)

"""What a program becomes: generated lines for a line of source, and the time to compile it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import nexlang
from benchmarks.bench_worlds import DATA, retail
from benchmarks.programs import program
from benchmarks.table import Row, seconds
from nexlang.bundle import bundle_of
from nexlang.codegen import generate
from nexlang.ir.model import Program

ROOT = Path(__file__).parent.parent
PROGRAMS = {"desk": ROOT / "examples" / "desk" / "desk.nex", "a thousand lines": Path("bench.nex")}
RETAIL = ROOT / "tests" / "conformance" / "retail.nex"
MADE = {"bench.nex": program(1_000)}


def rows() -> Iterator[Row]:
    for name, path in PROGRAMS.items():
        compiled = nexlang.compile(path, MADE)
        yield share(name, compiled.sources[str(path)].text, compiled.program)
        yield Row(f"{name}: from text to loaded modules", seconds(lambda path=path: whole(path), 3), "s")
    if DATA.exists():
        with TemporaryDirectory() as folder:
            yield share("retail", RETAIL.read_text(encoding="utf-8"), retail(Path(folder)).program)


def share(name: str, source: str, program: Program) -> Row:
    made = sum(text.count("\n") for text in generate(program).values())
    return Row(f"{name}: Python for a line of source", made / source.count("\n"), "lines", 3.0)


def whole(path: Path) -> None:
    """Everything from the text to modules that are loaded."""
    compiled = nexlang.compile(path, MADE)
    bundle_of(compiled.program, compiled.data).package  # noqa: B018

"""`make bench`: runs every bench_*.py beside this file and prints one table. `python -m benchmarks NAME` runs one."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.table import Row


def names(wanted: Iterable[str]) -> list[str]:
    found = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    chosen = {f"bench_{name.removeprefix('bench_')}" for name in wanted}
    if missing := chosen - set(found):
        sys.exit(f"no such benchmark: {', '.join(sorted(missing))}; there are {', '.join(found)}")
    return [name for name in found if not chosen or name in chosen]


def shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def cells(row: Row) -> tuple[str, ...]:
    goal = "" if row.goal is None else f"{'≤' if row.most else '≥'} {shown(row.goal)}"
    verdict = {None: "", True: "[green]reached[/]", False: "[red]missed[/]"}[row.reached]
    return row.what, shown(row.value), row.unit, goal, verdict


def main() -> int:
    console = Console()
    table = Table("what", "measured", "unit", "goal", "")
    table.columns[1].justify = table.columns[3].justify = "right"
    missed = 0
    for name in names(sys.argv[1:]):
        with console.status(name):
            rows = list(import_module(f"benchmarks.{name}").rows())
        table.add_section()
        for row in rows:
            table.add_row(*cells(row))
            missed += row.reached is False
    console.print(table)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())

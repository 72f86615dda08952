"""A program with its data, as files: checked by the compiler before anything is written."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nexlang.synth.data import make
from nexlang.synth.plan import Plan, Unserved
from nexlang.synth.program import source


@dataclass(frozen=True, slots=True)
class Project:
    """`files` maps paths inside the project's folder to their text; `program` is the path of the `.nex` file."""

    program: str
    files: dict[str, str]


def build(plan: Plan) -> Project:
    """The plan's program and data: the same bytes for the same plan."""
    from nexlang.diagnostics.sources import Source
    from nexlang.syntax import format as formatted

    world, requests = make(plan)
    name = f"{plan.kit}.nex"
    return Project(
        name,
        {
            name: formatted(Source(name, source(plan, requests))),
            "data/world.json": world_text(world),
            "data/requests.jsonl": "".join(json.dumps(r.json(), ensure_ascii=False) + "\n" for r in requests),
            "plan.txt": plan.explain() + "\n",
        },
    )


def world_text(world: Mapping[str, object]) -> str:
    """One row a line."""
    slots = [
        f"  {json.dumps(name)}: " + (rows_text(value) if isinstance(value, list) else json.dumps(value))
        for name, value in world.items()
    ]
    return "{\n" + ",\n".join(slots) + "\n}\n"


def rows_text(rows: list[object]) -> str:
    inside = ",".join(f"\n    {json.dumps(row, ensure_ascii=False)}" for row in rows)
    return f"[{inside}\n  ]" if rows else "[]"


def write(project: Project, folder: Path) -> None:
    """All or nothing: the files are checked in a folder beside the wanted one, which then takes its name."""
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Unserved(f"{folder} exists and is not an empty folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        put(project, made)
        check(made / project.program)
        if folder.exists():
            folder.rmdir()
        os.chmod(made, 0o755)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def put(project: Project, folder: Path) -> None:
    for name, text in project.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def check(program: Path) -> None:
    """A program of ours that does not check is our mistake and never reaches the user."""
    from nexlang.compiler import compile

    wrong = [d for d in compile(program).diagnostics if d.severity == "error"]
    if wrong:
        raise AssertionError(f"{program.name} does not check: {wrong[0].code} {wrong[0].message}")

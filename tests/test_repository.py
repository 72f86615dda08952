"""Habits of the whole repository that nothing else holds."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = sorted(path.parent for path in (ROOT / "nexlang").glob("*/__init__.py"))
# Made by a program, or a list of small classes, one a construct.
LISTS = {"nexlang/syntax/_tables.py", "nexlang/syntax/nodes.py", "nexlang/ir/model.py"}
MOST_LINES = 700
# A machine's folders, an address of a package index, work that is left for later.
UNWANTED = re.compile(
    r"(?<![\w/.])/(?:work|root|home/\w+|Users/\w+)/"
    r"|\b(?:registry|pypi|files\.pythonhosted|index-url)\b[.\w-]*(?:\.org|\.com|\.io|=)"
    r"|\b(?:TODO|FIXME|XXX)\b"
)


@cache
def files() -> list[Path]:
    """The text files that git knows or is about to know."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, text=True, capture_output=True, check=True).stdout.splitlines()
    suffixes = {".py", ".nex", ".md", ".toml", ".lark", ".json", ".j2", ".html", ""}
    found = [ROOT / name for name in listed if Path(name).suffix in suffixes]
    return [path for path in found if path.is_file() and not path.is_symlink()]


def python() -> list[Path]:
    return [path for path in files() if path.suffix == ".py"]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_machine_paths_addresses_or_loose_ends() -> None:
    found = []
    for path in files():
        if path == Path(__file__) or path.name == "LICENSE":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if UNWANTED.search(line):
                found.append(f"{name(path)}:{number}: {line.strip()[:100]}")
    assert not found


def test_files_are_small_enough_to_hold_in_the_head() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python()}
    assert not {path: count for path, count in lengths.items() if count > MOST_LINES and path not in LISTS}


@pytest.mark.parametrize("room", [*ROOMS, ROOT / "trainer"], ids=name)
def test_each_room_says_what_it_is_for(room: Path) -> None:
    assert ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))


def test_each_module_says_what_it_is_for() -> None:
    rooms = ("nexlang", "trainer", "benchmarks", "examples")
    ours = [path for path in python() if name(path).split("/")[0] in rooms]
    # The small repositories of examples/repair are broken on purpose: they are data.
    shipped = [path for path in ours if not name(path).startswith("examples/repair/repos/")]
    assert not [name(path) for path in shipped if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]


def test_folders_of_the_package_are_links_to_the_rooms_at_the_top() -> None:
    for room in ("trainer", "grammar", "stdlib"):
        link = ROOT / "nexlang" / room
        assert link.is_symlink() and link.resolve() == ROOT / room

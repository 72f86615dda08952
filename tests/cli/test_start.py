"""What `nexc check` leaves alone: each of these modules takes longer to load than a hundred lines to check."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"dataclasses", "inspect", "typer", "pydantic", "jinja2", "lark", "decimal", "difflib", "hashlib", "asyncio"}
LOADED = """
import sys
before = set(sys.modules)
from nexlang.cli.guard import guarded
guarded(sys.argv[1:])
print(*sorted(set(sys.modules) - before))
"""
PROGRAM = "record A { x: Int }\n\nfn f(a: A) -> Int {\n  return a.x + 1\n}\n"


@pytest.mark.parametrize("words", [["check", "--no-cache"], ["fmt", "--check"]], ids=lambda words: words[0])
def test_nothing_heavy_is_loaded(tmp_path: Path, words: list[str]) -> None:
    path = tmp_path / "a.nex"
    path.write_text(PROGRAM)
    done = subprocess.run([sys.executable, "-c", LOADED, *words, path], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_a_check_again_loads_no_checker(tmp_path: Path) -> None:
    path = tmp_path / "a.nex"
    path.write_text(PROGRAM)
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", LOADED, "check", path],
            capture_output=True,
            text=True,
            check=True,
            env={"NEXLANG_CACHE": str(tmp_path / "cache"), "PATH": ""},
        )
    loaded = set(done.stdout.split())
    assert "nexlang.cache" in loaded and not {"nexlang.diagnostics", "nexlang.syntax", "nexlang.semantics"} & loaded

"""What pyproject.toml promises, against the tree. `.ci/wheel.py` builds and installs for real."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

import nexlang

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("nexlang", "trainer", "grammar", "stdlib")
HEAVY = ("torch", "transformers", "trl", "datasets", "accelerate", "peft", "gguf", "openai")


@pytest.fixture(scope="module")
def project() -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return found


def requirements(lines: list[str]) -> set[str]:
    return {re.split(r"[<>=\[; ]", line)[0] for line in lines}


def test_every_file_of_the_package_has_a_pattern(project: dict) -> None:  # type: ignore[type-arg]
    patterns = ["*.py", *project["tool"]["setuptools"]["package-data"]["*"]]
    held = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()]
    shipped = [path for path in held if "__pycache__" not in path.parts]
    lost = [path for path in shipped if not any(fnmatch(path.name, pattern) for pattern in patterns)]
    assert not lost


def test_the_core_is_light(project: dict) -> None:  # type: ignore[type-arg]
    core = requirements(project["project"]["dependencies"])
    assert core == {"lark", "pydantic", "jinja2", "typer", "rich"}
    assert requirements(project["project"]["optional-dependencies"]["train"]) <= {*HEAVY}


def test_every_dependency_has_a_lower_bound(project: dict) -> None:  # type: ignore[type-arg]
    extras = project["project"]["optional-dependencies"]
    named = [*project["project"]["dependencies"], *(line for lines in extras.values() for line in lines)]
    assert not [line for line in named if ">=" not in line and not line.startswith("nexlang[")]


def test_one_version_everywhere() -> None:
    extension = (ROOT / "editors" / "vscode" / "package.json").read_text(encoding="utf-8")
    assert f'"version": "{nexlang.__version__}"' in extension
    assert f"## {nexlang.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_nothing_heavy_is_imported_by_import_nexlang() -> None:
    import subprocess
    import sys

    code = "import nexlang, sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    assert not set(done.stdout.split()) & {*HEAVY, "pydantic", "typer", "rich", "lark", "jinja2", "nexlang.compiler"}


def test_the_public_names_are_there() -> None:
    assert all(hasattr(nexlang, name) for name in nexlang.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = nexlang.nothing

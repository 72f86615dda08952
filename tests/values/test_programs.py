"""Programs about types and places: their own tests pass, and what is generated of them is typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nexlang.bundle import bundle_of
from nexlang.codegen import generate
from nexlang.compiler import compile
from nexlang.ir.model import Program

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.nex"))
ROOT = Path(__file__).parents[2]


def run(*command: str, cwd: Path | None = None) -> None:
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_the_program_s_own_tests_pass(path: Path) -> None:
    run("nexlang", "test", str(path))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_the_program_survives_its_json(path: Path) -> None:
    program = compile(path).program
    text = program.model_dump_json(exclude_defaults=True)
    assert Program.model_validate_json(text) == program


def test_what_is_generated_is_typed_and_formatted(tmp_path: Path) -> None:
    for path in PROGRAMS:
        for name, text in generate(compile(path).program).items():
            file = tmp_path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
    config = ROOT / "pyproject.toml"
    run("ruff", "check", f"--config={config}", ".", cwd=tmp_path)
    run("ruff", "format", "--check", f"--config={config}", ".", cwd=tmp_path)
    own = f"[mypy]\nmypy_path = {ROOT}\nstrict = true\nwarn_unreachable = true\n"
    (tmp_path / "mypy.ini").write_text(own + "[mypy-nexlang.*]\nfollow_imports = silent\n")
    packages = [argument for path in PROGRAMS for argument in ("-p", path.stem)]
    run("mypy", "--config-file=mypy.ini", *packages, cwd=tmp_path)


def test_a_world_with_parts_is_one_world() -> None:
    """One journal, one digest; a snapshot, a fork and a difference reach into the parts."""
    path = next(path for path in PROGRAMS if path.stem == "parts")
    compiled = compile(path)
    world = bundle_of(compiled.program, compiled.data).world("E")
    before, mark, other = world.digest(), world.snapshot(), world.fork()
    world.phone.airplane = False
    world.carrier.lines.remove("1")
    assert world != other and world.digest() != before
    assert world.diff(other)[0]["path"] == ["carrier", "lines", "1"]
    assert type(world).load(world.encode()) == world
    world.restore(mark)
    assert world == other and world.digest() == before == other.digest()

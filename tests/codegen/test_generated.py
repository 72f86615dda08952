"""Generated Python is held to the same linter, formatter and type checker as ours, and to a length."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nexlang import compile
from nexlang.codegen import generate

ROOT = Path(__file__).parents[2]
PROGRAMS = {
    "kitchen": ROOT / "tests/codegen/kitchen.nex",
    "names": ROOT / "tests/codegen/names.nex",
    "tested": ROOT / "tests/codegen/tested.nex",
    "exotic": ROOT / "tests/codegen/exotic.nex",
    "outside": ROOT / "tests/codegen/outside.nex",
    "desk": ROOT / "examples/desk/desk.nex",
    "retail": ROOT / "tests/conformance/retail.nex",
    "floor": ROOT / "tests/episodes/floor.nex",
    "judged": ROOT / "tests/episodes/judged.nex",
    "memory": ROOT / "tests/runtime/memory.nex",
}
TASK = '{"id": "1", "instructions": "none", "actions": [], "facts": [], "split": "train"}\n'


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package of each program in it."""
    folder = tmp_path_factory.mktemp("packages")
    for path in PROGRAMS.values():
        for name, text in generated(path, folder).items():
            file = folder / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
    return folder


def generated(path: Path, folder: Path) -> dict[str, str]:
    """The package of a program; data files that are not there are made up."""
    source = folder / "sources" / path.name
    (source.parent / "data").mkdir(parents=True, exist_ok=True)
    source.write_text(path.read_text())
    for file in path.parent.glob("data/*"):
        (source.parent / "data" / file.name).write_bytes(file.read_bytes())
    for name, text in (("db.json", "{}"), ("tasks.jsonl", TASK)):
        if not (source.parent / "data" / name).exists():
            (source.parent / "data" / name).write_text(text)
    return generate(compile(source).program)


def run(*command: str, cwd: Path) -> None:
    made = subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr


def test_the_linter_and_the_formatter_have_nothing_to_say(packages: Path) -> None:
    config = f"--config={ROOT / 'pyproject.toml'}"
    run("ruff", "check", config, *PROGRAMS, cwd=packages)
    run("ruff", "format", "--check", config, *PROGRAMS, cwd=packages)


def test_strict_types(packages: Path) -> None:
    config = packages / "mypy.ini"
    own = f"[mypy]\nmypy_path = {ROOT}\nstrict = true\nwarn_unreachable = true\n"
    config.write_text(own + "[mypy-nexlang.*]\nfollow_imports = silent\n")
    run("mypy", f"--config-file={config}", *(arg for name in PROGRAMS for arg in ("-p", name)), cwd=packages)


@pytest.mark.parametrize("name", ["desk", "retail"])
def test_at_most_three_lines_for_one(packages: Path, name: str) -> None:
    lines = sum(len(file.read_text().splitlines()) for file in (packages / name).glob("*.py"))
    assert lines <= 3 * len(PROGRAMS[name].read_text().splitlines())


def test_each_declaration_names_its_line(packages: Path) -> None:
    source = PROGRAMS["retail"].read_text().splitlines()
    line = next(n for n, text in enumerate(source, 1) if text.startswith("tool cancel_pending_order"))
    text = (packages / "retail" / "tools.py").read_text()
    assert f"# retail.nex:{line}\ndef cancel_pending_order(" in text


def test_the_same_text_whatever_the_hash_seed(tmp_path: Path) -> None:
    script = (
        "from nexlang import compile; from nexlang.codegen import generate; import sys, json\n"
        "print(json.dumps(generate(compile(sys.argv[1]).program)))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", script, str(PROGRAMS["kitchen"])],
            cwd=ROOT, env={"PYTHONHASHSEED": seed, "PATH": ""}, capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("name", "folder"), [("desk", "desk"), ("data", "data_"), ("schema", "schema_"), ("class", "class_")]
)
def test_the_package_is_no_other_folder_of_a_bundle(name: str, folder: str) -> None:
    program = compile(PROGRAMS["kitchen"]).program.model_copy(update={"name": name})
    assert {path.partition("/")[0] for path in generate(program)} == {folder}

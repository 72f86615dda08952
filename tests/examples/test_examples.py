"""The examples do what their comments say: they check, pass their tests, verify, and can be solved by hand."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

import nexlang
from tests.running import run
from tests.sandboxes import missing

EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAMS = sorted(EXAMPLES.glob("*/*.nex"))
DESK = EXAMPLES / "desk"
REPAIR = EXAMPLES / "repair"
RECORDED = {"repair": ("--externs", REPAIR / "data" / "sandbox.jsonl")}


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every example's bundle, by the program's name."""
    folder = tmp_path_factory.mktemp("bundles")
    for program in PROGRAMS:
        run("compile", program, "-o", folder / program.stem)
    return {program.stem: folder / program.stem for program in PROGRAMS}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_an_example_checks_without_a_word(program: Path) -> None:
    assert nexlang.compile(program).diagnostics == []


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_an_examples_own_tests_pass(program: Path) -> None:
    run("test", program)


@pytest.mark.parametrize("name", [program.stem for program in PROGRAMS])
def test_an_example_verifies(name: str, bundles: dict[str, Path]) -> None:
    run("verify", bundles[name], *RECORDED.get(name, ()))


def success(bundle: Path, policy: str, count: int) -> float:
    shown = run("eval", bundle, "--policy", policy, "-n", count, "--seed", 1, "--format", "json")
    return float(json.loads(shown)["success"]["value"])


def test_the_desk_by_hand_settles_every_ticket(bundles: dict[str, Path]) -> None:
    assert success(bundles["desk"], "LeadByHand", 60) == 1.0


def test_the_desk_that_does_nothing_settles_none(bundles: dict[str, Path]) -> None:
    assert success(bundles["desk"], "noop", 60) == 0.0


def test_the_rescuers_by_hand_master_most_floods(bundles: dict[str, Path]) -> None:
    assert 0.6 <= success(bundles["rescue"], "DispatcherByHand", 8) < 1.0
    assert success(bundles["rescue"], "random", 8) == success(bundles["rescue"], "noop", 8) == 0.0


def test_the_desks_data_is_what_its_script_makes() -> None:
    made: dict[str, str] = runpy.run_path(str(DESK / "data" / "make.py"))["make"](7)
    assert {name: (DESK / "data" / name).read_text(encoding="utf-8") for name in made} == made


def tickets() -> list[Any]:
    return [json.loads(line) for line in (DESK / "data" / "tickets.jsonl").read_text(encoding="utf-8").splitlines()]


def test_held_out_tickets_are_about_other_rows() -> None:
    named = [(ticket["detail"], ticket["split"]) for ticket in tickets()]
    assert len({detail for detail, _ in named}) == len(named) == 60
    assert sum(split == "test" for _, split in named) == 16


def test_every_intent_is_in_both_splits() -> None:
    seen = {(ticket["intent"], ticket["split"]) for ticket in tickets()}
    assert len(seen) == 12


# ---- repairs


def test_the_repairs_tasks_are_what_their_script_makes() -> None:
    made: dict[str, str] = runpy.run_path(str(REPAIR / "data" / "make.py"))["make"]()
    assert {name: (REPAIR / "data" / name).read_text(encoding="utf-8") for name in made} == made


def repaired(policy: str, *more: str | Path) -> Any:
    return json.loads(run("eval", REPAIR / "repair.nex", "--policy", policy, *more, "--format", "json"))


@pytest.mark.parametrize(("policy", "success"), [("solution", 1.0), ("Hasty", 0.0), ("random", 0.0), ("noop", 0.0)])
def test_repairs_by_the_recording(policy: str, success: float) -> None:
    result = repaired(policy, *RECORDED["repair"])
    assert result["success"]["value"] == success and result["success"]["count"] == 14


@pytest.mark.skipif(bool(missing()), reason=f"no sandbox here: {missing()}")
def test_repairs_in_the_sandbox() -> None:
    assert repaired("solution", "-n", "4", "--allow", "process")["success"]["value"] == 1.0


@pytest.mark.skipif(bool(missing()), reason=f"no sandbox here: {missing()}")
def test_a_repository_cannot_answer_for_who_examines_it(tmp_path: Path) -> None:
    """It ends the process as if all was well, prints what it likes, and looks for the cases."""
    forged = (
        "import os, glob\nfor path in glob.glob('/proc/[0-9]*/mem') + glob.glob('/proc/[0-9]*/cmdline'):\n"
        "    try:\n        text = open(path, 'rb').read(99)\n    except OSError:\n        continue\n"
        "print('[true, true, true, true, true]')\nos.write(1, b'[true, true, true, true, true]')\nos._exit(0)\n"
    )
    rows = (REPAIR / "data" / "bugs.jsonl").read_text(encoding="utf-8").splitlines()
    task = next(row for row in map(json.loads, rows) if row["id"] == "calc")
    calls = [
        {"tool": "write_file", "arguments": {"path": "calc.py", "text": forged}},
        {"tool": "write_file", "arguments": {"path": "json.py", "text": "def load(f): raise SystemExit(0)\n"}},
        {"tool": "hand_in", "arguments": {}},
    ]
    (tmp_path / "bugs.jsonl").write_text(json.dumps({**task, "actions": calls}), encoding="utf-8")
    text = (REPAIR / "repair.nex").read_text(encoding="utf-8").replace("data/bugs.jsonl", "bugs.jsonl")
    (tmp_path / "repair.nex").write_text(text, encoding="utf-8")
    shown = run("eval", tmp_path / "repair.nex", "-p", "solution", "--allow", "process", "--format", "json")
    assert json.loads(shown)["components"]["holds"] == 0.0

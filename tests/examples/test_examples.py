"""The examples do what their comments say: they check, pass their tests, verify, and can be solved by hand."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

import nexlang
from tests.running import run

EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAMS = sorted(EXAMPLES.glob("*/*.nex"))
DESK = EXAMPLES / "desk"


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
    run("verify", bundles[name])


def success(bundle: Path, policy: str, count: int) -> float:
    shown = run("eval", bundle, "--policy", policy, "-n", count, "--seed", 1, "--format", "json")
    return float(json.loads(shown)["success"]["value"])


def test_the_desk_by_hand_settles_every_ticket(bundles: dict[str, Path]) -> None:
    assert success(bundles["desk"], "LeadByHand", 60) == 1.0


def test_the_desk_that_does_nothing_settles_none(bundles: dict[str, Path]) -> None:
    assert success(bundles["desk"], "noop", 60) == 0.0


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

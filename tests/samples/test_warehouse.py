"""Three pickers on one floor: two that a model plays and one by rules move at once, and each is paid for its own."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

import nexlang
from nexlang.bundle import bundle_of
from nexlang.runtime.drive import NoModel, drive
from nexlang.worlds.episodes import Episode
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import NOOP, RANDOM, SOLUTION, Policy
from nexlang.worlds.setting import Setting
from tests.running import invoke, run

WAREHOUSE = Path(__file__).parent / "warehouse" / "warehouse.nex"


@cache
def setting() -> Setting:
    compiled = nexlang.compile([WAREHOUSE])
    assert [d.message for d in compiled.diagnostics] == []
    return Setting.of(bundle_of(compiled.program, compiled.data))


def played(policy: Policy, task: int = 0) -> Outcome:
    return drive(Episode(setting(), setting().tasks[task], 0, policy).play(), NoModel())


def test_together_they_deliver_everything_and_never_bump() -> None:
    for task in range(6):
        outcome = played(SOLUTION, task)
        assert outcome.success
        assert {call.by for call in outcome.calls} == {"ada", "bob", "cyd"}
        assert not any(own["bumps"] for own in outcome.own.values())


def test_who_does_nothing_or_anything_delivers_nothing() -> None:
    for policy in (NOOP, RANDOM):
        outcome = played(policy)
        assert not outcome.success
        assert outcome.rewards["ada"] < played(SOLUTION).rewards["ada"]


def test_each_robot_is_paid_for_what_it_delivers() -> None:
    outcome = played(SOLUTION)
    calls = [(call.by, call.tool) for call in outcome.calls]
    assert {by for by, tool in calls if tool == "drop"} == {role for role, own in outcome.own.items() if own["own"]}
    assert len(outcome.paid) == outcome.rounds
    assert outcome.measures["pace"] == -outcome.rounds


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bundles") / "warehouse"
    run("compile", WAREHOUSE, "-o", out)
    return out


def test_the_command_line_plays_it(bundle: Path) -> None:
    assert invoke("check", WAREHOUSE).exit_code == 0
    assert "1 of 1 test passed" in run("test", WAREHOUSE)
    report = json.loads(run("eval", bundle, "-p", "solution", "-n", "4", "--format", "json"))
    assert all(one["success"] for one in report["rows"])


def test_it_is_verified(bundle: Path) -> None:
    assert "verified" in run("verify", bundle).splitlines()[-1]

"""A robot arm: telemetry every 100 ms, a planner above, a reflex that stops it in time."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import nexlang
from nexlang.bundle import Bundle, bundle_of
from nexlang.runtime.drive import NoModel, drive
from nexlang.worlds.episodes import Episode
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import NOOP, SOLUTION, Policy
from nexlang.worlds.setting import Setting
from nexlang.worlds.testing import run_tests
from nexlang.worlds.verify import verify

ARM = Path(__file__).parent / "arm" / "arm.nex"
HASTE = Policy("haste", "stand_in", {"Planner": "PlannerByHand", "Mover": "MoverInHaste"})


@cache
def bundle() -> Bundle:
    compiled = nexlang.compile([ARM])
    assert compiled.diagnostics == []
    return bundle_of(compiled.program, compiled.data)


@cache
def setting() -> Setting:
    return Setting.of(bundle())


def play(task: str, policy: Policy, seed: int = 0) -> Outcome:
    return drive(Episode(setting(), setting().task(task), seed, policy).play(), NoModel())


def test_its_own_tests_hold() -> None:
    results = run_tests(bundle())
    assert len(results) == 3
    assert [line for result in results if not result.passed for line in result.lines()] == []


def test_every_goal_is_reached_and_nothing_else_is_rewarded_as_much() -> None:
    proof = verify(setting())
    assert proof.problems == []
    assert proof.solved == len(setting().tasks)
    assert [task.problems for task in proof.tasks if task.problems] == []


def test_calls_have_their_moments() -> None:
    outcome = play("bolt-1", SOLUTION)
    moments = [call.at for call in outcome.calls]
    assert moments == sorted(moments)
    assert 5_000 < moments[-1] < 60_000


def test_the_reflex_stops_an_arm_that_moves_too_fast() -> None:
    outcome = play("pipe-2", HASTE)
    halt, preempted = outcome.calls[-2:]
    assert (halt.by, halt.tool, halt.result) == ("reflex", "halt", "Stopped.")
    assert (preempted.by, preempted.code) == ("planner", "preempted")
    assert (outcome.success, outcome.measures["halted"]) == (False, True)


@pytest.mark.parametrize("policy", [SOLUTION, HASTE], ids=["solution", "haste"])
def test_the_same_seed_is_the_same_episode(policy: Policy) -> None:
    first, second, other = (play("pipe-1", policy, seed).text() for seed in (3, 3, 4))
    assert first == second != other


def test_doing_nothing_is_worth_nothing() -> None:
    outcome = play("bolt-1", NOOP)
    assert (outcome.success, outcome.reward) == (False, 0.0)

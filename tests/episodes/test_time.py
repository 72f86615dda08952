"""Time in episodes: processes, clocks, waiting, limits, and the same again for the same seed."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import nexlang
from nexlang.bundle import Bundle, bundle_of
from nexlang.runtime.drive import NoModel, drive
from nexlang.worlds.engine import Call
from nexlang.worlds.episodes import Episode
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import NOOP, SOLUTION, Policy, model_policy, script
from nexlang.worlds.scope import EpisodeScope
from nexlang.worlds.setting import Setting
from nexlang.worlds.solo import Solo
from nexlang.worlds.trials import played

PLANT = Path(__file__).parent / "plant.nex"
PLAYED = model_policy()


@cache
def bundle() -> Bundle:
    compiled = nexlang.compile([PLANT])
    assert compiled.diagnostics == []
    return bundle_of(compiled.program, compiled.data)


@cache
def setting(environment: str) -> Setting:
    return Setting.of(bundle(), environment)


def episode(environment: str, task: str, policy: Policy = PLAYED, seed: int = 0) -> tuple[Outcome, EpisodeScope]:
    made = Episode(setting(environment), setting(environment).task(task), seed, policy)
    outcome = drive(made.play(), NoModel())
    return outcome, made.scope


def test_waiting_lets_processes_run_and_the_clock_go_on() -> None:
    outcome, scope = episode("Plant", "soon")
    world = scope.world
    assert (outcome.result, outcome.answer) == ("solved", "Filled at 2025-01-31T08:00:02")
    assert [(call.tool, call.at) for call in outcome.calls] == [("fill", 2000.0)]
    assert 14.78 < world.level < 14.8
    assert world.seen == ["keeper: fill gave Filled."]


def test_a_frozen_clock_stays_while_limits_count() -> None:
    assert episode("Frozen", "soon")[0].reward == 1.0
    outcome, _ = episode("Frozen", "late")
    assert outcome.answer == "Keeper: Keeper has used its limit of time"
    assert outcome.calls == []


def test_the_limit_of_an_agent_ends_it_in_its_time() -> None:
    outcome, scope = episode("Plant", "late")
    assert (outcome.result, outcome.error) == ("budget", "Keeper has used its limit of time")
    assert scope.timeline.clock.elapsed == 30_000.0


def test_the_limit_of_an_environment_ends_the_episode_in_its_time() -> None:
    outcome, scope = episode("Watched", "soon")
    assert (outcome.result, outcome.error) == ("budget", "Watched has used its limit of time")
    assert scope.timeline.clock.elapsed == 90_000.0
    assert (outcome.rounds, len(outcome.calls)) == (5, 4)


def test_with_a_tick_a_round_in_which_all_pass_is_not_the_last() -> None:
    assert episode("Watched", "soon", NOOP)[0].rounds == 5
    assert episode("Plant", "soon", NOOP)[0].rounds == 1


def test_a_failing_process_breaks_the_environment_and_names_its_seed() -> None:
    late = script("late", [Call("fill", {"liters": 1.0}, at=600_000.0)], [])
    outcome, _ = episode("Plant", "soon", late, seed=7)
    assert (outcome.result, outcome.reward, outcome.success) == ("environment_error", None, False)
    assert outcome.error == "process leak failed at 95 s: The tank is empty (seed 7)"
    assert outcome.to_json()["elapsed"] == 95_000.0


def test_a_veto_is_the_calls_failure() -> None:
    closing = [Call("close_lid"), Call("fill", {"liters": 1.0}), Call("open_lid"), Call("fill", {"liters": 1.0})]
    outcome, _ = episode("Plant", "soon", script("closing", closing, []))
    assert [(call.failed, call.code, call.result) for call in outcome.calls] == [
        (False, "", "Closed."), (True, "Closed", "The lid is closed"), (False, "", "Open."), (False, "", "Filled."),
    ]  # fmt: skip


def test_calls_are_replayed_at_their_moments() -> None:
    assert episode("Copied", "soon", SOLUTION)[0].result == "solved"
    outcome, world = played(setting("Plant"), setting("Plant").task("soon"), 3, SOLUTION)
    again, same = played(setting("Plant"), setting("Plant").task("soon"), 3, script("again", outcome.calls, []))
    assert world == same
    assert [call.at for call in again.calls] == [2000.0]


def test_who_acts_together_waits_together() -> None:
    outcome, _ = episode("Together", "soon")
    assert [(call.by, call.at) for call in outcome.calls[:2]] == [("keeper", 5000.0), ("slow", 5000.0)]


def test_the_same_seed_is_the_same_in_another_process() -> None:
    code = (
        "from tests.episodes.test_time import episode\n"
        "outcome, scope = episode('Plant', 'soon', seed=5)\n"
        "print(outcome.text(), scope.world.digest())"
    )
    texts = set()
    for salt in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": salt, "PYTHONPATH": "."},
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
        texts.add(done.stdout)
    outcome, scope = episode("Plant", "soon", seed=5)
    assert texts == {f"{outcome.text()} {scope.world.digest()}\n"}


def test_one_agent_by_itself_waits_too() -> None:
    solo = Solo.of(bundle(), "Keeper", "Plant")
    arguments = solo.arguments({"goal": {"id": "x", "level": 1.0, "patience": 3000}})
    assert solo.run(arguments, NoModel()) == "Filled at 2025-01-31T08:00:03"
    assert [call.at for call in solo.calls] == [3000.0]
    assert solo.timeline.clock.elapsed == pytest.approx(3000.0)

"""Dynamics: latency, faults, noise; their scale; distributions."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean, median, pstdev

import pytest

from nexlang.worlds.curriculum import stages
from nexlang.worlds.dynamics import Disturbance
from nexlang.worlds.engine import Chance, Streams
from nexlang.worlds.engine.distributions import (
    Distribution,
    Dynamics,
    constant,
    exponential,
    lognormal,
    normal_distribution,
    uniform_distribution,
)
from nexlang.worlds.engine.failures import ToolFailure
from nexlang.worlds.policies import SOLUTION
from nexlang.worlds.verify import verify
from tests.episodes.test_turns import Scripted, call, played, setting
from tests.running import invoke, run


def drawn(of: Distribution, count: int = 4000) -> list[float]:
    chance = Chance.stream(1, "draws")
    return [of.draw(chance) for _ in range(count)]


@pytest.mark.parametrize(
    ("of", "mean", "centre"),
    [
        (constant(3), 3.0, 3.0),
        (normal_distribution(5, 2), 5.0, 5.0),
        (uniform_distribution(1, 3), 2.0, 2.0),
        (exponential(4), 4.0, 4.0),
    ],
)
def test_distributions_have_their_means(of: Distribution, mean: float, centre: float) -> None:
    assert fmean(drawn(of)) == pytest.approx(mean, rel=0.05)
    assert of.centre == centre


def test_a_lognormal_has_its_median() -> None:
    assert median(drawn(lognormal(120, 0.4))) == pytest.approx(120, rel=0.05)


def test_a_distribution_that_cannot_be_fails() -> None:
    for make in (lambda: normal_distribution(0, -1), lambda: uniform_distribution(2, 1), lambda: exponential(-1)):
        with pytest.raises(ToolFailure):
            make()


def test_scale_nothing_is_exact_and_calls_take_their_middle_time() -> None:
    outcome, world = played("Shaky", SOLUTION, noise=0.0)
    assert [call.at for call in outcome.calls] == [200.0, 250.0, 450.0, 500.0]
    assert not any(call.failed for call in outcome.calls)
    assert [call.result for call in outcome.calls][1] == '{"heat": 1.0, "at": "wall"}'
    assert world.heat == 2.0


def test_faults_strike_before_or_after_the_effect() -> None:
    before = after = 0
    for seed in range(40):
        outcome, world = played("Shaky", SOLUTION, seed=seed)
        work = [call for call in outcome.calls if call.tool == "work"]
        assert world.heat == sum(not call.failed for call in work)
        before += sum(call.failed for call in work)
        after += sum(call.code == "Lost" for call in outcome.calls)
        assert {(call.code, call.result) for call in work if call.failed} <= {("Timeout", "No answer")}
    assert 25 < before < 55
    assert 12 < after < 38


def test_noise_is_in_what_tools_tell_and_in_what_actors_are_shown() -> None:
    shown = set()
    for seed in range(5):
        client = Scripted(ada=[call("work")])
        played("Shaky", client=client, seed=seed)
        shown.add(client.asked[0][1])
    assert len(shown) == 5
    assert all(-0.5 <= float(text.split()[2]) <= 0.5 for text in shown)


def test_a_scale_between_takes_so_much_of_it() -> None:
    of = Dynamics(latency={"go": normal_distribution(100, 10)})
    half = Disturbance(of, 0.5, Streams(1))
    assert pstdev([half.delay("go") for _ in range(2000)]) == pytest.approx(5, rel=0.1)
    assert Disturbance(of, 0.0, Streams(1)).delay("go") == 100.0
    assert Disturbance(of, 1.0, Streams(1)).delay("stay") == 0.0


def test_stages_say_how_much_noise_and_depth() -> None:
    assert [(stage.name, stage.noise, stage.depth) for stage in stages(setting("Shaky"))] == [
        ("exact", 0.0, 0), ("real", 1.0, None),
    ]  # fmt: skip


def test_what_is_proved_is_proved_without_noise() -> None:
    assert verify(setting("Shaky")).solved == 1


def test_eval_plays_a_stage() -> None:
    floor = Path(__file__).parent / "floor.nex"
    words = ("eval", floor, "-e", "Shaky", "-p", "solution", "--samples", "9", "--format", "json", "--stage")
    exact, real = (json.loads(run(*words, stage))["success"]["value"] for stage in ("exact", "real"))
    assert exact == 1.0 > real
    assert "it has exact, real" in str(invoke(*words, "other").exception)

"""Steps from outside: as episodes go, as the engine goes, whatever the number of processes."""

from __future__ import annotations

import random
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nexlang
from nexlang.bundle import bundle_of
from nexlang.runtime.drive import NoModel, drive
from nexlang.worlds.batch import Batch, Pool, Rules, Single, Stepper, Steps, Tabulated
from nexlang.worlds.episodes import Episode
from nexlang.worlds.policies import model_policy
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import TaskError

HERE = Path(__file__).parent
GYM = HERE.parent / "conformance" / "gym"
LINES, CLIFF, LAKE, TAXI = HERE / "stepped.nex", GYM / "cliff.nex", GYM / "lake.nex", GYM / "taxi.nex"
GUSTS = HERE / "gusts.nex"
ROOM = HERE.parents[1] / "examples" / "thermostat" / "thermostat.nex"


def opened(path: Path) -> Setting:
    compilation = nexlang.compile(path)
    return Setting.of(bundle_of(compilation.program, compilation.data))


setting = cache(opened)


# ---------------------------------------------------------------- as episodes go


@pytest.mark.parametrize("program", [LINES, CLIFF, LAKE, GUSTS, ROOM], ids=lambda path: path.stem)
def test_steps_pay_and_end_as_the_episode_with_the_same_calls(program: Path) -> None:
    """The programs' own agents make one call a turn; their calls, stepped, come to the same."""
    place = setting(program)
    for seed, task in enumerate(place.tasks[:12]):
        outcome = drive(Episode(place, task, seed, model_policy()).play(), NoModel())
        stepper = Stepper(Rules(place))
        stepper.reset(task, seed)
        steps = [stepper.step(call.tool, call.arguments) for call in outcome.calls]
        assert [step.answer.error for step in steps] == [call.failed for call in outcome.calls]
        if not stepper.result:
            steps.append(steps[-1]._replace(reward=stepper.finish()))
        assert sum(step.reward for step in steps) == pytest.approx(outcome.reward)
        assert stepper.result == outcome.result


def test_an_episode_that_has_ended_takes_no_step() -> None:
    place = setting(CLIFF)
    stepper = Stepper(Rules(place))
    stepper.reset(place.tasks[0])
    stepper.finish()
    with pytest.raises(TaskError, match="has ended"):
        stepper.step("step", {"to": "up"})


# ---------------------------------------------------------------- as the engine goes


def walked(batch: Batch, steps: int) -> list[tuple[Any, ...]]:
    dice = np.random.default_rng(5)
    batch.reset()
    found = []
    for _ in range(steps):
        step = batch.step(dice.integers(0, len(batch.actions), batch.count).tolist())
        found.append(readable(step))
    return found


def readable(step: Steps) -> tuple[Any, ...]:
    seen = step.observations
    if not isinstance(seen, list):
        columns = {name: seen[name].tolist() for name in seen}
        seen = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    rewards, ended, truncated = (np.asarray(of).tolist() for of in (step.rewards, step.ended, step.truncated))
    return seen, rewards, ended, truncated, step.results


@pytest.mark.parametrize("program", [TAXI, GUSTS], ids=lambda path: path.stem)
def test_a_full_table_begins_anew(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = setting(program)
    monkeypatch.setattr(Tabulated.__init__, "__defaults__", (10,))
    small = Batch(place, 3, seed=3, tabulated=True)
    table, engine = walked(small, 230), walked(Batch(place, 3, seed=3, tabulated=False), 230)
    assert [step[0] for step in table] == [step[0] for step in engine]
    assert [step[1] for step in table] == [pytest.approx(step[1]) for step in engine]
    assert [step[2:] for step in table] == [step[2:] for step in engine]


@pytest.mark.parametrize("program", [LINES, CLIFF, TAXI, LAKE, GUSTS], ids=lambda path: path.stem)
def test_a_table_gives_what_the_engine_gives(program: Path) -> None:
    place = setting(program)
    table, engine = (walked(Batch(place, 12, seed=3, tabulated=on), 230) for on in (True, False))
    for ours, theirs in zip(table, engine, strict=True):
        assert ours[0] == theirs[0]
        assert ours[1] == pytest.approx(theirs[1])
        assert ours[2:] == theirs[2:]
    assert any(step[4] for step in table)


def test_one_episode_over_a_table_goes_as_the_engine_goes() -> None:
    place, dice = setting(LINES), random.Random(1)
    rules = Rules(place)
    single, stepper = Single(Tabulated(rules, place.tasks)), Stepper(rules)
    for episode in range(40):
        task = place.tasks[episode % 3]
        assert single.reset(task) == stepper.reset(task)
        while not stepper.result:
            action = dice.randrange(len(single.table.actions))
            step = stepper.step(*single.table.actions[action])
            seen, reward, ended, truncated = single.step(action)
            assert (seen, ended, truncated) == (step.observation, step.ended, step.truncated)
            assert reward == pytest.approx(step.reward)
        with pytest.raises(TaskError, match="has ended"):
            single.step(0)


def test_what_has_too_many_calls_is_not_kept_in_a_table() -> None:
    with pytest.raises(TaskError, match=r"NEX0886.*shift.*too many values"):
        Batch(setting(ROOM), 2, tabulated=True)
    assert not Batch(setting(ROOM), 2).tabulated


def test_where_states_are_seldom_met_again_the_engine_steps(tmp_path: Path) -> None:
    text = LINES.read_text(encoding="utf-8")
    path = tmp_path / "wide.nex"
    path.write_text(text.replace("wind = mod(wind + 1, 3)", "wind = mod(wind * 31 + at + 7, 100003)"), encoding="utf-8")
    assert not Batch(opened(path), 2).tabulated
    assert Batch(opened(path), 2, tabulated=True).tabulated
    assert Batch(setting(LINES), 2).tabulated


def test_an_environment_that_breaks_is_worth_nothing(tmp_path: Path) -> None:
    """By zero is divided where the walker stands at 2."""
    text = LINES.read_text(encoding="utf-8")
    broken = text.replace("stop when world.at == world.goal", "stop when 1.0 / float(world.at - 2) > 5.0")
    path = tmp_path / "broken.nex"
    path.write_text(broken, encoding="utf-8")
    for tabulated in (True, False):
        batch = Batch(opened(path), 2, tasks=setting(LINES).tasks[:1], tabulated=tabulated)
        batch.reset()
        step = batch.step([0, 1])
        assert step.results[0] == "environment_error"
        assert (step.rewards[0], bool(step.ended[0]), bool(step.truncated[0])) == (0.0, True, False)


# ---------------------------------------------------------------- forks, processes


def test_a_fork_goes_its_own_way_and_chance_the_same() -> None:
    place = setting(LAKE)
    stepper = Stepper(Rules(place))
    stepper.reset(place.tasks[0], seed=7)
    stepper.step("step", {"to": "up"})
    other = stepper.fork()
    calls = [("step", {"to": way}) for way in ("right", "up", "up")]
    first = [stepper.step(*call) for call in calls]
    again = [other.step(*call) for call in calls]
    assert [step[:4] for step in first] == [step[:4] for step in again]
    assert stepper.world == other.world and stepper.world is not other.world


def test_a_fork_over_a_table_costs_nothing_of_its_origin() -> None:
    single = Single(Tabulated(Rules(setting(LINES)), setting(LINES).tasks))
    single.reset(setting(LINES).tasks[1])
    other = single.fork()
    assert single.step(0) == other.step(0)


@pytest.mark.parametrize("tabulated", [True, False])
def test_a_lane_is_forked(tabulated: bool) -> None:
    batch = Batch(setting(LINES), 3, seed=1, tabulated=tabulated)
    batch.reset()
    other = batch.fork(1)
    action = batch.actions[2]
    step = other.step(2) if isinstance(other, Single) else other.step(*action)
    assert step[1] == pytest.approx(batch.step([0, 2, 4]).rewards[1])


def test_lanes_play_the_same_whoever_steps_them() -> None:
    place = setting(LINES)
    whole = Batch(place, 6, seed=2)
    parts = [Batch(place, 3, seed=2, first=first, total=6) for first in (0, 3)]
    for batch in (whole, *parts):
        batch.reset()
    for _ in range(40):
        step = whole.step([2] * 6)
        both = [part.step([2] * 3) for part in parts]
        assert step.rewards.tolist() == [reward for one in both for reward in one.rewards.tolist()]
        assert step.ended.tolist() == [ended for one in both for ended in one.ended.tolist()]


@pytest.mark.parametrize("tabulated", [True, False])
def test_processes_give_what_one_gives(tabulated: bool) -> None:
    batch = Batch(setting(LINES), 5, seed=4, tabulated=tabulated)
    batch.reset()
    with Pool(partial(opened, LINES), 5, 2, seed=4, tabulated=tabulated) as pool:
        pool.reset()
        for action in (0, 3, 2, 2, 4, 3, 3):
            assert readable(pool.step([action] * 5)) == readable(batch.step([action] * 5))
        with pytest.raises(IndexError):
            pool.step([99] * 5)

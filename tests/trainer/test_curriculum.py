"""The curriculum gives each task once before any again, and moves on when enough of the latest episodes succeed."""

from __future__ import annotations

import json

import pytest

from nexlang.trainer.course import Stage
from nexlang.trainer.curriculum import Curriculum
from nexlang.trainer.errors import TrainError

STAGES = (Stage("easy", (1, 2, 3), 0.75), Stage("hard", (4, 5)))


def test_every_task_once_before_any_again() -> None:
    drawn = Curriculum(STAGES, seed=0, window=4).draw(6)
    assert sorted(drawn[:3]) == sorted(drawn[3:]) == [1, 2, 3]


def test_the_same_seed_the_same_order() -> None:
    orders = [Curriculum(STAGES, seed, 4).draw(9) for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]


def test_a_stage_ends_when_a_full_window_succeeds_often_enough() -> None:
    made = Curriculum(STAGES, 0, window=4)
    assert not made.record([True, True, True]), "the window is not full"
    assert made.record([False])
    assert made.stage.name == "hard"
    assert made.rate is None, "a new stage counts anew"
    assert not made.record([True] * 8), "the last stage goes on"


def test_too_few_successes_keep_the_stage() -> None:
    made = Curriculum(STAGES, 0, window=4)
    assert not made.record([True, False, True, False])
    assert (made.stage.name, made.rate) == ("easy", 0.5)


def test_it_goes_on_from_its_state() -> None:
    first, second = Curriculum(STAGES, 0, 4), Curriculum(STAGES, 0, 4)
    first.draw(2)
    first.record([True, False])
    second.restore(first.state())
    assert second.draw(5) == first.draw(5)
    assert second.state() == first.state()


def test_a_stage_without_tasks_is_refused() -> None:
    with pytest.raises(TrainError, match="the stage hard has no training task"):
        Curriculum((STAGES[0], Stage("hard", ())), 0, 4)


def test_a_stage_that_goes_badly_is_left_for_the_one_before() -> None:
    made = Curriculum(STAGES, 0, window=4, demote=0.5)
    made.record([True] * 4)
    assert not made.record([True, True, False, False]), "between the marks it stays"
    assert made.stage.name == "hard"
    assert made.record([False])
    assert (made.stage.name, made.rate) == ("easy", None)
    assert not made.record([False] * 4), "there is none before the first"


def test_the_sampler_prefers_tasks_whose_success_changes() -> None:
    made = Curriculum(STAGES, 0, window=4, sampler="progress")
    assert sorted(made.draw(3)) == [1, 2, 3], "each is tried first"
    for success in (False, False, True, True):
        made.saw(1, False)
        made.saw(2, success)
    drawn = made.draw(300)
    assert drawn.count(2) > 2 * drawn.count(1) > 0
    assert drawn.count(3) > 0


def test_the_progress_of_tasks_is_kept_with_the_state() -> None:
    first, second = (Curriculum(STAGES, 0, 4, 0.5, "progress") for _ in range(2))
    first.draw(4)
    first.saw(3, True)
    second.restore(json.loads(json.dumps(first.state())))
    assert second.draw(20) == first.draw(20)
    assert second.state() == first.state()

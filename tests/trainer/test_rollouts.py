"""What the GRPO trainer is given: masks, rewards, and episodes that broke kept out of the loss."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

from nexlang.runtime.clients.local import Loaded
from nexlang.trainer.curriculum import Curriculum
from nexlang.trainer.plan import Reinforcement
from nexlang.trainer.rollouts import Rollouts, episode_reward
from nexlang.trainer.tiny import tiny_model
from tests.trainer.toy import Toy

pytestmark = pytest.mark.torch
SETTINGS = Reinforcement("grpo", 3, 2, 4, 1e-3, 0.0, 1.0, 6, 512, 4, None)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return tiny_model(Toy().texts(), seed=0)


def rolled(loaded: Loaded, course: Toy, learns: tuple[str, ...] = ("Sayer",), step: int = 0) -> dict[str, Any]:
    loaded.model.train()
    trainer = SimpleNamespace(
        state=SimpleNamespace(global_step=step),
        accelerator=SimpleNamespace(unwrap_model=lambda model: model),
        model=loaded.model,
        processing_class=loaded.tokenizer,
    )
    made = Rollouts(course, Curriculum(course.stages, 0, 4), learns, SETTINGS, 0)
    result = made(["0"] * 3 + ["1"] * 3, trainer)
    assert loaded.model.training, "the model learns again afterwards"
    return {**result, "tally": made.tally}


def test_groups_play_one_task_each(loaded: Loaded) -> None:
    course = Toy()
    made = rolled(loaded, course)
    assert course.played[0] == course.played[2] != course.played[3] == course.played[5]
    assert len(made["episode_reward"]) == len(made["prompt_ids"]) == 6
    for ids, mask, known in zip(made["completion_ids"], made["env_mask"], made["logprobs"], strict=True):
        assert len(ids) == len(mask) == len(known)
        assert 0 in mask and mask[0] == 1


def test_the_same_step_gives_the_same_rollouts(loaded: Loaded) -> None:
    first, again, later = (rolled(loaded, Toy(), step=step)["completion_ids"] for step in (0, 0, 1))
    assert first == again != later


def test_a_broken_episode_has_no_reward_and_counts_for_nobody(loaded: Loaded) -> None:
    made = rolled(loaded, Toy(broken=(0,)))
    broken = [reward is None for reward in made["episode_reward"]]
    assert sum(broken) == 3
    assert episode_reward(made["episode_reward"]) == made["episode_reward"]
    row = made["tally"].row()
    assert row["outcomes"]["environment_error"] == 3
    assert math.isfinite(row["reward"])
    assert row["success"] == 0.0


def test_an_episode_without_a_learner_trains_nothing(loaded: Loaded) -> None:
    made = rolled(loaded, Toy(), learns=("Nobody",))
    assert made["env_mask"] == [[0]] * 6

"""The plan of a run: the block's options, defaults, and what the command line changes."""

from __future__ import annotations

from typing import Any

import pytest

from nexlang.ir.model import Imitate, Program, Reinforce, Train
from nexlang.ir.options import BLOCKS, resolved
from nexlang.trainer.errors import TrainError
from nexlang.trainer.plan import plan


def program(*trains: Train) -> Program:
    return Program(name="desk", package="desk", edition="2026", files=["desk.nex"], trains=list(trains))


def block(name: str = "Run", **changes: Any) -> Train:
    parts: dict[str, Any] = {
        "imitate": Imitate(demos_agent="ByHand", options={"epochs": 2}),
        "reinforce": Reinforce(algorithm="grpo", options={"group": 4}),
        **changes,
    }
    return Train(name=name, file="desk.nex", line=1, environment="Desk", learns=["Clerk"], base="tiny", **parts)


def test_defaults_are_filled_in() -> None:
    made = plan(program(block()), None, None, None, 7)
    assert made.imitation and made.reinforcement
    assert (made.base, made.seed, made.imitation.epochs, made.imitation.batch) == ("tiny", 7, 2, 4)
    assert (made.reinforcement.group, made.reinforcement.steps, made.reinforcement.beta) == (4, 100, 0.0)


def test_steps_cap_both_phases_and_a_model_replaces_the_base() -> None:
    made = plan(program(block()), "Run", "other", 5, 0)
    assert made.imitation and made.reinforcement
    assert (made.base, made.imitation.max_steps, made.reinforcement.steps) == ("other", 5, 5)


@pytest.mark.parametrize(
    ("trains", "run", "message"),
    [
        ((), None, "no `train` block"),
        ((block("A"), block("B")), None, "choose one with --run: A, B"),
        ((block("A"),), "C", "there is no `train C`"),
        ((block(imitate=None, reinforce=None),), None, "nothing to do"),
        ((block(reinforce=Reinforce(algorithm="ppo")),), None, "`algorithm` of `reinforce` must be grpo"),
        ((block(imitate=Imitate(options={"epoch": 2})),), None, "`imitate` has no option `epoch`"),
    ],
)
def test_refusals(trains: tuple[Train, ...], run: str | None, message: str) -> None:
    with pytest.raises(TrainError, match=message):
        plan(program(*trains), run, None, None, 0)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("epochs", 1.5, "must be an Int"),
        ("epochs", True, "must be an Int"),
        ("batch", 0, "must be at least 1"),
        ("learning_rate", 0.0, "must be greater than 0"),
        ("learning_rate", "hot", "must be a Float"),
    ],
)
def test_options_are_checked(name: str, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"`{name}` of `imitate` {message}"):
        resolved("imitate", {name: value})


def test_every_default_is_a_value_that_its_option_takes() -> None:
    for table in BLOCKS.values():
        for option in table.values():
            assert option.default is None or option.problem(option.default) is None
            assert option.doc.endswith(".")

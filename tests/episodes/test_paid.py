"""Rewards each round, for each actor, and by potentials, which change nothing of what is best."""

from __future__ import annotations

from itertools import product

import pytest

from nexlang.runtime.messages import Reply
from nexlang.worlds.policies import NOOP, SOLUTION
from tests.episodes.test_turns import Scripted, call, played, setting


def test_what_is_paid_by_rounds_is_summed() -> None:
    outcome, _ = played("Paid", SOLUTION)
    assert outcome.rounds == 4
    assert outcome.measures == {"hot": 6.0, "nearer": -1.0, "pace": -4.0, "hotter": 6.0, "own": pytest.approx(1 / 3)}
    weights = setting("Paid").weights
    assert outcome.reward == pytest.approx(sum(weights[name] * value for name, value in outcome.measures.items()))


def test_each_round_pays_what_it_changed() -> None:
    outcome, _ = played("Paid", SOLUTION)
    shaped, last = 0.5 * 2, -0.5 * 7
    assert outcome.paid == pytest.approx([0.19 + shaped, 0.19 + shaped, 0.19 + shaped, -0.01 + last])


def test_each_actor_has_its_own_reward_and_the_episode_their_mean() -> None:
    client = Scripted(ada=[call("work"), call("work"), Reply("Done.")], bob=[call("look"), Reply("Done.")])
    outcome, _ = played("Paid", client=client)
    assert outcome.own == {"ada": {"own": 2 / 9}, "bob": {"own": 1 / 9}}
    assert outcome.rewards["ada"] - outcome.rewards["bob"] == pytest.approx(0.1)
    assert outcome.reward == pytest.approx((outcome.rewards["ada"] + outcome.rewards["bob"]) / 2)
    assert outcome.reward_of("ada") == outcome.rewards["ada"]
    assert outcome.reward_of("nobody") == outcome.reward


def test_a_potential_pays_every_behaviour_the_same_in_the_end() -> None:
    """The sum of its payments is what the first world is worth, with the other sign: the best stays the best."""
    paid = set()
    for ada, bob in product(range(3), repeat=2):
        client = Scripted(ada=[call("work")] * ada, bob=[call("work")] * bob)
        outcome, _ = played("Paid", client=client)
        paid.add(outcome.measures["nearer"])
    assert paid == {-1.0}
    assert played("Paid", NOOP)[0].measures["nearer"] == -1.0


def test_each_actor_is_paid_by_rounds() -> None:
    client = Scripted(ada=[call("work"), call("work")], bob=[Reply("I rest."), call("look")])
    outcome, _ = played("OwnRounds", client=client)
    assert outcome.rounds == 3
    assert outcome.own == {
        "ada": {"busy": 0.0 + 1.0 + 1.0, "heated": 2.0}, "bob": {"busy": -1.0 + 0.0 + 0.0, "heated": 2.0},
    }  # fmt: skip
    assert outcome.measures == {"hot": 2.0, "busy": 0.5, "heated": 2.0}
    assert outcome.rewards == pytest.approx({"ada": 2.0 + 0.2 + 2.0, "bob": 2.0 - 0.1 + 2.0})

"""Several actors: in order, at once, by priority; what each decides on, and what a reflex may do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import nexlang
from nexlang.bundle import Bundle, bundle_of
from nexlang.runtime.code import ModelFailure
from nexlang.runtime.drive import Client, NoModel, drive
from nexlang.runtime.messages import Reply, ToolCall
from nexlang.runtime.run import Ask
from nexlang.worlds.engine import World
from nexlang.worlds.episodes import Episode
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import NOOP, RANDOM, SOLUTION, Policy, model_policy
from nexlang.worlds.setting import Setting

FLOOR = Path(__file__).parent / "floor.nex"


@cache
def bundle() -> Bundle:
    compiled = nexlang.compile([FLOOR])
    assert [d.message for d in compiled.diagnostics] == []
    return bundle_of(compiled.program, compiled.data)


@cache
def setting(environment: str) -> Setting:
    return Setting.of(bundle(), environment)


def played(
    environment: str, policy: Policy | None = None, client: Client | None = None, seed: int = 0, **stage: float
) -> tuple[Outcome, World]:
    at = setting(environment)
    episode = Episode(at, at.tasks[0], seed, policy or model_policy(), **stage)  # type: ignore[arg-type]
    return drive(episode.play(), client or NoModel()), episode.scope.world


def made(outcome: Outcome) -> list[tuple[str, str, bool]]:
    return [(call.by, call.tool, call.failed) for call in outcome.calls]


class Scripted:
    """Answers each actor's asks from its own list, then has nothing to say. It keeps what each was asked."""

    def __init__(self, **replies: Sequence[Reply]) -> None:
        self.replies = {name: list(of) for name, of in replies.items()}
        self.asked: list[tuple[str, str]] = []

    def complete(self, asks: Sequence[Ask]) -> list[Reply | ModelFailure]:
        return [self._reply(ask) for ask in asks]

    def _reply(self, ask: Ask) -> Reply:
        prompt = str(ask.messages[0]["content"])
        name = "helper" if ask.agent == "Helper" else prompt.removeprefix("You are ").rstrip(".")
        self.asked.append((name, str(ask.messages[-1]["content"])))
        return self.replies[name].pop(0) if self.replies[name] else Reply("")


def call(tool: str, **arguments: object) -> Reply:
    return Reply("", (ToolCall(tool, arguments),))


# ---------------------------------------------------------------- at once


def test_in_order_the_second_sees_what_the_first_did() -> None:
    outcome, world = played("InOrder")
    assert made(outcome) == [("ada", "grab", False)]
    assert world.log == ["ada"]


def test_at_once_all_decide_on_the_same_world() -> None:
    outcome, world = played("Together")
    assert made(outcome) == [("ada", "grab", False), ("bob", "grab", True)]
    assert (outcome.calls[1].code, world.log) == ("Gone", ["ada"])


def test_at_once_a_program_makes_one_call_a_round_and_rounds_are_played_to_their_end() -> None:
    outcome, world = played("Steps")
    assert world.log == ["work ada", "work bob"] * 3
    assert (outcome.rounds, outcome.result) == (3, "solved")


def test_at_once_a_model_decides_once_a_round_and_sees_it_anew() -> None:
    client = Scripted(ada=[call("work"), call("work")], bob=[call("work"), Reply("I rest.")])
    outcome, _ = played("Paid", client=client)
    assert client.asked[:4] == [
        ("ada", "It is 0.0 hot."), ("bob", "It is 0.0 hot."), ("ada", "It is 2.0 hot."), ("bob", "It is 2.0 hot."),
    ]  # fmt: skip
    assert made(outcome)[:3] == [("ada", "work", False), ("bob", "work", False), ("ada", "work", False)]
    assert [(message.by, message.text) for message in outcome.messages] == [("bob", "I rest.")]


def test_at_once_a_delegate_decides_with_the_others() -> None:
    client = Scripted(
        ada=[call("Helper"), Reply("")], bob=[call("work"), call("work")], helper=[call("look"), Reply("Warm.")]
    )
    outcome, _ = played("Paid", client=client)
    assert made(outcome)[:2] == [("ada", "look", False), ("bob", "work", False)]
    looked = next(talk for talk in outcome.conversations if talk.agent == "Helper")
    assert '"heat": 0.0' in str(looked.messages[3]["content"])


def test_each_actor_has_its_own_solution_where_it_reads_actor() -> None:
    outcome, world = played("Paid", SOLUTION)
    assert world.log == ["work ada", "work bob"] * 3
    assert outcome.result == "solved"


def test_reference_policies_play_every_actor() -> None:
    assert played("Paid", NOOP)[0].calls == []
    assert {call.by for call in played("Paid", RANDOM)[0].calls} == {"ada", "bob"}


def test_the_same_seed_is_the_same_episode() -> None:
    for environment in ("Paid", "Shaky"):
        for policy in (SOLUTION, RANDOM):
            assert played(environment, policy, seed=7)[0].text() == played(environment, policy, seed=7)[0].text()


# ---------------------------------------------------------------- by priority


def test_a_reflex_is_asked_before_every_call_below_it() -> None:
    outcome, world = played("Plant")
    assert world.log == ["work bold", "work bold", "cool", "work bold"]
    assert outcome.answer is None or outcome.answer == ["done", "done", "preempted", "done"]
    preempted = [call for call in outcome.calls if call.code == "preempted"]
    assert [(call.by, call.tool, call.result) for call in preempted] == [("bold", "work", "Preempted by reflex")]


# ---------------------------------------------------------------- depth


def test_a_stage_bounds_how_deep_agents_delegate() -> None:
    script = [call("Helper"), Reply("")]
    free, _ = played("Shaky", client=Scripted(ada=script, helper=[Reply("Warm.")]), noise=0.0)
    assert [talk.agent for talk in free.conversations] == ["Worker", "Helper"]
    bound, _ = played("Shaky", client=Scripted(ada=script, helper=[]), noise=0.0, depth=0)
    (talk,) = bound.conversations
    assert [tool["function"]["name"] for tool in talk.tools] == ["work", "look"]
    assert "delegations deep" in str(talk.messages[3]["content"])

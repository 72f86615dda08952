"""Episodes: turns, calls, endings, outcomes, transcripts."""

from __future__ import annotations

import pytest

from nexlang.runtime.clients.scripted import Scripted
from nexlang.runtime.code import ModelFailure
from nexlang.runtime.drive import Client, NoModel, drive, drive_many
from nexlang.worlds.episodes import Episode
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import NOOP, RANDOM, SOLUTION, Policy, model_policy, stand_in_policy
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import TaskError
from tests.episodes.shop import setting

CANCEL = '<tool_call>{"name": "cancel", "arguments": {"order_id": "#W1"}}</tool_call>'
TOLD = "#W1 is cancelled."


def play(shop: Setting, policy: Policy, client: Client | None = None, task: int = 1, seed: int = 0) -> Outcome:
    return drive(Episode(shop, shop.tasks[task], seed, policy).play(), client or NoModel())


def test_the_solution_is_solved_with_the_full_reward() -> None:
    outcome = play(setting(), SOLUTION)
    assert (outcome.result, outcome.reward, outcome.success) == ("solved", pytest.approx(1.2), True)
    assert [m.text for m in outcome.messages] == ["Cancel #W1 please.", TOLD, "Goodbye."]


def test_doing_nothing_fails() -> None:
    outcome = play(setting(), NOOP)
    assert (outcome.result, outcome.reward, outcome.calls) == ("failed", 0.0, [])


def test_random_calls_are_the_same_for_the_same_seed() -> None:
    shop = setting()
    first, second, other = (play(shop, RANDOM, seed=seed).text() for seed in (3, 3, 4))
    assert first == second != other
    assert not any(call.code in ("bad_arguments", "unknown_tool") for call in play(shop, RANDOM, seed=3).calls)


def test_a_model_calls_and_speaks() -> None:
    client = Scripted([CANCEL, TOLD])
    outcome = play(setting(), model_policy(), client)
    assert outcome.result == "solved"
    [conversation] = outcome.conversations
    assert [m["role"] for m in conversation.messages] == ["system", "user", "assistant", "tool", "assistant"]
    assert conversation.messages[0]["content"] == "You are a clerk. Ticket T1."
    assert conversation.messages[3]["content"] == '{"order_id": "#W1", "status": "cancelled"}'
    assert [t["function"]["name"] for t in conversation.tools] == ["cancel", "look", "Helper"]


def test_a_stand_in_leaves_the_transcript_of_a_model() -> None:
    shop = setting()
    by_hand = play(shop, stand_in_policy(shop, "ClerkByHand")).conversations[0]
    by_model = play(shop, model_policy(), Scripted([CANCEL, TOLD])).conversations[0]
    assert by_hand.messages == by_model.messages
    assert by_hand.tools == by_model.tools
    assert (by_hand.agent, by_hand.player, by_model.player) == ("Clerk", "ClerkByHand", "Clerk")


def test_a_stand_in_must_play_the_learner() -> None:
    with pytest.raises(TaskError, match="HelperByHand plays Helper; Desk wants an agent that plays Clerk"):
        stand_in_policy(setting(), "HelperByHand")


def test_a_delegate_is_a_conversation_of_its_own() -> None:
    ask = '<tool_call>{"name": "Helper", "arguments": {"request": "#W1"}}</tool_call>'
    look = '<tool_call>{"name": "look", "arguments": {"order_id": "#W1"}}</tool_call>'
    outcome = play(setting(), model_policy(), Scripted([ask, look, '{"outcome": "pending"}', CANCEL, TOLD]))
    assert outcome.result == "solved"
    clerk, helper = outcome.conversations
    assert (helper.parent, helper.agent, helper.status) == (clerk.number, "Helper", "finished")
    assert helper.messages[0]["content"].endswith("answer with only this as JSON: {outcome: Text}")
    assert clerk.messages[3] == {
        "role": "tool", "tool_call_id": "call_0", "name": "Helper", "content": '{"outcome": "pending"}',
    }  # fmt: skip


def test_a_model_may_delegate_to_a_stand_in() -> None:
    ask = '<tool_call>{"name": "Helper", "arguments": {"request": "#W9"}}</tool_call>'
    policy = Policy("mixed", "model", {"Helper": "HelperByHand"})
    outcome = play(setting(), policy, Scripted([ask, TOLD]))
    assert outcome.conversations[1].player == "HelperByHand"
    assert outcome.conversations[1].messages[-1]["content"] == '{"outcome": "Order not found"}'
    assert outcome.calls[0].failed


def test_an_unknown_tool_and_bad_arguments_are_answered_and_count_as_failed() -> None:
    bad = '<tool_call>{"name": "cancle", "arguments": {}}</tool_call>'
    worse = '<tool_call>{"name": "cancel", "arguments": {"order": 1}}</tool_call>'
    outcome = play(setting(), model_policy(), Scripted([bad, worse, CANCEL, TOLD]))
    conversation = outcome.conversations[0]
    assert "There is no tool cancle. The tools are: cancel, look, Helper." in conversation.messages[3]["content"]
    assert [call.code for call in outcome.calls] == ["unknown_tool", "bad_arguments", ""]
    assert (conversation.counts.unknown, conversation.counts.failed, outcome.reward) == (1, 2, pytest.approx(1.16))


def test_unreadable_calls_are_repaired_within_bounds() -> None:
    broken = '<tool_call>{"name": "cancel", "arguments": {</tool_call>'
    outcome = play(setting(), model_policy(), Scripted([broken, CANCEL, TOLD]))
    assert outcome.result == "solved"
    assert outcome.conversations[0].messages[3]["content"].startswith("Error: the tool call is not JSON")
    lost = play(setting(), model_policy(), Scripted([broken] * 3))
    assert (lost.result, lost.conversations[0].status) == ("agent_error", "failed")


def test_a_result_that_does_not_fit_is_repaired_within_bounds() -> None:
    ask = '<tool_call>{"name": "Helper", "arguments": {"request": "#W1"}}</tool_call>'
    outcome = play(setting(), model_policy(), Scripted([ask, "hm", '{"outcome": 3}', '{"outcome": "ok"}', TOLD]))
    helper = outcome.conversations[1]
    assert helper.status == "finished"
    assert helper.counts.repairs == 2
    assert "expected Text" in helper.messages[5]["content"]
    given_up = play(setting(), model_policy(), Scripted([ask, "a", "b", "c", TOLD]))
    assert given_up.conversations[1].status == "failed"
    assert given_up.conversations[0].messages[3]["content"].startswith("Error: Helper was not understood")


def test_limits_end_an_episode_as_out_of_budget() -> None:
    steps = play(setting(steps=2), model_policy(), Scripted(lambda ask: CANCEL))
    assert (steps.result, steps.error) == ("budget", "Clerk has used its limit of 2 steps")
    calls = play(setting(calls=1), model_policy(), Scripted(lambda ask: CANCEL))
    assert (calls.result, len(calls.calls)) == ("budget", 1)
    assert calls.conversations[0].status == "limit"


def test_stop_holds_in_the_middle_of_a_turn() -> None:
    outcome = play(setting(), model_policy(), Scripted(lambda ask: CANCEL))
    assert (outcome.result, len(outcome.calls)) == ("failed", 21)
    assert outcome.conversations[0].messages[-1]["role"] == "tool"


def test_a_model_that_cannot_be_asked_is_nobodys_failure() -> None:
    outcome = play(setting(), model_policy(), Scripted(lambda ask: ModelFailure("no network")))
    assert (outcome.result, outcome.reward, outcome.error) == ("environment_error", None, "no network")


def test_a_memory_window_bounds_what_the_model_sees() -> None:
    client = Scripted([CANCEL] * 4 + [TOLD])
    outcome = play(setting(memory=2), model_policy(), client)
    assert [len(ask.messages) for ask in client.asks] == [2, 4, 6, 6, 6]
    assert outcome.conversations[0].asked[3:] == [[0, 1, 4, 5, 6, 7], [0, 1, 6, 7, 8, 9]]


def test_many_episodes_are_answered_in_batches_and_come_in_order() -> None:
    shop = setting()
    sizes: list[int] = []

    class Batched(Scripted):
        def complete(self, asks):  # type: ignore[no-untyped-def]
            sizes.append(len(asks))
            return super().complete(asks)

    flows = (Episode(shop, task, 0, model_policy()).play() for task in shop.tasks)
    outcomes = list(drive_many(flows, Batched(lambda ask: TOLD), width=2))
    assert [outcome.task for outcome in outcomes] == ["T0", "T1", "T2"]
    assert max(sizes) == 2

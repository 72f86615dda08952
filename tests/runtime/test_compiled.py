"""Agents as the compiler makes them: fixed arguments, records as results, rules in a model's place, turns."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import nexlang
from nexlang.bundle import bundle_of
from nexlang.runtime import chat
from nexlang.runtime.clients.scripted import Scripted
from nexlang.runtime.drive import NoModel, drive
from nexlang.runtime.messages import Reply
from nexlang.runtime.run import Ask
from nexlang.worlds.episodes import Episode
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import Policy, model_policy, needs_model, stand_in_policy
from nexlang.worlds.setting import Setting
from nexlang.worlds.verify import verify

HAND = '<tool_call>{"name": "Hand", "arguments": {"why": "Cold."}}</tool_call>'
HEAT = '<tool_call>{"name": "heat", "arguments": {"on": true}}</tool_call>'
REPORT = '{"room": "hall", "celsius": 21.5}'


@cache
def setting() -> Setting:
    compiled = nexlang.compile([Path(__file__).parent / "house.nex"])
    assert compiled.diagnostics == []
    return Setting.of(bundle_of(compiled.program, compiled.data))


def play(policy: Policy, script: list[str]) -> Outcome:
    return drive(Episode(setting(), setting().tasks[0], 0, policy).play(), Scripted(script))


def test_every_wish_can_be_met_and_two_rooms_are_easily_guessed() -> None:
    proof = verify(setting())
    assert (proof.solved, proof.caught) == (2, (9, 11))
    assert [task.problems for task in proof.tasks] == [["acting at random reaches success"]] * 2


def test_fixed_arguments_are_neither_shown_nor_taken() -> None:
    taken = '<tool_call>{"name": "heat", "arguments": {"on": true, "room": "attic"}}</tool_call>'
    outcome = play(model_policy(), [HAND, taken, HEAT, REPORT, "Warm now."])
    butler, hand = outcome.conversations
    shown = {tool["function"]["name"]: list(tool["function"]["parameters"]["properties"]) for tool in hand.tools}
    assert shown == {"heat": ["on"], "read": []}
    assert list(butler.tools[1]["function"]["parameters"]["properties"]) == ["why"]
    assert hand.messages[3]["content"] == "Error: heat has no parameter room"
    assert outcome.calls[-1].arguments == {"on": True, "room": "hall"}
    assert outcome.result == "solved"


def test_a_delegates_record_reaches_its_parent_as_json() -> None:
    outcome = play(model_policy(), [HAND, HEAT, REPORT, "Warm now."])
    butler, hand = outcome.conversations
    assert hand.messages[0]["content"] == (
        "You look after hall. Cold.\n\nWhen you are done, answer with only this as JSON: {room: Text, celsius: Float}"
    )
    assert next(m for m in butler.messages if m["role"] == "tool")["content"] == REPORT


def test_the_turn_is_rendered_anew() -> None:
    outcome = play(model_policy(), [HAND, HEAT, REPORT, "Warm now."])
    heard = [m["content"] for m in outcome.conversations[0].messages if m["role"] == "user"]
    assert heard == ["I am in hall.", "It is 17.0 degrees."]
    assert outcome.conversations[0].messages[0]["content"] == "Be quick. The guest of hall."


def test_rules_in_a_models_place_go_on_until_they_speak() -> None:
    outcome = play(stand_in_policy(setting(), "ButlerByRule"), [])
    butler, hand = outcome.conversations
    assert [m["role"] for m in butler.messages] == ["system", "user", "user", "assistant", "tool", "assistant"]
    assert butler.messages[-1]["content"] == "It is 21.5 degrees now."
    assert butler.messages[3]["tool_calls"][0]["function"]["arguments"] == '{"why": "The guest is cold."}'
    assert hand.messages[2]["tool_calls"][0]["function"]["arguments"] == '{"on": true}'
    assert hand.messages[-1]["content"] == '{"room": "hall", "celsius": 21.5}'
    assert (outcome.result, outcome.reward) == ("solved", pytest.approx(1.1))


def test_tokens_of_a_delegate_count_for_its_parent() -> None:
    def answer(ask: Ask) -> Reply:
        return replace(chat.parse(HAND if ask.agent == "Butler" else HEAT), completion_tokens=30)

    outcome = drive(Episode(setting(), setting().tasks[0], 0, model_policy()).play(), Scripted(answer))
    assert outcome.error == "Butler has used its limit of tokens"
    assert outcome.conversations[0].status == "limit"


def test_an_agent_without_a_model_needs_no_client() -> None:
    outcome = drive(
        Episode(setting(), setting().tasks[1], 0, stand_in_policy(setting(), "ButlerByRule")).play(), NoModel()
    )
    assert outcome.success


def test_what_a_body_calls_is_below_its_agent() -> None:
    library = setting().library
    assert library.reach("Butler") == (["read", "heat"], ["Hand"])
    assert library.reach("Solve") == (["heat"], [])
    assert library.reach("ButlerByRule") == (["heat", "read"], ["Hand"])
    assert not needs_model(setting(), stand_in_policy(setting(), "ButlerByRule").cast)
    assert needs_model(setting(), {"Butler": "ButlerByRule"})

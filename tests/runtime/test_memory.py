"""Memory: what a model is asked with, what a policy may make of a conversation, and agents that sum up."""

from __future__ import annotations

import random
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

import nexlang
from nexlang.bundle import bundle_of
from nexlang.runtime.clients.scripted import Scripted
from nexlang.runtime.code import AgentFailure
from nexlang.runtime.drive import drive
from nexlang.runtime.memory import Memory, _ended, written_out
from nexlang.runtime.messages import Message, Reply, ToolCall, system
from nexlang.runtime.run import Ask, Stage
from nexlang.runtime.transcript import Conversation
from nexlang.semantics.budgets import Budgets
from nexlang.worlds.engine import Timeline
from nexlang.worlds.engine.values import Message as Said
from nexlang.worlds.engine.values import with_text
from nexlang.worlds.episodes import Episode
from nexlang.worlds.policies import model_policy
from nexlang.worlds.setting import Setting
from nexlang.worlds.solo import Solo

SAID = Reply("Done.")


@cache
def setting(environment: str = "Library") -> Setting:
    compiled = nexlang.compile([Path(__file__).parent / "memory.nex"])
    assert compiled.diagnostics == []
    return Setting.of(bundle_of(compiled.program, compiled.data), environment)


def solo(agent: str) -> Solo:
    library = setting().library
    return Solo(library, library.agents[agent], Timeline(setting().base.fork()))


def pages(*numbers: int, text: str = "") -> Reply:
    return Reply(text, tuple(ToolCall("page", {"number": number}) for number in numbers))


def asked(agent: str, arguments: dict[str, Any], script: list[Reply]) -> tuple[Stage, list[list[Message]]]:
    """The run of an agent by itself, and what its model was asked with each time."""
    made, client = solo(agent), Scripted(script)
    made.run(arguments, client)
    return made.stage, [ask.messages for ask in client.asks]


def odd(how: str, *replies: Reply) -> list[Message]:
    """What the last ask of an agent holds behind its prompt, whose policy does `how`."""
    return asked("Odd", {"how": how}, [*replies, SAID])[1][-1][1:]


def brief(messages: list[Message]) -> list[tuple[str, str, int]]:
    """Who, the first words, and how many calls."""
    return [(one["role"], one["content"], len(one.get("tool_calls", ()))) for one in messages]


def test_a_model_reads_what_its_policies_leave_in_their_order() -> None:
    outcome = asked("Reader", {"book": "one", "most": 4}, [pages(1), pages(2, 3), SAID])[1]
    assert brief(outcome[1])[2:] == [("assistant", "", 1), ("tool", "page… (10 more characters)", 0)]
    assert brief(outcome[2])[2:] == [
        ("assistant", "", 1),
        ("tool", "page… (10 more characters)", 0),
        ("user", "(Left out: calls of page 2 times, with 38 characters of arguments and 28 of results.)", 0),
    ]
    assert outcome[2][2]["tool_calls"][0]["function"]["arguments"] == '{"number": 3}'
    assert outcome[2][3]["tool_call_id"] == outcome[2][2]["tool_calls"][0]["id"]


def test_what_was_asked_is_recorded() -> None:
    stage, seen = asked("Reader", {"book": "one", "most": 4}, [pages(1), pages(2, 3), SAID])
    talk = stage.transcript[0]
    assert [written_out(one, talk.messages) for one in talk.asked] == seen
    assert talk.to_json()["asked"][0] == [0, 1]


def test_what_a_policy_leaves_alone_is_asked_as_it_was_said() -> None:
    stage, seen = asked("Odd", {"how": ""}, [pages(1, text="Hm."), pages(2, 3), Reply("", (), ("no call",)), SAID])
    messages = stage.transcript[0].messages
    assert all(one == messages[: len(one)] for one in seen)


def test_a_call_goes_with_its_result_and_a_result_with_its_call() -> None:
    for how in ("calls", "results"):
        assert brief(odd(how, pages(1, text="First."), pages(2))) == [("user", "Begin.", 0), ("assistant", "First.", 0)]
    left = odd("second", pages(1, 2))
    assert [call["function"]["arguments"] for call in left[1]["tool_calls"]] == ['{"number": 2}']
    assert [one["content"] for one in left[2:]] == ["page 2 of many"]


def test_a_note_does_not_part_a_reply_from_its_results() -> None:
    assert brief(odd("between", pages(1, 2))) == [
        ("user", "Begin.", 0), ("assistant", "", 2), ("tool", "page 1 of many", 0), ("tool", "page 2 of many", 0),
        ("user", "Hurry.", 0), ("user", "Hurry.", 0),
    ]  # fmt: skip


def test_words_may_be_changed_and_calls_stay_with_them() -> None:
    assert brief(odd("words", pages(1, text="First.")))[1] == ("assistant", "hm", 1)


def test_a_model_is_never_asked_with_nothing() -> None:
    assert brief(odd("none", pages(1))) == [("user", "Begin.", 0)]


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ("swap", "gives a message twice, or in another order"),
        ("twice", "gives a message twice, or in another order"),
        ("forge", 'adds a message by "tool"; a new one is by "user"'),
        ("edit", "changes a call; a call stays as it is or goes with its result"),
        ("fail", "failed: no memory"),
    ],
)
def test_what_a_policy_may_not_do_ends_its_agent(how: str, problem: str) -> None:
    with pytest.raises(AgentFailure) as failure:
        odd(how, pages(1), pages(2))
    assert failure.value.message == f"The memory policy odd of Odd {problem}"
    assert failure.value.code == "memory"


# ---------------------------------------------------------------- summaries

LONG = {"book": "two"}


def test_what_is_old_is_summed_up_once_there_is_too_much() -> None:
    script = [pages(1), pages(2, 3), Reply("Pages 1 to 3."), pages(4), Reply("Pages 1 to 4."), SAID]
    stage, seen = asked("Long", LONG, script)
    assert brief(seen[2])[0][1].startswith('Sum up: user Begin.. assistant . call page({"number": 1}). tool page 1')
    assert brief(seen[3])[1] == ("user", "Summary of what came before:\nPages 1 to 3.", 0)
    assert [one[0] for one in brief(seen[3])] == ["system", "user", "assistant", "tool", "tool"]
    assert "Summary of what came before:\nPages 1 to 3." in brief(seen[4])[0][1]
    assert brief(seen[5])[1][1] == "Summary of what came before:\nPages 1 to 4."
    assert [(one.agent, one.parent) for one in stage.transcript] == [("Long", None), ("Shortener", 0), ("Shortener", 0)]


def test_an_agent_that_asks_no_model_may_sum_up() -> None:
    _, seen = asked("Counted", LONG, [pages(1), pages(2), SAID])
    assert brief(seen[2])[1] == ("user", "Summary of what came before:\n4 messages", 0)


def test_an_agent_that_cannot_sum_up_ends_the_one_that_it_does_it_for() -> None:
    with pytest.raises(AgentFailure, match="Shortener, which sums up for Long: Shortener was not understood"):
        asked("Long", LONG, [pages(1), pages(2, 3), *(Reply("") for _ in range(3))])


def test_a_stages_depth_does_not_take_the_memory_away() -> None:
    def answer(ask: Ask) -> Reply:
        return Reply("So far.") if ask.agent == "Shortener" else pages(1) if len(client.asks) < 5 else SAID

    client = Scripted(answer)
    archive = setting("Archive")
    outcome = drive(Episode(archive, archive.tasks[1], 0, model_policy(), depth=0).play(), client)
    assert outcome.result == "solved"
    assert [ask.agent for ask in client.asks].count("Shortener") == 1


def test_the_run_stays_in_its_budget() -> None:
    core = setting().library.program.model_dump()
    most = Budgets.of_program(core).of("Long")
    assert (most.asks, most.depth) == (5 + 5 * 50, 2)
    client = Scripted(lambda ask: Reply("So far.") if ask.agent == "Shortener" else pages(1, 2))
    with pytest.raises(AgentFailure, match="limit of"):
        solo("Long").run(LONG, client)
    assert len(client.asks) <= most.asks


# ---------------------------------------------------------------- whatever a policy leaves


def test_whatever_is_left_is_a_conversation() -> None:
    """Each call is answered once, right behind its reply, and nothing else is."""
    for seed in range(200):
        dice = random.Random(seed)
        talk = Conversation(0, "Reader", "", "Reader", None, [system("Read.")], [])
        for step in range(dice.randrange(6)):
            if dice.random() < 0.5:
                talk.hear("Go on.")
            calls = tuple(ToolCall("page", {"number": n}, f"call_{step}_{n}") for n in range(dice.randrange(4)))
            talk.say("Hm." if dice.random() < 0.5 else "", calls)
            for call in calls:
                talk.result(call, f"page {dice.randrange(9)}")
        memory = Memory(setting().library, setting().library.agents["Odd"], {"how": ""})
        memory.steps = [memory._guarded("some", partial(_some, dice))]
        left = written_out(_ended(memory.view(talk.messages)), talk.messages)
        assert left[0] == talk.messages[0]
        waiting: list[str] = []
        for message in left[1:]:
            if message["role"] == "tool":
                assert message["tool_call_id"] == waiting.pop(0)
                continue
            assert not waiting
            waiting = [call["id"] for call in message.get("tool_calls", ())]
        assert not waiting
        assert any(message["role"] == "user" for message in left)


def _some(dice: random.Random, _: Any, messages: list[Any]) -> list[Any]:
    made: list[Any] = []
    for message in messages:
        if dice.random() < 0.7:
            made.append(message if message.by == "call" or dice.random() < 0.7 else with_text(message, "changed"))
        if dice.random() < 0.2:
            made.append(Said("user", "A note."))
    return made

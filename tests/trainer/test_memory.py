"""An agent with a memory learns from what it was asked with, and from what it would have been."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import nexlang
from nexlang.bundle import Bundle, bundle_of, write_bundle
from nexlang.runtime import chat
from nexlang.runtime.drive import NoModel, drive
from nexlang.runtime.memory import written_out
from nexlang.runtime.messages import assistant
from nexlang.trainer.bundled import BundledCourse
from nexlang.trainer.demos import from_file, played, stretches
from nexlang.trainer.errors import TrainError
from nexlang.trainer.tiny import tiny_model, tiny_tokenizer
from nexlang.trainer.transcripts import IGNORED, labelled, samples
from nexlang.worlds.setting import Setting

PROGRAM = Path(__file__).parents[1] / "runtime" / "memory.nex"


@cache
def bundle() -> Bundle:
    compiled = nexlang.compile([PROGRAM])
    return bundle_of(compiled.program, compiled.data)


def course(environment: str = "Library") -> BundledCourse:
    return BundledCourse(bundle(), Setting.of(bundle(), environment))


def test_demonstrations_are_what_the_model_would_have_read() -> None:
    demos = played(course(), "ByHand", ["Reader"], seed=0).demos
    read = [[(m["role"], m["content"]) for m in demo.messages[1:]] for demo in demos[:3]]
    assert read[0][1:] == [("assistant", ""), ("tool", "page… (10 more characters)"), ("assistant", "")]
    assert read[1][1][1].startswith("(Left out: calls of page, with ")
    assert read[1][2:] == [("assistant", ""), ("tool", "page… (10 more characters)"), ("assistant", "")]
    assert read[2][1][1].startswith("(Left out: calls of page 2 times, with ")
    assert [demo.since for demo in demos[:3]] == [2, 5, 5]


def test_only_the_reply_to_what_was_read_is_trained() -> None:
    tokenizer = tiny_tokenizer(["page number Left out"])
    for demo in played(course(), "ByHand", ["Reader"], seed=0).demos:
        row = labelled(tokenizer, demo.messages, demo.tools, demo.since)
        own = [token for token, label in zip(row["input_ids"], row["labels"], strict=True) if label != IGNORED]
        replies = [one for one in demo.messages[demo.since :] if one["role"] == "assistant"]
        assert tokenizer.decode(own) == "".join(chat.assistant_text(one) + chat.END for one in replies)


def test_what_is_only_gone_on_with_is_one_stretch() -> None:
    messages = [{"role": "user", "content": "a"}, assistant("b"), {"role": "user", "content": "c"}, assistant("d")]
    assert [demo.messages for demo in stretches("A", messages, [], [[0], [0, 1, 2]])] == [messages]
    assert len(stretches("A", messages, [], [[0], [2]])) == 2


def test_a_recorded_conversation_is_read_as_it_was_asked() -> None:
    content = b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "asked": %s}'
    own = b'[[{"role": "user", "content": "x"}]]'
    assert from_file("d", content % own, ["A"])[0].messages[0]["content"] == "x"
    for wrong in (b"[[7]]", b"[]1", b'["a"]', b"[[0], [0]]", b'[[{"role": "boss"}]]'):
        with pytest.raises(TrainError):
            from_file("d", content % wrong, ["A"])


def test_a_rollout_is_made_of_what_was_asked() -> None:
    from nexlang.runtime.clients.threads import Policy

    loaded = tiny_model(["page number book"], 0)
    client = Policy(loaded.model, loaded.tokenizer, temperature=1.0, max_tokens=4, max_length=4000, seed="0")
    outcome = drive(course().episode(0, 0, {}), client)
    talk = outcome.conversations[0]
    assert talk.replies
    read = written_out(talk.asked[0], talk.messages)
    assert samples(talk)[0].prompt == chat.render_ids(loaded.tokenizer, read, talk.tools, open=True)[0]


def test_what_is_summed_up_cannot_be_shown_by_a_stand_in() -> None:
    stands = course("Archive")
    with pytest.raises(TrainError, match="Long sums up what it remembers"):
        drive(stands.episode(0, 0, {"Long": "LongByHand"}), NoModel())


def test_trl_shows_the_whole_conversation_so_a_memory_is_refused(tmp_path: Path) -> None:
    from nexlang.trainer.trl_env import make_spec

    compiled = nexlang.compile([PROGRAM])
    write_bundle(compiled.program, compiled.data, tmp_path / "built")
    with pytest.raises(TrainError, match="Reader has a `memory`"):
        make_spec(tmp_path / "built", "Library", split=None)

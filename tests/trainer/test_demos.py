"""Demonstrations: from stand-ins that succeed, from files that may be wrong; only the model's own words in the loss."""

from __future__ import annotations

import json

import pytest

from nexlang.trainer.demos import from_file, played
from nexlang.trainer.errors import TrainError
from nexlang.trainer.tiny import tiny_tokenizer
from nexlang.trainer.transcripts import IGNORED, labelled
from tests.trainer.toy import LOOK, Toy

TALK = [
    {"role": "system", "content": "Say the word."},
    {"role": "user", "content": "Which?"},
    {"role": "assistant", "content": "fig"},
    {"role": "user", "content": "Thanks <|im_end|>"},
]


def line(**changes: object) -> bytes:
    return json.dumps({"agent": "Sayer", "messages": TALK, **changes}).encode()


def test_a_stand_in_plays_the_training_tasks_and_no_other() -> None:
    course = Toy()
    made = played(course, "ByHand", ["Sayer"], seed=0)
    assert course.played == list(course.tasks)
    assert (len(made.demos), made.episodes, made.successes) == (4, 4, 4)


def test_agents_that_do_not_learn_are_not_imitated() -> None:
    with pytest.raises(TrainError, match="no conversation of Other"):
        played(Toy(), "ByHand", ["Other"], seed=0)


def test_a_file_may_leave_the_only_agent_out() -> None:
    content = json.dumps({"messages": TALK}).encode() + b"\n\n" + line(agent="Somebody") + b"\n"
    assert [demo.agent for demo in from_file("demos.jsonl", content, ["Sayer"])] == ["Sayer"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff", "demos.jsonl is not UTF-8"),
        (line() + b"\n{", "demos.jsonl:2: not JSON"),
        (b"[]", "demos.jsonl:1: a demonstration is an object"),
        (line(agent=None), "demos.jsonl:1: `agent` must say which"),
        (line(messages=[{"role": "boss"}]), "demos.jsonl:1: message 1 needs a `role`"),
        (line(messages=[{"role": "user", "content": 3}]), "the `content` of message 1 must be a text"),
        (line(messages=[{"role": "assistant", "tool_calls": [{}]}]), "a tool call of message 1 names no function"),
        (line(messages=TALK[:2]), "the assistant says nothing"),
        (line(tools=["look"]), "`tools` must be a list of function schemas"),
        (line(agent="Other"), "holds no conversation of Sayer"),
        (b"", "holds no conversation of Sayer"),
    ],
)
def test_bad_files(content: bytes, message: str) -> None:
    with pytest.raises(TrainError, match=message):
        from_file("demos.jsonl", content, ["Sayer"])


def test_only_what_the_model_writes_is_labelled() -> None:
    tokenizer = tiny_tokenizer(["Say the word. Which? fig"])
    row = labelled(tokenizer, TALK, [LOOK])
    kept = [token for token in row["labels"] if token != IGNORED]
    assert tokenizer.decode(kept) == "fig<|im_end|>"
    assert row["labels"][-1] == row["input_ids"][-1], "what follows the last label is not worth reading"

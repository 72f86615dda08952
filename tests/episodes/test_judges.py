"""Judges: asked once when an episode has ended, recorded, and played by hand where no model is asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

import nexlang
from nexlang.bundle import Bundle, bundle_of
from nexlang.runtime.code import ModelFailure
from nexlang.runtime.drive import Client, NoModel, drive
from nexlang.runtime.messages import Reply, ToolCall
from nexlang.runtime.run import Ask
from nexlang.trainer.bundled import BundledCourse
from nexlang.trainer.errors import TrainError
from nexlang.worlds.episodes import Episode
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import NOOP, SOLUTION, Policy, model_policy
from nexlang.worlds.setting import Setting
from tests.running import run

JUDGED = Path(__file__).parent / "judged.nex"


@cache
def bundle() -> Bundle:
    compiled = nexlang.compile([JUDGED])
    assert compiled.diagnostics == []
    return bundle_of(compiled.program, compiled.data)


def played(policy: Policy, client: Client | None = None) -> Outcome:
    at = Setting.of(bundle())
    return drive(Episode(at, at.tasks[0], 0, policy).play(), client or NoModel())


class Talking:
    """Answers in order, and keeps who was asked."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked: list[str] = []

    def complete(self, asks: Sequence[Ask]) -> list[Reply | ModelFailure]:
        self.asked += [ask.agent for ask in asks]
        return [self.replies.pop(0) for _ in asks]


def test_without_a_model_a_judge_is_played_by_hand() -> None:
    assert played(SOLUTION).measures == {"brief": 1, "good": 1.0, "fine": True}
    assert played(NOOP).measures == {"brief": 0, "good": 0.0, "fine": False}


def test_a_judge_is_asked_at_the_end_and_what_it_says_is_recorded() -> None:
    verdict = Reply(json.dumps({"score": 0.75, "why": "polite"}))
    send, look = (Reply("", (ToolCall(*call),)) for call in (("send", {"text": "Thanks"}), ("read_sent", {})))
    client = Talking(send, Reply("Done."), look, verdict)
    outcome = played(model_policy(), client)
    assert client.asked == ["Writer", "Writer", "Reader", "Reader"]
    assert (outcome.measures["good"], outcome.success) == (0.75, True)
    assert [call.tool for call in outcome.calls] == ["send"]
    assert [talk.agent for talk in outcome.conversations] == ["Writer"]
    (said,) = outcome.judgements
    assert "in 1 calls" in str(said.messages[0]["content"])
    assert said.to_json() in outcome.to_json()["judgements"]


def test_a_judge_who_finds_nothing_is_the_environments_mistake() -> None:
    client = Talking(Reply("Done."), *[Reply("no JSON")] * 9)
    outcome = played(model_policy(), client)
    assert (outcome.result, outcome.reward) == ("environment_error", None)
    assert outcome.error.startswith("the judge Reader: ")


def test_the_model_that_learns_does_not_judge_itself() -> None:
    client = Talking(Reply("Done."))
    course = BundledCourse(bundle(), Setting.of(bundle()))
    assert drive(course.episode(0, 0, {}), client).success is False
    assert client.asked == ["Writer"]


def test_a_judge_that_only_a_model_plays_trains_nobody(tmp_path: Path) -> None:
    path = tmp_path / "judged.nex"
    path.write_text(JUDGED.read_text().replace("  plays: Reader\n", ""))
    compiled = nexlang.compile([path])
    alone = bundle_of(compiled.program, compiled.data)
    with pytest.raises(TrainError, match="the judge Reader needs a stand-in"):
        BundledCourse(alone, Setting.of(alone))


def test_its_calls_are_in_the_budget() -> None:
    assert "judge: Reader" in run("explain", JUDGED, "--budget")


GOOD = "good: clamp(Reader(wish: task.wish, calls: count(calls)).score, 0, 1)"
WRONG = [
    ("fine: good >= 0.5 weight 0", "fine: all(Reader(wish: w, calls: 1).score > 0 for w in world.sent)", "NEX0558"),
    ("stop when count(calls) > 5", "stop when good > 0.5", "NEX0557"),
    ("stop when count(calls) > 5", 'stop when Reader(wish: "", calls: 1).score > 0', "NEX0558"),
    ("tools: [read_sent]\n  prompt", "tools: [read_sent, send]\n  prompt", "NEX0558"),
    (GOOD, f"{GOOD} again: clamp(Reader(wish: task.wish, calls: round(good)).score, 0, 1)", "NEX0558"),
    (GOOD, GOOD.replace("count(calls)", "round(brief)"), None),
]


@pytest.mark.parametrize(("old", "new", "code"), WRONG)
def test_judges_only_look_and_only_at_the_end(tmp_path: Path, old: str, new: str, code: str | None) -> None:
    text = JUDGED.read_text()
    assert old in text
    path = tmp_path / "judged.nex"
    path.write_text(text.replace(old, new))
    found = [d.code for d in nexlang.compile([path]).diagnostics]
    assert found == ([code] if code else [])

"""What scores are made of: groups of tasks, ends of episodes, differences between two policies; as tables and bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from nexlang.evaluate import Result, compare, evaluate_player, player
from nexlang.evaluate.breakdown import conduct_table, differing, duration, ends_table, fabrications, groups_table
from nexlang.evaluate.charts import differences, ends, rewards
from nexlang.evaluate.report import Report
from nexlang.evaluate.results import Row, table
from tests.episodes.shop import setting
from tests.evaluate.test_evaluate import Page

ROW = Row("A", 0, "solved", 1.0, True, {"done": 1.0}, 1, 2, 0, 0, 0, 0, 0)


def rows(*of: tuple[str, float | None], **figures: Any) -> list[Row]:
    """An episode for each task and reward; it is solved where the reward is 1, broken where there is none."""
    ends = {None: "environment_error", 1.0: "solved"}
    return [
        replace(ROW, task=task, result=ends.get(reward, "failed"), reward=reward, success=reward == 1.0, **figures)
        for task, reward in of
    ]  # fmt: skip


def result(label: str, of: Sequence[Row], **more: Any) -> Result:
    return Result("Desk", label, label, "", 0, list(of), **more)


def test_groups_are_by_split_stage_and_band() -> None:
    shop = setting()
    found = evaluate_player(shop, player(shop, "solution"), bands={"T2": "far", "T0": "near"})
    assert {name: len(part.rows) for name, part in found.groups("split").items()} == {"test": 1, "train": 2}
    assert {name: len(part.rows) for name, part in found.groups("stage").items()} == {"easy": 2, "hard": 3}
    assert list(found.groups("band")) == ["far", "near"]
    assert [line[0] for line in groups_table([found])[1:]] == [
        "split test", "split train", "stage easy", "stage hard", "band far", "band near",
    ]  # fmt: skip
    assert found.to_json()["groups"]["split"]["train"]["success"]["count"] == 2


def test_groups_have_their_own_pass_hat_k() -> None:
    often = [*rows(("A", 1.0), ("A", 0.0), split="a"), *rows(("B", 1.0), ("B", 1.0), split="b")]
    assert [line[-1] for line in groups_table([result("p", often)])] == ["pass^2", "0%", "100%"]


def test_one_group_of_all_parts_nothing() -> None:
    shop = setting()
    found = evaluate_player(shop, player(shop, "noop"), split="test", stage="hard")
    assert found.groups("split") == {}
    assert found.groups("band") == {}


@pytest.mark.parametrize("end", ["environment_error", "user_error"])
def test_what_others_break_is_shown_and_not_scored(end: str) -> None:
    broken = replace(ROW, task="B", result=end, reward=None, success=False, calls=50)
    found = result("p", [ROW, broken])
    assert (found.success.value, found.success.count, found.per_episode("calls"), found.broken) == (1.0, 1, 2, 1)
    assert ends_table([found]) == [["policy", "solved", end.replace("_", " ")], ["p", "1", "1"]]
    assert compare(result("q", [replace(broken, task="A")]), found) is None


def test_a_group_in_which_nothing_is_scored_has_no_rate() -> None:
    found = result("p", [*rows(("A", None), split="a"), *rows(("B", 1.0), split="b")])
    assert groups_table([found])[1][2:] == ["-", "-", "-", "-", "1"]
    assert "–" in Report("t", scores=[found], detailed=True).html()


def test_wins_ties_and_losses() -> None:
    a = result("old", rows(("A", 0.0), ("B", 1.0), ("C", 0.5), ("D", 0.2), ("D", 1.0), ("E", 1.0)))
    b = result("new", rows(("A", 1.0), ("B", 0.0), ("C", 0.6), ("D", 1.0), ("D", 1.0), ("F", 1.0)))
    found = compare(a, b)
    assert found is not None
    assert (found.by_success.wins, found.by_success.ties, found.by_success.losses) == (2, 1, 1)
    assert (found.by_reward.wins, found.by_reward.ties, found.by_reward.losses) == (3, 0, 1)
    assert [line[0] for line in differing(found)[1:]] == ["A", "B", "D"]
    assert differing(found, 2)[-1][0] == "and 1 more"
    drawn = differences(found)
    assert drawn is not None
    assert [bar.kind for bar in drawn.bars] == ["won", "won", "won", "lost"]
    assert all(bar.height > 0 and 0 <= bar.y <= drawn.size[1] for bar in drawn.bars)
    same = compare(a, a)
    assert same is not None and differences(same) is None


def test_bars_fill_the_whole() -> None:
    found = result("p", rows(("A", 1.0), ("B", 0.0), ("C", None), ("D", 0.0)))
    assert [(bar.kind, bar.x, bar.width) for bar in ends(found)] == [
        ("solved", 0, 25), ("failed", 25, 50), ("environment_error", 75, 25),
    ]  # fmt: skip


def test_rewards_share_their_axes() -> None:
    one, two = rewards([result("p", rows(("A", 1.0), ("B", 1.0))), result("q", rows(("A", -2.0)))])
    assert one.x_ticks == two.x_ticks and one.y_ticks == two.y_ticks
    assert sum(bar.said.endswith(": 2") for bar in one.bars) == 1
    assert rewards([result("p", rows(("A", None)))]) == []


def test_means_that_nobody_measured_are_dashes() -> None:
    assert conduct_table([result("p", [ROW])])[1] == ["p", "-", "-", "-", "-", "0.0", "0.0", "-", "-", "-"]
    known = replace(ROW, solution=1, ids=4, ungrounded=1, elapsed=2500.0, seconds=0.25, prompt_tokens=70)
    line = conduct_table([result("p", [known])])[1]
    assert (line[1], line[3], line[7:]) == ("50%", "25%", ["70", "2.5 s", "250 ms"])


def test_what_is_made_up_most_often() -> None:
    many = [replace(ROW, fabricated=tuple(f"look.id: {n}" for n in range(most))) for most in (7, 1)]
    lines = fabrications(result("p", many))
    assert (lines[0], lines[1], lines[-1]) == ("look.id: 0 (2 episodes)", "look.id: 1 (1 episode)", "and 2 more")


@pytest.mark.parametrize(("seconds", "said"), [(0, "-"), (2e-5, "20 µs"), (0.0125, "12.5 ms"), (90.0, "90 s")])
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_pass_hat_k_is_without_bias() -> None:
    """Of 2 successes in 4 runs, one of the six pairs succeeds both times."""
    found = result("p", rows(("A", 1.0), ("A", 1.0), ("A", 0.0), ("A", 0.0)))
    assert (found.pass_hat(1), found.pass_hat(2), found.pass_hat(3)) == (0.5, pytest.approx(1 / 6), 0.0)
    assert table([found])[0][-1] == "pass^4"


def test_a_detailed_report_is_one_page_that_loads_nothing() -> None:
    shop = setting()
    scores = [evaluate_player(shop, player(shop, name), samples=2) for name in ("solution", "noop")]
    scores[1].rows[0] = replace(scores[1].rows[0], fabricated=("look.id: <b>",), ids=1, ungrounded=1)
    comparison = compare(scores[1], scores[0])
    assert comparison is not None
    whole = Report("Desk", scores=scores, comparisons=[comparison], detailed=True)
    page = Page()
    page.feed(whole.html())
    assert (page.loads, page.open) == ([], [])
    assert "look.id: &lt;b&gt;" in whole.html()
    text = whole.markdown()
    for title in ("Reward by component", "How episodes ended", "How they were played", "Made up", "split, stage"):
        assert title in text

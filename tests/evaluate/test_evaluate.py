"""Scores, their intervals, comparisons, and the report."""

from __future__ import annotations

import json
import math
import re
from html.parser import HTMLParser
from statistics import stdev

import pytest

from nexlang.evaluate import Player, Result, compare, evaluate_player, player
from nexlang.evaluate.plots import Curve, plot, ticks
from nexlang.evaluate.report import Report, task_rows
from nexlang.evaluate.results import markdown_table, table
from nexlang.evaluate.statistics import mean, mean_by_task, paired, pass_hat, share, share_by_task
from nexlang.evaluate.tree import draw, tree_of
from nexlang.runtime.clients.scripted import Scripted
from nexlang.runtime.run import Ask
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import model_policy
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import TaskError
from nexlang.worlds.verify import verify
from tests.episodes.shop import setting


def test_wilsons_interval() -> None:
    half = share(5, 10)
    assert (half.value, round(half.low, 4), round(half.high, 4)) == (0.5, 0.2366, 0.7634)
    assert share(0, 10).low == 0.0
    assert share(0, 10).high == pytest.approx(0.2775, abs=1e-4)
    assert (share(0, 0).low, share(0, 0).high) == (0.0, 1.0)


def test_runs_of_one_task_are_worth_less_than_as_many_tasks() -> None:
    alike = {str(task): [task < 5] * 4 for task in range(10)}
    apart = {str(task): [True, False] for task in range(20)}
    by_task = share_by_task(alike)
    assert (by_task.value, by_task.count) == (0.5, 40)
    assert (by_task.low, by_task.high) == (share(5, 10).low, share(5, 10).high)
    assert share_by_task(apart).low == share(20, 40).low
    assert share_by_task({"a": [True] * 5, "b": [True] * 5}).low == share(2, 2).low
    assert share_by_task({"a": [True, False, True]}) == share(2, 3)
    assert share_by_task({str(task): [task < 3] for task in range(9)}) == share(3, 9)


def test_a_mean_over_runs_is_as_wide_as_tasks_differ() -> None:
    values = [0.0, 1.0, 0.5, 0.25]
    once = mean_by_task({str(task): [value] for task, value in enumerate(values)})
    often = mean_by_task({str(task): [value] * 9 for task, value in enumerate(values)})
    assert once == mean(values)
    assert (often.low, often.high, often.count) == (pytest.approx(once.low), pytest.approx(once.high), 36)
    assert once.high - once.value == pytest.approx(1.959964 * stdev(values) / 2)
    assert mean_by_task({"a": values}) == once


def test_pass_hat_k() -> None:
    runs = {"a": [True, True, False], "b": [True, True, True]}
    assert pass_hat(runs, 1) == pytest.approx(5 / 6)
    assert pass_hat(runs, 2) == pytest.approx((1 / 3 + 1) / 2)
    assert pass_hat(runs, 4) is None


def test_a_paired_comparison_is_seeded_and_over_common_tasks() -> None:
    a, b = {"x": 0.0, "y": 0.0, "z": 1.0}, {"x": 1.0, "y": 0.0, "w": 1.0}
    first = paired(a, b, 3)
    assert first == paired(a, b, 3)
    assert first is not None
    assert (first.value, first.count, first.low, first.high) == (0.5, 2, 0.0, 1.0)
    assert paired(a, {"q": 1.0}, 0) is None


def test_a_mean_of_one_has_no_width() -> None:
    assert (mean([2.0]).low, mean([2.0]).high, mean([]).count) == (2.0, 2.0, 0)


def talker(shop: Setting) -> Player:
    def answer(ask: Ask) -> str:
        order = next(m["content"] for m in ask.messages if m["role"] == "user").split()[1]
        if ask.messages[-1]["role"] == "user" and order != "#W2":
            return f'<tool_call>{{"name": "cancel", "arguments": {{"order_id": "{order}"}}}}</tool_call>'
        return f"<b>{order}</b> is cancelled."

    return Player(model_policy("small"), Scripted(answer), "small model")


def scores(shop: Setting) -> list[Result]:
    return [evaluate_player(shop, player(shop, name), seed=1) for name in ("solution", "ClerkByHand", "noop")]


def test_policies_are_scored() -> None:
    shop = setting()
    solution, by_hand, nothing = scores(shop)
    assert (solution.success.value, by_hand.success.value, nothing.success.value) == (1.0, 1.0, 0.0)
    assert solution.components["solved"] == 1.0
    assert solution.per_episode("calls") == 1.0
    small = evaluate_player(shop, talker(shop), samples=2)
    assert (small.success.value, len(small.rows), small.samples) == (pytest.approx(2 / 3), 6, 2)
    assert small.pass_hat(2) == pytest.approx(2 / 3)
    difference = compare(nothing, small)
    assert difference is not None
    assert difference.success.value == pytest.approx(2 / 3)
    json.dumps(small.to_json())
    assert markdown_table(table([small])).splitlines()[2].startswith("| small model | 67% |")


def test_a_split_and_a_number_of_tasks() -> None:
    shop = setting()
    assert [row.task for row in evaluate_player(shop, player(shop, "noop"), split="test").rows] == ["T0"]
    assert len(evaluate_player(shop, player(shop, "noop"), n=7).rows) == 7
    with pytest.raises(TaskError, match="no task in the split dev; it has test, train"):
        evaluate_player(shop, player(shop, "noop"), split="dev")


def test_a_policy_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(TaskError, match="NEX0808: there is no policy soluton"):
        player(setting(), "soluton")
    with pytest.raises(TaskError, match="Clerk asks a model"):
        player(setting(), "Clerk")


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (3.0, 3.0), (0.0, 0.0), (-1e-6, 2e-6), (0.3, 0.31), (1e6, 5e7)])
def test_ticks_span_the_range(low: float, high: float) -> None:
    marks = ticks(low, high, 5)
    assert marks[0] <= low
    assert marks[-1] >= high - 1e-12
    assert 2 <= len(marks) <= 12


def test_a_curve_without_numbers_is_not_drawn() -> None:
    assert plot(Curve("t", "x", "y", [(0, math.nan)])) is None
    drawn = plot(Curve("t", "x", "y", [(0, 1.0), (1, math.inf), (2, 3.0)], smooth=2))
    assert drawn is not None
    assert len(drawn.dots) == 2


def test_the_tree_has_delegates_and_tools() -> None:
    root = tree_of(setting().library.program, "Desk")
    clerk = root.children[1]
    assert [child.name for child in clerk.children] == ["Helper", "cancel", "look"]
    assert clerk.note == "as clerk · by hand: ClerkByHand"
    drawing = draw(root)
    assert len({(box.x, box.y) for box in drawing.boxes}) == len(drawing.boxes) == 7
    assert [kind for kind, _ in drawing.kinds] == ["model", "rules", "tool"]


class Page(HTMLParser):
    """Collects what a page would load, and checks that its tags close."""

    VOID = ("meta", "br", "img", "link")

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def full_report(shop: Setting) -> Report:
    seen: list[Outcome] = []
    small = evaluate_player(shop, talker(shop), seen=seen.append)
    nothing = scores(shop)[2]
    compared = compare(nothing, small)
    return Report(
        title="Desk <1>", environment="Desk", model="a script", tree=tree_of(shop.library.program, "Desk"),
        scores=[*scores(shop), small], before=nothing, after=small, comparisons=[compared] if compared else [],
        curves=[Curve("Imitation", "step", "loss", [(0, 2.0), (1, 1.0)])], tasks=task_rows(shop, verify(shop)),
        verification=verify(shop), transcript=seen[1], facts={"seed": "0"},
    )  # fmt: skip


def test_the_report_is_one_page_that_loads_nothing() -> None:
    text = full_report(setting()).html()
    page = Page()
    page.feed(text)
    assert page.loads == []
    assert page.open == []
    assert "url(" not in text and "@import" not in text and "<script" not in text
    assert not re.search(r"https?://", text)
    assert "Desk &lt;1&gt;" in text
    assert "&lt;b&gt;#W1&lt;/b&gt; is cancelled." in text


def test_the_report_leaves_out_what_it_has_not() -> None:
    text = Report(title="Empty").html()
    assert "<section>" not in text


def test_the_report_as_markdown_and_json() -> None:
    report = full_report(setting())
    assert "| do nothing | 0% |" in report.markdown()
    assert json.loads(report.json())["scores"][0]["label"] == "recorded solution"

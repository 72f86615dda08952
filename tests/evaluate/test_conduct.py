"""How a policy goes about its episodes: made-up ids, needless calls, calls beside the solution's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nexlang.evaluate import Player, Result, evaluate_player, player
from nexlang.evaluate.conduct import repeats, solutions
from nexlang.evaluate.grounding import Ids, shape, stands_in
from nexlang.runtime.clients.scripted import Scripted
from nexlang.runtime.messages import ToolCall
from nexlang.runtime.run import Ask
from nexlang.runtime.transcript import Conversation
from nexlang.worlds.engine import Call
from nexlang.worlds.policies import model_policy
from nexlang.worlds.setting import Setting
from tests.episodes.shop import setting


def scripted(*replies: str) -> Player:
    """A clerk that gives these replies, one after another, in each conversation."""

    def answer(ask: Ask) -> str:
        done = sum(message["role"] == "assistant" for message in ask.messages)
        order = next(m["content"] for m in ask.messages if m["role"] == "user").split()[1]
        return replies[min(done, len(replies) - 1)].replace("ORDER", order)

    return Player(model_policy("small"), Scripted(answer), "small model")


def call(name: str, order: str) -> str:
    return f'<tool_call>{{"name": "{name}", "arguments": {{"order_id": "{order}"}}}}</tool_call>'


def of(player: Player) -> Result:
    return evaluate_player(setting(), player, seed=1)


def test_the_straight_way_is_as_long_as_the_solution() -> None:
    result = of(scripted(call("cancel", "ORDER"), "ORDER is cancelled."))
    assert result.efficiency is not None
    assert (result.success.value, result.efficiency.value, result.efficiency.count) == (1.0, 1.0, 3)
    assert (result.per_episode("repeated"), result.per_episode("ungrounded"), result.fabricated) == (0, 0, {})
    assert result.ungrounded is not None
    assert result.ungrounded.count == 3


def test_needless_calls_cost_efficiency() -> None:
    look = call("look", "ORDER")
    result = of(scripted(look, look, call("cancel", "ORDER"), "ORDER is cancelled."))
    assert result.efficiency is not None
    assert (result.efficiency.value, result.per_episode("repeated")) == (pytest.approx(1 / 3), 1)


def test_made_up_ids_and_tools_are_named() -> None:
    result = of(scripted(call("cancel", "#W99"), call("vanish", "ORDER"), call("cancel", "ORDER"), "ORDER it is."))
    assert result.fabricated == {"cancel.order_id: #W99": 3}
    assert (result.per_episode("unknown"), result.per_episode("failed"), result.success.value) == (1, 2, 1.0)
    assert result.ungrounded is not None
    assert (result.ungrounded.value, result.ungrounded.count) == (pytest.approx(1 / 3), 9)


def test_a_policy_that_reads_nothing_makes_nothing_up() -> None:
    shop = setting()
    for name in ("solution", "noop", "random"):
        assert evaluate_player(shop, player(shop, name)).ungrounded is None


def talk(*calls: tuple[str, str], heard: str = "") -> Conversation:
    """A conversation whose tool `look` echoes."""
    held = Conversation(0, "Clerk", "clerk", "Clerk", None, [], [])
    held.hear(heard)
    for name, argument in calls:
        made = ToolCall(name, {"order_id": argument}, held.next_call_id())
        held.say("I take #W77", (made,))
        held.result(made, f"see also {argument}0")
    return held


def read(shop: Setting, held: Conversation) -> list[tuple[str, bool]]:
    return [(one.value, one.grounded) for one in Ids.of(shop).read(held)]


def test_what_grounds_an_id() -> None:
    shop = setting()
    assert read(shop, talk(("look", "#W1"), heard="About W1.")) == [("#W1", True)]
    assert read(shop, talk(("look", "#w1"), heard="About #W1.")) == [("#w1", True)]
    assert read(shop, talk(("look", "#W1"), heard="About #W12.")) == [("#W1", False)]
    assert read(shop, talk(("look", "#W1"), ("look", "#W10"), heard="#W1")) == [("#W1", True), ("#W10", True)]
    assert read(shop, talk(("look", "#W77"), ("look", "#W77"))) == [("#W77", False), ("#W77", False)]


def test_ids_stand_in_requests_too() -> None:
    shop = setting()
    assert read(shop, talk(("Helper", "Look up (#W5), 12 times."), heard="Hello")) == [("#W5", False)]
    assert read(shop, talk(("Helper", "Look it up."))) == []


def test_values_of_a_closed_list_need_no_observation() -> None:
    held = talk(("look", "#W1"))
    schema = {"properties": {"order_id": {"enum": ["#W1"]}}}
    held.tools = [{"type": "function", "function": {"name": "look", "description": "", "parameters": schema}}]
    assert read(setting(), held) == []


@pytest.mark.parametrize(
    ("text", "kind"), [("#W2378156", "#a9"), ("mia_li_3668", "a_a_9"), ("0512", "9999"), ("B2", "a9")]
)
def test_shapes(text: str, kind: str) -> None:
    assert shape(text) == kind


def test_a_text_stands_in_another_by_itself() -> None:
    assert stands_in("A1", ["ride a1."])
    assert not stands_in("A1", ["ride a11", "xa1"])


def test_a_call_is_repeated_only_where_nothing_changed() -> None:
    look, cancel = Call("look", {"id": "1"}, "clerk"), Call("cancel", {"id": "1"}, "clerk")
    other = replace(look, by="guest")
    assert repeats([look, look], ["cancel"], ["clerk"]) == 1
    assert repeats([look, cancel, look], ["cancel"], ["clerk"]) == 0
    assert repeats([cancel, cancel], ["cancel"], ["clerk"]) == 0
    refused = replace(cancel, failed=True)
    assert repeats([cancel, refused, refused], ["cancel"], ["clerk"]) == 1
    assert repeats([look, other, other], ["cancel"], ["clerk"]) == 0
    assert repeats([look, replace(look, result="news")], [], ["clerk"]) == 0


def test_the_solutions_calls_are_counted_once_a_task() -> None:
    shop = setting()
    assert solutions(shop, [*shop.tasks, *shop.tasks], 0) == {"T0": 1, "T1": 1, "T2": 1}


def test_a_task_that_comes_again_has_another_seed() -> None:
    shop = setting()
    rows = evaluate_player(shop, player(shop, "noop"), n=7, seed=5).rows
    assert len({(row.task, row.seed) for row in rows}) == 7

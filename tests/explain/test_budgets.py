"""Budgets: what is derived from limits, and that no run goes beyond it."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nexlang
from nexlang.bundle import Bundle, bundle_of
from nexlang.runtime.clients.scripted import Scripted
from nexlang.runtime.code import AgentFailure
from nexlang.runtime.messages import Reply, ToolCall
from nexlang.runtime.run import Ask
from nexlang.semantics.budgets import Budgets
from nexlang.semantics.costs import Cost
from nexlang.worlds.solo import Solo

HEAD = """use std.models { endpoint }
model small = endpoint("small-model", max_tokens: 20)
world Counter { count: Int = 0 }
tool step() -> Text in Counter {
  count += 1
  return "Stepped."
}
"""


def agent(name: str, limits: str, delegates: list[str], tools: str = "[step]") -> str:
    held = f"  delegates: [{', '.join(delegates)}]\n" if delegates else ""
    held += f"  tools: {tools}\n" if tools else ""
    return (
        f"## {name}.\nagent {name}(q: Text) -> Text {{\n  model: small\n{held}  limits: {{ {limits} }}\n"
        f'  prompt: "Do {{{{ q }}}}"\n}}\n'
    )


def program(text: str, folder: Path) -> Bundle:
    path = folder / "main.nex"
    path.write_text(HEAD + text, encoding="utf-8")
    compiled = nexlang.compile(path)
    assert [d.message for d in compiled.diagnostics if d.severity == "error"] == []
    return bundle_of(compiled.program, compiled.data)


def budget(bundle: Bundle, name: str) -> Cost:
    return Budgets.of_program(bundle.program.model_dump()).of(name)


class Greedy:
    """A model that uses whatever it is given: calls in every message, the longest replies."""

    def __init__(self, seed: int | None = None) -> None:
        self.dice = random.Random(seed)
        self.always = seed is None
        self.tokens = 0

    def answer(self, ask: Ask) -> Reply:
        names = [tool["function"]["name"] for tool in ask.tools]
        length = 20 if ask.left.tokens is None else min(20, ask.left.tokens)
        self.tokens += length
        if not names or (not self.always and self.dice.random() < 0.05):
            return Reply("Done.", completion_tokens=length)
        count = 4 if self.always else self.dice.randint(1, 6)
        chosen = [names[0] if self.always else self.dice.choice(names) for _ in range(count)]
        calls = tuple(ToolCall(name, {} if name == "step" else {"q": "x"}) for name in chosen)
        return Reply("", calls, completion_tokens=length)


def used(bundle: Bundle, name: str, model: Greedy) -> Cost:
    """What one run uses, however it ends."""
    client, solo = Scripted(model.answer), Solo.of(bundle, name)
    with suppress(AgentFailure):
        solo.run({"q": "x"}, client)
    depths = {None: 0}
    for each in solo.stage.transcript:
        depths[each.number] = depths[each.parent] + 1
    return Cost(len(client.asks), len(solo.calls), model.tokens, max(depths.values()))


def within(run: Cost, most: Cost) -> bool:
    return run.asks <= most.asks and run.calls <= most.calls and run.tokens <= most.tokens and run.depth <= most.depth


def test_a_tree_by_hand(tmp_path: Path) -> None:
    text = agent("Lead", "steps: 2, calls: 3", ["Helper"], "") + agent("Helper", "steps: 2, calls: 5", [])
    bundle = program(text, tmp_path)
    helper, lead = budget(bundle, "Helper"), budget(bundle, "Lead")
    assert (helper.asks, helper.calls, helper.tokens, helper.depth) == (2, 5, 40, 1)
    assert (lead.asks, lead.calls, lead.tokens, lead.depth) == (2 + 3 * 2, 3 * 5, 8 * 20, 2)


def test_the_worst_case_is_reached_and_not_passed(tmp_path: Path) -> None:
    text = agent("Lead", "steps: 2, calls: 3", ["Helper"], "") + agent("Helper", "steps: 2, calls: 5", [])
    bundle = program(text, tmp_path)
    run, most = used(bundle, "Lead", Greedy()), budget(bundle, "Lead")
    assert within(run, most)
    assert run.depth == most.depth == 2
    assert run.calls == most.calls == 15
    assert run.asks >= most.asks - 1  # the call too many ends the lead before its second message


def test_calls_have_a_bound_where_no_limit_names_one(tmp_path: Path) -> None:
    bundle = program(agent("Alone", "steps: 3", []), tmp_path)
    most = budget(bundle, "Alone")
    assert (most.asks, most.calls) == (3, 24)
    flood = Scripted(lambda ask: Reply("", tuple(ToolCall("step", {}) for _ in range(40))))
    solo = Solo.of(bundle, "Alone")
    with pytest.raises(AgentFailure, match="limit of 24 calls"):
        solo.run({"q": "x"}, flood)
    assert len(solo.calls) == 24


def test_tokens_are_shared_down_the_tree(tmp_path: Path) -> None:
    text = agent("Lead", "steps: 9, tokens: 70", ["Helper"], "") + agent("Helper", "steps: 9, tokens: 60", [])
    bundle = program(text, tmp_path)
    assert budget(bundle, "Lead").tokens == 70
    assert used(bundle, "Lead", Greedy()).tokens == 70


LIMITS = st.fixed_dictionaries(
    {"steps": st.integers(1, 4)}, optional={"calls": st.integers(1, 5), "tokens": st.integers(10, 200)}
)


@st.composite
def trees(draw: st.DrawFn) -> str:
    """Up to four agents, each with tools, delegates among those that come later, or both."""
    count = draw(st.integers(1, 4))
    text = ""
    for i in range(count):
        limits = ", ".join(f"{name}: {value}" for name, value in draw(LIMITS).items())
        later = [f"A{j}" for j in range(i + 1, count)]
        delegates = draw(st.lists(st.sampled_from(later), unique=True, max_size=2)) if later else []
        text += agent(f"A{i}", limits, delegates, "[step]" if draw(st.booleans()) or not delegates else "")
    return text


@settings(max_examples=8, deadline=None)
@given(trees(), st.integers(0, 1000))
def test_no_run_goes_beyond_its_budget(tmp_path_factory: pytest.TempPathFactory, text: str, seed: int) -> None:
    bundle = program(text, tmp_path_factory.mktemp("tree"))
    most = budget(bundle, "A0")
    assert within(used(bundle, "A0", Greedy(seed)), most)


FLOWS = [
    ("for i in range(3) { step() }\n  return q", 0, 3),
    ("if q == \"a\" {\n    step()\n    step()\n  } else { step() }\n  return q", 0, 2),
    ("if q == \"a\" { return Asked(q) }\n  step()\n  return q", 2, 4),
    ("let said = [Asked(x) for x in take([q, q, q], 2)]\n  return join(said, \" \")", 4, 8),
    ("match Asked(q) {\n    is Failure as f { step()  return f.message }\n    else { return q }\n  }", 2, 5),
    ("for x in [1, 2] { for y in range(2) { step() } }\n  return Asked(q)", 2, 8),
]  # fmt: skip


@pytest.mark.parametrize(("body", "asks", "calls"), FLOWS)
def test_flows(body: str, asks: int, calls: int, tmp_path: Path) -> None:
    text = agent("Asked", "steps: 2, calls: 4", []) + f"## Flows.\nagent Flow(q: Text) -> Text {{\n  {body}\n}}\n"
    bundle = program(text, tmp_path)
    most = budget(bundle, "Flow")
    assert (most.asks, most.calls) == (asks, calls)
    assert within(used(bundle, "Flow", Greedy()), most)


def test_a_limit_of_calls_bounds_a_flow(tmp_path: Path) -> None:
    flow = """## Flows.
agent Flow(q: Text, many: [Text]) -> Text {
  limits: { calls: 3 }
  for each in many { Asked(each) }
  return q
}
"""
    bundle = program(agent("Asked", "steps: 2, calls: 4", []) + flow, tmp_path)
    most = budget(bundle, "Flow")
    assert (most.asks, most.calls, most.children) == (6, 12, {"Asked": 3})


@pytest.mark.parametrize(
    ("params", "source"),
    [
        ("many: [Text] where count(it) <= 3", "many"),
        ("many: Few", "many"),
        ("many: [Text]", "take(many, most)"),
        ("many: [Text]", "reverse(take(many, 3))"),
        ("many: [Text]", "range(-1, 2)"),
        ("many: [Text]", "words"),
    ],
)
def test_what_bounds_a_loop(params: str, source: str, tmp_path: Path) -> None:
    text = agent("Asked", "steps: 1, calls: 1", [])
    text += 'type Few = [Text] where len(it) < 4\nlet most = 3\nlet words = ["a", "b", "c"]\n'
    loop = f"for each in {source} {{ Asked(q) }}"
    text += f"## Flows.\nagent Flow(q: Text, {params}) -> Text {{\n  {loop}\n  return q\n}}\n"
    assert budget(program(text, tmp_path), "Flow").asks == 3


def test_waiting_takes_time_and_a_limit_bounds_it(tmp_path: Path) -> None:
    flow = "## Waits.\nagent Waits(q: Text) -> Text {{\n{}  for i in range(5) {{ wait(1s) }}\n  return q\n}}\n"
    assert budget(program(flow.format(""), tmp_path), "Waits").time == 5_000
    bounded = program(flow.format("  limits: { time: 3s }\n"), tmp_path)
    assert budget(bounded, "Waits").time == 3_000
    solo = Solo.of(bounded, "Waits")
    with pytest.raises(AgentFailure):
        solo.run({"q": "x"}, Scripted([]))
    assert solo.timeline.clock.elapsed <= 3_000


def test_a_circle_of_agents_has_as_many_runs_as_its_depth(tmp_path: Path) -> None:
    text = agent("Splits", "steps: 1, calls: 1, depth: 3", ["Splits"])
    bundle = program(text, tmp_path)
    most = budget(bundle, "Splits")
    assert (most.asks, most.depth) == (3, 3)
    assert within(used(bundle, "Splits", Greedy()), most)


def test_the_dominating_path_goes_where_the_replies_are(tmp_path: Path) -> None:
    text = agent("Lead", "steps: 2, calls: 2", ["Cheap", "Dear"], "")
    text += agent("Cheap", "steps: 1, calls: 1", []) + agent("Dear", "steps: 9, calls: 1", [])
    path = Budgets.of_program(program(text, tmp_path).program.model_dump()).path("Lead")
    assert [(step.name, step.times) for step in path] == [("Lead", 1), ("Dear", 2)]


def test_latency_counts_in_an_environment(tmp_path: Path) -> None:
    text = (
        agent("Works", "steps: 2, calls: 6", [])
        + """record Task { id: Text }
fn tasks() -> [Task] { return [Task(id: "1")] }
environment Slow {
  world: Counter
  tasks: tasks()
  actors { works: Works(q: task.id) }
  dynamics { latency step: 50ms }
  reward { done: world.count > 2 }
  success: done
}
"""
    )
    core = program(text, tmp_path).program.model_dump()
    (environment,) = core["environments"]
    assert Budgets.of_program(core).of_environment(environment)["works"].time == 6 * 50
    assert Budgets.of_program(core).of("Works").time == 0

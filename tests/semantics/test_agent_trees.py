"""Derivation, externs, grants, delegation and `by` blocks: what is right, what is marked, and what the fixes make."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexlang.bundle import bundle_of
from nexlang.ir.model import Program
from tests.semantics.programs import checked, codes, marked

HEAD = """use std.models { endpoint }

model small = endpoint("small-model")

world Shop { orders: Int = 0, name: Text = "", seen: [Text] = [] }

extern tool search(query: Text) -> [Text] from mcp "docs" needs network
extern tool ping(host: Text) -> Text from mcp "net" needs network, devices with { repeatable: true }

tool order() -> Int in Shop { orders += 1  return orders }
tool rename(to: Text) -> Text in Shop { name = to  return name }
tool look_up(query: Text) -> Int in Shop {
  let found = search(query)
  seen = found
  return count(found)
}

"""
LOW = """agent Low(x: Text) -> Text { model: small  tools: [order, look_up]  prompt: "{{ x }}" }
"""


def repaired(text: str, folder: Path) -> str:
    """The text with the first fix of each diagnostic, last first."""
    fixes = [d.fixes[0] for d in checked(text, folder).diagnostics if d.fixes]
    for edit in sorted((e for fix in fixes for e in fix.edits), key=lambda e: -e.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


# ---- derivation


def test_a_derived_agent_is_its_base_but_for_what_it_says(tmp_path: Path) -> None:
    text = (
        HEAD + LOW + "agent Lower = Low with { tools: [rename], limits: { steps: 2 } }\nagent Lowest = Lower with {}\n"
    )
    program = checked(text, tmp_path).program
    low, lower, lowest = program.agents
    assert [held.name for held in low.tools] == ["order", "look_up"]
    assert [held.name for held in lower.tools] == [held.name for held in lowest.tools] == ["rename"]
    assert (lower.limits.steps, lowest.limits.steps) == (2, 2)
    assert lower.prompt == low.prompt and lower.params == low.params


def test_a_derived_agent_may_stand_before_its_base_and_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "shop.nex").write_text("package shop\n" + HEAD + LOW, encoding="utf-8")
    text = "package main\nuse shop { Low }\nagent Last = Mid with { limits: { steps: 1 } }\nagent Mid = Low with {}\n"
    program = checked(text, tmp_path).program
    assert {agent.name: agent.limits.steps for agent in program.agents} == {"Last": 1, "Mid": None, "Low": None}


@pytest.mark.parametrize(
    ("derived", "code", "mark"),
    [
        ("agent Lower = Lowe with {}", "NEX0218", "Lowe"),
        ("agent Lower = Low with { tolls: [] }", "NEX0501", "tolls:"),
        ("agent Lower = Lower with {}", "NEX0570", "Lower"),
        (
            "agent Flow(x: Text) -> Text { return x }\nagent Lower = Flow with { memory: [window(turns: 3)] }",
            "NEX0509",
            "memory:",
        ),
    ],
)
def test_mistakes_of_derivation(derived: str, code: str, mark: str, tmp_path: Path) -> None:
    assert [(c, m.rstrip(":")) for c, m in marked(HEAD + LOW + derived, tmp_path)] == [(code, mark.rstrip(":"))]


# ---- externs


@pytest.mark.parametrize(
    ("line", "code", "mark"),
    [
        ('extern tool a(x: Text) -> Text from mpc "docs" needs network', "NEX0573", "mpc"),
        ('extern tool a(x: Text) -> Text from python "a.b" needs network', "NEX0574", '"a.b"'),
        ('extern tool a(x: Text) -> Text from http "docs" needs network', "NEX0574", '"docs"'),
        ('extern tool a(x: Text) -> Text from mcp "docs" needs net', "NEX0575", "net"),
        ('extern tool a(x: Text) -> Text from mcp "docs"', "NEX0576", "a"),
        ('extern tool a(x: Text) -> Text from python "a:b" needs python with { time: 3s }', "NEX0501", "time"),
        ('extern tool a() -> Text from sandbox "python" needs process with { time: 3s }', "NEX0503", "a"),
        (
            'extern tool a() -> Text from sandbox "python" needs process with { command: "x", memory: "5" }',
            "NEX0504",
            '"5"',
        ),
        ('extern tool a() -> Text from sandbox "py" needs process with { command: "x" }', "NEX0574", '"py"'),
        (
            'extern tool a(files: [Text]) -> Text from sandbox "python" needs process with { command: "x" }',
            "NEX0890",
            "[Text]",
        ),
        (
            'extern tool a(input: Text, n: Int) -> Text from sandbox "system" needs process with { command: "x" }',
            "NEX0890",
            "n",
        ),
        ('extern tool a(x: Shop) -> Text from mcp "docs" needs network', "NEX0417", "Shop"),
    ],
)
def test_mistakes_in_an_extern(line: str, code: str, mark: str, tmp_path: Path) -> None:
    found = marked(HEAD + line, tmp_path)
    assert [(c, m.rstrip(":")) for c, m in found] == [(code, mark)]


def test_nothing_is_asked_after_a_write_unless_asking_again_does_no_harm(tmp_path: Path) -> None:
    late = "tool both(q: Text) -> Int in Shop { orders += 1  let n = {0}  return orders }\n"
    assert marked(HEAD + late.replace("{0}", "count(search(q))"), tmp_path) == [("NEX0577", "search")]
    assert marked(HEAD + late.replace("{0}", "look_up(q)"), tmp_path)[0] == ("NEX0577", "look_up")
    assert "NEX0577" not in codes(HEAD + late.replace("{0}", "ping(q)"), tmp_path)
    fixed = repaired(HEAD + late.replace("{0}", "count(search(q))"), tmp_path)
    assert "needs network with { repeatable: true }\n" in fixed and "NEX0577" not in codes(fixed, tmp_path)


def test_a_write_in_one_branch_is_none_in_the_other_and_one_in_a_loop_comes_round(tmp_path: Path) -> None:
    apart = 'tool a(q: Text) -> Int in Shop { if q == "" { orders += 1 } else { seen = search(q) }  return orders }\n'
    assert codes(HEAD + apart, tmp_path) == []
    round_ = "tool a(qs: [Text]) -> Int in Shop { for q in qs { seen = search(q) }  return orders }\n"
    assert codes(HEAD + round_, tmp_path) == ["NEX0577"]


@pytest.mark.parametrize(
    "asking",
    [
        "fn a(q: Text) -> Int { return count(search(q)) }",
        'let found = search("x")',
        "fn a(q: Text) -> Int in Shop { return count(search(q)) }\n"
        'record T { id: Text }\nfn ts() -> [T] { return [T(id: "a")] }\n'
        "agent Flow(x: Text) -> Text { let n = order()  return x }\n"
        "environment E { world: Shop  tasks: ts()  actors { a: Flow(x: task.id) }\n"
        "  reward { found: a(task.id) > 0  more: world.orders > 0 }  success: found and more }",
    ],
)
def test_what_only_reads_asks_no_extern(asking: str, tmp_path: Path) -> None:
    assert codes(HEAD + asking, tmp_path) == ["NEX0578"]


def test_an_extern_is_a_tool_with_its_source_and_its_needs(tmp_path: Path) -> None:
    made = checked(HEAD, tmp_path)
    functions = {function.name: function for function in made.program.functions}
    ping = functions["ping"]
    assert ping.kind == "tool" and ping.extern is not None
    assert ping.extern.model_dump() == {
        "source": "mcp", "address": "net", "needs": ["devices", "network"], "options": {"repeatable": True},
    }  # fmt: skip
    assert functions["look_up"].effects.extern == ["search"]
    assert Program.model_validate_json(made.program.model_dump_json()) == made.program
    assert bundle_of(made.program, made.data).manifest.capabilities == ["devices", "network"]


# ---- grants


def tree(mid: str, top: str) -> str:
    return (
        HEAD
        + LOW
        + (
            f'agent Mid(x: Text) -> Text {{ model: small  delegates: [Low]  {mid}  prompt: "{{{{ x }}}}" }}\n'
            f"agent Top(x: Text) -> Text {{\n  {top}\n  return Mid(x)\n}}\n"
        )
    )


def test_capabilities_are_granted_by_every_agent_above(tmp_path: Path) -> None:
    assert marked(tree("", ""), tmp_path) == [("NEX0579", "Low"), ("NEX0579", "Mid")]
    assert marked(tree("grants: [network, Shop]", ""), tmp_path) == [("NEX0579", "Mid")]
    assert codes(tree("grants: [network, Shop]", "grants: [network, Shop]"), tmp_path) == []


def test_writes_are_held_to_the_grants_that_are_stated(tmp_path: Path) -> None:
    found = checked(tree("grants: [network, Shop.orders]", "grants: [network]"), tmp_path).diagnostics
    assert [d.message for d in found] == [
        "`Mid` does not grant `Shop.seen`, which `Low` needs",
        "`Top` does not grant `Shop.orders` and `Shop.seen`, which `Mid` needs",
    ]


def test_the_fixes_grant_what_is_needed(tmp_path: Path) -> None:
    text = repaired(tree("grants: [Shop.orders]", ""), tmp_path)
    assert text.count("grants: [") == 2
    assert codes(text, tmp_path) == []


@pytest.mark.parametrize(
    ("grants", "code", "mark"),
    [
        ("[network, Shop, process]", "NEX0581", "process"),
        ("[network, Shop, nettwork]", "NEX0575", "nettwork"),
        ("[network, Shop.ordres]", "NEX0580", "ordres"),
        ("[network, Shpo]", "NEX0216", "Shpo"),
    ],
)
def test_mistakes_in_grants(grants: str, code: str, mark: str, tmp_path: Path) -> None:
    assert (code, mark) in marked(tree(f"grants: {grants}", "grants: [network, Shop]"), tmp_path)


# ---- delegation


CYCLE = """agent One(x: Text) -> Text {{ model: small  delegates: [Two]  {0}  prompt: "{{{{ x }}}}" }}
agent Two(x: Text) -> Text {{ model: small  delegates: [One]  limits: {{ steps: 3 }}  prompt: "{{{{ x }}}}" }}
"""


def test_a_cycle_needs_a_depth(tmp_path: Path) -> None:
    assert codes(HEAD + CYCLE.format(""), tmp_path) == ["NEX0505"]
    assert codes(HEAD + CYCLE.format("limits: { depth: 2 }"), tmp_path) == []
    fixed = repaired(HEAD + CYCLE.format(""), tmp_path)
    assert "limits: { steps: 3, depth: 3 }" in fixed and codes(fixed, tmp_path) == []


def test_flow_agents_do_not_recurse_whatever_their_depth(tmp_path: Path) -> None:
    flows = (
        "agent One(x: Text) -> Text { limits: { depth: 2 }  return Two(x) }\n"
        "agent Two(x: Text) -> Text { return One(x) }\n"
    )
    assert codes(HEAD + flows, tmp_path) == ["NEX0582"]


@pytest.mark.parametrize(
    ("source", "bounded"),
    [
        ("range(3)", True), ("range(tries)", True), ("take(xs, tries)", True), ("few", True), ("three", True),
        ("names", True), ("xs", False), ("range(count(xs))", False), ("reverse(take(xs, 2))", True),
    ],
)  # fmt: skip
def test_a_loop_that_asks_has_a_bound(source: str, bounded: bool, tmp_path: Path) -> None:
    text = HEAD + (
        'let tries = 3\nlet names = ["a", "b"]\ntype Few = [Text] where count(it) <= 5\n'
        "agent Sub(x: Text) -> Text { return x }\n"
        "agent Main(xs: [Text], few: Few, three: [Text] where 1 <= count(it) and count(it) < 4) -> Text {\n"
        f'  var last = "{{{{ count(few) }}}} {{{{ count(three) }}}} {{{{ count(xs) }}}}"\n'
        f'  for x in {source} {{ last = Sub("{{{{ x }}}}") }}\n  return last\n}}\n'
    )
    assert ("NEX0412" in codes(text, tmp_path)) is not bounded


def test_every_loop_around_has_a_bound(tmp_path: Path) -> None:
    text = HEAD + (
        "agent Sub(x: Text) -> Text { return x }\n"
        'agent Main(xs: [Text]) -> Text {\n  var last = ""\n'
        '  for x in xs { for i in range(2) { last = Sub("{{ x }} {{ i }}") } }\n  return last\n}\n'
    )
    assert codes(text, tmp_path) == ["NEX0412"]
    assert codes(text.replace("-> Text {\n  var", "-> Text {\n  limits: { calls: 9 }\n  var"), tmp_path) == []

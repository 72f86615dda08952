"""Explanations, graphs, documentation, descriptions: of the desk, and of a program that means harm."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

import nexlang
from nexlang.explain import budget, subject, text
from nexlang.explain.description import TYPES, descriptions, everything, library
from nexlang.explain.documentation import documentation, markdown
from nexlang.explain.drawing import mermaid, svg
from nexlang.explain.graph import View, graph
from nexlang.explain.index import Index
from nexlang.explain.layout import layout
from nexlang.explain.page import html
from nexlang.semantics.types import SCALARS

ROOT = Path(__file__).parents[2]
VIEWS: tuple[View, ...] = ("all", "agents", "effects", "state")

HOSTILE = """use std.models { endpoint }
## <script>alert("a module")</script> | `x` </svg>
model evil = endpoint("</script><script>alert(1)</script>", max_tokens: 5)
## <img src=x onerror=alert(1)> & "quotes" | *stars*
record Item { id: Text matching "</text><script>[a-z]\\"" , note: Text = "<b>bold</b>" }
world Stock { items: table Item by id }
## </title><script>alert(2)</script>
##
## id: <i>the id</i> | a cell
tool take_one(id: Text) -> Item in Stock {
  let item = items[id] else fail "<script>alert(3)</script> {{ id }}"
  return item
}
## ]]> --> <script>
agent Keeper(ask: Text) -> Text {
  model: evil
  tools: [take_one]
  prompt: \"\"\"```</pre><script>alert(4)</script> {{ ask }}\"\"\"
}
test "<script>alert(5)</script>" { expect 1 == 1 }
"""


@cache
def desk() -> Index:
    return Index(nexlang.compile(ROOT / "examples" / "desk" / "desk.nex").program)


@pytest.fixture
def hostile(tmp_path: Path) -> Index:
    path = tmp_path / "evil.nex"
    path.write_text(HOSTILE, encoding="utf-8")
    compiled = nexlang.compile(path)
    assert [d for d in compiled.diagnostics if d.severity == "error"] == []
    return Index(compiled.program)


# ---------------------------------------------------------------- explanations


def test_a_tool() -> None:
    data = subject.explain(desk(), "refund")
    assert data["signature"] == "tool refund(id: RideId) -> Ride in Wheels"
    assert data["effects"]["writes"] == ["riders.credit", "rides.state"]
    assert [each["line"] for each in data["failures"]] == sorted(each["line"] for each in data["failures"])
    assert {(use["kind"], use["by"], use["how"]) for use in data["used_by"]} >= {
        ("agent", "Billing", "holds it"), ("agent", "BillingByHand", "calls it"),
    }  # fmt: skip
    shown = text.explanation(data)
    assert "writes       riders.credit, rides.state" in shown
    assert '"There is no ride {{ id }}"' in shown


def test_an_agent_has_the_effects_of_all_below_it() -> None:
    lead, billing, fleet = (subject.explain(desk(), name)["effects"] for name in ("Lead", "Billing", "Fleet"))
    assert set(lead["writes"]) == set(billing["writes"]) | set(fleet["writes"])
    assert lead["asks"] == ["small"]


def test_rewards_have_ranges() -> None:
    data = subject.explain(desk(), "Desk")
    assert {each["name"]: (each["low"], each["high"]) for each in data["components"]} == {
        "state": (0, 1), "told": (0, 1), "solved": (0, 1), "waste": (0, 5),
    }  # fmt: skip
    assert data["reward"] == {"low": pytest.approx(-0.1), "high": pytest.approx(1.2)}
    assert subject.explain(desk(), "Desk.waste")["adds"] == (pytest.approx(-0.1), 0.0)


def test_a_slot_says_who_touches_it() -> None:
    data = subject.explain(desk(), "Wheels.rides")
    assert data["written_by"] == ["refund (rides.state)", "finish (rides.state)"]


def test_an_unknown_name() -> None:
    with pytest.raises(subject.Unknown):
        subject.explain(desk(), "Nobody")
    with pytest.raises(subject.Unknown):
        subject.explain(desk(), "Desk.nothing")


@pytest.mark.parametrize("name", sorted(desk().declared))
def test_everything_can_be_explained(name: str) -> None:
    data = subject.explain(desk(), name)
    assert json.loads(json.dumps(data))
    assert text.explanation(data).splitlines()[1].startswith("  ")


def test_budgets_as_a_table() -> None:
    data = budget.budgets(desk())
    (episode,) = data["environments"]
    assert episode["all"]["model_calls"] == 6 + 6 * 8 * 3
    lead = next(each for each in data["agents"] if each["agent"] == "Lead")
    assert lead["path"][0]["agent"] == "Lead" and lead["depth"] == 2
    assert "most of it: Lead ×1 → Billing ×48" in budget.table(data)


# ---------------------------------------------------------------- graphs


@pytest.mark.parametrize("view", VIEWS)
def test_drawings_are_whole(view: View) -> None:
    drawn = graph(desk(), view)
    root = ElementTree.fromstring(svg(drawn))
    assert len([e for e in root.iter() if e.tag.endswith("rect") and "box" in e.get("class", "")]) >= len(drawn.nodes)
    assert {edge.source for edge in drawn.edges} | {edge.target for edge in drawn.edges} <= set(drawn.nodes)
    assert json.loads(json.dumps(drawn.to_json()))["nodes"]
    assert mermaid(drawn).startswith("flowchart LR\n")


def test_boxes_do_not_overlap() -> None:
    boxes = list(layout(graph(desk())).boxes.values())
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            apart = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y, (one.node, other.node)


def test_arrows_say_what_is_touched() -> None:
    edges = {(e.source, e.target, e.kind): e.label for e in graph(desk()).edges}
    assert edges["tool refund", "slot Wheels.riders", "writes"] == "credit"
    assert ("agent Lead", "agent Billing", "delegates") in edges
    assert ("slot Wheels.rides", "slot Wheels.riders", "refers") in edges


def test_only_what_is_below() -> None:
    names = {node.label for node in graph(desk(), "agents", ["Billing"]).nodes.values()}
    assert names == {"Billing", "refund", "plan", "balance"}


# ---------------------------------------------------------------- documentation


def test_the_page_has_every_declaration() -> None:
    page = html(desk())
    for name in desk().own:
        assert f'id="{name}"' in page
    assert "<script" not in page and "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_nothing_of_a_program_becomes_markup(hostile: Index) -> None:
    page = html(hostile)
    assert "<script" not in page.lower() and "<img" not in page and "<b>" not in page and "onerror=alert" in page
    assert page.count("</svg>") == 1 and page.count("</title>") - page.count("<title>") == 0
    ElementTree.fromstring(svg(graph(hostile)))
    assert "<" not in mermaid(graph(hostile)).replace("<br/>", "")


def test_markdown_keeps_texts_as_they_are(hostile: Index) -> None:
    page = markdown(hostile)
    outside = re.sub(r"^(`{3,})\w*\n.*?^\1$", "", page, flags=re.DOTALL | re.MULTILINE)
    assert not re.search(r"(?<!\\)<", outside)
    rows = [line for line in outside.splitlines() if line.startswith("| id")]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows[:1])
    assert "````jinja" in page


def test_the_documentation_is_data() -> None:
    data = documentation(desk())
    assert [section["title"] for section in data["sections"]][:3] == ["Environments", "Agents", "Tools"]
    assert "nobody is refunded twice" in data["tests"]


# ---------------------------------------------------------------- descriptions


def test_everything_that_is_listed_can_be_described() -> None:
    modules = library()
    for _, names in everything():
        for name in names:
            assert descriptions(name, modules), name


def test_descriptions() -> None:
    (found,) = descriptions("std.text.words")
    assert found["uses"] == ["fn words(text: Text) -> [Text]"] and found["doc"]
    assert descriptions("contains")[0]["uses"][0] == "contains(Text, Text) -> Bool"
    assert descriptions("limits.steps")[0]["uses"] == ["steps: int (at least 1), 50 where it is left out"]
    assert descriptions("nothing_like_it") == []


def test_every_type_of_the_language_is_described() -> None:
    assert {name for name in SCALARS if name[0].isupper()} <= set(TYPES)

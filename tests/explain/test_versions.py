"""What a change breaks, and what an edition asks."""

from __future__ import annotations

from pathlib import Path

import pytest

import nexlang
from nexlang.explain.editions import MIGRATIONS, NEWEST, manifest, migrated
from nexlang.explain.index import Index
from nexlang.explain.interfaces import Change, changes, listing
from nexlang.packages.model import EDITIONS

PROGRAM = """use std.models { endpoint }
model small = endpoint("small-model")
enum State { open, shut }
record Order { id: Text, state: State, note: Text? }
record Task { id: Text }
world Shop { orders: table Order by id, count: Int = 0 }
## Shut an order.
##
## id: The order.
tool shut_it(id: Text) -> Order in Shop {
  let order = orders[id] else fail "No order"
  order.state = shut
  return order
}
## Helps.
agent Clerk(request: Text) -> Text {
  model: small
  tools: [shut_it]
  limits: { steps: 5 }
  prompt: "Help with {{ request }}"
}
fn tasks() -> [Task] { return [Task(id: "1")] }
environment Desk {
  world: Shop
  tasks: tasks()
  actors { clerk: Clerk(request: task.id) }
  reward { done: any(o.state == shut for o in world.orders) weight 1 }
  success: done
}
"""
CALLERS = "recorded calls of it"


def index(text: str, folder: Path, name: str) -> Index:
    path = folder / name / "main.nex"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    compiled = nexlang.compile(path)
    assert [d.message for d in compiled.diagnostics if d.severity == "error"] == []
    return Index(compiled.program)


def compared(folder: Path, *replaced: tuple[str, str]) -> list[Change]:
    text = PROGRAM
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    return changes(index(PROGRAM, folder, "old"), index(text, folder, "new"))


def test_nothing_changed(tmp_path: Path) -> None:
    assert compared(tmp_path) == []
    assert compared(tmp_path, ("## Helps.", "# A comment moves what follows.\n\n## Helps.")) == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "of", "what", "whom"),
    [
        ("record Task { id: Text }", 'record Task { id: Text, kind: Text = "a" }', "added", "record Task",
         "the field `kind` is new", ""),
        ("note: Text? }", "note: Text }", "breaking", "record Order",
         "the field `note` is Text, not Text?", "world Shop"),
        ("State { open, shut }", "State { open, shut, lost }", "breaking", "enum State",
         "the case `lost` is new", "`match`"),
        ("count: Int = 0", "counted: Int = 0", "breaking", "world Shop",
         "the slot `count` is gone", "environment Desk"),
        ("## Shut an order.", "## Close an order.", "behaviour", "tool shut_it",
         "its description is another", "trained"),
        ("steps: 5", "steps: 6", "behaviour", "agent Clerk", "its limit of steps is 6, it was 5", ""),
        ("Help with", "Answer", "behaviour", "agent Clerk", "its prompt is another", "trained as Clerk"),
        ("weight 1", "weight 2", "behaviour", "environment Desk", "`done` weighs 2, it was 1", "scores"),
        ("  order.state = shut\n", "  order.state = shut\n  count += 1\n", "behaviour", "tool shut_it",
         "reads count as well", "agent Clerk"),
    ],
)  # fmt: skip
def test_one_change(old: str, new: str, kind: str, of: str, what: str, whom: str, tmp_path: Path) -> None:
    found = compared(tmp_path, (old, new))
    (one,) = [change for change in found if change.what == what]
    assert (one.kind, one.of) == (kind, of)
    assert any(whom in each for each in one.breaks) or not whom


def test_a_parameter_without_a_default_breaks_callers(tmp_path: Path) -> None:
    new = 'tool shut_it(id: Text, why: Text) -> Order in Shop {\n  require why != "" else fail "Why?"'
    (first, *_) = compared(tmp_path, ("tool shut_it(id: Text) -> Order in Shop {", new))
    assert first.kind == "breaking"
    assert first.what == "the parameter `why` is new, and has no default"
    assert "agent Clerk" in first.breaks and CALLERS in first.breaks


def test_a_tool_that_is_gone(tmp_path: Path) -> None:
    found = compared(tmp_path, ("shut_it", "close_it"))
    assert [(c.kind, c.of, c.what) for c in found if c.of.startswith("tool")] == [
        ("breaking", "tool shut_it", "is gone"), ("added", "tool close_it", "is new"),
    ]  # fmt: skip
    assert "Breaking:" in listing(found)


# ---------------------------------------------------------------- editions


OLD = """use std.models { endpoint }
model small = endpoint("small-model")
record Order { id: Text, items: [Text] }
world Shop { orders: table Order by id }
fn first_id() -> Text? in Shop reads ordres {
  let found = first(o for o in orders) else return none
  return found.id
}
## Helps.
agent Clerk(order: Order) -> Text {
  model: small
  prompt: "Help with {{ order }} and {{ order.items }}"
}
"""


def test_the_editions_are_those_of_packages() -> None:
    assert tuple(MIGRATIONS) == EDITIONS and EDITIONS[-1] == NEWEST


def test_a_migration_mends_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    path = tmp_path / "old.nex"
    path.write_text(OLD, encoding="utf-8")
    done = migrated([path], [str(path)])
    (text,) = done.texts.values()
    assert done.made == 2
    assert "reads orders {" in text and "{{ order | json }} and {{ order.items }}" in text
    assert done.left.diagnostics == []
    path.write_text(text, encoding="utf-8")
    again = migrated([path], [str(path)])
    assert (again.made, again.texts) == (0, {})


def test_a_manifest_names_the_edition() -> None:
    assert manifest('name = "a"\nedition = "2020"\n') == f'name = "a"\nedition = "{NEWEST}"\n'
    assert manifest('name = "edition"\n') == 'name = "edition"\n'

"""tools.json is what strict function calling takes, and a tool takes what a model then gives."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from nexlang.bundle import Bundle, bundle_of
from nexlang.compiler import compile
from nexlang.worlds.engine import Session

PROGRAM = """
package shop.strict
record Place { shelf: Int where 1 <= it <= 9, note: Text? , side: "left" | "right" = "left" }
record Part { name: Text, parts: [Part] = [] }
world Depot { boxes: [Text] = [] }
## Put a box down.
##
## box: What.
## at: Where.
## often: How often.
tool stow(box: Text, at: Place, often: Int = 2, on: Date?, price: Decimal = 1.50) -> Text in Depot {
  add box to boxes
  return "{{ box }} {{ at.side }} {{ often }} {{ on ?? date("2025-01-01") }} {{ price }}"
}
tool label(names: {Text: Text}) -> Int { return len(names) }
tool build(part: Part) -> Text { return part.name }
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    path = tmp_path_factory.mktemp("strict") / "main.nex"
    path.write_text(PROGRAM)
    compiled = compile(path)
    return bundle_of(compiled.program, compiled.data)


@pytest.fixture(scope="module")
def tools(bundle: Bundle) -> dict[str, Any]:
    return {tool["function"]["name"]: tool["function"] for tool in json.loads(bundle.files["tools.json"])}


def objects(schema: Any) -> list[dict[str, Any]]:
    """All object schemas in one."""
    below = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    found = [each for part in below for each in objects(part)]
    return [schema, *found] if isinstance(schema, dict) and schema.get("type") == "object" else found


def test_every_property_is_required_and_none_may_be_added(tools: dict[str, Any]) -> None:
    assert tools["stow"]["strict"] is True
    for each in objects(tools["stow"]["parameters"]):
        assert sorted(each["required"]) == sorted(each["properties"]) and each["additionalProperties"] is False
    assert '"default"' not in json.dumps(tools["stow"]["parameters"])
    often = tools["stow"]["parameters"]["properties"]["often"]
    assert often == {"anyOf": [{"type": "integer"}, {"type": "null"}], "description": "How often. Without it: 2."}


@pytest.mark.parametrize("name", ["label", "build"])
def test_what_leaves_something_open_is_not_strict(tools: dict[str, Any], name: str) -> None:
    assert tools[name]["strict"] is False


def test_null_stands_for_what_is_left_out(bundle: Bundle, tools: dict[str, Any]) -> None:
    arguments = {
        "box": "b",
        "at": {"shelf": 3, "note": None, "side": None},
        "often": None,
        "on": None,
        "price": None,
    }
    jsonschema.validate(arguments, tools["stow"]["parameters"])
    session = Session(bundle.package.tools, bundle.package.worlds["Depot"].load({}))
    assert session.call("stow", arguments).text == "b left 2 2025-01-01 1.5"
    assert session.call("stow", {**arguments, "price": "2.25", "on": "2025-02-03"}).text == "b left 2 2025-02-03 2.25"
    assert session.call("stow", {**arguments, "box": None}).text == "Error: box: expected Text, got none"
    assert session.call("stow", {**arguments, "at": {"shelf": 30, "note": None, "side": None}}).error

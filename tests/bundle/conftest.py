from __future__ import annotations

import json
from pathlib import Path

import pytest

from nexlang.bundle import write_bundle
from nexlang.compiler import compile

SOURCE = """
## A counter of visitors.
package counter

record Gate { id: Text, count: Int where it >= 0, note: Text? }
record Visit { id: Text, gate: Text, split: "train" | "test" }

world House { gates: table Gate by id }

## Count one visitor.
##
## gate: The gate.
tool enter(gate: Text) -> Gate in House {
  let found = gates[gate] else fail "No gate {{ gate }}"
  found.count += 1
  return found
}

agent Porter(gate: Text) -> Text {
  tools: [enter]
  otherwise => enter(gate)
}

environment Day {
  world: House from "data/house.json"
  tasks: Visit from "data/visits.jsonl"
  split: task.split
  actors { porter: Porter(gate: task.gate) }
  solution: [call enter(task.gate)]
  reward { counted: world == replay([call enter(task.gate)]) }
  success: counted
}
"""
HOUSE = {"gates": {"north": {"id": "north", "count": 0, "note": None}, "south": {"id": "south", "count": 2}}}
VISITS = [{"id": "v1", "gate": "north", "split": "train"}, {"id": "v2", "gate": "south", "split": "test"}]


def write_program(folder: Path) -> Path:
    """The sources and the data of the example, below `folder`."""
    (folder / "data").mkdir(parents=True)
    (folder / "counter.nex").write_text(SOURCE)
    (folder / "data" / "house.json").write_text(json.dumps(HOUSE))
    (folder / "data" / "visits.jsonl").write_text("".join(json.dumps(visit) + "\n" for visit in VISITS))
    return folder / "counter.nex"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return write_program(tmp_path / "source")


@pytest.fixture
def bundle(program: Path, tmp_path: Path) -> Path:
    compiled = compile(program)
    assert not compiled.diagnostics
    return write_bundle(compiled.program, compiled.data, tmp_path / "build")

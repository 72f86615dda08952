"""The JSON of bundles is what the standard library would write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nexlang
from nexlang.bundle.manifest import as_json
from nexlang.ir import schema

ROOT = Path(__file__).parents[2]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))


@given(VALUES, st.booleans())
def test_as_json(value: object, in_order: bool) -> None:
    written = json.dumps(value, indent=2, sort_keys=not in_order, ensure_ascii=False) + "\n"
    assert as_json(value, in_order).decode() == written


@pytest.mark.parametrize("name", ["examples/desk/desk.nex", "tests/codegen/kitchen.nex", "tests/codegen/exotic.nex"])
def test_a_program_is_written_as_pydantic_would(name: str) -> None:
    program = nexlang.compile(ROOT / name).program
    dumped = program.model_dump(mode="json", exclude_defaults=True)
    assert as_json(program, in_order=True) == as_json(dumped, in_order=True)


def test_the_kept_schema_is_that_of_the_models() -> None:
    """Else run `python -m nexlang.ir.schema`."""
    kept = json.loads(schema.KEPT.read_bytes())
    assert kept["models"] == schema.models()
    assert schema.schema()["$defs"].keys() == schema.made()["$defs"].keys()

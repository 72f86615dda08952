"""The JSON of bundles is what the standard library would write."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from nexlang.bundle.manifest import as_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))


@given(VALUES, st.booleans())
def test_as_json(value: object, in_order: bool) -> None:
    written = json.dumps(value, indent=2, sort_keys=not in_order, ensure_ascii=False) + "\n"
    assert as_json(value, in_order).decode() == written

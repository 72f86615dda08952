"""Did you mean."""

from __future__ import annotations

import pytest

from nexlang.diagnostics import suggest
from nexlang.diagnostics.suggest import distance


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("staus", ["status", "state", "total"], "status"),
        ("order_ID", ["order", "order_id"], "order_id"),
        ("orderid", ["order", "order_id"], "order_id"),
        ("recieve", ["receive", "relieve"], "receive"),
        ("usr", ["user"], "user"),
        ("colour", ["color", "flavour"], "color"),
        ("foo", ["bar"], None),
        ("x", ["y"], None),
        ("x", ["y", "z"], None),
        ("orders", ["orders"], None),
        ("delivered", ["pending", "cancelled"], None),
        ("anything", [], None),
    ],
)
def test_suggest(name: str, candidates: list[str], expected: str | None) -> None:
    assert suggest(name, candidates) == expected


def test_distance() -> None:
    assert distance("ab", "ba", 5) == 1
    assert distance("kitten", "sitting", 5) == 3
    assert distance("kitten", "sitting", 1) == 2
    assert distance("", "abc", 5) == 3

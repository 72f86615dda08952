"""Property 4: worlds are transactions, and what is done with a world costs what has changed, not what there is."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

import nexlang
from nexlang.bundle import bundle_of
from nexlang.worlds.engine import Session

PROGRAM = """
record Item { id: Text, n: Int = 0, tags: [Text] = [] }
world Depot { items: table Item by id, total: Int = 0 }
tool bump(id: Text, by_much: Int) -> Int in Depot {
  total += by_much
  let item = items[id] else fail "There is no item {{ id }}"
  item.n += by_much
  require item.n < 100 else fail "Too many"
  for each in items if each.id == "i0" { each.tags += ["seen"] }
  return item.n
}
"""
ROWS = 20_000


@pytest.fixture(scope="module")
def world() -> tuple[Any, Any]:
    compilation = nexlang.compile("depot.nex", {"depot.nex": PROGRAM})
    package = bundle_of(compilation.program, compilation.data).package
    cls = package.worlds["Depot"]
    return package, cls.load({"items": {f"i{n}": {"id": f"i{n}"} for n in range(ROWS)}})


def test_a_tool_that_fails_leaves_the_world_as_it_was(world: tuple[Any, Any]) -> None:
    package, depot = world
    fork = depot.fork()
    before = fork.digest()
    for arguments in ({"id": "i1", "by_much": 200}, {"id": "none", "by_much": 1}, {"id": "i1", "by_much": "x"}):
        assert Session(package.tools, fork).call("bump", arguments).error
    assert fork.digest() == before and fork == depot and fork.diff(depot) == []


def test_forks_are_apart(world: tuple[Any, Any]) -> None:
    package, depot = world
    one, two = depot.fork(), depot.fork()
    assert not Session(package.tools, one).call("bump", {"id": "i5", "by_much": 3}).error
    assert one != two and two == depot
    assert {change["path"][0] for change in one.diff(depot)} == {"items", "total"}
    mark = two.snapshot()
    Session(package.tools, two).call("bump", {"id": "i5", "by_much": 3})
    assert one == two and one.digest() == two.digest()
    two.restore(mark)
    assert two == depot


def test_forking_and_comparing_cost_what_has_changed(world: tuple[Any, Any]) -> None:
    package, depot = world
    changed = depot.fork()
    for n in range(10):
        Session(package.tools, changed).call("bump", {"id": f"i{n + 1}", "by_much": 1})
    whole = taken(lambda: type(depot).load(depot.encode()))
    for cheap in (changed.fork, lambda: changed == depot, lambda: changed.diff(depot)):
        assert taken(cheap) < whole / 200


def taken(action: Callable[[], object]) -> int:
    """The bytes that an action takes at its peak."""
    tracemalloc.start()
    kept = action()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return peak

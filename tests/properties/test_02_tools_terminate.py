"""Property 2: tools terminate. What may not end is refused; what ends too late is stopped, and nothing has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

import nexlang
from tests.running import run

UNENDING = {
    "a loop without a bound": ("fn f(n: Int) -> Int { while n > 0 { } return n }", "NEX0123"),
    "a function that calls itself": ("fn f(n: Int) -> Int { return f(n - 1) }", "NEX0410"),
    "two that call each other": ("fn f(n: Int) -> Int { return g(n) }\nfn g(n: Int) -> Int { return f(n) }", "NEX0410"),
    "a tool in a cycle": (
        "world W { n: Int = 0 }\ntool a() -> Int in W { return b() }\nfn b() -> Int in W { return a() }", "NEX0410"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("program", "code"), UNENDING.values(), ids=UNENDING)
def test_what_may_not_end_is_refused(program: str, code: str) -> None:
    found = nexlang.compile("f.nex", {"f.nex": program}).diagnostics
    assert [diagnostic.code for diagnostic in found] == [code]


def test_the_diagnostic_draws_the_cycle() -> None:
    program = UNENDING["two that call each other"][0]
    (found,) = nexlang.compile("f.nex", {"f.nex": program}).diagnostics
    assert "f → g → f" in found.message or "g → f → g" in found.message


def test_a_loop_walks_the_collection_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "grow.nex").write_text(GROWING, encoding="utf-8")
    run("test", tmp_path / "grow.nex")


GROWING = """
record Row { id: Text }
world W { rows: table Row by id, log: [Int] = [1, 2, 3] }
tool double() -> Int in W {
  for row in rows { add Row(id: "{{ row.id }}'") to rows }
  for n in log { log += [n] }
  return count(rows) + len(log)
}
test "each row and item is met once" in W {
  given rows["a"] = Row(id: "a")
  given rows["b"] = Row(id: "b")
  expect double() == 10
}
"""


def test_what_takes_too_long_is_stopped_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "long.nex").write_text(LONG, encoding="utf-8")
    run("test", tmp_path / "long.nex")


LONG = """
world W { n: Int = 0 }
tool count_for_ever() -> Int in W {
  n = 1
  for a in range(1000) { for b in range(1000) { for c in range(1000) { n += 1 } } }
  return n
}
test "fuel ends" in W {
  expect count_for_ever() fails "The call did more work than it is allowed to"
  expect world unchanged
}
"""

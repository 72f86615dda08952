"""Tests in the language, run: rows, values, scripts, and what is said where they do not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

import nexlang
from nexlang.bundle import Bundle, bundle_of
from nexlang.worlds.testing import TestResult, run_tests

SHOP = """
use std.models {{ endpoint }}

model small = endpoint("small")
type Id = Text matching "#[0-9]{{3}}"
record Order {{ id: Id, status: "open" | "closed" = "open", amount: Int = 1 }}
world Shop {{ orders: table Order by id  log: [Text] = [] }}
fn orders_of() -> [Order] {{ return [Order(id: "#001")] }}

tool put(order: Order) -> Order in Shop {{ add order to orders  return order }}
tool close(id: Id, who: Text = "") -> Text in Shop {{
  let order = orders[id] else fail Missing("No order {{{{ id }}}}")
  require order.status == "open" else fail "Closed"
  order.status = "closed"
  add "{{{{ id }}}} {{{{ who }}}}" to log
  return "Closed."
}}
agent Helper(id: Id) -> Text {{ model: small, tools: [close(who: id)], prompt: "Close {{{{ id }}}}." }}
agent Boss(id: Id) -> Order {{ model: small, delegates: [Helper], prompt: "Have {{{{ id }}}} closed." }}
{tests}
"""


def bundle(tests: str, folder: Path) -> Bundle:
    path = folder / "main.nex"
    path.write_text(SHOP.format(tests=tests), encoding="utf-8")
    made = nexlang.compile(path)
    assert not made.diagnostics, made.diagnostics
    return bundle_of(made.program, made.data)


def results(tests: str, folder: Path, seed: int = 0, runs: int = 100) -> list[TestResult]:
    return run_tests(bundle(tests, folder), seed=seed, runs=runs)


def only(tests: str, folder: Path) -> TestResult:
    (found,) = results(tests, folder)
    return found


def details(result: TestResult) -> list[str]:
    return [problem.detail for problem in result.problems]


# ---------------------------------------------------------------- rows


def test_a_row_is_a_run_of_its_own_with_its_own_title_and_world(tmp_path: Path) -> None:
    test = 'test "{{ n }} of {{ id }}" in Shop for n, id in zip([1, 2], ["#001", "#001"]) {'
    found = results(test + " expect put(Order(id: id, amount: n)).amount == n }", tmp_path)
    assert [(each.title, each.passed) for each in found] == [("1 of #001", True), ("2 of #001", True)]


def test_a_title_that_names_no_row_has_it_behind(tmp_path: Path) -> None:
    found = results('test "small" for n in [1, 9] { expect n < 5 }', tmp_path)
    assert [each.title for each in found] == ["small (1)", "small (9)"]
    assert details(found[1]) == ["the left side  is 9\nthe right side is 5"]


def test_rows_may_come_from_the_world(tmp_path: Path) -> None:
    tests = """
    environment Desk { world: Shop from "shop.json"  tasks: orders_of()  actors { boss: Boss(id: task.id) }
      reward { done: count(world.log) > 0 } success: done }
    test "{{ order.id }} is open" in Desk for order in orders { expect order.status == "open" }
    """
    (tmp_path / "shop.json").write_text('{"orders": [{"id": "#001"}, {"id": "#002", "status": "closed"}]}')
    assert [each.passed for each in results(tests, tmp_path)] == [True, False]


def test_rows_that_cannot_be_made_are_a_failure(tmp_path: Path) -> None:
    found = only('test "r" for n in [1, floor(1 / 0)] { expect n == 1 }', tmp_path)
    assert not found.passed and "its rows cannot be made" in details(found)[0]


def test_only_the_rows_whose_title_is_asked_for(tmp_path: Path) -> None:
    made = bundle('test "row {{ n }}" for n in [1, 2] { expect n == 1 }', tmp_path)
    assert [each.title for each in run_tests(made, "row 2")] == ["row 2"]


# ---------------------------------------------------------------- values


def test_values_are_made_small_and_found_again_by_the_seed(tmp_path: Path) -> None:
    test = 'test "few" for all n: Int where 0 <= it <= 999, id: Id { expect n < 37 }'
    first, second = results(test, tmp_path, seed=7), results(test, tmp_path, seed=7)
    assert first[0].example == {"n": 37, "id": "#000"} and first == second
    assert "found with --seed 7" in "\n".join(first[0].lines())


def test_values_meet_what_their_types_say(tmp_path: Path) -> None:
    test = """
    record Pair { low: Int where -3 <= it, high: Int where it <= 3  require low <= high }
    test "pairs" for all pair: Pair, some: [Text] where 1 <= len(it) <= 2, o: Order?, share: Float where 0 < it <= 1 {
      expect -3 <= pair.low <= pair.high <= 3
      expect len(some) in [1, 2]
      expect 0 < share <= 1
      expect o == none or o != none
    }
    """
    found = only(test, tmp_path)
    assert found.passed and found.runs > 50


def test_as_many_values_as_wanted(tmp_path: Path) -> None:
    assert results('test "t" for all n: Int { expect n == n }', tmp_path, runs=5)[0].runs == 5


def test_types_without_values_do_not_pass_in_silence(tmp_path: Path) -> None:
    found = only('test "none" for all n: Int where 5 <= it <= 4 { expect n == 0 }', tmp_path)
    assert details(found)[0].startswith("none of the values that were made meet the conditions")


def test_each_try_has_a_world_of_its_own(tmp_path: Path) -> None:
    assert only('test "t" in Shop for all order: Order { expect put(order) == order }', tmp_path).passed


# ---------------------------------------------------------------- failures


@pytest.mark.parametrize(
    ("wanted", "detail"),
    [
        ('fails Missing("No order #009")', None),
        ("fails Missing", None),
        ('fails "No order #009"', None),
        ("fails Other", 'failed with Missing("No order #009")'),
        ('fails Missing("No")', 'failed with Missing("No order #009")'),
    ],
)
def test_failures_by_text_by_code_or_by_both(wanted: str, detail: str | None, tmp_path: Path) -> None:
    found = only(f'test "f" in Shop {{ expect close("#009", "") {wanted} }}', tmp_path)
    assert details(found) == ([] if detail is None else [detail])


def test_what_changed_is_shown_field_by_field(tmp_path: Path) -> None:
    test = """test "u" in Shop {
      given orders["#001"] = Order(id: "#001")
      expect orders["#002"] unchanged
      expect put(Order(id: "#002")).amount == 1
      expect close("#001", "me") == "Closed."
      expect orders["#002"] unchanged
      expect log unchanged
      expect world unchanged
    }"""
    place, log, world = details(only(test, tmp_path))
    assert place == 'now    is {"id": "#002", "status": "open", "amount": 1}\nbefore is null'
    assert log == 'now    is ["#001 me"]\nbefore is []'
    assert world.splitlines() == [
        'orders["#001"].status: "open" → "closed"',
        'orders["#002"]: not there → {"id": "#002", "status": "open", "amount": 1}',
        'log: [] → ["#001 me"]',
    ]


def test_long_sides_are_shown_line_by_line(tmp_path: Path) -> None:
    found = only('test "l" { expect [n for n in range(60)] == [n for n in range(60) if n != 30] }', tmp_path)
    assert "+  30," in details(found)[0] and "29," in details(found)[0] and "50," not in details(found)[0]


# ---------------------------------------------------------------- scripts


def test_a_whole_tree_of_agents_plays_by_its_script(tmp_path: Path) -> None:
    test = """test "tree" in Shop {
      given orders["#001"] = Order(id: "#001")
      model Boss says call Helper(id: "#001")
      model small says [call close(id: "#001"), call close(id: "#001")]
      model small says "Done."
      model Boss says Order(id: "#001", status: "closed")
      let order = orders["#001"] else fail "gone"
      let said = Boss("#001")
      expect said == order
      expect log == ["#001 #001"]
    }"""
    assert only(test, tmp_path).problems == ()


def test_a_model_that_is_asked_too_often_stops_the_test(tmp_path: Path) -> None:
    found = only('test "s" in Shop { expect Helper("#001") == "x"  expect 1 == 2 }', tmp_path)
    assert [problem.text for problem in found.problems] == ["s"] and "NEX0830" in details(found)[0]


def test_what_nobody_asked_for_is_a_failure(tmp_path: Path) -> None:
    test = 'test "s" in Shop { model small says "a"  model small says "b"  expect Helper("#001") == "a" }'
    found = only(test, tmp_path)
    assert [(p.text, p.detail) for p in found.problems] == [('model small says "b"', "nothing asked for it")]


def test_an_agent_that_fails_leaves_what_its_calls_did(tmp_path: Path) -> None:
    test = """test "s" in Shop {
      given orders["#001"] = Order(id: "#001")
      model small says call close(id: "#001")
      model small fails "no line"
      expect Helper("#001") fails "no line"
      expect log == ["#001 #001"]
    }"""
    assert only(test, tmp_path).passed


def test_externs_answer_what_the_test_says(tmp_path: Path) -> None:
    test = """
    extern tool look(topic: Text) -> [Text] from python "pack:look" needs network
    test "e" {
      extern look answers ["a", "b"]
      extern look fails Busy("later")
      expect look("x") == ["a", "b"]
      expect look("x") fails Busy("later")
    }"""
    assert only(test, tmp_path).problems == ()


def test_conditions_on_optionals_are_about_the_value(tmp_path: Path) -> None:
    test = """
    record Half { share: Float? where it > 0.5 }
    tool show(share: Float? where it > 0.5) -> Text { return "{{ share ?? 1.0 }}" }
    test "none" { expect show(none) == "1.0"  expect Half(share: none) == Half(share: none) }
    test "some" for all half: Half { expect (half.share ?? 1.0) > 0.5 }
    """
    assert [each.problems for each in results(test, tmp_path)] == [(), ()]


def test_the_program_of_every_kind_of_test_passes() -> None:
    made = nexlang.compile(Path(__file__).parents[1] / "codegen" / "tested.nex")
    assert [each.title for each in run_tests(bundle_of(made.program, made.data)) if not each.passed] == []

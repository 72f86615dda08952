"""The proof: what is right passes, and each kind of wrong is named."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nexlang.worlds.curriculum import stages, training_split
from nexlang.worlds.engine import Call, Problem, Test, TestRun
from nexlang.worlds.fingerprint import fingerprint
from nexlang.worlds.mutants import mutants
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import chosen, splits
from nexlang.worlds.testing import Playing, summary
from nexlang.worlds.verify import verify
from tests.episodes.shop import Desk, Shop, package, setting


def with_environment(shop: Setting, environment: Desk) -> Setting:
    return replace(shop, environment=environment)


def test_a_good_environment_is_verified() -> None:
    proof = verify(setting(2), seed=0)
    assert proof.ok, proof.lines()
    assert (proof.solved, proof.caught) == (2, (22, 22))
    assert proof.lines()[-1] == "verified"
    assert json.loads(json.dumps(proof.to_json()))["mutants"] == {"caught": 22, "of": 22}


def test_a_task_whose_solution_fails_is_named_with_the_reason() -> None:
    shop = setting(2)
    shop.tasks[1].value.actions[0] = Call("look", {"order_id": "#W99"})
    proof = verify(shop)
    assert not proof.ok
    assert (
        proof.lines()[1]
        == (
            "  task T1: the solution does not reach success: failed, state 1, told 1, solved 1, waste 1, "
            "failed calls: look: Order not found"
        )
        or proof.tasks[1].solved
    )


def test_paying_for_nothing_is_found_out() -> None:
    class Generous(Desk):
        def success(self, scope: Any, measures: Any) -> bool:
            return True

        def measures(self, scope: Any) -> dict[str, bool | int | float]:
            return {**super().measures(scope), "waste": -100 * sum(m.by == "clerk" for m in scope.messages) - 1}

    proof = verify(with_environment(setting(1), Generous()))
    assert "doing nothing reaches success" in proof.tasks[0].problems
    assert proof.tasks[0].passed


def test_a_reward_that_takes_wrong_for_right_is_weak() -> None:
    class Blind(Desk):
        def measures(self, scope: Any) -> dict[str, bool | int | float]:
            told = any(m.by == "clerk" and scope.task.order in m.text for m in scope.messages)
            return {"state": True, "told": told, "solved": told, "waste": 0}

    proof = verify(with_environment(setting(1), Blind()))
    assert [task.task for task in proof.weak()] == ["T0"]
    assert "call 1 (cancel) dropped" in proof.tasks[0].passed


def test_a_broken_environment_is_the_authors() -> None:
    class Broken(Desk):
        def measures(self, scope: Any) -> dict[str, bool | int | float]:
            return {"state": 1 / 0, "told": 0, "solved": 0, "waste": 0}

    proof = verify(with_environment(setting(1), Broken()))
    assert any("the environment breaks: stop" in p or "division" in p for p in proof.tasks[0].problems)


def test_no_solution_is_one_problem_a_task() -> None:
    class Unsolved(Desk):
        def solution(self, scope: Any) -> Sequence[Call] | None:  # type: ignore[override]
            return None

    assert verify(with_environment(setting(1), Unsolved())).tasks[0].problems == ["NEX0810: Desk has no `solution`"]


def test_mutants_are_the_same_for_the_same_seed() -> None:
    shop = setting()
    cancel = [Call("cancel", {"order_id": order}) for order in ("#W1", "#W2")]
    calls = [*cancel, Call("look", {"order_id": "#W2"})]
    first, second = mutants(shop, calls, 3), mutants(shop, calls, 3)
    assert first == second
    assert [m.what for m in first][:3] == [
        "call 1 (cancel) dropped",
        "call 2 (cancel) dropped",
        "calls 1 and 2 swapped",
    ]
    assert not any("look" in mutant.what for mutant in first)
    assert all(m.calls != tuple(calls) for m in first)


def test_mutants_are_dropped_swapped_of_another_entity_and_with_a_call_too_many() -> None:
    shop = setting(2)
    calls = [Call("cancel", {"order_id": order}, "clerk") for order in ("#W0", "#W1")]
    found = mutants(shop, calls, 0, shop.tasks[0])
    assert Counter(mutant.kind for mutant in found) == {"dropped": 2, "swapped": 1, "entity": 8, "extra": 6}
    assert len({repr(mutant.calls) for mutant in found if mutant.kind == "extra"}) == 6
    assert all(len(mutant.calls) == 3 for mutant in found if mutant.kind == "extra")
    assert found == mutants(shop, calls, 0, shop.tasks[0])


def test_success_that_does_not_see_a_call_too_many_is_named() -> None:
    class Careless(Desk):
        def measures(self, scope: Any) -> dict[str, bool | int | float]:
            cancelled = scope.world.orders[scope.task.order].status == "cancelled"
            return {**super().measures(scope), "solved": cancelled}

    proof = verify(with_environment(setting(1), Careless()))
    weak = proof.weak()
    assert [task.task for task in weak] == ["T0"]
    assert any("besides" in what for what in weak[0].passed)
    assert any("besides" in line for line in proof.lines())


def test_a_fingerprint_depends_on_the_seed_alone() -> None:
    assert fingerprint(setting(), 1) == fingerprint(setting(), 1) != fingerprint(setting(), 2)


def test_splits_and_stages() -> None:
    shop = setting()
    assert splits(shop.tasks) == {"test": 1, "train": 2}
    assert training_split(shop) == "train"
    easy, hard = stages(shop, "train")
    assert ([t.id for t in easy.tasks], easy.until) == (["T1"], 0.7)
    assert [t.id for t in hard.tasks] == ["T1", "T2"]
    assert len(chosen(shop.tasks, count=5, seed=1)) == 5
    assert chosen(shop.tasks, count=3, seed=1) == chosen(shop.tasks, count=3, seed=1)


def test_test_blocks_report_where_and_what() -> None:
    def body(run: TestRun) -> None:
        run.true(4, "1 > 2", lambda: False)

    def stopping(run: TestRun) -> None:
        package().tools["look"].function(run.ctx, "#W9")

    world = Shop.load({})
    playing = Playing(setting(2).library.program, package(), lambda name: world.fork())
    failed = playing.one(Test("compares", "Desk", "shop.nex", 3, body), "compares", ())
    stopped = playing.one(Test("stops", "Desk", "shop.nex", 8, stopping), "stops", ())
    assert failed.problems == (Problem(4, "1 > 2", "does not hold"),)
    assert failed.lines()[0] == "FAIL compares  (shop.nex:3)"
    assert 'failed with "Order not found"' in stopped.problems[0].detail
    assert summary([failed, stopped]) == "0 of 2 tests passed"

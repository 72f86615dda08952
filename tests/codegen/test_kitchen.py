"""Every construct of the language through the compiler, and what the generated code does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nexlang import compile
from nexlang.bundle import Bundle, bundle_of
from nexlang.worlds.engine import Chance, Session, TestRun, World, transaction

KITCHEN = Path(__file__).parent / "kitchen.nex"


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    compilation = compile(KITCHEN)
    return bundle_of(compilation.program, compilation.data)


@pytest.fixture
def session(bundle: Bundle) -> Session[Any]:
    return Session(bundle.package.tools, bundle.world())


def added(session: Session[Any], code: str = "K001", **more: Any) -> Any:
    answer = session.call("add_thing", {"code": code, "class": "Seed", **more})
    assert not answer.error, answer.text
    return answer.value


def test_defaults_are_filled_in_and_the_answer_is_the_record(session: Session[Any]) -> None:
    answer = session.call("add_thing", {"code": "K001", "class": "seed"})
    assert json.loads(answer.text) == {
        "code": "K001", "class": "seed", "level": "in the middle", "share": 0.5, "parts": {}, "spans": [],
        "note": None, "tags": [],
    }  # fmt: skip
    assert session.world.diff(since=session.world.fork()) == []


def test_slots_lists_and_maps_are_written(bundle: Bundle, session: Session[Any]) -> None:
    added(session)
    added(session, "K002")
    changes = session.world.diff(since=bundle.world())
    assert {"path": ["log"], "value": ["added K001", "added K002"]} in changes
    assert {"path": ["counts", "Seed"], "value": 2} in changes


def test_a_taken_key_fails_and_nothing_has_changed(session: Session[Any]) -> None:
    added(session)
    before = session.world.fork()
    answer = session.call("add_thing", {"code": "K001", "class": "again"})
    assert (answer.error, answer.text) == (True, 'Error: things already has "K001"')
    assert session.world == before


def test_writes_below_maps_and_unions_are_seen_through_every_place(session: Session[Any]) -> None:
    added(session)
    session.call("fit", {"code": "K001", "name": "front", "size": 3})
    answer = session.call("resize", {"code": "K001", "name": "front", "more": 2})
    assert answer.text == "5"
    thing = session.world.things["K001"]
    assert thing.parts["front"].spokes == [3, 3, 5]
    assert thing.tags == ["resized to 5"]
    assert session.world.total == 4.5


def test_refinements_hold_inside_tools(session: Session[Any]) -> None:
    added(session)
    answer = session.call("set_share", {"code": "K001", "share": 1.5})
    assert answer.text == "Error: share: expected Share (where 0 <= it <= 1), got number 1.5"
    assert session.world.things["K001"].share == 0.5
    session.call("fit", {"code": "K001", "name": "front", "size": 3})
    assert session.call("resize", {"code": "K001", "name": "front", "more": -3}).error
    assert session.call("set_best", {"start": 2, "end": 1}).text == "Error: Span requires start < end"


@pytest.mark.parametrize(
    ("tool", "arguments", "text", "code"),
    [
        ("add_things", {}, "There is no tool `add_things`; did you mean `add_thing`?", "unknown_tool"),
        ("add_thing", {"class": "x"}, 'missing parameter "code", which is a Code', "bad_arguments"),
        ("add_thing", {"code": "K1", "class": "x"}, 'code: expected Code (matching "K[0-9]{3}"), got text "K1"', ""),
        ("add_thing", {"code": "K001", "class": 3}, "class: expected Text, got number 3", "bad_arguments"),
        ("add_thing", {"code": "K001", "clas": "x"}, 'the call has no parameter "clas"; did you mean "class"?', ""),
        ("add_thing", ["K001"], "expected an object, got a list", "bad_arguments"),
        ("mark", {"level": "middle"}, 'level: expected "low" or "in the middle" or "high", got text "middle"', ""),
        ("strip_part", {"code": "K1", "name": "x"}, 'code: expected Code (matching "K[0-9]{3}"), got text "K1"', ""),
        ("resize", {"code": "K009", "name": "x", "more": 0.5}, "more: expected Int, got number 0.5", "bad_arguments"),
        ("fit", {"code": "K009", "name": "x", "size": 1}, "There is no thing K009", "Missing"),
        ("divide", {"a": 1, "b": 0}, "Division by zero", "arithmetic"),
        ("remove_thing", {"code": "K009"}, 'things has no "K009"', "absent"),
        ("grow", {"n": 60}, "The call did more work than it is allowed to", "out_of_fuel"),
        ("power", {"n": 60}, "The call did more work than it is allowed to", "out_of_fuel"),
    ],
)  # fmt: skip
def test_what_a_caller_did_wrong_is_said_and_undone(
    session: Session[Any], tool: str, arguments: Any, text: str, code: str
) -> None:
    before = session.world.fork()
    answer = session.call(tool, arguments)
    assert (answer.error, answer.text) == (True, f"Error: {text}")
    assert not code or answer.code == code
    assert session.world == before


def test_loops_over_tables_write_their_rows(session: Session[Any]) -> None:
    added(session, "K001", level="low")
    added(session, "K002", level="high")
    added(session, "K003", level="low")
    assert session.call("mark", {"level": "low"}).value == 2
    assert [thing.tags for thing in session.world.things] == [["marked"], [], ["marked"]]


def test_a_search_by_index_answers_in_table_order(session: Session[Any]) -> None:
    for code in ("K003", "K001", "K002"):
        added(session, code)
    assert session.call("find_class", {"class": "SEED"}).value == "K003"
    session.call("remove_thing", {"code": "K003"})
    assert session.call("find_class", {"class": "SEED"}).value == "K001"


def call(bundle: Bundle, name: str, *args: Any) -> Any:
    import sys

    from nexlang.worlds.engine import pure

    module = sys.modules[type(bundle.package.environments["Kitchen"]).__module__.replace(".environments", ".functions")]
    return getattr(module, name)(pure(), *args)


def test_functions(bundle: Bundle, session: Session[Any]) -> None:
    things = [added(session, f"K00{i}", tags=["t"] * i) for i in (1, 3, 2)]
    records = bundle.package.records
    wheel, frame = records["Wheel"](2, [1]), records["Frame"]("red", 1.0)
    assert call(bundle, "any_small", [5, 2]) and not call(bundle, "any_small", [5])
    assert (call(bundle, "name_of", "low"), call(bundle, "name_of", "high")) == ("l", "not l")
    assert (call(bundle, "size_of", wheel), call(bundle, "size_of", frame)) == (2, 0)
    assert call(bundle, "colours", {"a": frame, "b": wheel, "none": frame}) == ["red"]
    assert (call(bundle, "largest", things), call(bundle, "largest", [])) == ("Seed", None)
    assert list(call(bundle, "by_code", things)) == ["K001", "K003", "K002"]
    assert call(bundle, "ranked", things) == ["K001", "K003", "K002"]
    assert (call(bundle, "average", [1.0, 2.0]), call(bundle, "average", [])) == (1.5, None)
    assert (call(bundle, "spread", [-3, 4]), call(bundle, "spread", [])) == (10, 0)
    assert call(bundle, "pair_up", [7, 8], [9, 9]) == ["0: 7 9", "1: 8 9"]
    assert call(bundle, "nested", things) == 7
    assert call(bundle, "label", things[0]) == 'K001 \'Seed\' "0.5" ["t"] -'


def test_constants_and_a_text_with_every_quote(bundle: Bundle) -> None:
    constants = bundle.package.constants
    assert constants["motto"] == 'A "quoted" text with {braces}, a \\ and an apostrophe\'s end'
    assert (constants["limits"], constants["weights"]) == ([1, 2, 3], {"low": 0.5, "high": 1.5})


def test_tasks_and_setup_come_from_the_seed(bundle: Bundle) -> None:
    def world(seed: int) -> World:
        made = bundle.world()
        environment = bundle.package.environments["Kitchen"]
        from nexlang.worlds.engine import Context

        with transaction(made):
            environment.setup(Context(made), bundle.tasks(seed=seed)[0], Chance.stream(seed, "Kitchen.setup", 0))
        return made

    first = [task._text() for task in bundle.tasks(seed=1)]
    assert first == [task._text() for task in bundle.tasks(seed=1)]
    assert first != [task._text() for task in bundle.tasks(seed=2)]
    assert world(3) == world(3) and world(3).digest() == world(3).digest()
    assert world(3) != world(4)


@pytest.mark.parametrize("name", ["kitchen", "exotic", "names"])
def test_the_programs_own_tests_pass(name: str) -> None:
    compilation = compile(KITCHEN.with_name(f"{name}.nex"))
    bundle = bundle_of(compilation.program, compilation.data)
    assert bundle.package.tests
    for test in bundle.package.tests:
        run = TestRun(bundle.world(test.environment))
        test.body(run)
        assert run.problems == []


def test_a_flow_agent_acts_through_its_run(bundle: Bundle, session: Session[Any]) -> None:
    class Stub:
        ctx = session._ctx

        def until(self, at: float) -> Any:
            yield from ()

        def act(self, target: str, name: str, arguments: Any, handled: bool, **more: Any) -> Any:
            yield from ()
            answer = session.call(name, arguments)
            if answer.error:
                from nexlang.worlds.engine import Failure

                assert handled, answer.text
                return Failure(answer.code, answer.message)
            return answer.value

    job = bundle.tasks()[0]
    body = bundle.package.agents["ByHand"].body
    assert body is not None
    generator = body(Stub(), job)
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value._plain() == {"good": True, "list": ["1", "2"]}

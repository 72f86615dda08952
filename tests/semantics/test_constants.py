"""Constant expressions and refinements."""

from __future__ import annotations

import time

import pytest

from nexlang.ir.patterns import fullmatch, problem
from nexlang.semantics.constants import NotConstant, evaluate, holds
from nexlang.semantics.types import Core

IT: Core = {"kind": "local", "name": "it"}
NONE = {"kind": "none"}


def lit(value: object) -> Core:
    return {"kind": "lit", "value": value}


def op(name: str, left: Core, right: Core) -> Core:
    return {"kind": "binary", "op": name, "left": left, "right": right}


def call(name: str, *args: Core) -> Core:
    return {"kind": "builtin", "name": name, "args": list(args), "type": NONE}


def comp(result: str, element: Core, source: Core, **more: object) -> Core:
    clause = {"names": ["x"], "source": source, "over": "list"}
    return {"kind": "comp", "result": result, "element": element, "item": NONE, "clauses": [clause], **more}


X: Core = {"kind": "local", "name": "x"}

VALUES: list[tuple[Core, object]] = [
    (op("add", lit(1), op("mul", lit(2), lit(3))), 7),
    (op("div", lit(1), lit(2)), 0.5),
    (op("else", lit(None), lit(4)), 4),
    (op("join", lit("a"), lit("b")), "ab"),
    (op("not_in", lit(1), {"kind": "list_of", "items": [lit(2)], "item": NONE}), True),
    ({"kind": "unary", "op": "neg", "of": lit(2)}, -2),
    ({"kind": "cond", "condition": lit(False), "then": lit(1), "otherwise": lit(2)}, 2),
    (call("round", lit(2.5)), 2),
    (call("round", lit(2.345), lit(2)), round(2.345, 2)),
    (call("mod", lit(-1), lit(3)), 2),
    (call("clamp", lit(9), lit(0), lit(5)), 5),
    (call("min", lit(3), lit(2)), 2),
    (call("len", lit("abc")), 3),
    (call("contains", lit("abc"), lit("b")), True),
    (call("first", {"kind": "list_of", "items": [], "item": NONE}), None),
    (comp("sum", X, call("range", lit(4))), 6),
    (comp("list", op("mul", X, X), call("range", lit(3))), [0, 1, 4]),
    (comp("count", X, call("range", lit(9)), condition=op("gt", X, lit(5))), 3),
    (comp("max", X, call("range", lit(0))), None),
    (comp("sorted", X, call("range", lit(3)), descending=True), [2, 1, 0]),
    ({"kind": "interp", "parts": ["a", {"kind": "shown", "value": lit(1.5), "type": NONE}]}, "a1.5"),
]


@pytest.mark.parametrize(("core", "value"), VALUES)
def test_values(core: Core, value: object) -> None:
    assert evaluate(core, {}) == value


@pytest.mark.parametrize(
    "core",
    [
        X,
        {"kind": "slot", "name": "orders"},
        {"kind": "call_fn", "name": "f", "args": []},
        op("div", lit(1), lit(0)),
        op("mul", op("mul", lit(10**20_000), lit(10**20_000)), lit(10**20_000)),
        call("range", lit(10**9)),
        comp("sum", comp("sum", X, call("range", lit(50_000))), call("range", lit(50_000))),
        call("sqrt", lit(-1.0)),
        call("evaluate", lit("1 + 1")),
        {"kind": "index", "of": {"kind": "list_of", "items": [], "item": NONE}, "key": lit(0), "container": "list"},
    ],
)
def test_what_is_not_constant(core: Core) -> None:
    before = time.monotonic()
    with pytest.raises(NotConstant):
        evaluate(core, {})
    assert time.monotonic() - before < 2


def test_a_name_of_a_comprehension_ends_with_it() -> None:
    assert evaluate(op("add", comp("sum", X, call("range", lit(3))), X), {"x": 10}) == 13


def test_records_are_objects() -> None:
    core = op("lt", {"kind": "field", "of": IT, "name": "low"}, {"kind": "field", "of": IT, "name": "high"})
    assert evaluate(core, {"it": {"low": 1, "high": 2}}) is True


def refine(pattern: str | None = None, condition: Core | None = None) -> Core:
    return {"pattern": pattern, "condition": condition, "text": ""}


def test_patterns_match_the_whole_text() -> None:
    assert holds(refine("#W[0-9]{7}"), "#W0000001") is True
    assert holds(refine("#W[0-9]{7}"), "#W0000001x") is False
    assert holds(refine("#W[0-9]{7}"), 3) is None


def test_conditions() -> None:
    within = op("and", op("le", lit(0), IT), op("le", IT, lit(1)))
    assert holds(refine(condition=within), 0.5) is True
    assert holds(refine(condition=within), 50.0) is False
    assert holds(refine(condition=op("gt", IT, X)), 1) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a*)*",
        "(.+[.])+",
        r"(\w+\s?)*",
        "(a|a)+",
        "(x|x+y)+",
        "([a-z0-9]+-?)+",
        "(?i)(a|A)+",
        "(a?)*b",
        "(a+){9}",
    ],
)
def test_patterns_that_may_take_without_end_are_refused(pattern: str) -> None:
    assert problem(pattern) is not None
    assert fullmatch(pattern, "a" * 40 + "!") is None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("[a-z]+([.][a-z]+)*", "a.bc.d"),
        (r"([a-z]+\.)+com", "www.example.com"),
        ("(?:[A-Z][a-z]*)+", "CamelCase"),
        ("(foo|bar)+", "foobar"),
        (r"(\d{1,3}\.){3}\d{1,3}", "10.0.0.1"),
        (r"[^@]+@[^@]+\.[a-z]+", "a@b.ch"),
        ("(é|ü)+", "éü"),
        (r"(?i)([a-z]+-)+x", "A-b-X"),
        ("(ab?a)+", "abaaa"),
    ],
)
def test_patterns_that_are_decided_by_the_next_character_are_taken(pattern: str, text: str) -> None:
    assert problem(pattern) is None
    assert fullmatch(pattern, text) is True


@pytest.mark.parametrize("pattern", ["(", "[", "a{2,1}", r"\p{L}", "*a", "(?P<x>a)(?P<x>b)"])
def test_what_is_no_pattern(pattern: str) -> None:
    assert problem(pattern) is not None


def test_long_texts_are_left_to_the_run() -> None:
    assert fullmatch(".*a.*b.*c.*d", "x" * 100_000) is None
    assert fullmatch("[a-z]*", "x" * 100_000) is True

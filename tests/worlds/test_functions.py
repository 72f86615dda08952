"""The language's functions: arithmetic on texts, patterns, chance, and what each costs."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nexlang.worlds.engine import Chance, Context, OutOfFuel, ToolFailure, UnsafePattern, pure
from nexlang.worlds.engine import builtins as b
from nexlang.worlds.engine.arithmetic import evaluate
from nexlang.worlds.engine.patterns import refuse_unsafe, whole_match

ATOMS = st.sampled_from(["1", "2", "3.5", "0.25", "10", ".5", "7."])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" + ", "-", "*", " / ", "//"]), inner).map("".join),
        inner.map("({})".format),
        inner.map("-{}".format),
        st.tuples(inner, st.sampled_from(["2", "-1", "0.5"])).map("**".join),
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(EXPRESSIONS)
@example("2 ** -1")
@example("-2 ** 2")
@example("10 ** -1110")
@example("1 ** 100 ** 100")
@example("(-1) ** 10 ** 30")
@example("(-1) ** 1")
@example("0 ** 0")
@example("(-8) ** 0.5")
@example("2 ** 3 ** 2")
def test_evaluate_means_what_python_means(text: str) -> None:
    try:
        expected = eval(text)
    except (ArithmeticError, SyntaxError):
        expected = None
    if expected is None or isinstance(expected, complex) or abs(expected) > 1e300:
        with pytest.raises(ToolFailure):
            evaluate(text)
    else:
        assert evaluate(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", " ", "1 +", "(1", "1)", "1 2", "a", "__import__", "1e", "9**9**9", "9" * 2000, "(" * 200 + "1" + ")" * 200,
     "1/0", "1//0", "0 ** -1", "1.2.3", "007", "*1", "1,2", "1_0"],
)  # fmt: skip
def test_what_is_no_arithmetic_fails(text: str) -> None:
    with pytest.raises(ToolFailure):
        evaluate(text)


@pytest.mark.parametrize("pattern", ["(a+)+", "(aa|a)*", "(a*)*b", "(a+b*)+", "(", "(.a+)+"])
def test_patterns_that_may_take_forever_are_refused(pattern: str) -> None:
    with pytest.raises(UnsafePattern):
        refuse_unsafe(pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("#W[0-9]{7}", "#W1234567"), (r"[a-z]+(\.[a-z]+)*", "a.bc.d"), ("(ab)+", "abab"), ("[-0-9+*/(). ]*", "1 + 2"),
     ("-?[0-9]+(,[0-9]{3})*", "-1,000"), ("(yes|no)", "no"), ("(a|b){1}c?", "bc")],
)  # fmt: skip
def test_ordinary_patterns_are_taken(pattern: str, text: str) -> None:
    assert whole_match(pattern, text) and not whole_match(pattern, text + "!\n")


def test_chance_is_the_same_in_every_process() -> None:
    script = (
        "from nexlang.worlds.engine import Chance; c = Chance.stream(7, 'Desk.setup', 3)\n"
        "print([c.bits(), c.unit(), c.between(1, 6), c.normal(0.0, 1.0), c.choose('abc'), c.shuffled(range(5))])"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "99")
    }
    assert made == {"[9089705497019326258, 0.7677573089862852, 2, -0.22539899780713268, 'b', [0, 4, 2, 1, 3]]\n"}


def test_streams_are_independent_and_fair() -> None:
    dice = [Chance.stream(1, "a", i).between(1, 6) for i in range(6000)]
    assert all(850 < dice.count(face) < 1150 for face in range(1, 7))
    draws = [chance.normal(2.0, 3.0) for chance in [Chance.stream(1, "n")] for _ in range(4000)]
    mean = sum(draws) / len(draws)
    assert abs(mean - 2.0) < 0.2 and abs(sum((x - mean) ** 2 for x in draws) / len(draws) - 9.0) < 0.9
    assert Chance.stream(1, "big").below(10**30) < 10**30
    with pytest.raises(ToolFailure):
        Chance(0).choose([])


def test_fuel_bounds_walks_texts_and_products() -> None:
    ctx = Context(None, fuel=100)
    ctx.over([1] * 50)
    with pytest.raises(OutOfFuel):
        ctx.over([1] * 50)
    with pytest.raises(OutOfFuel):
        Context(None, fuel=100).text("x" * 10_000)
    with pytest.raises(OutOfFuel):
        Context(None, fuel=100).product(1 << 10_000, 1 << 10_000)
    with pytest.raises(OutOfFuel):
        b.numbers(Context(None, fuel=100), 0, 10**12)
    with pytest.raises(OutOfFuel):
        b.join(Context(None, fuel=100), ["x" * 1000] * 10, "")


def test_small_functions() -> None:
    ctx = pure()
    assert (b.to_int(" -12 "), b.to_int("1.5"), b.to_int("x")) == (-12, None, None)
    assert (b.to_float("1.5e3"), b.to_float("nan"), b.to_float("")) == (1500.0, None, None)
    assert (b.mod(-7, 3), b.clamp(5, 0, 3), b.floor(-1.5), b.ceil(1.2), b.round_whole(2.5)) == (2, 3, -2, 2, 2)
    assert b.cut(ctx, [1, 2, 3], -1, 2) == [1, 2] and b.cut_text(ctx, "abc", 1, 9) == "bc"
    assert b.unique(ctx, ["b", "a", "b"]) == ["b", "a"]
    assert b.json(ctx, {"b": 1.0, "a": [True, None]}) == '{"a": [true, null], "b": 1.0}'
    assert (b.parse_json(ctx, '{"a": 1}'), b.parse_json(ctx, "NaN"), b.parse_json(ctx, "{")) == ({"a": 1}, None, None)
    assert b.sorted_by([(1, "a"), (2, "b"), (1, "c")], True) == ["b", "a", "c"]
    assert (b.lowest_by([(2, "a"), (1, "b"), (1, "c")]), b.highest_by([])) == ("b", None)
    assert b.split(ctx, "abc", "") == ["a", "b", "c"] and b.replace(ctx, "abc", "", "x") == "abc"
    with pytest.raises(ToolFailure):
        b.at([1], -1)

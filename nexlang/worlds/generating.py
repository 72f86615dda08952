"""Values of a program's types, as JSON, for tests `for all`. Made with Hypothesis, which makes them small again."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from nexlang.ir import model as ir
from nexlang.ir.bounds import bounds
from nexlang.ir.lookup import Lookup

Strategy = SearchStrategy[Any]
MOST = 6
"""Items of a generated list or map, unless a condition asks for more."""
_TEXT_LENGTH = 30
_LARGEST = 1e12
_LONGEST = 1_000_000_000
_NEAR = 10
"""How far from a bound half of the whole numbers are that have only one."""


class Values:
    """Strategies by type. What a condition says about bounds is met at once; the rest is left to trying."""

    def __init__(self, look: Lookup) -> None:
        self.look = look
        self._named: dict[tuple[str, str], Strategy] = {}

    def of(self, type: ir.Type, refine: ir.Refinement | None = None) -> Strategy:
        match type:
            case ir.NamedType(kind="alias"):
                alias = self.look.aliases[type.name]
                return self.of(alias.type, _both(alias.refine, refine))
            case ir.NamedType():
                return self.named(type)
            case ir.Scalar():
                return self.scalar(type, refine)
            case ir.LiteralType():
                return st.sampled_from(type.values)
            case ir.ListType():
                return _sized(refine, lambda low, high: st.lists(self.of(type.item), min_size=low, max_size=high))
            case ir.MapType():
                key, value = self.of(type.key), self.of(type.value)
                return _sized(refine, lambda low, high: st.dictionaries(key, value, min_size=low, max_size=high))
            case ir.OptionalType():
                return st.none() | self.of(type.item, refine)
        raise ValueError(f"no values of the type {type.kind} can be made")

    def named(self, type: ir.NamedType) -> Strategy:
        """Records may hold themselves, so each is made once, when it is first drawn."""
        key = (type.kind, type.name)
        if key not in self._named:
            made: Any = {"record": self.fields, "union": self.union, "enum": self.enum}[type.kind]
            self._named[key] = st.deferred(lambda: made(type.name))
        return self._named[key]

    def enum(self, name: str) -> Strategy:
        return st.sampled_from(list(self.look.enums[name].cases.values()))

    def union(self, name: str) -> Strategy:
        return st.one_of([self.fields(record) for record in self.look.unions[name].cases.values()])

    def fields(self, name: str) -> Strategy:
        record = self.look.records[name]
        parts = {field.name: self.of(field.type, field.refine) for field in record.fields}
        tagged = {record.tag[0]: st.just(record.tag[1])} if record.tag is not None else {}
        return self.record({**tagged, **parts})

    def record(self, parts: Mapping[str, Strategy]) -> Strategy:
        return st.fixed_dictionaries(dict(parts))

    # ---- scalars

    def scalar(self, type: ir.Scalar, refine: ir.Refinement | None) -> Strategy:
        special = getattr(self, f"_{type.kind}", None)
        if special is None:
            raise ValueError(f"no values of the type {type.kind} can be made")
        made: Strategy = special(refine)
        return made

    def _bool(self, refine: ir.Refinement | None) -> Strategy:
        return st.booleans()

    def _none(self, refine: ir.Refinement | None) -> Strategy:
        return st.none()

    def _int(self, refine: ir.Refinement | None) -> Strategy:
        least, most = bounds(refine).whole
        if least is not None and most is not None and least > most:
            return st.nothing()
        if least is None and most is not None:
            return st.integers(most - _NEAR, most) | st.integers(max_value=most)
        if most is None and least is not None:
            return st.integers(least, least + _NEAR) | st.integers(min_value=least)
        return st.integers(least, most)

    def _float(self, refine: ir.Refinement | None) -> Strategy:
        low, high = _within(refine)
        return st.floats(low, high, allow_nan=False, allow_infinity=False) if low <= high else st.nothing()

    def _duration(self, refine: ir.Refinement | None) -> Strategy:
        low, high = _within(refine)
        least, most = max(0, math.ceil(low)), min(math.floor(high), _LONGEST)
        return st.integers(least, most).map(float) if least <= most else st.nothing()

    def _decimal(self, refine: ir.Refinement | None) -> Strategy:
        low, high = _within(refine)
        return st.decimals(low, high, allow_nan=False, places=2).map(str) if low <= high else st.nothing()

    def _text(self, refine: ir.Refinement | None) -> Strategy:
        if refine is not None and refine.pattern is not None:
            return st.from_regex(refine.pattern, fullmatch=True)
        alphabet = st.characters(exclude_categories=["Cs"])
        return _sized(refine, lambda low, high: st.text(alphabet, min_size=low, max_size=high), _TEXT_LENGTH)

    def _date(self, refine: ir.Refinement | None) -> Strategy:
        return st.dates().map(str)

    def _time(self, refine: ir.Refinement | None) -> Strategy:
        return st.datetimes().map(lambda made: made.isoformat())

    def _time_of_day(self, refine: ir.Refinement | None) -> Strategy:
        return st.times().map(lambda made: made.isoformat())

    def _json(self, refine: ir.Refinement | None) -> Strategy:
        plain = st.none() | st.booleans() | st.integers() | self._float(None) | self._text(None)
        return st.recursive(
            plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
        )

    def _message(self, refine: ir.Refinement | None) -> Strategy:
        return self.record({"by": st.text(max_size=8), "text": self._text(None)})

    def _call(self, refine: ir.Refinement | None) -> Strategy:
        tools = self.look.tools.values()
        calls = [{"tool": st.just(tool.name), "arguments": self.arguments(tool)} for tool in tools]
        return st.one_of([self.record(call) for call in calls]) if calls else st.nothing()

    def arguments(self, tool: ir.Function) -> Strategy:
        return self.record({param.name: self.of(param.type, param.refine) for param in tool.params})


# ---------------------------------------------------------------- what conditions say


def _both(first: ir.Refinement | None, second: ir.Refinement | None) -> ir.Refinement | None:
    """Two refinements as one: the pattern of either, both conditions."""
    if first is None or second is None:
        return first or second
    conditions = [each.condition for each in (first, second) if each.condition is not None]
    joined = ir.Binary(op="and", left=conditions[0], right=conditions[1]) if len(conditions) == 2 else None
    pattern = first.pattern or second.pattern
    return ir.Refinement(pattern=pattern, condition=joined or next(iter(conditions), None), text=first.text)


def _within(refine: ir.Refinement | None) -> tuple[float, float]:
    found = bounds(refine)
    return max(found.low, -_LARGEST), min(found.high, _LARGEST)


def _sized(refine: ir.Refinement | None, make: Callable[[int, int], Strategy], most: int = MOST) -> Strategy:
    sizes = _sizes(refine, most)
    return st.nothing() if sizes is None else make(*sizes)


def _sizes(refine: ir.Refinement | None, most: int = MOST) -> tuple[int, int] | None:
    """The least and the greatest length, or nothing where there is none between them."""
    least, greatest = bounds(refine, "size").whole
    least = max(0, least or 0)
    most = max(most, least + MOST)
    found = least, most if greatest is None else min(greatest, most)
    return found if found[0] <= found[1] else None

"""The range of a number that an expression in core form gives, and what it depends on: for reward components.

A range is (low, high), infinite on a side where nothing is known. A Bool counts 0 or 1. What fails (a division by
zero) gives no value, so it widens no range.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nexlang.semantics.types import Core

Range = tuple[float, float]
Bodies = Callable[[str], tuple[list[str], list[Core]] | None]
"""A function's parameters and statements, by its core name."""
Fields = Callable[[str, str], "tuple[str | None, Range]"]
"""The record that a field of a record holds, if any, and the field's range; a world's slot by the world's name."""
UNKNOWN: Range = (-math.inf, math.inf)
TRUTH: Range = (0.0, 1.0)
COUNT: Range = (0.0, math.inf)
_DEPTH = 50


def bounds(
    core: Core, ranges: Mapping[str, Range], body: Bodies = lambda name: None,
    records: Mapping[str, str] | None = None, fields: Fields = lambda record, name: (None, UNKNOWN),
) -> Range:  # fmt: skip
    """The range of `core`; `ranges` gives those of locals, `body` the functions that it calls, `records` the records
    and worlds that locals hold, `fields` what their fields are."""
    return _Ranges(ranges, body, 0, records or {}, fields).of(core)


class _Ranges:
    def __init__(
        self, ranges: Mapping[str, Range], body: Bodies, depth: int, records: Mapping[str, str], fields: Fields
    ) -> None:
        self.ranges, self.body, self.depth = ranges, body, depth
        self.records, self.fields = records, fields

    def inner(self, ranges: Mapping[str, Range], records: Mapping[str, str], deeper: int = 1) -> _Ranges:
        return _Ranges(ranges, self.body, self.depth + deeper, records, self.fields)

    def of(self, core: Core) -> Range:
        make = getattr(self, f"_{core['kind']}", None)
        low, high = make(core) if make is not None and self.depth < _DEPTH else UNKNOWN
        return (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)

    def _lit(self, core: Core) -> Range:
        value = core["value"]
        if not isinstance(value, (int, float)):
            return UNKNOWN
        try:
            return float(value), float(value)
        except OverflowError:
            return UNKNOWN

    def _local(self, core: Core) -> Range:
        return self.ranges.get(core["name"], UNKNOWN)

    def _field(self, core: Core) -> Range:
        record = self.record(core["of"])
        return self.fields(record, core["name"])[1] if record else UNKNOWN

    def _slot(self, core: Core) -> Range:
        return self._field(core) if core.get("of") is not None else UNKNOWN

    def record(self, core: Core) -> str | None:
        """The record that a value is, or each of those that it holds."""
        if core["kind"] == "local":
            return self.records.get(core["name"])
        if core["kind"] in ("field", "slot") and core.get("of") is not None:
            of = self.record(core["of"])
            return self.fields(of, core["name"])[0] if of else None
        return None

    def _to_float(self, core: Core) -> Range:
        return self.of(core["of"])

    def _shown(self, core: Core) -> Range:
        return self.of(core["value"])

    def _is_case(self, core: Core) -> Range:
        return TRUTH

    def _unary(self, core: Core) -> Range:
        low, high = self.of(core["of"])
        if core["op"] == "not":
            return _within((1.0 - high, 1.0 - low))
        return -high, -low

    def _cond(self, core: Core) -> Range:
        return _hull(self.of(core["then"]), self.of(core["otherwise"]))

    def _call_fn(self, core: Core) -> Range:
        found = self.body(core["name"])
        if found is None:
            return UNKNOWN
        params, statements = found
        given = {name: self.of(arg) for name, arg in zip(params, core["args"], strict=False)}
        held = {name: of for name, arg in zip(params, core["args"], strict=False) if (of := self.record(arg))}
        inner = self.inner({**given, **dict.fromkeys(_assigned(statements), UNKNOWN)}, held)
        results = list(inner.returned(statements))
        return (min(low for low, _ in results), max(high for _, high in results)) if results else UNKNOWN

    def returned(self, statements: list[Core]) -> Iterator[Range]:
        """The ranges of all values that statements may return."""
        assigned = _assigned(statements)
        for statement in statements:
            if statement["kind"] == "return":
                yield self.of(statement["value"]) if statement["value"] is not None else UNKNOWN
            elif statement["kind"] == "let":
                if statement["name"] not in assigned:
                    self.ranges = {**self.ranges, statement["name"]: self.of(statement["value"])}
                orelse = statement.get("orelse")
                yield from self.returned([orelse] if orelse else [])
            else:
                for block in _blocks(statement):
                    yield from self.inner(self.ranges, self.records, 0).returned(block)

    def _binary(self, core: Core) -> Range:
        op = core["op"]
        if op in _COMPARED:
            return _COMPARED[op](self.of(core["left"]), self.of(core["right"])) if _plain(core) else TRUTH
        if op in ("and", "or"):
            a, b = (self.of(side) for side in (core["left"], core["right"]))
            pick = min if op == "and" else max
            return _within((pick(a[0], b[0]), pick(a[1], b[1])))
        if op in ("in", "not_in"):
            return TRUTH
        if op == "div" and _is_part(core["left"], core["right"]):
            return TRUTH
        if op == "div" and (mean := _summed(core["left"], core["right"])) is not None:
            return _hull((0.0, 0.0), self.element(mean))
        left, right = self.of(core["left"]), self.of(core["right"])
        combine = _ARITHMETIC.get(op)
        return combine(left, right) if combine is not None else UNKNOWN

    # ---- comprehensions

    def _comp(self, core: Core) -> Range:
        result = core["result"]
        if result in ("any", "all"):
            return TRUTH
        most = _most(core)
        if result == "count":
            return 0.0, most
        element = self.element(core)
        if result == "sum":
            return _hull((0.0, 0.0), _times(element, (0.0, most)))
        return element if result in ("first", "min", "max") else UNKNOWN

    def element(self, core: Core) -> Range:
        """The range of what a comprehension takes of each item."""
        bound = set(_bound(core))
        ranges = {name: r for name, r in self.ranges.items() if name not in bound}
        records = {name: r for name, r in self.records.items() if name not in bound}
        for clause in core["clauses"]:
            of = self.inner(ranges, records, 0).record(clause["source"])
            if of is not None and len(clause["names"]) == 1:
                records[clause["names"][0]] = of
        return self.inner(ranges, records).of(core["element"])

    # ---- built-ins

    def _builtin(self, core: Core) -> Range:
        name, args = core["name"], core["args"]
        if core.get("type", {}).get("kind") == "bool":
            return TRUTH
        if name in ("len", "count"):
            return 0.0, _size(args[0])
        known = [self.of(arg) for arg in args]
        if name == "round" and len(args) == 2:
            return _rounded(known[0], args[1])
        make = _BUILTINS.get((name, len(args)))
        return make(*known) if make is not None else UNKNOWN


# ---------------------------------------------------------------- arithmetic on ranges


def _hull(a: Range, b: Range) -> Range:
    return min(a[0], b[0]), max(a[1], b[1])


def _within(a: Range) -> Range:
    """A truth, whatever is known of it."""
    return max(a[0], 0.0), min(a[1], 1.0)


def _less(a: Range, b: Range) -> Range:
    return (1.0, 1.0) if a[1] < b[0] else (0.0, 0.0) if a[0] >= b[1] and a[0] > -math.inf else TRUTH


def _at_most(a: Range, b: Range) -> Range:
    return (1.0, 1.0) if a[1] <= b[0] and a[1] < math.inf else (0.0, 0.0) if a[0] > b[1] else TRUTH


def _equal(a: Range, b: Range) -> Range:
    return (0.0, 0.0) if a[1] < b[0] or b[1] < a[0] else (1.0, 1.0) if a[0] == a[1] == b[0] == b[1] else TRUTH


def _plain(core: Core) -> bool:
    """Whether numbers are compared: a range says nothing of other values."""
    return all(
        side["kind"] != "lit" or isinstance(side["value"], (int, float)) for side in (core["left"], core["right"])
    )


def _product(a: float, b: float) -> float:
    """With nothing times infinity nothing: a range's infinite end is never reached."""
    return 0.0 if a == 0 or b == 0 else a * b


def _times(a: Range, b: Range) -> Range:
    corners = [_product(x, y) for x in a for y in b]
    return min(corners), max(corners)


def _over(a: Range, b: Range) -> Range:
    if b[0] > 0 or b[1] < 0:
        return _times(a, (1 / b[1], 1 / b[0]))
    if b[0] == 0 and b[1] > 0:
        return _times(a, (1 / b[1], math.inf))
    if b[1] == 0 and b[0] < 0:
        return _times(a, (-math.inf, 1 / b[0]))
    return UNKNOWN


def _mod(a: Range, b: Range) -> Range:
    """The remainder has the divisor's sign."""
    return min(b[0], 0.0), max(b[1], 0.0)


def _clamp(value: Range, low: Range, high: Range) -> Range:
    return max(low[0], min(value[0], high[0])), max(low[1], min(value[1], high[1]))


def _abs(a: Range) -> Range:
    inside = a[0] <= 0 <= a[1]
    return 0.0 if inside else min(abs(a[0]), abs(a[1])), max(abs(a[0]), abs(a[1]))


def _whole(a: Range) -> Range:
    return _each(math.floor, a[0]), _each(math.ceil, a[1])


def _each(function: Callable[[float], float], value: float) -> float:
    return float(function(value)) if math.isfinite(value) else value


def _rounded(a: Range, digits: Core) -> Range:
    if digits["kind"] != "lit" or not isinstance(digits["value"], int) or not 0 <= digits["value"] <= 300:
        return _whole(a)
    return round(a[0], digits["value"]), round(a[1], digits["value"])


def _sqrt(a: Range) -> Range:
    return _each(math.sqrt, max(a[0], 0.0)), _each(math.sqrt, max(a[1], 0.0))


_ARITHMETIC: dict[str, Callable[[Range, Range], Range]] = {
    "add": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "sub": lambda a, b: (a[0] - b[1], a[1] - b[0]),
    "mul": _times,
    "div": _over,
    "else": _hull,
}

_COMPARED: dict[str, Callable[[Range, Range], Range]] = {
    "lt": _less,
    "le": _at_most,
    "gt": lambda a, b: _less(b, a),
    "ge": lambda a, b: _at_most(b, a),
    "eq": _equal,
    "ne": lambda a, b: (1.0 - _equal(a, b)[1], 1.0 - _equal(a, b)[0]),
}

_BUILTINS: dict[tuple[str, int], Callable[..., Range]] = {
    ("abs", 1): _abs,
    ("round", 1): lambda a: (_each(round, a[0]), _each(round, a[1])),
    ("floor", 1): lambda a: (_each(math.floor, a[0]), _each(math.floor, a[1])),
    ("ceil", 1): lambda a: (_each(math.ceil, a[0]), _each(math.ceil, a[1])),
    ("sqrt", 1): _sqrt,
    ("float", 1): lambda a: a,
    ("mod", 2): _mod,
    ("clamp", 3): _clamp,
    ("min", 2): lambda a, b: (min(a[0], b[0]), min(a[1], b[1])),
    ("max", 2): lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
    ("occurrences", 2): lambda a, b: COUNT,
    ("uniform", 3): lambda dice, a, b: _hull(a, b),
    ("uniform_int", 3): lambda dice, a, b: _hull(a, b),
}


# ---------------------------------------------------------------- how many


def _size(source: Core) -> float:
    """The most items that a list can have."""
    if source["kind"] == "list_of":
        return float(len(source["items"]))
    if source["kind"] == "builtin" and source["name"] in ("take", "range"):
        last = source["args"][-1]
        if last["kind"] == "lit" and (source["name"] == "take" or len(source["args"]) == 1):
            return float(max(last["value"], 0))
    if source["kind"] == "comp" and source["result"] in ("list", "sorted"):
        return _most(source)
    return math.inf


def _most(comp: Core) -> float:
    return math.prod((_size(clause["source"]) for clause in comp["clauses"]), start=1.0)


def _is_part(part: Core, whole: Core) -> bool:
    """Whether `part` counts some of what `whole` counts: their ratio is then between 0 and 1."""
    whole = _unwrapped(whole)
    part = _unwrapped(part)
    if part["kind"] != "comp" or part["result"] != "count" or len(part["clauses"]) != 1:
        return False
    source = part["clauses"][0]["source"]
    if whole["kind"] == "builtin" and whole["name"] in ("len", "count"):
        return bool(whole["args"][0] == source)
    is_count = whole["kind"] == "comp" and whole["result"] == "count" and whole.get("condition") is None
    return is_count and len(whole["clauses"]) == 1 and bool(whole["clauses"][0]["source"] == source)


def _summed(part: Core, whole: Core) -> Core | None:
    """The comprehension whose sum over some items is divided by how many there are."""
    part = _unwrapped(part)
    if part["kind"] != "comp" or part["result"] != "sum":
        return None
    return part if _is_part({**part, "result": "count"}, whole) else None


def _unwrapped(core: Core) -> Core:
    """Without the conversion to Float and without `max(…, 1)`."""
    while core["kind"] == "to_float":
        core = core["of"]
    if core["kind"] == "builtin" and core["name"] == "max" and len(core["args"]) == 2:
        first, second = core["args"]
        if second["kind"] == "lit" and second["value"] >= 1:
            return _unwrapped(first)
    return core


# ---------------------------------------------------------------- refinements


def held_between(condition: Core | None) -> Range:
    """The range of `it` where a refinement holds."""
    if condition is None or condition["kind"] != "binary":
        return UNKNOWN
    left, right = condition["left"], condition["right"]
    if condition["op"] == "and":
        a, b = held_between(left), held_between(right)
        return max(a[0], b[0]), min(a[1], b[1])
    op, other = condition["op"], right
    if _is_it(right):
        op, other = _TURNED.get(op, op), left
    elif not _is_it(left):
        return UNKNOWN
    side = _BELOW_ABOVE.get(op)
    return side(*bounds(other, {})) if side is not None else UNKNOWN


def _is_it(core: Core) -> bool:
    while core["kind"] == "to_float":
        core = core["of"]
    return core["kind"] == "local" and bool(core["name"] == "it")


_BELOW_ABOVE: dict[str, Callable[[float, float], Range]] = {
    "lt": lambda low, high: (-math.inf, high),
    "le": lambda low, high: (-math.inf, high),
    "gt": lambda low, high: (low, math.inf),
    "ge": lambda low, high: (low, math.inf),
    "eq": lambda low, high: (low, high),
}
_TURNED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq"}


# ---------------------------------------------------------------- statements


def _blocks(statement: Core) -> Iterator[list[Core]]:
    for key in ("then", "otherwise", "body"):
        yield statement.get(key) or []
    for case in statement.get("cases", ()):
        yield case["body"]


def _assigned(statements: list[Core]) -> set[str]:
    """The names that a later statement may give another value, wherever it stands."""
    found = {statement["name"] for statement in statements if statement["kind"] == "set"}
    found |= {statement["root"].get("name") for statement in statements if statement["kind"] == "write"}
    for statement in statements:
        for block in _blocks(statement):
            found |= _assigned(block)
    return found


# ---------------------------------------------------------------- dependence


def depends(core: Core) -> set[str]:
    """The locals that an expression reads. What reads its own world, or may, reads `world`."""
    return set(_read(core, frozenset()))


def _read(core: Any, bound: frozenset[str]) -> Iterator[str]:
    if isinstance(core, list | tuple):
        for item in core:
            yield from _read(item, bound)
    elif isinstance(core, dict):
        kind = core.get("kind")
        if kind == "local":
            if core["name"] not in bound:
                yield core["name"]
            return
        if kind == "builtin" and core["name"] == "judged":
            yield "calls"  # a judge has seen what was done
        if kind in ("call_fn", "act") or (kind == "slot" and core.get("of") is None):
            yield "world"
        inner = bound | set(_bound(core)) if kind == "comp" else bound
        for value in core.values():
            yield from _read(value, inner)


def _bound(comp: Core) -> Iterator[str]:
    for clause in comp["clauses"]:
        yield from clause["names"]

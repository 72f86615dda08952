"""What a pure expression in core form comes to, on values as JSON has them: for refinements of literals and data.

`evaluate` raises `NotConstant` where that cannot be told here: a world, a call of a function, an error, or more work
than a check may cost. Then the run decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any

from nexlang.ir.patterns import fullmatch
from nexlang.semantics.constant_functions import BUILTINS, FUEL, OPERATORS, NotConstant, bounded, text
from nexlang.semantics.types import Core

_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class _Scope:
    """The names in sight and the work still allowed."""

    __slots__ = ("fuel", "names")

    def __init__(self, names: Mapping[str, object]) -> None:
        self.names = dict(names)
        self.fuel = FUEL

    def burn(self, amount: int) -> None:
        self.fuel -= amount + 1
        if self.fuel < 0:
            raise NotConstant("it takes too long")


__all__ = ["NotConstant", "condition", "evaluate", "holder", "holds", "prepared"]

Code = Callable[[_Scope], Any]


def evaluate(core: Core, names: Mapping[str, object]) -> object:
    """The value of `core`. Raises `NotConstant`."""
    return prepared(core)(names)


def prepared(core: Core) -> Callable[[Mapping[str, object]], object]:
    """`core` made ready to be evaluated many times; the result raises `NotConstant`."""
    try:
        code = _code(core)
    except RecursionError as error:
        raise NotConstant("it is nested too deeply") from error

    def run(names: Mapping[str, object]) -> object:
        try:
            return code(_Scope(names))
        except _ERRORS as error:
            raise NotConstant(str(error)) from error

    return run


def holds(refine: Core, value: object) -> bool | None:
    """Whether a value keeps a refinement in core form; None where that cannot be told before the program runs."""
    return holder(refine)(value)


def holder(refine: Core) -> Callable[[object], bool | None]:
    """`holds` for one refinement and many values."""
    pattern = refine.get("pattern")
    if pattern is not None:
        return lambda value: fullmatch(pattern, value) if isinstance(value, str) else None
    if refine.get("condition") is None:
        return lambda value: None
    test = condition(refine)
    return lambda value: test({"it": value})


def condition(refine: Core) -> Callable[[Mapping[str, object]], bool | None]:
    """Whether a refinement's condition holds, given all its names; for a record's `require`, its fields."""
    try:
        run = prepared(refine["condition"])
    except NotConstant:
        return lambda names: None

    def test(names: Mapping[str, object]) -> bool | None:
        try:
            result = run(names)
        except NotConstant:
            return None
        return result if isinstance(result, bool) else None

    return test


# ---------------------------------------------------------------- expressions


def _code(core: Core) -> Code:
    make = _MAKERS.get(core["kind"])
    if make is None:
        raise NotConstant(f"`{core['kind']}` is not constant")
    return make(core)


def _lit(core: Core) -> Code:
    value = core["value"]
    return lambda scope: value


def _local(core: Core) -> Code:
    name = core["name"]
    return lambda scope: scope.names[name]


def _field(core: Core) -> Code:
    of, name = _code(core["of"]), core["name"]

    def run(scope: _Scope) -> Any:
        holder = of(scope)
        if not isinstance(holder, dict):
            raise NotConstant(f"no field `{name}`")
        return holder.get(name)

    return run


def _index(core: Core) -> Code:
    of, key, is_list = _code(core["of"]), _code(core["key"]), core["container"] == "list"

    def run(scope: _Scope) -> Any:
        holder, at = of(scope), key(scope)
        if is_list:
            if at < 0:
                raise NotConstant("the index is out of range")
            return holder[at]
        return holder.get(at)

    return run


def _list_of(core: Core) -> Code:
    items = [_code(item) for item in core["items"]]
    return lambda scope: [item(scope) for item in items]


def _map_of(core: Core) -> Code:
    pairs = [(_code(key), _code(value)) for key, value in core["pairs"]]
    return lambda scope: {key(scope): value(scope) for key, value in pairs}


def _construct(core: Core) -> Code:
    fields = {name: _code(value) for name, value in core["fields"].items()}
    return lambda scope: {name: value(scope) for name, value in fields.items()}


def _with(core: Core) -> Code:
    of, changes = _code(core["of"]), _construct(core)
    return lambda scope: {**of(scope), **changes(scope)}


def _unary(core: Core) -> Code:
    of = _code(core["of"])
    return (lambda scope: not of(scope)) if core["op"] == "not" else (lambda scope: -of(scope))


def _cond(core: Core) -> Code:
    test, then, otherwise = _code(core["condition"]), _code(core["then"]), _code(core["otherwise"])
    return lambda scope: then(scope) if test(scope) else otherwise(scope)


def _to_float(core: Core) -> Code:
    of = _code(core["of"])
    return lambda scope: float(of(scope))


def _interp(core: Core) -> Code:
    parts = [(lambda scope, text=part: text) if isinstance(part, str) else _shown(part) for part in core["parts"]]
    return lambda scope: bounded("".join(part(scope) for part in parts))


def _shown(core: Core) -> Code:
    of = _code(core["value"])
    return lambda scope: text(of(scope))


def _is_case(core: Core) -> Code:
    if core["test"] != "value":
        raise NotConstant("the case of a union")
    of, name = _code(core["of"]), core["name"]
    return lambda scope: of(scope) == name


def _binary(core: Core) -> Code:
    op, left, right = core["op"], _code(core["left"]), _code(core["right"])
    if op == "and":
        return lambda scope: left(scope) and right(scope)
    if op == "or":
        return lambda scope: left(scope) or right(scope)
    if op == "else":
        return lambda scope: right(scope) if (value := left(scope)) is None else value
    apply = OPERATORS[op]
    return lambda scope: apply(left(scope), right(scope))


def _builtin(core: Core) -> Code:
    name = core["name"]
    if name not in BUILTINS:
        raise NotConstant(f"`{name}` is not constant")
    apply, args = BUILTINS[name], [_code(arg) for arg in core["args"]]

    def run(scope: _Scope) -> Any:
        values = [arg(scope) for arg in args]
        scope.burn(sum(len(value) for value in values if isinstance(value, (list, dict))))
        return apply(*values)

    return run


# ---------------------------------------------------------------- comprehensions


def _comp(core: Core) -> Code:
    clauses = [(c["names"], _code(c["source"]), c["over"]) for c in core["clauses"]]
    element = _code(core["element"])
    test = _code(core["condition"]) if core.get("condition") else None
    by = _code(core["by"]) if core.get("by") else None
    finish = _RESULTS[core["result"]]
    descending = core.get("descending", False)

    def walk(scope: _Scope, depth: int, found: list[Any]) -> None:
        if depth == len(clauses):
            if test is None or test(scope):
                value = element(scope)
                found.append((by(scope) if by else value, value))
            return
        names, source, over = clauses[depth]
        for entry in _entries(source(scope), over, len(names)):
            scope.burn(1)
            scope.names.update(zip(names, entry, strict=True))
            walk(scope, depth + 1, found)

    def run(scope: _Scope) -> Any:
        outer = scope.names
        found: list[Any] = []
        scope.names = dict(outer)
        try:
            walk(scope, 0, found)
        finally:
            scope.names = outer
        return finish(found, descending)

    return run


def _entries(source: Any, over: str, count: int) -> Iterable[tuple[Any, ...]]:
    if over == "table":
        raise NotConstant("a table")
    if over == "pairs":
        return [tuple(pair) for pair in source]
    if count == 2:
        return list(source.items())
    return [(item,) for item in source]


def _least(found: list[Any], descending: bool) -> Any:
    return min(found, key=itemgetter(0))[1] if found else None


def _greatest(found: list[Any], descending: bool) -> Any:
    return max(found, key=itemgetter(0))[1] if found else None


def _grouped(found: list[Any], descending: bool) -> dict[Any, list[Any]]:
    made: dict[Any, list[Any]] = {}
    for key, value in found:
        made.setdefault(key, []).append(value)
    return made


def _values(found: list[Any], descending: bool) -> list[Any]:
    return [value for _, value in found]


_RESULTS: dict[str, Callable[[list[Any], bool], Any]] = {
    "list": _values,
    "count": lambda found, _: len(found),
    "sum": lambda found, _: sum(value for _, value in found),
    "any": lambda found, _: any(value for _, value in found),
    "all": lambda found, _: all(value for _, value in found),
    "first": lambda found, _: found[0][1] if found else None,
    "min": _least,
    "max": _greatest,
    "sorted": lambda found, down: _values(sorted(found, key=itemgetter(0), reverse=down), down),
    "index": lambda found, _: dict(found),
    "group": _grouped,
}

_MAKERS: dict[str, Callable[[Core], Code]] = {
    "lit": _lit,
    "local": _local,
    "field": _field,
    "index": _index,
    "list_of": _list_of,
    "map_of": _map_of,
    "construct": _construct,
    "with": _with,
    "unary": _unary,
    "binary": _binary,
    "cond": _cond,
    "to_float": _to_float,
    "interp": _interp,
    "shown": _shown,
    "is_case": _is_case,
    "builtin": _builtin,
    "comp": _comp,
}

"""The program's types, signatures and expressions in the words of the language, from the IR."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from nexlang.ir.model import (
    Agent,
    Function,
    ListType,
    LiteralType,
    MapType,
    NamedType,
    OptionalType,
    OutcomeType,
    Parameter,
    RecordField,
    Refinement,
    TableType,
    Type,
)

NAMES = {
    "bool": "Bool", "int": "Int", "float": "Float", "decimal": "Decimal", "text": "Text", "json": "Json",
    "none": "none", "duration": "Duration", "date": "Date", "time": "Time", "time_of_day": "TimeOfDay",
    "chance": "Chance", "call": "Call", "message": "Message", "failure": "Failure",
}  # fmt: skip
_OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "join": "+", "chain": "+", "eq": "==", "ne": "!=", "lt": "<",
    "le": "<=", "gt": ">", "ge": ">=", "in": "in", "not_in": "not in", "and": "and", "or": "or", "else": "??",
}  # fmt: skip


# How tightly operators bind, the loosest first; all others bind as comparisons do.
_BINDING = {"or": 1, "and": 2, "else": 3, "add": 6, "sub": 6, "join": 6, "chain": 6, "mul": 7, "div": 7}


def type_words(of: Type | None) -> str:
    """A type as a program writes it."""
    match of:
        case None:
            return ""
        case LiteralType(values=values):
            return " | ".join(json.dumps(value, ensure_ascii=False) for value in values)
        case NamedType(name=name):
            return name
        case ListType(item=item):
            return f"[{type_words(item)}]"
        case MapType(key=key, value=value):
            return f"{{{type_words(key)}: {type_words(value)}}}"
        case OptionalType(item=item):
            return f"({type_words(item)})?" if isinstance(item, LiteralType) else f"{type_words(item)}?"
        case OutcomeType(item=item):
            return f"{type_words(item)} | Failure"
        case TableType(record=record, key=key):
            return f"table {record} by {key}"
    kind: str = of.kind
    named = getattr(of, "name", None) or getattr(of, "record", None)
    return f"{kind} {named}" if named else NAMES.get(kind, kind.title().replace("_", ""))


def type_names(of: Type | None) -> set[str]:
    """The declarations that a type names."""
    match of:
        case NamedType(name=name):
            return {name}
        case ListType(item=item) | OptionalType(item=item) | OutcomeType(item=item):
            return type_names(item)
        case MapType(key=key, value=value):
            return type_names(key) | type_names(value)
        case TableType(record=record):
            return {record}
    named = getattr(of, "record", None)
    return {named} if isinstance(named, str) else set()


def signature(of: Function | Agent) -> str:
    """One line, as the program begins the declaration."""
    kind: str = "agent" if isinstance(of, Agent) else of.kind
    kind = f"extern {kind}" if getattr(of, "extern", None) else kind
    row = "row " if getattr(of, "row", None) else ""
    result = f" -> {row}{type_words(of.result)}" if of.result is not None else ""
    world = f" in {of.world}" if isinstance(of, Function) and of.world else ""
    return f"{kind} {of.name}({parameters(of.params)}){result}{world}"


def parameters(params: Sequence[Parameter]) -> str:
    return ", ".join(field_words(param) for param in params)


def field_words(of: Parameter | RecordField) -> str:
    """`age: Int where it >= 0 = 18`."""
    default = f" = {expression(of.default)}" if of.default is not None and not _is_plain_none(of) else ""
    row = "row " if getattr(of, "row", None) else ""
    return f"{of.name}: {row}{type_words(of.type)}{refined(of.refine)}{default}"


def _is_plain_none(of: Parameter | RecordField) -> bool:
    """A record's optional field is none where nothing is given, without saying so."""
    return isinstance(of, RecordField) and isinstance(of.type, OptionalType) and expression(of.default) == "none"


def refined(rule: Refinement | None) -> str:
    return f" {rule.text}" if rule is not None else ""


def duration(ms: float) -> str:
    """`2m 30s`, in the units of the language."""
    if ms < 1000:
        return f"{ms:g}ms"
    parts, rest = [], ms / 1000
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if rest >= length:
            parts.append(f"{int(rest // length)}{unit}")
            rest %= length
    if rest or not parts:
        parts.append(f"{rest:g}s")
    return " ".join(parts)


# ---------------------------------------------------------------- expressions


def expression(of: Any) -> str:
    """An expression in the words of the language; `…` stands for what is longer than a line is for."""
    kind = getattr(of, "kind", "")
    make = _EXPRESSIONS.get(kind)
    return make(of) if make is not None else "…"


def literal(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "none"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else f"{value!r}"


def _interpolated(of: Any) -> str:
    parts = [part if isinstance(part, str) else f"{{{{ {expression(part.value)} }}}}" for part in of.parts]
    return '"' + "".join(parts).replace("\n", "\\n") + '"'


def _comprehension(of: Any) -> str:
    clauses = " ".join(f"for {', '.join(each.names)} in {expression(each.source)}" for each in of.clauses)
    condition = f" if {expression(of.condition)}" if of.condition is not None else ""
    by = f" by {expression(of.by)}{' desc' if of.descending else ''}" if of.by is not None else ""
    inner = f"{expression(of.element)} {clauses}{condition}{by}"
    if of.result == "count":  # counts what holds: the element is a Bool of its own, or nothing
        inner = f"{of.clauses[0].names[0]} {clauses}{condition}"
    return f"[{inner}]" if of.result == "list" else f"{of.result}({inner})"


def _operand(of: Any, above: int) -> str:
    """An operand, in parentheses where it binds less than what it stands in."""
    said = expression(of)
    return f"({said})" if of.kind == "binary" and _BINDING.get(of.op, 5) < above else said


def _binary(of: Any) -> str:
    above = _BINDING.get(of.op, 5)
    right = above + (of.op in ("sub", "div"))
    return f"{_operand(of.left, above)} {_OPERATORS.get(of.op, of.op)} {_operand(of.right, right)}"


def _named(pairs: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {expression(value)}" for name, value in pairs.items())


_EXPRESSIONS: dict[str, Any] = {
    "lit": lambda of: literal(of.value),
    "shown": lambda of: expression(of.value),
    "interp": _interpolated,
    "local": lambda of: of.name,
    "const": lambda of: of.name,
    "slot": lambda of: f"{expression(of.of)}.{of.name}" if of.of is not None else of.name,
    "field": lambda of: f"{expression(of.of)}.{of.name}",
    "index": lambda of: f"{expression(of.of)}[{expression(of.key)}]",
    "construct": lambda of: f"{of.record}({_named(of.fields)})",
    "with": lambda of: f"{expression(of.of)} with {{ {_named(of.fields)} }}",
    "list_of": lambda of: f"[{', '.join(expression(item) for item in of.items)}]",
    "map_of": lambda of: f"{{{', '.join(f'{expression(k)}: {expression(v)}' for k, v in of.pairs)}}}",
    "call_fn": lambda of: f"{of.name}({', '.join(expression(arg) for arg in of.args)})",
    "act": lambda of: f"{of.name}({_named(of.args)})",
    "builtin": lambda of: f"{of.name}({', '.join(expression(arg) for arg in of.args)})",
    "unary": lambda of: f"-{expression(of.of)}" if of.op == "neg" else f"not {expression(of.of)}",
    "binary": _binary,
    "comp": _comprehension,
    "cond": lambda of: f"if {expression(of.condition)} then {expression(of.then)} else {expression(of.otherwise)}",
    "is_case": lambda of: f"{expression(of.of)} is {of.name}",
    "as_case": lambda of: f"{expression(of.of)} as {of.record}",
    "to_float": lambda of: expression(of.of),
    "call_value": lambda of: f"call {of.tool}({_named(of.args)})",
}

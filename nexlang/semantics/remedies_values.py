"""Ways out for values of the wrong type."""

from __future__ import annotations

import re

from nexlang.diagnostics import codes_names as names
from nexlang.diagnostics import codes_places as places
from nexlang.diagnostics import codes_types as types
from nexlang.semantics.remedies import Place, remedy
from nexlang.syntax import nodes as n

# What stands for no value, by the type inside an optional.
EMPTY = {"Text": '""', "Int": "0", "Float": "0.0", "Bool": "false"}
PRINTED = ("`Int`", "`Float`", "`Bool`", "`Decimal`", "`Date`", "`Time`", "`Duration`")
# `it >= 0` and `it <= 9`, and the same the other way round; not `<` and `>`, whose limits are not allowed themselves.
LIMITS = (re.compile(r"\bit [<>]= (-?[0-9.]+)"), re.compile(r"(-?[0-9.]+) [<>]= it\b"))
NUMBER = re.compile(r'"(-?[0-9]+(?:\.[0-9]+)?)"')


@remedy(types.TYPE_MISMATCH, types.UNRELATED)
def converted(place: Place) -> None:
    expected = place.value("expected") or place.value("left")
    actual = place.value("actual") or place.value("right")
    number = NUMBER.fullmatch(place.marked)
    span = place.found.span
    if expected == "`Text`" and place.exactly(n.Num):
        place.fix("make it a text", place.edit(span.start, span.end, f'"{place.marked}"'))
    elif expected in ("`Int`", "`Float`") and number:
        place.fix("make it a number", place.edit(span.start, span.end, number[1]))
    elif expected == "`Text`" and actual in PRINTED:
        place.wrap("make a text of it", "text(", ")")
    elif expected == "`Int`" and actual == "`Float`":
        place.wrap("round it", "round(", ")")
    elif expected in ("`Int`", "`Float`") and actual == "`Text`":
        place.wrap("read the number in it", f"(to_{expected.strip('`').lower()}(", ") ?? 0)")
    elif expected == f"`[{actual.strip('`')}]`":
        place.wrap("make a list of it", "[", "]")
    elif expected.startswith("a condition") and actual.endswith("?`"):
        place.wrap("ask whether it is there", "", " != none")
    elif expected.startswith("a condition") and actual in ("`Int`", "`Float`"):
        place.wrap("compare it", "", " != 0")
    elif expected.startswith("nothing"):
        _no_value(place)


def _no_value(place: Place) -> None:
    function = place.around(n.FunctionDecl)
    actual = place.value("actual").strip("`")
    if function is not None and function.result is None and re.fullmatch(r"\w+", actual):
        at = place.text.find(")", function.params[-1].end if function.params else function.name.end) + 1
        if at == 0:
            return  # a parenthesis that recovery made up
        place.fix("say that it gives this", place.edit(at, at, f" -> {actual}"))


@remedy(types.BAD_OPERANDS)
def operands(place: Place) -> None:
    """A text and something else that `+` was to join: both go into one text."""
    node = place.around(n.Binary)
    if node is None or node.op != "+" or "text" not in place.value("hint"):
        return
    parts = [_in_text(place, part) for part in (node.left, node.right)]
    if "\n" not in "".join(parts):
        place.fix("put both into one text", place.edit(node.start, node.end, f'"{"".join(parts)}"'))


def _in_text(place: Place, part: n.Expr) -> str:
    if isinstance(part, n.Str) and not part.multiline:
        return part.raw
    return f"{{{{ {place.text[part.start : part.end]} }}}}"


@remedy(types.OPTIONAL_VALUE)
def optional(place: Place) -> None:
    inner = place.value("type").removesuffix("?")
    other = EMPTY.get(inner)
    if other is not None:
        place.wrap(f"take {other} where there is none", "(", f" ?? {other})")
    else:
        place.bind_before("found", ' else fail "There is none"', "take the value out first")


@remedy(places.OPTIONAL_PATH)
def optional_path(place: Place) -> None:
    place.bind_before("found", ' else fail "There is none"', "take the value out first")


@remedy(types.MISSING_ARGUMENT, types.MISSING_FIELDS)
def missing(place: Place) -> None:
    call = place.around(n.Call) or place.around(n.CallData)
    absent = re.findall(r"`(\w+)`", place.value("missing"))
    if call is None or not absent:
        return
    at = call.end - 1
    given = ", ".join(f"{name}: …" for name in absent)
    before = place.text[:at].rstrip()
    lead = "" if before.endswith("(") else " " if before.endswith(",") else ", "
    end = len(before)
    place.show(f"give {'it' if len(absent) == 1 else 'them'}", place.edit(end, end, f"{lead}{given}"))


@remedy(types.NOT_CALLABLE)
def not_callable(place: Place) -> None:
    call = place.around(n.Call)
    if call is not None and call.of.end == place.found.span.end:
        place.fix("take the value itself", place.edit(call.of.end, call.end, ""))


@remedy(types.NOT_INDEXABLE)
def not_indexable(place: Place) -> None:
    index = place.around(n.Index)
    if index is None:
        return
    key = index.key
    if place.text[index.of.end] == " ":
        place.fix("a list after a value needs a comma", place.edit(index.of.end, index.of.end, ","))
    elif isinstance(key, n.Str) and key.raw.isidentifier():
        place.fix("read the field", place.edit(index.of.end, index.end, f".{key.raw}"))
    else:
        place.fix("take the value itself", place.edit(index.of.end, index.end, ""))


@remedy(types.CANNOT_INFER)
def cannot_infer(place: Place) -> None:
    statement = place.around(n.Var) or place.around(n.Let)
    if statement is not None and statement.value.start == place.found.span.start and place.marked in ("[]", "{}"):
        type = "[…]" if place.marked == "[]" else "{Text: …}"
        first, last = statement.start, statement.name.end
        place.show("say its type", place.edit(first, last, f"var {statement.name.name}: {type}"))


@remedy(types.LOOP_NAMES)
def loop_names(place: Place) -> None:
    """`for i, w in words` where there is one name too many, or one too few."""
    clause = place.around(n.Clause) or place.around(n.For)
    if clause is None:
        return
    names, source = clause.names, clause.source
    wanted = place.value("count")[:1]
    text = place.text[source.start : source.end]
    if wanted == "1" and len(names) == 2:
        place.fix("count the entries with `enumerate`", place.edit(source.start, source.end, f"enumerate({text})"))
    elif wanted == "2" and len(names) == 1:
        place.fix("name both", place.edit(names[0].start, names[0].start, "key, "))


@remedy(types.NO_RESULT)
def no_result(place: Place) -> None:
    let = place.around(n.Let)
    if let is not None and let.value.start == place.found.span.start and let.orelse is None:
        place.fix("call it without a name", place.edit(let.start, let.value.start, ""))


@remedy(names.NOT_A_VALUE)
def not_a_value(place: Place) -> None:
    node = place.meant()
    if isinstance(node, n.EnumDecl) and node.cases:
        place.show("take one of its cases", place.edit(place.found.span.end, place.found.span.end, ".…"))
    elif isinstance(node, n.RecordDecl):
        given = ", ".join(f"{field.name.name}: …" for field in node.fields)
        place.show("make one", place.edit(place.found.span.end, place.found.span.end, f"({given})"))
    elif isinstance(node, n.FunctionDecl):
        given = ", ".join("…" for _ in node.params)
        make = place.show if given else place.fix
        make("call it", place.edit(place.found.span.end, place.found.span.end, f"({given})"))


@remedy(types.BAD_KEY)
def bad_key(place: Place) -> None:
    map = place.around(n.MapType)
    if map is not None:
        place.fix("take texts as keys", place.edit(map.key.start, map.key.end, "Text"))


@remedy(types.REFINEMENT_BROKEN)
def refinement(place: Place) -> None:
    """The nearest number that the rule allows, where it names one."""
    number = re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", place.marked)
    limit = next((found for pattern in LIMITS for found in pattern.finditer(place.value("rule"))), None)
    if number is not None and limit is not None:
        place.found.replace("take the nearest that is allowed", limit[1], "unsafe")

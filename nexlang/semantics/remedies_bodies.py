"""Ways out for statements: what they change, what they give, what bounds them."""

from __future__ import annotations

from nexlang.diagnostics import codes_names as names
from nexlang.diagnostics import codes_places as places
from nexlang.diagnostics import codes_types as types
from nexlang.semantics import symbols as s
from nexlang.semantics.remedies import Place, remedy
from nexlang.syntax import nodes as n
from nexlang.syntax.walk import walk

MOST = 8


@remedy(types.MISSING_RETURN)
def missing_return(place: Place) -> None:
    at = place.found.span.start
    before = place.text[:at].rstrip()
    pad = place.indent(at)
    alone = not place.text[:at].rsplit("\n", 1)[-1].strip()
    new = f"\n{pad}  return …\n{pad}" if alone else "  return … "
    place.show("say what it gives", place.edit(len(before), at, new))


@remedy(places.ASSIGN_TO_LET)
def assigned(place: Place) -> None:
    """A `let` that is assigned was meant as a `var`; a parameter needs another name."""
    name = place.around(n.Name)
    function = place.path[1] if len(place.path) > 1 else None
    if name is None or function is None:
        return
    lets = [node for node in walk(function) if isinstance(node, n.Let) and node.name.name == name.name]
    before = [node for node in lets if node.end <= name.start]
    if before and before[-1].orelse is None:
        place.fix("let it change", place.edit(before[-1].start, before[-1].start + len("let"), "var"))
    elif before:
        place.show("make a `var` of it", place.edit(name.start, name.start, f"var changed = {name.name}  "))
    else:
        statement = place.around(n.Assign)
        if statement is not None and isinstance(statement.target, n.Name) and statement.op == "=":
            target = statement.target
            place.fix("give it a name of its own", place.edit(target.start, target.end, f"let new_{target.name}"))


@remedy(places.NO_WORLD)
def no_world(place: Place) -> None:
    function = place.around(n.FunctionDecl)
    worlds = place.declared(s.WorldInfo)
    if function is not None and function.world is None and len(worlds) == 1:
        at = len(place.text[: function.block.start].rstrip())
        place.fix(f"let it run in `{worlds[0].name}`", place.edit(at, at, f" in {worlds[0].name}"))


@remedy(places.WRITE_IN_EXPRESSION, places.HIDDEN_ACT)
def bound_first(place: Place) -> None:
    """What acts gets a `let` of its own. Not where it acts for each of several, or in one branch only."""
    inside = [node for node in place.path if isinstance(node, n.Call)]
    call = next((node for node in reversed(inside) if node.of.start == place.found.span.start), None)
    statement = place.around(n.Stmt)
    if statement is None or any(isinstance(node, n.Comp) for node in place.path):
        return
    start, end = (call.start, call.end) if call is not None else _call_in_text(place)
    if start == end or "\n" in place.text[start:end]:
        return
    name, text = place.fresh("done"), place.text[start:end]
    alone = not place.text[: statement.start].rsplit("\n", 1)[-1].strip()
    pad = f"\n{place.indent(statement.start)}" if alone else "  "
    first = place.edit(statement.start, statement.start, f"let {name} = {text}{pad}")
    place.fix("let it act first", first, place.edit(start, end, name))


def _call_in_text(place: Place) -> tuple[int, int]:
    """A call between `{{` and `}}`, where the tree has only the text."""
    start, end = place.found.span.start, place.text.find("}}", place.found.span.end)
    whole = place.text[start:end].rstrip() if end > 0 else ""
    return (start, start + len(whole)) if whole.endswith(")") and whole.count("(") == 1 else (start, start)


@remedy(places.UNBOUNDED_ASKING)
def unbounded(place: Place) -> None:
    clause = next((node for node in reversed(place.path) if isinstance(node, n.Comp | n.For)), None)
    source = clause.source if isinstance(clause, n.For) else clause.clauses[0].source if clause is not None else None
    if source is not None:
        start, end = place.edit(source.start, source.start, "take("), place.edit(source.end, source.end, f", {MOST})")
        place.fix(f"ask {MOST} times at most", start, end)


@remedy(places.NOT_ADDABLE)
def not_addable(place: Place) -> None:
    statement = place.around(n.Add)
    if statement is not None and place.value("type") in ("`Int`", "`Float`", "`Decimal`", "`Duration`"):
        target = place.text[statement.target.start : statement.target.end]
        value = place.text[statement.value.start : statement.value.end]
        place.fix("numbers grow with `+=`", place.edit(statement.start, statement.end, f"{target} += {value}"))


@remedy(places.READ_ONLY)
def read_only(place: Place) -> None:
    statement = place.around(n.Stmt)
    if statement is not None:
        place.leave_out(statement)


@remedy(names.DUPLICATE_DECLARATION)
def declared_twice(place: Place) -> None:
    """The same again goes; another declaration gets another name."""
    decl = place.around(n.Decl)
    if decl is None:
        return
    node = place.meant()
    same = isinstance(node, n.Decl) and place.text[node.start : node.end] == place.text[decl.start : decl.end]
    if same and node is not decl:
        place.leave_out(decl)
    else:
        new = f"{place.marked}2" if place.marked[0].isupper() else f"{place.marked}_2"
        place.fix("give it another name", place.edit(place.found.span.start, place.found.span.end, new))


@remedy(names.WHOLE_MODULE)
def whole_module(place: Place) -> None:
    use = place.around(n.Use)
    if use is not None:
        place.show("name what is used", place.edit(use.path.end, use.path.end, " { … }"))


@remedy(places.ASSIGN_TO_VALUE)
def changed_copy(place: Place) -> None:
    assign = place.around(n.Assign)
    target = assign.target if assign is not None else None
    if assign is not None and isinstance(target, n.Attr) and isinstance(target.of, n.Name) and assign.op == "=":
        name, value = target.of.name, place.text[assign.value.start : assign.value.end]
        copy = f"let {place.fresh(f'changed_{name}')} = {name} with {{ {target.name.name}: {value} }}"
        place.fix("make a changed copy", place.edit(assign.start, assign.end, copy))


@remedy(places.NOT_REMOVABLE)
def not_removable(place: Place) -> None:
    statement = place.around(n.Remove)
    if statement is not None and isinstance(statement.target, n.Attr):
        target = place.text[statement.target.start : statement.target.end]
        place.fix("set it to none", place.edit(statement.start, statement.end, f"{target} = none"))

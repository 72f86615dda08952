"""Comprehensions, aggregates and the built-in functions."""

from __future__ import annotations

from nexlang.diagnostics import Diagnostic
from nexlang.diagnostics.codes_places import NO_WORLD, NOT_HERE
from nexlang.diagnostics.codes_types import (
    AGGREGATE,
    LOOP_NAMES,
    NOT_ITERABLE,
    TOO_MANY_ARGUMENTS,
    TYPE_MISMATCH,
    UNKNOWN_ARGUMENT,
)
from nexlang.diagnostics.codes_values import UNREADABLE
from nexlang.semantics.builtins import AGGREGATES, BUILTINS, NUMBER, ORDERED, SCOPE_CALLS, Signature
from nexlang.semantics.checker import POISON, words
from nexlang.semantics.literals import with_optional
from nexlang.semantics.moments import MOMENT_MAKERS, example, made_decimal, name_of, read, repair
from nexlang.semantics.operators import Operators
from nexlang.semantics.scope import Place, Typed
from nexlang.semantics.types import (
    BOOL,
    CHANCE,
    DECIMAL,
    ERROR,
    FLOAT,
    INT,
    NONE,
    TEXT,
    Core,
    List,
    Map,
    Optional,
    Pairs,
    Record,
    Table,
    Type,
    Var,
    World,
    base,
    fits,
    is_amount,
    is_ordered,
    joined,
    opened,
)
from nexlang.syntax import nodes as n


class Comprehensions(Operators):
    # ---- what a `for` walks

    def clause(self, names: list[n.Ident], source_node: n.Expr) -> Core:
        """Check `for names in source` and declare the names in the current frame."""
        source = self.expr(source_node)
        over, types, places = self.walked(source, source_node, len(names))
        at = names[0]
        if over and len(types) != len(names):
            what = "a list" if over == "list" else "`enumerate` or `zip`"
            self.report(LOOP_NAMES, at, what=what, count=f"{len(types)} name{'s'[: len(types) - 1]}", given=len(names))
            if over == "list":
                self.reporter.diagnostics[-1].advise("`enumerate(xs)` gives each item with its position")
            types, places = [], []
        core_names = []
        for i, name in enumerate(names):
            type = types[i] if i < len(types) else ERROR
            place = places[i] if i < len(places) else None
            local = self.body.declare(name.name, type, "loop", name, place)
            if place is not None and place.root is None and place.is_row:
                local.place = Place(place.slot, local, is_row=True)
            core_names.append(local.core_name)
        return {"names": core_names, "source": source.core, "over": over or "list"}

    def walked(self, source: Typed, node: n.Expr, count: int) -> tuple[str, list[Type], list[Place | None]]:
        type = base(source.type)
        match type:
            case List(item):
                return "list", [item], []
            case Pairs(first, second):
                return "pairs", [first, second], []
            case Map(key, value):
                return "map", [key] if count == 1 else [key, value], []
            case Table(record, _):
                row = Place(source.place.slot, is_row=True) if source.place is not None else None
                if count == 1:
                    return "table", [Record(record)], [row]
                return "table", [type.key_type, Record(record)], [None, row]
            case Optional():
                self.may_be_none(node, source.type)
            case _ if type is not ERROR:
                diagnostic = self.report(NOT_ITERABLE, node, type=words(source.type))
                if type is INT:
                    diagnostic.replace("count up to it", f"range({self.text(node)})")
        return "", [], []

    def comp(self, node: n.Comp, result: str) -> tuple[Typed, Core, Type]:
        """Check a comprehension; gives the element, the core form, whose `result` is as asked, and the type of `by`."""
        body = self.body
        body.frames.append({})
        body.inside += 1
        clauses = [self.clause(each.names, each.source) for each in node.clauses]
        condition = self.condition(node.condition) if node.condition else None
        element = self.expr(node.element)
        by = self.expr(node.by) if node.by else None
        body.inside -= 1
        body.frames.pop()
        core: Core = {
            "kind": "comp",
            "result": result,
            "element": element.core,
            "item": self.core_type(element.type),
            "clauses": clauses,
            "condition": condition,
            "by": by.core if by else None,
            "key": self.core_type(by.type) if by else None,
            "descending": node.descending,
        }
        if by is not None and result not in ("sorted", "min", "max", "index", "group"):
            only = "only in sorted, min, max, index and group"
            self.aggregate(node.by or node, f"`by` has no meaning in `{result}`", only)
        if by is not None and result in ("index", "group"):
            self.map_key_allowed(by.type, node.by or node)
        elif by is not None:
            self.orderable(by.type, node.by or node)
        return element, core, by.type if by else ERROR

    def aggregate(self, node: n.Node, message: str, caption: str) -> Diagnostic:
        return self.report(AGGREGATE, node, message=message, caption=caption)

    def orderable(self, type: Type, node: n.Node) -> None:
        if type is not ERROR and not is_ordered(type):
            self.aggregate(node, f"{words(type)} has no order", "a number, a text or a date is needed")

    def x_ListComp(self, node: n.ListComp, expected: Type | None) -> Typed:
        if self.body.kind == "agent":
            return self.acting_list(node)
        element, core, _ = self.comp(node.comp, "list")
        return Typed(List(element.type), self.converted(core, element, expected))

    def converted(self, core: Core, element: Typed, expected: Type | None) -> Core:
        """Ints in a list of Floats become Floats where they are made."""
        wanted = with_optional(expected)
        if isinstance(wanted, List) and base(wanted.item) is FLOAT and element.type is INT:
            core["element"] = {"kind": "to_float", "of": core["element"]}
            core["item"] = FLOAT.core()
        return core

    def acting_list(self, node: n.ListComp) -> Typed:
        """In an agent's body a comprehension may act; then it becomes a loop before the statement."""
        raise AssertionError("defined by Statements")

    def x_Comp(self, node: n.Comp, expected: Type | None) -> Typed:
        self.aggregate(node, "a comprehension stands in brackets or in an aggregate", "what should it become?")
        return POISON

    # ---- aggregates

    def call_builtin(self, node: n.Call, name: str, expected: Type | None) -> Typed:
        if name == "fresh_id":
            return self.fresh_id(node)
        if name == "replay":
            return self.replay(node)
        if name == "play":
            return self.play(node)
        if name == "wait":
            return self.wait(node)
        for arg in node.args:
            if arg.name is not None:
                self.report(UNKNOWN_ARGUMENT, arg.name, name=name, argument=arg.name.name).advise(
                    "the arguments of built-in functions are given by position"
                )
        if name in AGGREGATES:
            if len(node.args) == 1 and isinstance(node.args[0].value, n.Comp):
                return self.aggregate_comp(node.args[0].value, name)
            return self.aggregate_list(node, name)
        return self.overloaded(node, name, BUILTINS[name], expected)

    def aggregate_comp(self, node: n.Comp, name: str) -> Typed:
        element, core, key = self.comp(node, name)
        type = self.aggregate_type(name, element.type, node.element, node.by is not None)
        if name in ("index", "group"):
            if node.by is None:
                self.aggregate(node, f"`{name}` needs `by` to say what the keys are", "by what?")
                return POISON
            return Typed(Map(key, element.type if name == "index" else List(element.type)), core)
        place = None
        if name == "first" and isinstance(node.element, n.Name) and element.place is not None and element.place.is_row:
            place = Place(element.place.slot, is_row=True)
        return Typed(type, core, place)

    def aggregate_type(self, name: str, item: Type, node: n.Expr, by: bool) -> Type:
        if item is ERROR:
            return ERROR
        match name:
            case "count":
                return INT
            case "any" | "all":
                if opened(item) is not BOOL:
                    self.report(TYPE_MISMATCH, node, expected="a condition (`Bool`)", actual=words(item))
                return BOOL
            case "sum":
                if not is_amount(item):
                    self.report(TYPE_MISMATCH, node, expected="a number", actual=words(item))
                    return ERROR
                return opened(item)
            case "min" | "max" | "first":
                if name != "first" and not by:
                    self.orderable(item, node)
                return item if isinstance(item, Optional) else Optional(item)
            case "sorted":
                if not by:
                    self.orderable(item, node)
                return List(item)
        return item

    def aggregate_list(self, node: n.Call, name: str) -> Typed:
        if name in ("min", "max") and len(node.args) == 2:
            return self.overloaded(node, name, _LEAST, None)
        if len(node.args) != 1:
            self.aggregate(node, f"`{name}` takes a list or a comprehension", f"`{name}(x for x in xs)`")
            return POISON
        arg = node.args[0].value
        typed = self.expr(arg)
        if typed.type is ERROR:
            return POISON
        source = base(typed.type)
        if name == "count" and isinstance(source, List | Map | Table):
            return Typed(INT, self.builtin("len", [typed.core], INT))
        if name == "first" and isinstance(source, Table):
            core = self.builtin("first", [typed.core], Optional(Record(source.record)))
            return Typed(Optional(Record(source.record)), core)
        if isinstance(source, List) and name in ("index", "group"):
            self.aggregate(node, f"`{name}` needs `by` to say what the keys are", f"`{name}(x for x in xs by x.key)`")
            return POISON
        if not isinstance(source, List) or name in ("index", "group"):
            self.report(NOT_ITERABLE, arg, type=words(typed.type))
            return POISON
        type = self.aggregate_type(name, source.item, arg, by=False)
        return Typed(type, self.builtin(name, [typed.core], type))

    def builtin(self, name: str, args: list[Core], type: Type) -> Core:
        core_type = {"kind": "none"} if isinstance(type, Pairs) else self.core_type(type)
        return {"kind": "builtin", "name": name, "args": args, "type": core_type}

    # ---- signatures

    def overloaded(self, node: n.Call, name: str, signatures: tuple[Signature, ...], expected: Type | None) -> Typed:
        hints = self.hints(signatures)
        args = [self.expr(arg.value, hints[i] if i < len(hints) else None) for i, arg in enumerate(node.args)]
        self.body.chance |= signatures[0].chance
        if name in ("now", "today"):
            self.tells_time(node, name)
        if any(arg.type is ERROR for arg in args):
            return POISON
        for signature in signatures:
            typed = self.match_signature(name, signature, args)
            if typed is not None:
                self.readable(node, name, args)
                return typed
        return self.no_signature(node, name, signatures, args)

    def readable(self, node: n.Call, name: str, args: list[Typed]) -> None:
        """Hold the literal text of `date("…")` and its like to what it must write."""
        core = args[0].core if args else {}
        text = core.get("value") if core.get("kind") == "lit" else None
        if name not in MOMENT_MAKERS or not isinstance(text, str) or read(name, text) is not None:
            return
        arg = node.args[0].value
        diagnostic = self.report(UNREADABLE, arg, text=text, type=name_of(name), example=example(name))
        repaired = repair(name, text)
        if repaired is not None:
            diagnostic.replace(f"as {name_of(name)} is written", f'"{repaired}"', "unsafe")

    def tells_time(self, node: n.Call, name: str) -> None:
        """Whether a clock is in reach of the body; filled in by `Processes`."""
        raise AssertionError("defined by Processes")

    def wait(self, node: n.Call) -> Typed:
        """`wait(d)`; filled in by `Processes`."""
        raise AssertionError("defined by Processes")

    def hints(self, signatures: tuple[Signature, ...]) -> list[Type | None]:
        """What the first signature expects of each argument, where it says."""
        if len(signatures) > 1:
            return []
        return [None if _open(param) else param for param in signatures[0].params]

    def match_signature(self, name: str, signature: Signature, args: list[Typed]) -> Typed | None:
        if not len(signature.params) - signature.optional <= len(args) <= len(signature.params):
            return None
        found: dict[str, Type] = {}
        numbers = [arg.type for arg, param in zip(args, signature.params, strict=False) if param is NUMBER]
        if numbers:
            if not all(is_amount(t) for t in numbers):
                return None
            number = joined([opened(t) for t in numbers])
            if number is None:
                return None
            found[NUMBER.name] = number
        cores = []
        for arg, param in zip(args, signature.params, strict=False):
            if not _unify(param, arg.type, found):
                return None
            wanted = _filled(param, found)
            if param is ORDERED and not is_ordered(wanted):
                return None
            cores.append(_as_number(arg, wanted))
        result = _filled(signature.result, found)
        if name == "text":
            cores = [
                {
                    "kind": "interp",
                    "parts": [{"kind": "shown", "value": cores[0], "type": self.core_type(args[0].type)}],
                }
            ]
            return Typed(TEXT, cores[0])
        if name == "json":
            shown = {"kind": "shown", "value": cores[0], "type": self.core_type(args[0].type)}
            return Typed(TEXT, self.builtin(name, [shown], TEXT))
        return Typed(result, self.builtin(name, cores, result))

    def no_signature(self, node: n.Call, name: str, signatures: tuple[Signature, ...], args: list[Typed]) -> Typed:
        counts = sorted({k for s in signatures for k in range(len(s.params) - s.optional, len(s.params) + 1)})
        if len(args) not in counts:
            wanted = " or ".join(str(c) for c in counts) + " argument" + "s"[: counts[-1] != 1]
            at = node.args[counts[-1]] if len(args) > counts[-1] else node.of
            diagnostic = self.report(TOO_MANY_ARGUMENTS, at, name=name, count=wanted, given=len(args))
            diagnostic.caption = f"{len(args)} given"
            if len(args) == counts[-1] + 1:
                self.left_out(diagnostic, at)
            return POISON
        fitting = [s for s in signatures if len(s.params) - s.optional <= len(args) <= len(s.params)]
        found: dict[str, Type] = {}
        for position, (arg, typed, param) in enumerate(zip(node.args, args, fitting[0].params, strict=False)):
            if not _unify(param, typed.type, found) or (param is NUMBER and not is_amount(typed.type)):
                choices = [_filled(param, found), *(each.params[position] for each in fitting[1:])]
                if not any(_unify(each, typed.type, {}) for each in choices[1:]):
                    self.wrong_argument(arg.value, typed, choices, name)
                    return POISON
        self.wrong_argument(node.args[-1].value, args[-1], [_filled(fitting[0].params[len(args) - 1], found)], name)
        return POISON

    def wrong_argument(self, node: n.Expr, typed: Typed, choices: list[Type], name: str) -> None:
        """Report an argument that fits none of the overloads; the first is what it most likely was meant for."""
        wanted = choices[0]
        expected = " or ".join(dict.fromkeys(_wanted(each) for each in choices))
        if isinstance(typed.type, Optional) and not isinstance(wanted, Optional):
            self.may_be_none(node, typed.type)
            return
        diagnostic = self.report(TYPE_MISMATCH, node, expected=expected, actual=words(typed.type))
        if wanted is CHANCE:
            diagnostic.advise(f"`{name}` draws from a stream: take a parameter `dice: Chance` and pass it first")

    # ---- the two that need a world

    def fresh_id(self, node: n.Call) -> Typed:
        if len(node.args) != 1:
            self.report(TOO_MANY_ARGUMENTS, node.of, name="fresh_id", count="1 argument", given=len(node.args))
            return POISON
        arg = node.args[0].value
        table = self.expr(arg)
        if table.type is ERROR:
            return POISON
        if not isinstance(base(table.type), Table):
            self.report(TYPE_MISMATCH, arg, expected="a table", actual=words(table.type))
            return POISON
        if not fits(TEXT, base(table.type).key_type):  # type: ignore[attr-defined]
            self.report(TYPE_MISMATCH, arg, expected="a table whose key is a Text", actual=words(table.type))
            return POISON
        if not self.body.may_write:
            self.report(NO_WORLD, node.of, what="`fresh_id`")
        return Typed(TEXT, self.builtin("fresh_id", [table.core], TEXT))

    def replay(self, node: n.Call) -> Typed:
        if self.body.kind == "measure" and self.body.world is None:
            for arg in node.args:
                self.expr(arg.value)
            return POISON
        if self.body.kind != "measure" or self.body.world is None:
            self.report(NOT_HERE, node.of, what="`replay`", where="outside an environment's rewards")
            return POISON
        if len(node.args) != 1:
            self.report(TOO_MANY_ARGUMENTS, node.of, name="replay", count="1 argument", given=len(node.args))
            return POISON
        calls = self.value(node.args[0].value, SCOPE_CALLS)
        return Typed(World(self.body.world), self.builtin("replay", [calls], World(self.body.world)))

    def play(self, node: n.Call) -> Typed:
        if self.body.kind != "agent":
            self.report(NOT_HERE, node.of, what="`play`", where="outside a flow agent")
            return POISON
        if len(node.args) != 1:
            self.report(TOO_MANY_ARGUMENTS, node.of, name="play", count="1 argument", given=len(node.args))
            return POISON
        calls = self.value(node.args[0].value, SCOPE_CALLS)
        return Typed(NONE, self.builtin("play", [calls], NONE))


def _wanted(type: Type) -> str:
    """What a parameter of a built-in takes, in words."""
    if type in (NUMBER, ORDERED):
        return "a number" if type is NUMBER else "a number, a text or a date"
    if _open(type) and isinstance(type, List | Map):
        return "a list" if isinstance(type, List) else "a map"
    return words(type)


_LEAST = (Signature((ORDERED, ORDERED), ORDERED),)


def _as_number(arg: Typed, wanted: Type) -> Core:
    """The argument as what is wanted: whole numbers become Floats or Decimals where these are mixed."""
    if opened(arg.type) is INT and wanted is FLOAT:
        return {"kind": "to_float", "of": arg.core}
    return made_decimal(arg.core) if opened(arg.type) is INT and wanted is DECIMAL else arg.core


def _open(type: Type) -> bool:
    match type:
        case Var():
            return True
        case List(item) | Optional(item):
            return _open(item)
        case Map(key, value):
            return _open(key) or _open(value)
    return False


def _variables(type: Type) -> list[str]:
    match type:
        case Var(name):
            return [name]
        case List(item) | Optional(item):
            return _variables(item)
        case Map(key, value):
            return [*_variables(key), *_variables(value)]
    return []


def _unify(param: Type, actual: Type, found: dict[str, Type]) -> bool:
    """Whether `actual` fits `param`, whose variables take their types from it."""
    actual = base(actual) if isinstance(param, Var) and param.name != "number" else opened(actual)
    if actual is ERROR:
        for name in _variables(param):
            found.setdefault(name, ERROR)
        return True
    match param:
        case Var("any"):
            return not isinstance(actual, Pairs)
        case Var("number"):
            return is_amount(actual)
        case Var(name):
            known = found.get(name)
            merged = actual if known is None else joined([known, actual])
            if merged is None:
                return False
            found[name] = merged
            return True
        case List(item):
            return isinstance(actual, List) and _unify(item, actual.item, found)
        case Map(key, value):
            return isinstance(actual, Map) and _unify(key, actual.key, found) and _unify(value, actual.value, found)
    return fits(actual, param) or (actual is INT and param is FLOAT)


def _filled(type: Type, found: dict[str, Type]) -> Type:
    match type:
        case Var(name):
            return found.get(name, type)
        case List(item):
            return List(_filled(item, found))
        case Map(key, value):
            return Map(_filled(key, found), _filled(value, found))
        case Optional(item):
            inner = _filled(item, found)
            return inner if isinstance(inner, Optional) else Optional(inner)
        case Pairs(first, second):
            return Pairs(_filled(first, found), _filled(second, found))
    return type

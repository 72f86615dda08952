"""Expressions: their types and their core forms."""

from __future__ import annotations

from collections.abc import Callable

from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics.codes_names import NOT_A_VALUE, UNKNOWN_NAME
from nexlang.diagnostics.codes_places import STALE_PLACE, UNKNOWN_SLOT
from nexlang.diagnostics.codes_types import (
    NOT_INDEXABLE,
    OPTIONAL_VALUE,
    REFINEMENT_BROKEN,
    TYPE_MISMATCH,
    UNKNOWN_CASE,
    UNKNOWN_FIELD,
)
from nexlang.diagnostics.suggest import suggest, surely
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import POISON, kind_of, unwrap_advice, words
from nexlang.semantics.constants import NotConstant, evaluate, holds
from nexlang.semantics.literals import Literals, lit, with_optional
from nexlang.semantics.moments import (
    MOMENT_FIELDS,
    MOMENT_MAKERS,
    field_core,
)
from nexlang.semantics.scope import Body, Local, Place, Typed
from nexlang.semantics.types import (
    ACTOR,
    BOOL,
    CALL,
    DURATION,
    ERROR,
    FAILURE,
    INT,
    JSON,
    MESSAGE,
    NONE,
    TEXT,
    Alias,
    Core,
    Enum,
    List,
    Map,
    Optional,
    Record,
    Table,
    Type,
    Union,
    World,
    base,
    is_text,
    joined,
    opened,
)
from nexlang.syntax import nodes as n

_TRUE, _FALSE = {"kind": "lit", "value": True}, {"kind": "lit", "value": False}
_NONE = {"kind": "lit", "value": None}
CONSTANTS = ("true", "false", "none")
# What other languages call `none`.
NOTHING = ("null", "nil", "undefined", "NULL")
CALL_FIELDS: dict[str, Type] = {
    "tool": TEXT,
    "arguments": Map(TEXT, JSON),
    "by": TEXT,
    "failed": BOOL,
    "code": TEXT,
    "result": TEXT,
    "at": DURATION,
}
MESSAGE_FIELDS: dict[str, Type] = {"by": TEXT, "text": TEXT}
FAILURE_FIELDS: dict[str, Type] = {"code": TEXT, "message": TEXT}
_BUILT_IN_FIELDS: dict[Type, dict[str, Type]] = {
    CALL: CALL_FIELDS,
    MESSAGE: MESSAGE_FIELDS,
    FAILURE: FAILURE_FIELDS,
    ACTOR: {"name": TEXT, "agent": TEXT},
    **MOMENT_FIELDS,
}


_CONSTANT = ("lit", "unary", "binary", "list_of", "map_of", "construct")
"""What may be a literal, or made of literals only."""


class Expressions(Literals):
    """One method a kind of expression, named `x_<Node>`; each gets the node and the type expected, if any."""

    body: Body
    tool_wanted = False
    """Whether what is compared is the name of a tool: tools may stand there by their names."""

    def expr(self, node: n.Expr, expected: Type | None = None) -> Typed:
        """Check an expression. `expected` only guides; `value` also holds the result to it."""
        method: Callable[[n.Expr, Type | None], Typed] = getattr(self, "x_" + type(node).__name__)
        return method(node, expected)

    def value(self, node: n.Expr, expected: Type) -> Core:
        """Check an expression that must have a type; the core form is converted to it."""
        core = self.coerce(node, self.expr(node, expected), expected)
        self.hold_to(node, core, expected)
        return core

    def hold_to(self, node: n.Expr, core: Core, type: Type) -> None:
        """Hold a literal to the refinements of a type; either side of a choice too."""
        if isinstance(node, n.Cond) and core["kind"] == "cond":
            self.hold_to(node.then, core["then"], type)
            self.hold_to(node.otherwise, core["otherwise"], type)
            return
        if isinstance(node, n.Binary) and node.op == "??" and core["kind"] == "binary":
            self.hold_to(node.right, core["right"], type)
            return
        type = type.item if isinstance(type, Optional) else type
        while isinstance(type, Alias):
            self.hold(node, core, type.info.refine)
            type = type.info.type

    def hold(self, node: n.Expr, core: Core, rule: Core | None) -> None:
        """Hold a literal to a refinement of where it goes."""
        literal = core["kind"] in _CONSTANT or core.get("name") in MOMENT_MAKERS
        if rule is not None and literal and not isinstance(node, n.Missing):
            try:
                kept = holds(rule, evaluate(core, {}))
            except NotConstant:
                return
            if kept is False:
                self.report(REFINEMENT_BROKEN, node, rule=rule["text"])

    def condition(self, node: n.Expr) -> Core:
        typed = self.expr(node, BOOL)
        if opened(typed.type) not in (BOOL, ERROR):
            diagnostic = self.report(TYPE_MISMATCH, node, expected="a condition (`Bool`)", actual=words(typed.type))
            if isinstance(typed.type, Optional):
                diagnostic.advise(f"compare it: `{self.text(node)} != none`")
        return typed.core

    # ---- names

    def x_Name(self, node: n.Name, expected: Type | None) -> Typed:
        name = node.name
        local = self.body.find(name)
        if local is not None:
            return self.local(local, node)
        if name == "none":
            return Typed(NONE, _NONE)
        if name in ("true", "false"):
            return self.literal_value(name == "true", BOOL, node, expected)
        world = self.body.world
        if world is not None and name in world.slots and self.body.kind != "measure":
            self.body.reads.add(name)
            return Typed(world.slots[name].type, {"kind": "slot", "name": name}, Place(name))
        wanted = with_optional(expected)
        if isinstance(wanted, Enum) and name in wanted.info.cases:
            return Typed(wanted, lit(wanted.info.cases[name]))
        info = self.module.lookup(name)
        if isinstance(info, s.ConstInfo):
            self.constant(info)
            return Typed(info.type, {"kind": "const", "name": info.core_name})
        return self.unknown_name(node, info, wanted)

    def local(self, local: Local, node: n.Name) -> Typed:
        local.uses.append(node.start)
        if local.stale is not None:
            self.report(STALE_PLACE, node, name=local.name).label(self.span(local.stale), "replaced here").advise(
                f"read `{local.name}` again after the change, or take what you need before it"
            )
            local.stale = None
        return Typed(local.type, local.core(), local.place)

    def constant(self, info: s.ConstInfo) -> None:
        """Check a constant on its first use; filled in by `Declarations`."""
        raise AssertionError("defined by Declarations")

    def unknown_name(self, node: n.Name, info: s.Info | None, wanted: Type | None) -> Typed:
        if self.tool_wanted and isinstance(info, s.FunctionInfo) and info.kind == "tool":
            return Typed(TEXT, lit(info.core_name))
        if info is not None:
            diagnostic = self.report(NOT_A_VALUE, node, name=node.name, what=kind_of(info))
            if isinstance(info, s.EnumInfo):
                diagnostic.advise(f"a case is written `{info.name}.{next(iter(info.cases), 'case')}`")
            elif isinstance(info, s.FunctionInfo):
                diagnostic.advise(f"call it: `{info.name}(…)`")
            return POISON
        if node.name in self.module.refused:
            return POISON
        names = [*self.body.names(), *self.visible(s.ConstInfo)]
        if self.body.world is not None:
            names += self.body.world.slots
        if wanted is ERROR and self.may_be_case(node.name):
            return POISON
        if isinstance(wanted, Enum) and (suggest(node.name, wanted.info.cases) or not suggest(node.name, names)):
            diagnostic = self.report(UNKNOWN_CASE, node, type=wanted, name=node.name)
            diagnostic.label(wanted.info.span(), f"`{wanted}` is declared here")
            self.did_you_mean(diagnostic, node.name, wanted.info.cases)
            return POISON
        diagnostic = self.report(UNKNOWN_NAME, node, name=node.name)
        names += [constant for constant in CONSTANTS if surely(node.name, constant)]
        if node.name in NOTHING:
            diagnostic.replace("write `none`", "none")
            return POISON
        owners = [e for e in self.visible(s.EnumInfo) if node.name in self.module.lookup(e).cases]  # type: ignore[union-attr]
        if owners:
            diagnostic.replace("it is a case of an enum", f"{owners[0]}.{node.name}")
        else:
            self.did_you_mean(diagnostic, node.name, names)
        return POISON

    def may_be_case(self, name: str) -> bool:
        """Whether a name is, or is like, a case of an enum: its type was not known, which has been reported."""
        found = (self.module.lookup(each) for each in self.visible(s.EnumInfo))
        enums = [each.cases for each in found if isinstance(each, s.EnumInfo)]
        return any(name in cases or suggest(name, cases) is not None for cases in enums)

    # ---- fields and entries

    def x_Attr(self, node: n.Attr, expected: Type | None) -> Typed:
        if isinstance(node.of, n.Name) and self.body.find(node.of.name) is None:
            info = self.module.lookup(node.of.name)
            if isinstance(info, s.EnumInfo):
                return self.enum_case(info, node.name)
        of = self.expr(node.of)
        return self.field_of(of, node.name, node.of)

    def enum_case(self, info: s.EnumInfo, name: n.Ident) -> Typed:
        if name.name in info.cases:
            return Typed(Enum(info), lit(info.cases[name.name]))
        diagnostic = self.report(UNKNOWN_CASE, name, type=info.name, name=name.name)
        diagnostic.label(info.span(), f"`{info.name}` is declared here")
        self.did_you_mean(diagnostic, name.name, info.cases)
        return POISON

    def field_of(self, of: Typed, name: n.Ident, node: n.Expr) -> Typed:
        type = base(of.type)
        if type is ERROR:
            return POISON
        core: Core = {"kind": "field", "of": of.core, "name": name.name}
        match type:
            case Record(info):
                field = info.fields.get(name.name)
                if field is not None:
                    step = {"kind": "field", "record": info.core_name, "name": name.name}
                    return Typed(field.type, core, of.place.below(step) if of.place else None)
                return self.unknown_field(name, info.name, info.fields, info)
            case Union(info):
                return self.shared_field(info, name, core)
            case World(info):
                return self.slot_of(of, info, name)
            case Optional(item):
                self.may_be_none(node, of.type)
                return self.field_of(Typed(item, of.core), name, node)
        fields = _BUILT_IN_FIELDS.get(type)
        if fields is None:
            diagnostic = self.report(UNKNOWN_FIELD, name, type=of.type, name=name.name)
            if isinstance(type, Table | List | Map):
                diagnostic.advise("pick an entry first, or walk all with `for`")
            return POISON
        if name.name not in fields:
            return self.unknown_field(name, str(type), fields)
        return Typed(fields[name.name], field_core(type, core), names_tool=type is CALL and name.name == "tool")

    def may_be_none(self, node: n.Node, type: Type) -> None:
        """Report an optional used as if it were not; a name is reported once and taken for its value afterwards."""
        diagnostic = self.report(OPTIONAL_VALUE, node, type=type).advise(unwrap_advice(self.text(node)))
        local = self.body.find(node.name) if isinstance(node, n.Name) else None
        if local is None or not isinstance(base(local.type), Optional):
            return
        local.type = base(local.type).item  # type: ignore[attr-defined]
        local.excused = True
        if local.value_end is not None and self.body.kind in ("fn", "tool", "process", "agent", "setup"):
            at = Span(self.module.source.path, local.value_end, local.value_end)
            edit = Edit(at, f' else fail "There is no {local.name}"')
            diagnostic.fix("fail where there is none", edit, applicability="unsafe")

    def unknown_field(
        self, name: n.Ident, owner: str, fields: dict[str, s.FieldInfo] | dict[str, Type], info: s.Info | None = None
    ) -> Typed:
        diagnostic = self.report(UNKNOWN_FIELD, name, type=owner, name=name.name)
        if info is not None:
            diagnostic.label(info.span(), f"`{owner}` is declared here")
        self.did_you_mean(diagnostic, name.name, fields)
        return POISON

    def shared_field(self, info: s.UnionInfo, name: n.Ident, core: Core) -> Typed:
        """A field that every case of a union has, with one type."""
        cases = list(info.cases.values())
        held = [case.fields[name.name].type for case in cases if name.name in case.fields]
        shared = joined(held) if held and len(held) == len(cases) else None
        if shared is not None:
            return Typed(shared, core)
        diagnostic = self.report(UNKNOWN_FIELD, name, type=info.name, name=name.name)
        if held:
            diagnostic.advise("only some of its cases have the field: tell them apart with `match`")
        else:
            self.did_you_mean(diagnostic, name.name, {f for case in cases for f in case.fields})
        return POISON

    def slot_of(self, of: Typed, info: s.WorldInfo, name: n.Ident) -> Typed:
        slot = info.slots.get(name.name)
        if slot is not None:
            place = Place(f"{of.place.slot}.{name.name}") if of.place is not None else None
            return Typed(slot.type, {"kind": "slot", "of": of.core, "name": name.name}, place)
        diagnostic = self.report(UNKNOWN_SLOT, name, world=info.name, name=name.name)
        diagnostic.label(info.span(), f"`{info.name}` is declared here")
        self.did_you_mean(diagnostic, name.name, info.slots)
        return POISON

    def x_Index(self, node: n.Index, expected: Type | None) -> Typed:
        of = self.expr(node.of)
        type = base(of.type)
        match type:
            case Table(record, _):
                key = self.value(node.key, type.key_type)
                core = {"kind": "index", "of": of.core, "key": key, "container": "table"}
                place = Place(of.place.slot, key=key, is_row=True) if of.place is not None else None
                return Typed(Optional(Record(record)), core, place)
            case Map(key_type, value):
                key = self.value(node.key, key_type)
                core = {"kind": "index", "of": of.core, "key": key, "container": "map"}
                place = of.place.below({"kind": "key", "key": key}) if of.place else None
                return Typed(value if isinstance(base(value), Optional) else Optional(value), core, place)
            case List(item):
                key = self.value(node.key, INT)
                core = {"kind": "index", "of": of.core, "key": key, "container": "list"}
                return Typed(item, core, of.place.below({"kind": "item", "index": key}) if of.place else None)
            case Optional():
                self.may_be_none(node.of, of.type)
        self.expr(node.key, ERROR)
        if type is not ERROR and not isinstance(type, Optional):
            diagnostic = self.report(NOT_INDEXABLE, node.of, type=words(of.type))
            if is_text(type):
                diagnostic.advise("a piece of a text is `slice(text, from, to)`")
        return POISON

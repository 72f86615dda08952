"""Types where they are written."""

from __future__ import annotations

from nexlang.diagnostics.codes_later import NOT_YET
from nexlang.diagnostics.codes_names import NOT_A_TYPE, UNKNOWN_TYPE
from nexlang.diagnostics.codes_types import RECURSIVE_TYPE
from nexlang.diagnostics.codes_values import FLOAT_LITERAL, MIXED_LITERALS
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import kind_of
from nexlang.semantics.matching import Matching
from nexlang.semantics.types import (
    BOOL,
    ERROR,
    INT,
    SCALARS,
    TEXT,
    Alias,
    Enum,
    List,
    Literal,
    Map,
    Optional,
    Record,
    Scalar,
    Type,
    Union,
    World,
    base,
)
from nexlang.syntax import nodes as n


class TypeNames(Matching):
    def type_of(self, node: n.TypeExpr) -> Type:
        match node:
            case n.NamedType() if node.name not in ("true", "false"):
                return self.named_type(node)
            case n.OptionalType():
                inner = self.type_of(node.item)
                return inner if isinstance(base(inner), Optional) else Optional(inner)
            case n.ListType():
                return List(self.type_of(node.item))
            case n.MapType():
                key = self.type_of(node.key)
                self.map_key_allowed(key, node.key)
                return Map(key, self.type_of(node.value))
            case n.LiteralType():
                return self.alternatives(n.AltType(node.start, node.end, [node]))
            case n.NamedType():
                return self.alternatives(n.AltType(node.start, node.end, [node]))
            case n.AltType():
                return self.alternatives(node)
            case n.RowType():
                self.row_elsewhere(node)
            case n.TableType():
                self.not_yet(node, "tables outside a world are")
        return ERROR

    def alternatives(self, node: n.AltType) -> Type:
        """Texts, whole numbers or truth values, all of one kind."""
        values: list[str | int] = []
        of: Scalar | None = None
        for option in node.options:
            value = self.literal_of(option)
            if value is None:
                return ERROR
            kind = BOOL if isinstance(value, bool) else INT if isinstance(value, int) else TEXT
            if of is not None and kind is not of:
                diagnostic = self.report(MIXED_LITERALS, option, type=kind, other=of)
                if of is TEXT:
                    diagnostic.replace("as a text too", f'"{self.text(option)}"', "unsafe")
                elif of is INT:
                    highest = max(each for each in values if isinstance(each, int))
                    diagnostic.replace("as a whole number too", str(highest + 1), "display")
                return ERROR
            of = kind
            if value not in values:
                values.append(value)
        return Literal(tuple(values), of or TEXT)

    def literal_of(self, option: n.TypeExpr) -> str | int | None:
        if isinstance(option, n.NamedType) and option.name in ("true", "false"):
            return option.name == "true"
        if isinstance(option, n.LiteralType) and not isinstance(option.value, float):
            return option.value
        if isinstance(option, n.LiteralType):
            diagnostic = self.report(FLOAT_LITERAL, option, value=option.value)
            diagnostic.replace("a whole number is a type", str(round(float(option.value))), "display")
            return None
        self.type_of(option)
        self.report(NOT_YET, option, what="alternatives of other types than literals are").advise(
            "declare a `union … by …` of records"
        )
        return None

    def named_type(self, node: n.NamedType) -> Type:
        name = node.name
        info = self.module.lookup(name)
        match info:
            case s.RecordInfo():
                return Record(info)
            case s.EnumInfo():
                return Enum(info)
            case s.UnionInfo():
                return Union(info)
            case s.AliasInfo():
                self.alias(info)
                return Alias(info) if info.type is not ERROR else ERROR
            case s.WorldInfo():
                return World(info)
        if name in SCALARS:
            return SCALARS[name]
        if info is not None:
            self.report(NOT_A_TYPE, node, name=name, what=kind_of(info))
            return ERROR
        if name in self.module.refused:
            return ERROR
        types = self.visible(s.RecordInfo, s.EnumInfo, s.UnionInfo, s.AliasInfo, s.WorldInfo)
        diagnostic = self.report(UNKNOWN_TYPE, node, name=name)
        known = {"str": "Text", "string": "Text", "String": "Text", "int": "Int", "integer": "Int", "bool": "Bool"}
        known |= {"boolean": "Bool", "float": "Float", "number": "Float", "double": "Float"}
        known |= {"datetime": "Time", "DateTime": "Time", "timestamp": "Time", "timedelta": "Duration"}
        if name in known:
            diagnostic.replace("it is called so here", known[name])
        else:
            self.did_you_mean(diagnostic, name, [*types, *SCALARS])
        return ERROR

    def alias(self, info: s.AliasInfo) -> None:
        """Look up what a type's name stands for, when it is first needed."""
        if info.resolved:
            return
        if info.checking:
            self.report(RECURSIVE_TYPE, info.span(), name=info.name).advise("a record may hold a list of itself")
            info.resolved = True
            return
        assert isinstance(info.node, n.TypeDecl)
        info.checking = True
        outer, self.module = self.module, self.owner_of(info)
        type = self.type_of(info.node.type)
        self.module = outer
        if not info.resolved:
            info.type, info.resolved = type, True

    def owner_of(self, info: s.Info) -> s.ModuleInfo:
        return next(m for m in self.modules.values() if m.source is info.source)

    def row_elsewhere(self, node: n.RowType, owner: n.FunctionDecl | None = None) -> None:
        """Refuse a place where no signature of an `fn` is; defined by `Rows`."""
        raise AssertionError("defined by Rows")

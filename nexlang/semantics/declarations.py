"""Declarations: every name of every module, then what each of them says, then the bodies."""

from __future__ import annotations

import json
import re

from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics.codes_names import (
    DUPLICATE_DECLARATION,
    DUPLICATE_NAME,
    NAMING_STYLE,
    NOT_A_TYPE,
    UNKNOWN_WORLD,
)
from nexlang.diagnostics.codes_places import NOT_HERE
from nexlang.diagnostics.codes_types import (
    BAD_PATTERN,
    CASE_NOT_RECORD,
    CONSTANT_CYCLE,
    MISSING_RETURN,
    PLAIN_TEXT,
    RECURSIVE_RECORD,
    TAG_IS_FIELD,
    TWO_UNIONS,
    UNKNOWN_KEY_FIELD,
)
from nexlang.ir.patterns import problem
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import words
from nexlang.semantics.parts import Parts
from nexlang.semantics.rows import Rows
from nexlang.semantics.scope import Body
from nexlang.semantics.types import (
    CHANCE,
    DISTRIBUTION,
    ERROR,
    FAILURE,
    SCALARS,
    Core,
    List,
    Optional,
    Record,
    Table,
    Type,
    World,
    base,
)
from nexlang.syntax import nodes as n
from nexlang.syntax import text_parts, walk

_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
_SNAKE = re.compile(r"[a-z][a-z0-9_]*\Z")
_INFO: dict[type[n.Decl], type[s.Info]] = {
    n.EnumDecl: s.EnumInfo,
    n.UnionDecl: s.UnionInfo,
    n.RecordDecl: s.RecordInfo,
    n.TypeDecl: s.AliasInfo,
    n.ConstDecl: s.ConstInfo,
    n.WorldDecl: s.WorldInfo,
    n.FunctionDecl: s.FunctionInfo,
    n.ExternDecl: s.FunctionInfo,
    n.ModelDecl: s.ModelInfo,
    n.AgentDecl: s.AgentInfo,
    n.EnvironmentDecl: s.EnvironmentInfo,
    n.TrainDecl: s.TrainInfo,
}
_CAMEL_DECLS = (
    n.EnumDecl,
    n.UnionDecl,
    n.RecordDecl,
    n.TypeDecl,
    n.WorldDecl,
    n.AgentDecl,
    n.EnvironmentDecl,
    n.DerivedDecl,
    n.TrainDecl,
)


def camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_") if part) or "X"


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_") or "x"


class Declarations(Rows, Parts):
    # ---- names

    def declare_all(self, module: s.ModuleInfo, taken: set[str]) -> None:
        """Make the symbols of a module. `taken` are the core names that other modules use already."""
        self.module = module
        for decl in module.tree.decls:
            self.declare_one(decl, module, taken)

    def declare_one(self, decl: n.Decl, module: s.ModuleInfo, taken: set[str]) -> None:
        kind = _INFO.get(type(decl))
        if isinstance(decl, n.DerivedDecl):
            kind = s.AgentInfo if decl.kind == "agent" else s.EnvironmentInfo
        if kind is None:
            return
        name: n.Ident = decl.name  # type: ignore[attr-defined]
        self.styled(name, camel_case=isinstance(decl, _CAMEL_DECLS), what=self.noun(kind, decl))
        if name.name in SCALARS and isinstance(decl, _CAMEL_DECLS):
            self.report(DUPLICATE_DECLARATION, name, name=name.name).advise(f"`{name.name}` is a built-in type")
        first = module.declared.get(name.name)
        if first is not None:
            self.report(DUPLICATE_DECLARATION, name, name=name.name).label(first.span(), "first declared here")
            return
        core_name = name.name
        if core_name in taken:
            core_name = f"{module.name.replace('.', '_')}_{core_name}"
        taken.add(core_name)
        module.declared[name.name] = kind(name.name, core_name, decl, module.source, module.file)

    def noun(self, kind: type[s.Info], decl: n.Decl) -> str:
        if isinstance(decl, n.FunctionDecl | n.ExternDecl):
            return "Tool" if isinstance(decl, n.ExternDecl) or decl.kind == "tool" else "Function"
        nouns = {
            s.EnumInfo: "Enum",
            s.UnionInfo: "Union",
            s.RecordInfo: "Record",
            s.AliasInfo: "Type",
            s.ConstInfo: "Constant",
            s.WorldInfo: "World",
            s.ModelInfo: "Model",
            s.AgentInfo: "Agent",
            s.EnvironmentInfo: "Environment",
            s.TrainInfo: "Training run",
        }
        return nouns[kind]

    def styled(self, name: n.Ident, camel_case: bool, what: str) -> None:
        if (_CAMEL if camel_case else _SNAKE).match(name.name):
            return
        style, right = ("`CamelCase`", camel(name.name)) if camel_case else ("`snake_case`", snake(name.name))
        self.report(NAMING_STYLE, name, what=what, style=style, name=name.name, right=right).replace(
            "rename it here", right, "unsafe"
        )

    def unique(self, name: n.Ident, seen: dict[str, n.Ident], what: str, whole: n.Node | None = None) -> bool:
        """Whether a name is new among others; `whole` is what would go with it."""
        if name.name in seen:
            diagnostic = self.report(DUPLICATE_NAME, name, what=what, name=name.name)
            diagnostic.label(self.span(seen[name.name]), "first here")
            if whole is not None:
                self.left_out(diagnostic, whole)
            return False
        seen[name.name] = name
        return True

    # ---- what types say

    def shapes(self, module: s.ModuleInfo) -> None:
        """The fields, cases and slots of a module's types. Bodies, defaults and refinements come after all shapes."""
        self.module = module
        for info in module.declared.values():
            match info:
                case s.EnumInfo():
                    self.enum_shape(info)
                case s.UnionInfo():
                    self.union_shape(info)
                case s.RecordInfo():
                    self.record_shape(info)
                case s.AliasInfo():
                    self.alias(info)
                case s.WorldInfo():
                    self.world_shape(info)
                case s.FunctionInfo():
                    self.function_shape(info)
                case s.AgentInfo():
                    self.agent_shape(info)

    def enum_shape(self, info: s.EnumInfo) -> None:
        assert isinstance(info.node, n.EnumDecl)
        seen: dict[str, n.Ident] = {}
        for case in info.node.cases:
            if self.unique(case.name, seen, "the case", case):
                self.styled(case.name, camel_case=False, what="Case")
                text = self.plain_text(case.value) if case.value else case.name.name
                if text in info.cases.values():
                    self.report(DUPLICATE_NAME, case.value or case.name, what="the text", name=text)
                info.cases[case.name.name] = text

    def plain_text(self, node: n.Str) -> str:
        """The text of a string that is read before anything runs."""
        parts, problems = text_parts(node, self.module.source)
        for each in problems:
            self.reporter.add(each)
        plain = [part for part in parts if isinstance(part, str)]
        if len(plain) < len(parts) and not problems:
            found = self.report(PLAIN_TEXT, node).advise("paths, patterns and names are read before anything runs")
            edit = Edit(self.span(node), json.dumps("".join(plain), ensure_ascii=False))
            found.fix("write the text itself", edit, applicability="display")
        return "".join(plain)

    def union_shape(self, info: s.UnionInfo) -> None:
        assert isinstance(info.node, n.UnionDecl)
        info.tag = info.node.tag.name
        seen: dict[str, n.Ident] = {}
        for case in info.node.cases:
            type = base(self.type_of(case.type))
            tag = (info.tag, case.tag.name)
            other = isinstance(type, Record) and type.info.tag not in (None, tag)
            info.broken |= not isinstance(type, Record) or other
            if not self.unique(case.tag, seen, "the case", case) or type is ERROR:
                continue
            if not isinstance(type, Record):
                self.report(CASE_NOT_RECORD, case.type, type=words(type))
            elif type.info.tag not in (None, tag):
                self.told_otherwise(info, case, type.info)
            else:
                self.tag_apart(info, type.info)
                type.info.tag = tag
                type.info.unions.append(info)
                info.cases[case.tag.name] = type.info

    def told_otherwise(self, info: s.UnionInfo, case: n.UnionCase, record: s.RecordInfo) -> None:
        """A record's tag is written in its JSON, so all its unions have the same."""
        assert record.tag is not None and isinstance(info.node, n.UnionDecl)
        first, (field, text) = record.unions[0], record.tag
        told = f"{field}: {text}"
        diagnostic = self.report(TWO_UNIONS, case.type, record=record.name, first=first.name, told=told)
        diagnostic.label(first.span(), "the first union")
        if info is not first and field == info.tag and text not in (each.tag.name for each in info.node.cases):
            at = Span(self.module.source.path, case.tag.start, case.tag.end)
            diagnostic.fix("call the case as there", Edit(at, text), applicability="unsafe")

    def tag_apart(self, info: s.UnionInfo, record: s.RecordInfo) -> None:
        """In data the tag stands beside the fields, so it is none of them."""
        assert isinstance(info.node, n.UnionDecl) and isinstance(record.node, n.RecordDecl)
        field = next((field for field in record.node.fields if field.name.name == info.tag), None)
        if field is not None:
            values = {"record": record.name, "tag": info.tag, "union": info.name}
            span = Span(record.source.path, field.name.start, field.name.end)
            self.report(TAG_IS_FIELD, info.node.tag, **values).label(span, "the field")

    def record_shape(self, info: s.RecordInfo) -> None:
        assert isinstance(info.node, n.RecordDecl)
        seen: dict[str, n.Ident] = {}
        for field in info.node.fields:
            self.styled(field.name, camel_case=False, what="Field")
            type = self.type_of(field.type)
            self.sendable(type, field.type, "as a field")
            if self.unique(field.name, seen, "the field", field):
                doc = field.doc.text.strip() if field.doc else ""
                info.fields[field.name.name] = s.FieldInfo(field.name.name, type, field, doc)

    def world_shape(self, info: s.WorldInfo) -> None:
        assert isinstance(info.node, n.WorldDecl)
        seen: dict[str, n.Ident] = {}
        for member in info.node.members:
            if isinstance(member, n.Process):
                self.process_shape(info, member, seen)
                continue
            self.styled(member.name, camel_case=False, what="Slot")
            type = self.table_type(member.type) if isinstance(member.type, n.TableType) else self.type_of(member.type)
            if not isinstance(type, World):
                self.sendable(type, member.type, "as a slot")
            if self.unique(member.name, seen, "the slot", member):
                doc = member.doc.text.strip() if member.doc else ""
                info.slots[member.name.name] = s.FieldInfo(member.name.name, type, member, doc)

    def table_type(self, node: n.TableType) -> Type:
        record = self.named_type(n.NamedType(node.record.start, node.record.end, node.record.name))
        if not isinstance(record, Record):
            if record is not ERROR:
                self.report(NOT_A_TYPE, node.record, name=node.record.name, what="not a record")
            return ERROR
        info = record.info
        assert isinstance(info.node, n.RecordDecl)
        names = [field.name.name for field in info.node.fields]
        if node.key.name not in names:
            diagnostic = self.report(UNKNOWN_KEY_FIELD, node.key, record=info.name, name=node.key.name)
            diagnostic.label(info.span(), f"`{info.name}` is declared here")
            self.did_you_mean(diagnostic, node.key.name, names)
            return ERROR
        return Table(info, node.key.name)

    def process_shape(self, info: s.WorldInfo, node: n.Process, seen: dict[str, n.Ident]) -> None:
        """Take in a process of a world; filled in by `Processes`."""
        raise AssertionError("defined by Processes")

    # ---- functions

    def function_shape(self, info: s.FunctionInfo) -> None:
        node = info.node
        assert isinstance(node, n.FunctionDecl)
        info.kind = node.kind
        self.parameters(node.params, info.params, node)
        if node.kind == "tool":
            for param in info.params.values():
                self.sendable(param.type, param.node.type, "as a tool's parameter")
        self.document(info)
        if node.result is not None:
            info.result, is_row = self.place_type(node.result, node, result=True)
            info.has_row = is_row
            if node.kind == "tool":
                self.sendable(info.result, node.result, "as a tool's result", but=(FAILURE,))
        if node.world is not None:
            info.world = self.world_named(node.world)

    def parameters(
        self, params: list[n.Param], into: dict[str, s.FieldInfo], owner: n.FunctionDecl | None = None
    ) -> None:
        seen: dict[str, n.Ident] = {}
        for param in params:
            self.styled(param.name, camel_case=False, what="Parameter")
            type, is_row = self.place_type(param.type, owner, result=False)
            if self.unique(param.name, seen, "the parameter", param):
                into[param.name.name] = s.FieldInfo(param.name.name, type, param, is_row=is_row)

    def sendable(self, type: Type, node: n.TypeExpr, where: str, but: tuple[Type, ...] = ()) -> None:
        """Refuse types whose values no JSON can write."""
        inner = base(type)
        while isinstance(inner, List | Optional):
            inner = base(inner.item)
        if (inner in (CHANCE, FAILURE, DISTRIBUTION) and inner not in but) or isinstance(inner, World):
            self.report(NOT_HERE, node, what=f"`{inner}`", where=where)

    def document(self, info: s.FunctionInfo | s.AgentInfo) -> None:
        """Give `name: text` lines of the doc comment to the parameters."""
        for line in info.doc.splitlines():
            name, colon, text = line.partition(":")
            if colon and name.strip() in info.params:
                info.params[name.strip()].doc = text.strip()

    def world_named(self, name: n.Ident) -> s.WorldInfo | None:
        return self.named(name, s.WorldInfo, UNKNOWN_WORLD)

    def agent_shape(self, info: s.AgentInfo) -> None:
        node = info.node
        assert isinstance(node, n.AgentDecl)
        info.kind = "rules" if node.rules else "flow" if node.body else "model"
        self.parameters(node.params, info.params)
        self.document(info)
        info.result = self.type_of(node.result) if node.result is not None else ERROR
        for param in info.params.values():
            assert isinstance(param.node, n.Param)
            self.sendable(param.type, param.node.type, "as an agent's parameter", but=(CHANCE, FAILURE))
        if node.result is not None:
            self.sendable(info.result, node.result, "as an agent's result", but=(FAILURE,))

    # ---- refinements and defaults

    def details(self, module: s.ModuleInfo) -> None:
        """Refinements, defaults, invariants and constants of a module, once every shape is known."""
        self.module = module
        for info in module.declared.values():
            match info:
                case s.RecordInfo():
                    self.record_details(info)
                case s.AliasInfo():
                    assert isinstance(info.node, n.TypeDecl)
                    info.refine = self.refinement(info.node.refine, info.type)
                case s.WorldInfo():
                    self.check_parts(info)
                    self.fields_details(info.slots)
                    self.table_keys(info)
                case s.AgentInfo(node=n.DerivedDecl()):
                    pass
                case s.FunctionInfo() | s.AgentInfo():
                    self.fields_details(info.params)
                    if isinstance(info, s.FunctionInfo):
                        self.row_tables(info)
                case s.ConstInfo():
                    self.constant(info)

    def table_keys(self, info: s.WorldInfo) -> None:
        for slot in info.slots.values():
            if isinstance(slot.type, Table):
                assert isinstance(slot.node, n.Slot) and isinstance(slot.node.type, n.TableType)
                self.map_key_allowed(slot.type.key_type, slot.node.type.key)

    def const_body(self) -> Body:
        return Body(self.module, "const")

    def record_details(self, info: s.RecordInfo) -> None:
        assert isinstance(info.node, n.RecordDecl)
        self.fields_details(info.fields)
        for member in info.node.members:
            if isinstance(member, n.Invariant):
                self.body = self.const_body()
                for field in info.fields.values():
                    self.body.declare(field.name, field.type, "param", field.node.name)
                condition = self.condition(member.condition)
                info.require.append({"condition": condition, "text": self.text(member.condition)})
        if self.endless(info, []):
            self.report(RECURSIVE_RECORD, info.span(), name=info.name).advise("make the field optional or a list")

    def endless(self, info: s.RecordInfo, above: list[s.RecordInfo]) -> bool:
        if info in above:
            return info is above[0]
        held = (base(field.type) for field in info.fields.values())
        return any(isinstance(type, Record) and self.endless(type.info, [*above, info]) for type in held)

    def fields_details(self, fields: dict[str, s.FieldInfo]) -> None:
        for field in fields.values():
            node = field.node
            if not isinstance(node, n.Slot):
                field.refine = self.refinement(node.refine, field.type)
            if node.default is not None:
                self.body = self.const_body()
                field.default = self.value(node.default, field.type)
                self.hold(node.default, field.default, field.refine)
            elif isinstance(base(field.type), Optional) and not isinstance(node, n.Param):
                field.default = {"kind": "lit", "value": None}

    def refinement(self, node: n.Refinement | None, type: Type) -> Core | None:
        if node is None:
            return None
        self.body = self.const_body()
        inner = base(type)
        inner = inner.item if isinstance(inner, Optional) else inner
        core: Core = {"pattern": None, "condition": None, "text": self.text(node)}
        if node.pattern is not None:
            core["pattern"] = self.pattern(node.pattern)
        if node.condition is not None:
            self.body.declare("it", inner, "param", node)
            core["condition"] = self.condition(node.condition)
        return core

    def pattern(self, node: n.Str) -> str | None:
        pattern = self.plain_text(node)
        reason = problem(pattern)
        if reason is not None:
            self.report(BAD_PATTERN, node, reason=reason)
            return None
        return pattern

    def constant(self, info: s.ConstInfo) -> None:
        if info.checking:
            self.report(CONSTANT_CYCLE, info.span(), name=info.name)
        if info.value is not None or info.checking:
            return
        info.checking = True
        outer, self.module = self.module, self.owner_of(info)
        body = getattr(self, "body", None)
        self.body = self.const_body()
        node = info.node
        assert isinstance(node, n.ConstDecl)
        if node.value.source is not None:
            self.constant_file(info, node)
        else:
            typed = self.needs_value(self.expr(node.value.expr), node.value.expr)
            info.type, info.value = typed.type, typed.core
        self.module = outer
        if body is not None:
            self.body = body
        info.checking = False

    def constant_file(self, info: s.ConstInfo, node: n.ConstDecl) -> None:
        """`Text from "file"`; filled in by `Files`."""
        raise AssertionError("defined by Files")

    # ---- bodies of functions

    def function_by_core(self, name: str) -> s.FunctionInfo | None:
        return self.functions.get(name)

    @property
    def functions(self) -> dict[str, s.FunctionInfo]:
        found = {}
        for module in self.modules.values():
            for info in module.declared.values():
                if isinstance(info, s.FunctionInfo):
                    found[info.core_name] = info
        return found

    def unreadable(self, node: n.Node) -> bool:
        """Whether part of a node could not be read, so that something may be missing in its tree."""
        if not self.module.broken:
            return False
        path, spans = self.module.source.path, [d.span for d in self.reporter.diagnostics if d.code < "NEX0200"]
        return any(s.file == path and node.start <= s.start <= node.end for s in spans)

    def passed_over(self, node: n.Node) -> None:
        """A body whose world is not known is not checked: what it names counts as used."""
        for each in walk(node):
            name = getattr(each, "name", None)
            if isinstance(name, str):
                self.module.lookup(name)

    def check_function(self, info: s.FunctionInfo) -> None:
        node = info.node
        assert isinstance(node, n.FunctionDecl)
        kind = "tool" if info.kind == "tool" else "fn"
        if node.world is not None and info.world is None:
            self.passed_over(node.block)
            return
        body = self.body = Body(self.module, kind, info.world, info.result, info)  # type: ignore[arg-type]
        self.declare_params(body, info.params)
        statements: list[Core] = []
        ended = self.block(node.block.body, statements)
        if info.result is not None and not ended:
            end = n.Node(node.block.end - 1, node.block.end)
            if not self.unreadable(node):
                self.report(MISSING_RETURN, end, name=info.name, result=words(info.result))
        info.body = self.prune(statements)
        info.reads, info.writes, info.fails, info.chance = body.reads, body.writes, body.fails, body.chance
        info.calls = body.calls

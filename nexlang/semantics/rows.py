"""`row T`: the type of a place, which only an `fn … in World` takes or gives."""

from __future__ import annotations

from collections.abc import Mapping

from nexlang.diagnostics import Diagnostic, Edit, Span
from nexlang.diagnostics.codes_values import NO_TABLE_OF, NOT_A_ROW, ROW_HERE
from nexlang.semantics import symbols as s
from nexlang.semantics.parts import part_of, parts
from nexlang.semantics.scope import Body, Place, Typed
from nexlang.semantics.type_names import TypeNames
from nexlang.semantics.types import ERROR, NONE, Optional, Record, Table, Type
from nexlang.syntax import nodes as n


def tables_of(world: s.WorldInfo, record: s.RecordInfo) -> list[str]:
    """The paths of the tables of a world, and of its parts, that hold such records."""
    found = []
    for prefix, each in [("", world), *((f"{path}.", info) for path, info in parts(world))]:
        found += [
            prefix + name
            for name, slot in each.slots.items()
            if isinstance(slot.type, Table) and slot.type.record is record
        ]
    return found


def worlds_of(world: s.WorldInfo) -> list[s.WorldInfo]:
    """A world and its parts."""
    return [world, *(info for _, info in parts(world))]


class Rows(TypeNames):
    def place_type(self, node: n.TypeExpr, owner: n.FunctionDecl | None, result: bool) -> tuple[Type, bool]:
        """A type in the signature of an `fn`, and whether it is that of a place."""
        inner = node.item if result and isinstance(node, n.OptionalType) else node
        if owner is None or not isinstance(inner, n.RowType):
            return self.type_of(node), False
        if owner.kind != "fn" or owner.world is None:
            self.row_elsewhere(inner, owner)
            return ERROR, False
        type = self.named_type(n.NamedType(inner.record.start, inner.record.end, inner.record.name))
        if not isinstance(type, Record):
            if type is not ERROR:
                self.report(NO_TABLE_OF, inner.record, record=inner.record.name, world=owner.world.name)
            return ERROR, False
        return (Optional(type) if inner is not node else type), True

    def row_elsewhere(self, node: n.RowType, owner: n.FunctionDecl | None = None) -> None:
        diagnostic = self.report(ROW_HERE, node, record=node.record.name)
        edit = Edit(Span(self.module.source.path, node.start, node.record.start), "")
        diagnostic.fix("take the value", edit, applicability="unsafe")
        if owner is not None and owner.kind == "tool":
            diagnostic.advise("a tool is called with data: let it take the row's key")

    def row_tables(self, info: s.FunctionInfo) -> None:
        """The table of each row in a signature, once all worlds are known."""
        if info.world is None:
            return
        for param in info.params.values():
            if param.is_row:
                param.row = self.table_of(info.world, param.type, param.node.type)
                param.type = param.type if param.row is not None else ERROR
        if info.has_row:
            assert isinstance(info.node, n.FunctionDecl) and info.node.result is not None
            info.row = self.table_of(info.world, info.result or ERROR, info.node.result)
            info.result = info.result if info.row is not None else ERROR

    def table_of(self, world: s.WorldInfo, type: Type, node: n.TypeExpr) -> tuple[s.WorldInfo, str] | None:
        type = type.item if isinstance(type, Optional) else type
        if not isinstance(type, Record):
            return None
        found = tables_of(world, type.info)
        if len(found) == 1:
            return world, found[0]
        if not found and any(slot.type is ERROR for each in worlds_of(world) for slot in each.slots.values()):
            return None  # the table may be the one that has a mistake
        diagnostic = self.report(NO_TABLE_OF, node, record=type, world=world.name)
        if found:
            diagnostic.message = f"`{world.name}` has several tables of `{type}`: {', '.join(f'`{t}`' for t in found)}"
            diagnostic.caption = "a row of which?"
        self.in_another(diagnostic, type.info)
        diagnostic.advise("a row can be taken where a world has one table of its record: pass the key otherwise")
        return None

    def in_another(self, diagnostic: Diagnostic, record: s.RecordInfo) -> None:
        """Where one world in sight has the one table, the function may have been meant to run there."""
        owner = next((f for f in self.module.tree.decls if f.start <= diagnostic.span.start < f.end), None)
        infos = (self.module.lookup(name) for name in self.visible(s.WorldInfo))
        worlds = [info for info in infos if isinstance(info, s.WorldInfo) and len(tables_of(info, record)) == 1]
        if isinstance(owner, n.FunctionDecl) and owner.world is not None and len(worlds) == 1:
            edit = Edit(self.span(owner.world), worlds[0].name)
            diagnostic.fix(f"let it run in `{worlds[0].name}`", edit, applicability="unsafe")

    # ---- bodies

    def declare_params(self, body: Body, params: Mapping[str, s.FieldInfo]) -> None:
        for name, param in params.items():
            local = body.declare(name, param.type, "param", param.node.name)
            if param.row is not None:
                local.place = Place(param.row[1], local, is_row=True)

    def row_argument(self, node: n.Expr, typed: Typed, param: s.FieldInfo) -> None:
        """Hold an argument to being a row of the table that the parameter names."""
        table = self.table_here(param.row)
        if table is not None:
            self.held_to_row(node, typed, table, f"`{param.name}` takes")

    def table_here(self, row: tuple[s.WorldInfo, str] | None) -> str | None:
        """The path of a table from the world of this body."""
        part = part_of(self.body.world, row[0]) if row is not None else None
        if row is None or part is None:
            return None
        return f"{part}.{row[1]}" if part else row[1]

    def row_result(self, node: n.Expr, typed: Typed) -> None:
        """Hold what is returned to being a row, where one is promised."""
        owner = self.body.owner
        if isinstance(owner, s.FunctionInfo) and owner.row is not None and typed.type is not NONE:
            self.held_to_row(node, typed, owner.row[1], f"`{owner.name}` gives")

    def held_to_row(self, node: n.Expr, typed: Typed, table: str, who: str) -> None:
        place = typed.place
        if typed.type is ERROR or (place is not None and place.is_row and not place.steps and place.slot == table):
            return
        what = "a value"
        if place is not None:
            what = f"a row of `{place.slot}`" if place.is_row and not place.steps else f"a place in `{place.slot}`"
        diagnostic = self.report(NOT_A_ROW, node, who=who, table=table, what=what)
        local = self.body.find(node.name) if isinstance(node, n.Name) else None
        if local is not None and place is None:
            diagnostic.label(self.span(local.node), "bound to a value here")
        if isinstance(node, n.Call) and isinstance(typed.type, Record) and place is None:
            edit = Edit(Span(self.module.source.path, node.start, node.start), f"{table}[…] = ")
            diagnostic.fix("put it into the table first, then take the row", edit, applicability="display")
        diagnostic.advise(f"a row is what `{table}[key]`, a `for` over `{table}` or `first(x for x in {table} …)` give")

    def row_place(self, info: s.FunctionInfo) -> Place | None:
        """The place that a call gives."""
        table = self.table_here(info.row)
        return Place(table, is_row=True) if table is not None else None

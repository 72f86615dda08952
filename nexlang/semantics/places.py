"""Places: what in the world a name stands for, how it is changed, and when it must be read again.

A row's local always holds the row as it is now. A write replaces every level on its path, and the locals that a
write may have made old are read again after it.
"""

from __future__ import annotations

from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics.codes_names import UNKNOWN_NAME
from nexlang.diagnostics.codes_places import (
    ASSIGN_TO_LET,
    ASSIGN_TO_VALUE,
    KEY_ASSIGNED,
    NOT_ADDABLE,
    NOT_REMOVABLE,
    OPTIONAL_PATH,
    READ_ONLY,
    TARGET,
)
from nexlang.diagnostics.codes_types import NOT_INDEXABLE, UNKNOWN_FIELD
from nexlang.diagnostics.codes_values import PART_ASSIGNED
from nexlang.diagnostics.slotted import dataclass
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import unwrap_advice, words
from nexlang.semantics.literals import binary, lit
from nexlang.semantics.parts import slot_core, slot_type
from nexlang.semantics.rereading import Rereading
from nexlang.semantics.scope import Local, Place
from nexlang.semantics.types import ERROR, INT, Core, List, Map, Optional, Record, Table, Type, Union, World, base
from nexlang.syntax import nodes as n
from nexlang.syntax import walk


@dataclass(slots=True)
class Target:
    """What an assignment changes. `root` is a core root; `slot` the slot or table it is in, "" for a `var`."""

    root: Core
    steps: list[Core]
    type: Type
    slot: str
    local: Local | None = None


class Places(Rereading):
    # ---- binding

    def held_place(self, place: Place | None, local: Local, type: Type, into: list[Core]) -> Place | None:
        """The place that a new local stands for, when it is bound to `place`."""
        if place is None or not isinstance(base(type), Record | Union):
            return None
        if place.is_row and not place.steps:
            return Place(place.slot, local, is_row=True)
        return self.stable_place(place, into)

    def stable_place(self, place: Place, into: list[Core]) -> Place | None:
        """A place whose keys are names that keep their value, so that it can be read again."""
        if place.is_row and place.root is None:
            return None
        steps = []
        for step in place.steps:
            part = "key" if step["kind"] == "key" else "index"
            if step["kind"] != "field" and step[part]["kind"] not in ("lit", "local"):
                name = self.body.fresh(part)
                into.append(
                    {
                        "kind": "let",
                        "line": 1,
                        "name": name,
                        "type": {"kind": "text" if part == "key" else "int"},
                        "value": step[part],
                    }
                )
                step = {**step, part: {"kind": "local", "name": name}}
            steps.append(step)
        return Place(place.slot, place.root, place.key, place.is_row, steps, place.cast)

    def place_clause(self, node: n.For) -> Core | None:
        """`for item in order.items` whose items are written: walks with the position, so that each item is a place."""
        source_node, names = node.source, node.names
        if (
            isinstance(source_node, n.Call)
            and isinstance(source_node.of, n.Name)
            and source_node.of.name == "enumerate"
        ):
            if len(names) != 2 or len(source_node.args) != 1:
                return None
            source_node, item_name, index_name = source_node.args[0].value, names[1], names[0]
        elif len(names) == 1:
            item_name, index_name = names[0], None
        else:
            return None
        if not isinstance(source_node, n.Attr | n.Index | n.Name) or not self.writes_below(node, item_name.name):
            return None
        before = len(self.reporter.diagnostics)
        source = self.expr(source_node)
        self.reporter.forget(before)
        type = base(source.type)
        if not isinstance(type, List) or source.place is None or not isinstance(base(type.item), Record | Union):
            return None
        held = self.stable_place(source.place, self.body.before)
        if held is None:
            return None
        index = self.body.declare(index_name.name if index_name else " index", INT, "loop", index_name or item_name)
        index.core_name = index_name.name if index_name else self.body.fresh(f"{item_name.name}_at")
        place = held.below({"kind": "item", "index": index.core()})
        item = self.body.declare(item_name.name, type.item, "loop", item_name, place)
        pairs = {"kind": "builtin", "name": "enumerate", "args": [source.core], "type": {"kind": "none"}}
        return {"names": [index.core_name, item.core_name], "source": pairs, "over": "pairs"}

    def writes_below(self, node: n.For, name: str) -> bool:
        """Whether the loop's body assigns below the name, or below one that it binds to something."""
        bound, inside = {name}, list(walk(node.block))
        for each in inside:
            if isinstance(each, n.Let) or (isinstance(each, n.If) and each.binding) or isinstance(each, n.Case | n.For):
                bound |= _bound_names(each)
        targets = (e.target for e in inside if isinstance(e, n.Assign | n.Add | n.Remove))
        return any(_root_name(target) in bound for target in targets)

    # ---- targets

    def target(self, node: n.Expr, final: bool = True, crossing: bool = False) -> Target | None:
        """Resolve what is written. `final`: the last step may be an entry; `crossing`: the path may pass entries."""
        match node:
            case n.Name():
                return self.target_name(node)
            case n.Attr():
                of = self.target(node.of, final=False, crossing=crossing)
                return self.target_field(of, node) if of is not None else None
            case n.Index():
                of = self.target(node.of, final=False, crossing=crossing)
                return self.target_entry(of, node, final, crossing) if of is not None else None
        self.report(TARGET, node)
        return None

    def target_name(self, node: n.Name) -> Target | None:
        local = self.body.find(node.name)
        world = self.body.world
        if local is not None:
            return self.target_local(node, local)
        if world is not None and node.name in world.slots and self.body.kind != "measure":
            return Target({"kind": "slot", "name": node.name}, [], world.slots[node.name].type, node.name)
        if self.module.lookup(node.name) is None:
            self.unknown_target(node)
            return None
        typed = self.expr(node)
        if typed.type is not ERROR:
            self.report(ASSIGN_TO_LET, node, name=node.name, what="a constant")
        return None

    def unknown_target(self, node: n.Name) -> None:
        names = [*self.body.names(), *(self.body.world.slots if self.body.world is not None else ())]
        diagnostic = self.report(UNKNOWN_NAME, node, name=node.name)
        self.did_you_mean(diagnostic, node.name, names)
        diagnostic.advise(f"a new name is made by `let {node.name} = …`, or by `var` where it changes")

    def target_local(self, node: n.Name, local: Local) -> Target | None:
        self.local(local, node)
        if local.excused:
            return None
        if local.place is not None:
            return self.target_place(local.place, local)
        if local.kind == "var":
            return Target({"kind": "local", "name": local.core_name}, [], local.type, "", local)
        return Target({"kind": "value", "name": local.name}, [], local.type, "", local)

    def target_place(self, place: Place, local: Local) -> Target | None:
        if not self.body.may_write:
            return Target({"kind": "value", "name": local.name}, [], local.type, "", local)
        if place.root is not None:
            place.root.uses.append(local.node.end)
            root: Core = {"kind": "row", "table": place.slot, "name": place.root.core_name}
        else:
            root = {"kind": "slot", "name": place.slot}
        return Target(root, list(place.steps), local.type, place.slot, local)

    def target_field(self, of: Target, node: n.Attr) -> Target | None:
        type = base(of.type)
        if isinstance(type, Optional):
            if isinstance(node.of, n.Name):
                self.may_be_none(node.of, of.type)
            else:
                self.report(OPTIONAL_PATH, node.of).advise(unwrap_advice(self.text(node.of)))
            return None
        if not isinstance(type, Record):
            if isinstance(type, Union):
                self.report(UNKNOWN_FIELD, node.name, type=type, name=node.name.name).advise(
                    "tell the cases apart with `match`"
                )
            elif isinstance(type, World) and of.root["kind"] == "slot" and not of.steps:
                return self.target_part(of, type, node)
            elif isinstance(type, World):
                self.report(READ_ONLY, node, what="a body without `in`").advise(
                    f"a world that is passed in can be read: write `in {type}` behind the result to change it"
                )
            elif type is not ERROR:
                self.report(UNKNOWN_FIELD, node.name, type=of.type, name=node.name.name)
            return None
        field = type.info.fields.get(node.name.name)
        if field is None:
            self.unknown_field(node.name, type.info.name, type.info.fields, type.info)
            return None
        if of.root["kind"] == "row" and not of.steps and self.is_key(of.slot, field.name):
            self.report(KEY_ASSIGNED, node.name, field=field.name, table=of.slot).advise(
                "remove the row and add one under the new key"
            )
            return None
        step = {"kind": "field", "record": type.info.core_name, "name": field.name}
        return Target(of.root, [*of.steps, step], field.type, of.slot, of.local)

    def target_part(self, of: Target, type: World, node: n.Attr) -> Target | None:
        """`phone.line = …`: a slot of a part of the world."""
        slot = type.info.slots.get(node.name.name)
        if slot is None:
            self.expr(node)
            return None
        path = f"{of.slot}.{node.name.name}"
        return Target({"kind": "slot", "name": path}, [], slot.type, path)

    def is_key(self, slot: str, field: str) -> bool:
        type = slot_type(self.body.world, slot)
        return isinstance(type, Table) and type.key == field

    def target_entry(self, of: Target, node: n.Index, final: bool, crossing: bool) -> Target | None:
        type = base(of.type)
        if not final and isinstance(type, Table | Map):
            if not crossing:
                self.report(OPTIONAL_PATH, node).advise(unwrap_advice(self.text(node)))
                return None
            if isinstance(type, Table):
                return self.crossed_row(of, node, type)
        match type:
            case Table(record, _):
                key = self.value(node.key, type.key_type)
                return Target({"kind": "entry", "table": of.slot, "key": key}, [], Record(record), of.slot)
            case Map(key_type, value):
                key = self.value(node.key, key_type)
                return Target(of.root, [*of.steps, {"kind": "key", "key": key}], value, of.slot, of.local)
            case List(item):
                index = self.value(node.key, INT)
                return Target(of.root, [*of.steps, {"kind": "item", "index": index}], item, of.slot, of.local)
            case Optional():
                self.report(OPTIONAL_PATH, node.of).advise(unwrap_advice(self.text(node.of)))
            case _ if type is not ERROR:
                self.report(NOT_INDEXABLE, node.of, type=words(of.type))
        return None

    def crossed_row(self, of: Target, node: n.Index, type: Table) -> Target:
        """`orders[id].status` in a test: the row is taken out first, and the test fails where there is none."""
        name = self.body.fresh("row")
        key = self.value(node.key, type.key_type)
        text = lit(f"there is no row {self.text(node)}")
        self.body.before.append(
            {
                "kind": "let",
                "line": self.line(node),
                "name": name,
                "type": Record(type.record).core(),
                "value": {
                    "kind": "index",
                    "of": slot_core(of.slot),
                    "key": key,
                    "container": "table",
                },
                "orelse": {"kind": "fail", "line": self.line(node), "message": text},
            }
        )
        return Target({"kind": "row", "table": of.slot, "name": name}, [], Record(type.record), of.slot)

    # ---- writing

    def s_Assign(self, node: n.Assign, into: list[Core]) -> bool | None:
        self.assign(node.target, node.op, node.value, node, into)
        return None

    def assign(
        self, target_node: n.Expr, op: str, value_node: n.Expr, node: n.Stmt, into: list[Core], crossing: bool = False
    ) -> None:
        target = self.target(target_node, crossing=crossing)
        if target is None or not self.assignable(target, target_node):
            self.expr(value_node, ERROR)
            self.rekeyed(target_node, op, value_node)
            return
        if op == "=":
            self.body.alone = value_node
            core = self.called_first(self.written(value_node, target), target, node, into)
            self.body.alone = None
        else:
            old = self.expr(target_node)
            new = self.expr(value_node, old.type)
            typed = self.arithmetic(value_node, op[0], old, new)
            core = self.coerce(value_node, typed, target.type)
        if target.root["kind"] == "local" and not target.steps:
            into.append({"kind": "set", "line": self.line(node), "name": target.root["name"], "value": core})
        else:
            self.write(target, core, "set", node, into)

    def rekeyed(self, target: n.Expr, op: str, value: n.Expr) -> None:
        """Where the key of a row was assigned: how its row gets another."""
        found = self.reporter.diagnostics[-1:]
        known = found and found[0].code == KEY_ASSIGNED.id and not found[0].fixes and op == "="
        if not known or not isinstance(target, n.Attr) or found[0].span != self.span(target.name):
            return
        place = self.expr(target.of).place
        if place is None or not isinstance(target.of, n.Name):
            return
        row, key = target.of.name, target.name.name
        changed = f"{row} with {{ {key}: {self.text(value)} }}"
        text = f"add {changed} to {place.slot}  remove {place.slot}[{row}.{key}]"
        edit = Edit(Span(self.module.source.path, target.start, value.end), text)
        found[0].fix("add it under the new key and remove the old row", edit, applicability="unsafe")

    def called_first(self, core: Core, target: Target, node: n.Stmt, into: list[Core]) -> Core:
        """A value whose call may change the world is made before the place that takes it is looked at."""
        info = self.function_by_core(core["name"]) if core["kind"] == "call_fn" else None
        if info is None or not info.may_write:
            return core
        name = self.body.fresh("made")
        type = self.core_type(target.type)
        into.append({"kind": "let", "line": self.line(node), "name": name, "type": type, "value": core})
        self.refresh_after_call(core, node, into)
        return {"kind": "local", "name": name}

    def written(self, node: n.Expr, target: Target) -> Core:
        core = self.value(node, target.type)
        step = target.steps[-1] if target.steps else None
        if step is not None and step["kind"] == "field":
            field = self.field_named(step["record"], step["name"])
            if field is not None:
                self.hold(node, core, field.refine)
        return core

    def field_named(self, record: str, name: str) -> s.FieldInfo | None:
        """A field by the core names of its record and itself."""
        return self.records[record].fields.get(name)

    records: dict[str, s.RecordInfo]

    def assignable(self, target: Target, node: n.Expr) -> bool:
        kind = target.root["kind"]
        if kind == "value":
            local = target.local
            assert local is not None
            if isinstance(node, n.Name):
                what = {"param": "a parameter", "loop": "a loop's name"}.get(local.kind, "a `let`")
                diagnostic = self.report(ASSIGN_TO_LET, node, name=local.name, what=what)
                if local.kind == "let":
                    diagnostic.label(self.span(local.node), "bound here").advise(
                        f"declare it with `var {local.name} = …`"
                    )
            elif not self.body.excuses():
                self.report(ASSIGN_TO_VALUE, node, name=local.name).advise(
                    f"only what a world holds can be changed in place; make a changed copy: `{local.name} with {{ … }}`"
                )
            return False
        if kind == "row" and not target.steps:
            diagnostic = self.report(ASSIGN_TO_LET, node, name=self.text(node), what="a place")
            row = f"{target.slot}[{self.text(node)}.{self.key_of(target.slot)}]"
            diagnostic.replace("replace the row in its table", row, "unsafe")
            return False
        if kind == "slot" and not target.steps and isinstance(target.type, World):
            diagnostic = self.report(PART_ASSIGNED, node, name=self.text(node), world=target.type)
            slot = next(iter(target.type.info.slots), "slot")
            diagnostic.replace("assign to one of its slots", f"{self.text(node)}.{slot}", "display")
            return False
        if kind == "slot" and not target.steps and isinstance(base(target.type), Table):
            self.report(TARGET, node).advise("a table is changed by its entries: `add`, `remove`, `table[key] = …`")
            return False
        if target.local is not None and target.local.place is not None and isinstance(node, n.Name):
            self.report(ASSIGN_TO_LET, node, name=target.local.name, what="a place").advise("assign to its fields")
            return False
        return True

    def write(self, target: Target, value: Core | None, mode: str, node: n.Stmt, into: list[Core]) -> None:
        """Append the write and what must be read again after it."""
        core = {"kind": "write", "line": self.line(node), "root": target.root, "steps": target.steps, "mode": mode}
        if value is not None:
            core["value"] = value
        into.append(core)
        if target.slot:
            path = next((step["name"] for step in target.steps if step["kind"] == "field"), "")
            is_table = target.root["kind"] in ("row", "entry")
            self.body.writes.add(f"{target.slot}.{path}" if is_table and path else target.slot)
            self.invalidate(target, node)
            self.refresh(target.slot, target.root.get("name") if target.root["kind"] == "row" else None, node, into)

    def invalidate(self, target: Target, node: n.Stmt) -> None:
        """Places below what was replaced are places no more."""
        for local in self.body.places():
            place = local.place
            assert place is not None
            if place.slot != target.slot or not place.steps or local is target.local:
                continue
            if target.root["kind"] == "entry" or _replaced(target.steps, place.steps):
                local.stale = node

    # ---- add and remove

    def s_Add(self, node: n.Add, into: list[Core]) -> bool | None:
        target = self.target(node.target)
        if target is None:
            self.expr(node.value)
            return None
        type = base(target.type)
        if isinstance(type, Table):
            core = self.value(node.value, Record(type.record))
            self.body.writes.add(target.slot)
            into.append({"kind": "add_row", "line": self.line(node), "table": target.slot, "value": core})
            return None
        if not isinstance(type, List):
            self.expr(node.value)
            if type is not ERROR:
                self.report(NOT_ADDABLE, node.target, type=words(target.type))
            return None
        if target.root["kind"] == "value":
            self.assignable(target, node.target)
            return None
        one = {"kind": "list_of", "items": [self.value(node.value, type.item)], "item": self.core_type(type.item)}
        old = self.expr(node.target)
        value = binary("chain", old.core, one)
        if target.root["kind"] == "local" and not target.steps:
            into.append({"kind": "set", "line": self.line(node), "name": target.root["name"], "value": value})
        else:
            self.write(target, value, "set", node, into)
        return None

    def s_Remove(self, node: n.Remove, into: list[Core]) -> bool | None:
        if not isinstance(node.target, n.Index):
            typed = self.expr(node.target)
            diagnostic = self.report(NOT_REMOVABLE, node.target)
            if typed.place is not None and typed.place.is_row and not typed.place.steps:
                key = f"{self.text(node.target)}.{self.key_of(typed.place.slot)}"
                diagnostic.replace("remove the row from its table", f"{typed.place.slot}[{key}]")
            return None
        target = self.target(node.target)
        if target is None:
            return None
        if target.root["kind"] == "value":
            self.assignable(target, node.target)
        elif target.root["kind"] == "entry":
            self.body.writes.add(target.slot)
            self.body.fails = True
            into.append(
                {"kind": "remove_row", "line": self.line(node), "table": target.slot, "key": target.root["key"]}
            )
            self.invalidate(target, node)
        else:
            self.body.fails = True
            self.write(target, None, "remove", node, into)
        return None


def _replaced(written: list[Core], held: list[Core]) -> bool:
    """Whether writing one path replaces what holds the other: it is a proper prefix of it, or its whole."""
    if len(written) >= len(held):
        return False
    return all(a["kind"] == b["kind"] and a.get("name") == b.get("name") for a, b in zip(written, held, strict=False))


def _root_name(node: n.Expr) -> str | None:
    while isinstance(node, n.Attr | n.Index):
        node = node.of
    return node.name if isinstance(node, n.Name) else None


def _bound_names(node: n.Node) -> set[str]:
    match node:
        case n.Let():
            return {node.name.name}
        case n.If() if node.binding is not None:
            return {node.binding.name}
        case n.Case() if node.binding is not None:
            return {node.binding.name}
        case n.For():
            return {name.name for name in node.names}
    return set()

"""Places are read again after a write that may have made old what their names hold."""

from __future__ import annotations

from nexlang.semantics import symbols as s
from nexlang.semantics.comprehensions import Comprehensions
from nexlang.semantics.literals import binary
from nexlang.semantics.parts import slot_core, slot_type
from nexlang.semantics.scope import Local, Place, Refresh
from nexlang.semantics.types import Core, Table
from nexlang.syntax import nodes as n


class Rereading(Comprehensions):
    def refresh(self, slot: str, root: str | None, node: n.Stmt, into: list[Core]) -> None:
        """Read the places in a table or slot again; `root` is the row that holds its new value already."""
        places = [local for local in self.body.places() if local.place is not None and local.place.slot == slot]
        rows = [local for local in places if not local.place.steps and local.core_name != root]  # type: ignore[union-attr]
        for local in [*rows, *(local for local in places if local.place.steps)]:  # type: ignore[union-attr]
            if local.stale is None and (local.place is not None) and (local.place.steps or local.place.is_row):
                into.append(self.read_again(local, node))

    def read_again(self, local: Local, node: n.Stmt) -> Core:
        place = local.place
        assert place is not None
        if not place.steps:
            key = {"kind": "field", "of": local.core(), "name": self.key_of(place.slot)}
            slot = slot_core(place.slot)
            value = binary("else", {"kind": "index", "of": slot, "key": key, "container": "table"}, local.core())
        else:
            value = self.read_path(place, local)
        refresh = Refresh(local, node.end, tuple(self.body.loops))
        return {"kind": "set", "line": self.line(node), "name": local.core_name, "value": value, "refresh": refresh}

    def key_of(self, slot: str) -> str:
        table = slot_type(self.body.world, slot)
        assert isinstance(table, Table)
        return table.key

    def read_path(self, place: Place, local: Local) -> Core:
        """The value at a place now; where a step finds nothing, the local's old value."""
        core: Core = place.root.core() if place.root is not None else slot_core(place.slot)
        optional = False
        for step, cast in zip(place.steps, place.cast, strict=True):
            optional = cast is not None or step["kind"] == "key"
            match step["kind"]:
                case "field":
                    core = {"kind": "field", "of": core, "name": step["name"]}
                case "key":
                    core = {"kind": "index", "of": core, "key": step["key"], "container": "map"}
                case _:
                    core = {"kind": "index", "of": core, "key": step["index"], "container": "list"}
            if cast is not None:
                core = {**cast, "of": core}
        if place.steps and place.steps[-1]["kind"] == "field" and place.cast[-1] is None:
            optional = False
        return binary("else", core, local.core()) if optional else core

    def refresh_after_call(self, core: Core, node: n.Stmt, into: list[Core]) -> None:
        """After a call that may write, every place is read again."""
        if core.get("kind") != "call_fn" or self.body.world is None:
            return
        info = self.function_by_core(core["name"])
        if info is None or not info.may_write:
            return
        for slot in {local.place.slot for local in self.body.places() if local.place is not None}:
            self.refresh(slot, None, node, into)

    def function_by_core(self, name: str) -> s.FunctionInfo | None:
        raise AssertionError("defined by Declarations")

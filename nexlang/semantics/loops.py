"""How often a loop can run: what asks agents in a loop needs a bound that the compiler sees."""

from __future__ import annotations

from collections.abc import Sequence

from nexlang.semantics import symbols as s
from nexlang.semantics.checker import Checker
from nexlang.semantics.scope import Body, Local
from nexlang.semantics.types import Alias, Core
from nexlang.syntax import nodes as n

_SAME_SIZE = ("enumerate", "reverse", "reversed", "unique", "sorted", "shuffled")


class Loops(Checker):
    body: Body

    def enter_loop(self, sources: Sequence[n.Expr]) -> bool:
        """Take in that a loop begins; gives whether what is around it is bounded, for its end."""
        body = self.body
        around = body.bounded
        body.bounded = (around or not body.loops) and all(self.is_bounded(source) for source in sources)
        return around

    def is_bounded(self, source: n.Expr) -> bool:
        """Whether the compiler sees how long a list can be: `range(3)`, `take(xs, 8)`, one written out, a sized one."""
        match source:
            case n.ListLit():
                return True
            case n.Name():
                local = self.body.find(source.name)
                return self.is_sized(local) if local is not None else self.is_constant_list(source.name)
            case n.Call(of=n.Name(name="range")):
                return bool(source.args) and all(self.is_number(arg.value) for arg in source.args)
            case n.Call(of=n.Name(name="take")) if len(source.args) == 2:
                return self.is_number(source.args[1].value)
            case n.Call(of=n.Name(name="zip")):
                return any(self.is_bounded(arg.value) for arg in source.args)
            case n.Call(of=n.Name()) if source.of.name in _SAME_SIZE and source.args:  # type: ignore[attr-defined]
                return self.is_bounded(source.args[-1].value)
        return False

    def is_number(self, node: n.Expr) -> bool:
        """A number, or a constant that is one."""
        if isinstance(node, n.Unary) and node.op == "-":
            return self.is_number(node.of)
        if isinstance(node, n.Name) and self.body.find(node.name) is None:
            value = self.constant_value(node.name)
            return value is not None and value["kind"] == "lit" and type(value["value"]) is int
        return isinstance(node, n.Num)

    def is_constant_list(self, name: str) -> bool:
        value = self.constant_value(name)
        return value is not None and value["kind"] == "list_of"

    def constant_value(self, name: str) -> Core | None:
        info = self.module.lookup(name)
        return info.value if isinstance(info, s.ConstInfo) else None

    def is_sized(self, local: Local) -> bool:
        """Whether its type, or its parameter, says `where count(it) <= 8`."""
        type = local.type
        refined = [type.info.refine] if isinstance(type, Alias) else []
        owner = self.body.owner
        if local.kind == "param" and owner is not None and local.name in owner.params:
            refined.append(owner.params[local.name].refine)
        return any(refine is not None and _bounds_size(refine.get("condition")) for refine in refined)


def _bounds_size(condition: Core | None) -> bool:
    if condition is None or condition["kind"] != "binary":
        return False
    if condition["op"] == "and":
        return _bounds_size(condition["left"]) or _bounds_size(condition["right"])
    left, right = condition["left"], condition["right"]
    if condition["op"] in ("gt", "ge"):
        left, right = right, left
    return condition["op"] in ("lt", "le", "gt", "ge", "eq") and _is_size(left) and right["kind"] == "lit"


def _is_size(core: Core) -> bool:
    return (
        core["kind"] == "builtin"
        and core["name"] in ("len", "count")
        and core["args"][:1] == [{"kind": "local", "name": "it"}]
    )

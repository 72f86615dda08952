"""A body in core form, walked for what it does.

Every name stands for the paths whose present value it may hold; a path counts as read where its value is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nexlang.semantics.effect_paths import NOTHING, PARAM, Effects, Path, Paths, Subject
from nexlang.semantics.types import Core

if TYPE_CHECKING:
    from nexlang.semantics.effects import Inference

_KEYS_ONLY = ("len", "count", "fresh_id", "keys")
_FAILING = ("evaluate", "sqrt")


class Walk:
    """One body. `names` are the paths that its locals may hold the value of."""

    def __init__(self, inference: Inference, subject: Subject) -> None:
        self.inference = inference
        self.slots = subject.slots
        self.gives_place = subject.gives_place
        self.found = Effects()
        self.gives: set[Path] = set()
        self.names: dict[str, Paths] = {name: frozenset(((PARAM, name),)) for name in subject.params}
        self.names |= {name: frozenset((tuple(table.split(".")),)) for name, table in subject.rows.items()}
        self.grew = False

    def whole(self, body: list[Core]) -> None:
        """Walk a body until its names hold nothing new: a loop may carry a value to where it began."""
        for _ in range(8):
            self.grew = False
            self.statements(body)
            if not self.grew:
                return

    def statements(self, body: Iterable[Core]) -> None:
        for statement in body:
            make = getattr(self, f"_s_{statement.get('kind')}", None)
            if make is not None:
                make(statement)
            else:
                self.parts(statement)

    def parts(self, node: Any) -> None:
        """Use everything in a piece of core form that has no rule of its own."""
        for value in node.values() if isinstance(node, dict) else node:
            if isinstance(value, dict) and "kind" not in value:
                self.parts(value)
            elif isinstance(value, dict):
                self.use(value) if f"_s_{value['kind']}" not in _STATEMENTS else self.statements([value])
            elif isinstance(value, list | tuple):
                self.parts(value)

    def bind(self, name: str, paths: Paths) -> None:
        before = self.names.get(name, NOTHING)
        if not paths <= before:
            self.names[name] = before | paths
            self.grew = True

    # ---- paths

    def limited(self, path: Path) -> Path:
        """A path down to the field: worlds within the world, the slot, one field below."""
        slots: Mapping[str, Core] = self.slots
        for i, name in enumerate(path):
            type = slots.get(name)
            if type is None or type.get("kind") != "world":
                return path[: i + 2]
            slots = self.inference.slots(type["name"])
        return path

    def read(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self.found.reads.add(path[:4] if path[:1] == (PARAM,) else self.limited(path))

    def below(self, paths: Paths, name: str) -> Paths:
        return frozenset((*path, name) for path in paths)

    def keys(self, paths: Paths) -> None:
        """Whether a row is there, without what is in it: of a table only the key is read."""
        for path in paths:
            key = self.key(path)
            self.read([(*path, key) if key else path])

    def key(self, path: Path) -> str | None:
        slots: Mapping[str, Core] = self.slots
        for name in path[:-1]:
            slots = self.inference.slots(slots.get(name, {}).get("name", ""))
        type = slots.get(path[-1], {}) if path else {}
        return type.get("key") if type.get("kind") == "table" else None

    def use(self, node: Any) -> None:
        """The value of an expression is wanted."""
        if node is not None:
            self.read(self.look(node))

    def look(self, node: Core) -> Paths:
        """The paths that an expression may be the value of; what it needs besides is read."""
        make = getattr(self, f"_x_{node.get('kind')}", None)
        if make is not None:
            paths: Paths = make(node)
            return paths
        self.parts(node)
        return NOTHING

    # ---- expressions

    def _x_lit(self, node: Core) -> Paths:
        return NOTHING

    def _x_local(self, node: Core) -> Paths:
        return self.names.get(node["name"], NOTHING)

    def _x_slot(self, node: Core) -> Paths:
        of = node.get("of")
        return frozenset(((node["name"],),)) if of is None else self.below(self.look(of), node["name"])

    def _x_field(self, node: Core) -> Paths:
        return self.below(self.look(node["of"]), node["name"])

    def _x_index(self, node: Core) -> Paths:
        self.use(node["key"])
        paths = self.look(node["of"])
        self.keys(paths)
        self.found.fails |= node.get("container") == "list"
        return paths

    def _x_to_float(self, node: Core) -> Paths:
        return self.look(node["of"])

    _x_as_case = _x_to_float

    def _x_cond(self, node: Core) -> Paths:
        self.use(node["condition"])
        return self.look(node["then"]) | self.look(node["otherwise"])

    def _x_binary(self, node: Core) -> Paths:
        op, right = node.get("op"), node["right"]
        if op == "else":
            return self.look(node["left"]) | self.look(right)
        self.use(node["left"])
        if op in ("in", "not_in"):
            self.keys(self.look(right))
        else:
            self.use(right)
        return NOTHING

    def _x_comp(self, node: Core) -> Paths:
        for clause in node["clauses"]:
            self.clause(clause)
        for part in ("condition", "by"):
            self.use(node.get(part))
        if node["result"] in ("list", "first", "min", "max", "sorted", "index", "group"):
            return self.look(node["element"])
        self.use(node["element"])
        return NOTHING

    def clause(self, clause: Core) -> None:
        paths = self.look(clause["source"])
        self.keys(paths)
        for name in clause["names"][-1:]:
            self.bind(name, paths)

    def _x_call_fn(self, node: Core) -> Paths:
        name, args = node["name"], [self.look(arg) for arg in node["args"]]
        self.found.calls.add(("tool", name))
        summary = self.inference.summary("tool", name)
        subject = self.inference.subjects["tool"](name)
        given = dict(zip(subject.params if subject is not None else (), args, strict=False))
        at = [self.look(node["part"])] if isinstance(node.get("part"), dict) else []
        here = self._placed(summary.effects, given, at[0] if at else None)
        self.found.add(here)
        if subject is None or subject.extern:
            for paths in args:
                self.read(paths)
        return frozenset(path for each in summary.gives for path in _filled(each, given, at[0] if at else None))

    def _placed(self, effects: Effects, given: Mapping[str, Paths], at: Paths | None) -> Effects:
        """A function's effects with its arguments, and the world that it runs in, put in place."""
        made = Effects()
        made.add(effects)
        made.reads = {self._cut(path) for each in effects.reads for path in _filled(each, given, at)}
        made.writes = {self._cut(path) for each in effects.writes for path in _filled(each, given, at)}
        return made

    def _cut(self, path: Path) -> Path:
        return path[:4] if path[:1] == (PARAM,) else self.limited(path)

    def _x_act(self, node: Core) -> Paths:
        for value in node["args"].values():
            self.use(value)
        self.called(node["target"], node["name"], fails=not node.get("handled"))
        return NOTHING

    def called(self, kind: str, name: str, fails: bool) -> None:
        self.found.calls.add((kind, name))
        self.found.add(self.inference.summary(kind, name).effects.own(), fails)

    def _x_builtin(self, node: Core) -> Paths:
        name, args = node["name"], node["args"]
        self.found.chance |= _is_chance(name)
        self.found.fails |= name in _FAILING
        self.found.plays |= name == "play"
        for arg in args:
            if name in _KEYS_ONLY:
                self.keys(self.look(arg))
            else:
                self.use(arg)
        return NOTHING

    # ---- statements

    def _s_let(self, node: Core) -> None:
        self.bind(node["name"], self.look(node["value"]))
        if node.get("orelse"):
            self.statements([node["orelse"]])

    def _s_set(self, node: Core) -> None:
        self.bind(node["name"], self.look(node["value"]))

    def _s_return(self, node: Core) -> None:
        if node.get("value") is not None:
            paths = self.look(node["value"])
            self.gives |= paths
            if not self.gives_place:
                self.read(paths)

    def _s_fail(self, node: Core) -> None:
        self.found.fails = True
        self.use(node.get("message"))

    def _s_require(self, node: Core) -> None:
        self.use(node["condition"])
        self.statements([node["failure"]])

    def _s_for(self, node: Core) -> None:
        self.clause(node["clause"])
        self.use(node.get("condition"))
        self.statements(node["body"])

    def _s_if(self, node: Core) -> None:
        if node.get("binding"):
            self.bind(node["binding"], self.look(node["condition"]))
        else:
            self.use(node["condition"])
        self.statements(node["then"])
        self.statements(node.get("otherwise") or ())

    def _s_match(self, node: Core) -> None:
        paths = self.look(node["subject"])
        self.read(paths)
        for case in node["cases"]:
            if case.get("binding"):
                self.bind(case["binding"], paths)
            self.statements(case["body"])
        self.statements(node.get("otherwise") or ())

    def _s_do(self, node: Core) -> None:
        self.use(node["call"])

    def _s_write(self, node: Core) -> None:
        root, steps = node["root"], node.get("steps") or []
        paths = self.roots(root)
        for step in steps:
            if step["kind"] == "field":
                paths = self.below(paths, step["name"])
            else:
                self.use(step.get("key") or step.get("index"))
                self.found.fails = True
        if root["kind"] == "local" and not paths:
            self.bind(root["name"], self.look(node["value"]) if node.get("value") else NOTHING)
            return
        self.use(node.get("value"))
        self.found.writes |= {self._cut(path) for path in paths}

    def roots(self, root: Core) -> Paths:
        """Where a write begins. A place that came as a parameter is known to the caller only."""
        if root.get("key") is not None:
            self.use(root["key"])
        if root["kind"] == "local":
            return NOTHING
        if root["kind"] == "row" and (held := self.names.get(root["name"], NOTHING)):
            return held
        return frozenset((tuple((root.get("table") or root["name"]).split(".")),))

    def _s_add_row(self, node: Core) -> None:
        self.found.fails = True
        self.use(node["value"])
        self.table(node)

    def _s_remove_row(self, node: Core) -> None:
        self.found.fails = True
        self.use(node["key"])
        self.table(node)

    def table(self, node: Core) -> None:
        table = node["table"]
        paths = self.look(table) if isinstance(table, dict) else frozenset((tuple(table.split(".")),))
        self.found.writes |= {self._cut(path) for path in paths}


_STATEMENTS = frozenset(name for name in vars(Walk) if name.startswith("_s_"))


def _filled(path: Path, given: Mapping[str, Paths], at: Paths | None) -> Iterable[Path]:
    """A path of a function, where it is called: at an argument, or in the part of the world that it runs in."""
    if path[:1] == (PARAM,):
        return [(*root, *path[2:]) for root in given.get(path[1], NOTHING)]
    return [path] if at is None else [(*root, *path) for root in at]


def _is_chance(name: str) -> bool:
    from nexlang.semantics.builtins import BUILTINS

    signatures = BUILTINS.get(name)
    return signatures is not None and signatures[0].chance

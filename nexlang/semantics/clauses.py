"""`reads`, `writes` and `pure` clauses: what a signature says that its body does, held to what the body does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics.codes_explain import IMPURE, NO_SUCH_PATH
from nexlang.diagnostics.codes_places import EFFECT_CLAUSE
from nexlang.diagnostics.suggest import suggest
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import listed
from nexlang.semantics.type_names import TypeNames
from nexlang.semantics.types import ERROR, Core, Optional, Record, Table, Type, World, base
from nexlang.syntax import nodes as n

if TYPE_CHECKING:
    from nexlang.semantics.effects import Effects, Inference, Subject


T = TypeVar("T", bound=s.Info)


class Clauses(TypeNames):
    @cached_property
    def effects(self) -> Inference:
        """What every function and agent does; to be asked when all bodies are checked."""
        from nexlang.semantics.effects import Inference, Subject, agent_subject

        agents = {info.core_name: info for info in self.infos(s.AgentInfo)}
        functions = {info.core_name: info for info in self.infos(s.FunctionInfo)}
        worlds = {info.core_name: info for info in self.infos(s.WorldInfo)}

        def slots(name: str) -> Mapping[str, Core]:
            world = worlds.get(name)
            return {slot.name: slot.type.core() for slot in world.slots.values()} if world is not None else {}

        def function(name: str) -> Subject | None:
            info = functions.get(name)
            if info is None:
                return None
            world = slots(info.world.core_name) if info.world is not None else {}
            rows = {p.name: p.row[1] for p in info.params.values() if p.row is not None}
            extern, place = bool(getattr(info, "extern", None)), info.row is not None
            return Subject(info.body, tuple(info.params), rows, world, extern, place)

        def agent(name: str) -> Subject | None:
            info = agents.get(name)
            return agent_subject(info.core) if info is not None else None

        return Inference(function, agent, slots)

    def infos(self, kind: type[T]) -> Iterator[T]:
        for module in self.modules.values():
            for info in module.declared.values():
                if isinstance(info, kind):
                    yield info

    def effect_clauses(self, info: s.FunctionInfo) -> None:
        """Each path that a clause names is there, and each that the body touches is named."""
        node = info.node
        if not isinstance(node, n.FunctionDecl) or not node.effects:
            return
        from nexlang.semantics.effects import shown

        self.module = self.owner_of(info)
        found = self.effects.of(info.core_name)
        for effect in node.effects:
            if effect.kind == "pure":
                self.pure_clause(info, effect, found)
        for kind, actual in (("reads", shown(found.reads)), ("writes", shown(found.writes))):
            clauses = [effect for effect in node.effects if effect.kind == kind]
            named = [self.meant_path(info, path) for effect in clauses for path in effect.paths]
            missing = [path for path in actual if not any(f"{path}.".startswith(f"{name}.") for name in named)]
            if clauses and missing and "" not in named:
                self.outside(info, clauses[-1], kind, missing)

    def outside(self, info: s.FunctionInfo, clause: n.Effect, verb: str, missing: list[str]) -> None:
        diagnostic = self.report(EFFECT_CLAUSE, clause, name=info.name, verb=verb, paths=listed(missing))
        end = Span(self.module.source.path, clause.end, clause.end)
        added = "".join(f", {path}" for path in missing)
        diagnostic.fix("name it in the clause", Edit(end, added), applicability="unsafe")

    def pure_clause(self, info: s.FunctionInfo, clause: n.Effect, found: Effects) -> None:
        from nexlang.semantics.effects import shown

        done = [f"reads {listed(shown(found.reads))}"] if found.reads else []
        done += [f"writes {listed(shown(found.writes))}"] if found.writes else []
        done += ["takes chances"] if found.chance else []
        done += [f"calls {listed(sorted(found.extern))}, which is extern"] if found.extern else []
        if done:
            diagnostic = self.report(IMPURE, clause, name=info.name, what=" and ".join(done))
            whole = Span(self.module.source.path, clause.start - 1, clause.end)
            diagnostic.fix("leave `pure` out", Edit(whole, ""), applicability="unsafe")

    def meant_path(self, info: s.FunctionInfo, path: n.Dotted) -> str:
        """A clause's path, spelt as it was meant; empty where a slot or a field of it is not there."""
        node = info.node
        assert isinstance(node, n.FunctionDecl)
        if info.world is None and node.world is not None:
            return ""
        fields: Mapping[str, Type] | None = {}
        of, meant = f"`{info.name}`, which is in no world,", list[str]()
        if info.world is not None:
            of, fields = f"`{info.world.name}`", {slot.name: slot.type for slot in info.world.slots.values()}
        for part in path.parts:
            name = part.name
            if fields is None:
                return ""
            if name not in fields:
                diagnostic = self.report(NO_SUCH_PATH, part, of=of, name=name)
                self.did_you_mean(diagnostic, name, fields)
                name = suggest(name, fields) or ""
            if not name:
                return ""
            meant.append(name)
            of, fields = f"`{name}`", _below(fields[name])
        return ".".join(meant)


def _below(type: Type) -> Mapping[str, Type] | None:
    """The names that a path may go on with; None where nothing is known."""
    type = base(type)
    if isinstance(type, Optional):
        type = base(type.item)
    if isinstance(type, Table):
        return {field.name: field.type for field in type.record.fields.values()}
    if isinstance(type, Record):
        return {field.name: field.type for field in type.info.fields.values()}
    if isinstance(type, World):
        return {slot.name: slot.type for slot in type.info.slots.values()}
    return None if type is ERROR else {}

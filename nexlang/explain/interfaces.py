"""What changed between two versions of a program, and whom it breaks.

`breaking`: what fitted the old version does not fit the new one: a program that uses it, recorded calls, data.
`behaviour`: everything still fits, and it does or scores something else. `added`: there is more than before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from nexlang.explain.index import Index
from nexlang.explain.words import expression, refined, type_names, type_words
from nexlang.ir.model import Agent, Environment, Function, Parameter, Record, RecordField

Kind = Literal["breaking", "behaviour", "added"]
CALLERS = "recorded calls of it", "models that were trained to call it"
SCORES = "scores from before, which are not comparable"


@dataclass(frozen=True, slots=True)
class Change:
    """`of` is the declaration (`tool refund`), `what` the rest of the sentence, `breaks` those whom it concerns."""

    kind: Kind
    of: str
    what: str
    breaks: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "of": self.of, "what": self.what, "breaks": list(self.breaks)}

    def line(self) -> str:
        verb = "breaks" if self.kind == "breaking" else "concerns"
        return f"{self.of}: {self.what}" + (f"; {verb} {', '.join(self.breaks)}" if self.breaks else "")


def changes(old: Index, new: Index) -> list[Change]:
    """All changes of what the two programs declare themselves, breaking ones first."""
    found = list(_Compare(old, new).all())
    order = {"breaking": 0, "behaviour": 1, "added": 2}
    return sorted(dict.fromkeys(found), key=lambda change: order[change.kind])


# Of an environment and an agent: what is compared by a rule of its own; what changes no score.
_COMPARED = {
    "name", "doc", "file", "line", "task", "world", "actors", "reward", "params", "result", "tools", "limits",
}  # fmt: skip
_ASIDE = {"curriculum", "solution", "split"}
_NAMED = {"tick_ms": "tick", "time_ms": "limits", "setup_dice": "setup", "world_data": "data"}


def plain(node: Any) -> Any:
    """A piece of a program without where it stands."""
    if hasattr(node, "model_dump"):
        node = node.model_dump()
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.items() if key not in ("line", "file", "text")}
    return [plain(item) for item in node] if isinstance(node, list | tuple) else node


class _Compare:
    def __init__(self, old: Index, new: Index) -> None:
        self.old, self.new = old, new

    def all(self) -> Iterator[Change]:
        before, after = (set(index.own) for index in (self.old, self.new))
        for name in [*(n for n in self.old.own if n not in after)]:
            yield Change("breaking", self.named(self.old, name), "is gone", self.users(name))
        for name in (n for n in self.new.own if n not in before):
            yield Change("added", self.named(self.new, name), "is new")
        for name in (n for n in self.old.own if n in after):
            yield from self.one(name)

    def one(self, name: str) -> Iterator[Change]:
        of, kinds = self.named(self.old, name), (self.old.kinds[name], self.new.kinds[name])
        if kinds[0] != kinds[1]:
            yield Change("breaking", of, f"is now a {kinds[1]}", self.users(name))
            return
        compare: Callable[..., Iterator[Change]] | None = getattr(self, f"_{kinds[0]}", None)
        old, new = self.old.declared[name], self.new.declared[name]
        if plain(old) == plain(new):
            return
        if compare is not None:
            yield from compare(of, old, new)
        else:
            yield Change("behaviour", of, "is defined otherwise", self.users(name))

    def named(self, index: Index, name: str) -> str:
        return f"{index.kinds[name]} {name}"

    # ---- whom

    def users(self, name: str) -> tuple[str, ...]:
        """Who uses a declaration of the old version: by calls, by types."""
        users = [f"{use.kind} {use.owner}" for use in self.old.uses.get(name, ()) if use.kind != "test"]
        kind = self.old.kinds[name]
        users += [self.named(self.old, other) for other in self.old.typed.get(name, ())]
        if kind == "tool":
            users += CALLERS
        return tuple(dict.fromkeys(users)) or ("programs that use it",)

    def data(self, name: str) -> tuple[str, ...]:
        """The files whose values a type of the old version describes, itself or below."""
        names = [name]
        for each in names:
            names += [other for other in self.old.typed.get(each, ()) if other not in names and self._is_type(other)]
        found = []
        for environment in self.old.environments.values():
            if environment.world in names and environment.world_data:
                found.append(f"the data {environment.world_data}")
            if type_names(environment.task) & set(names):
                path = getattr(environment.tasks, "path", None)
                found.append(f"the tasks {path}" if path else f"the tasks of {environment.name}")
        for tool in self.old.tools.values():
            if any(type_names(param.type) & set(names) for param in tool.params):
                found.append(f"calls of {tool.name}")
        return tuple(dict.fromkeys(found))

    def _is_type(self, name: str) -> bool:
        return self.old.kinds[name] in ("record", "enum", "union", "type", "world")

    # ---- callables

    def _fn(self, of: str, old: Function, new: Function) -> Iterator[Change]:
        yield from self._params(of, old.params, new.params, self.users(old.name))
        if (before := type_words(old.result)) != (after := type_words(new.result)):
            yield Change("breaking", of, f"gives {after or 'nothing'}, not {before or 'nothing'}", self.users(old.name))
        if old.world != new.world:
            where = [f"in {world}" if world else "in no world" for world in (new.world, old.world)]
            yield Change("breaking", of, f"runs {where[0]}, not {where[1]}", self.users(old.name))
        yield from self._effects(of, old, new)
        if plain(old.body) != plain(new.body):
            yield Change("behaviour", of, "its body is another", self.users(old.name))

    def _tool(self, of: str, old: Function, new: Function) -> Iterator[Change]:
        yield from self._fn(of, old, new)
        before, after = getattr(old, "extern", None), getattr(new, "extern", None)
        if plain(before) != plain(after):
            yield Change("breaking", of, "what it asks outside, or needs for it, is another", ("runs that grant it",))
        if old.doc != new.doc or [p.doc for p in old.params] != [p.doc for p in new.params]:
            yield Change("behaviour", of, "its description is another", CALLERS[1:])

    def _effects(self, of: str, old: Function, new: Function) -> Iterator[Change]:
        for verb in ("reads", "writes"):
            more = [path for path in getattr(new.effects, verb) if path not in getattr(old.effects, verb)]
            if more:
                kind: Kind = "behaviour"
                yield Change(kind, of, f"{verb} {', '.join(more)} as well", self._holders(old.name))
        if new.effects.fails and not old.effects.fails:
            yield Change("behaviour", of, "can fail now", self.users(old.name))

    def _holders(self, name: str) -> tuple[str, ...]:
        return tuple(f"agent {use.owner}" for use in self.old.uses.get(name, ()) if use.how == "holds it")

    def _params(
        self, of: str, old: Sequence[Parameter], new: Sequence[Parameter], users: tuple[str, ...]
    ) -> Iterator[Change]:
        before, after = {p.name: p for p in old}, {p.name: p for p in new}
        for name in before.keys() - after.keys():
            yield Change("breaking", of, f"the parameter `{name}` is gone", users)
        for name, param in after.items():
            if name not in before:
                kind: Kind = "breaking" if param.default is None else "added"
                needed = "" if param.default is not None else ", and has no default"
                yield Change(kind, of, f"the parameter `{name}` is new{needed}", users if needed else ())
            else:
                yield from self._typed_part(of, f"the parameter `{name}`", before[name], param, users)
        both = [name for name in before if name in after]
        if both != [name for name in after if name in before]:
            yield Change("breaking", of, "its parameters have another order", users)

    def _typed_part(
        self, of: str, part: str, old: Parameter | RecordField, new: Parameter | RecordField, users: tuple[str, ...]
    ) -> Iterator[Change]:
        if (before := type_words(old.type)) != (after := type_words(new.type)):
            yield Change("breaking", of, f"{part} is {after}, not {before}", users)
        if (rule := refined(new.refine)) != refined(old.refine):
            kind: Kind = "breaking" if rule else "behaviour"
            what = f"must be `{rule.strip()}`" if rule else f"need not be `{refined(old.refine).strip()}` any more"
            yield Change(kind, of, f"{part} {what}", users)
        if old.default is not None and new.default is None:
            yield Change("breaking", of, f"{part} has no default any more", users)
        elif plain(old.default) != plain(new.default) and new.default is not None:
            yield Change("behaviour", of, f"{part} is {expression(new.default)} where it is left out", users)

    # ---- agents

    def _agent(self, of: str, old: Agent, new: Agent) -> Iterator[Change]:
        users = self.users(old.name)
        yield from self._params(of, old.params, new.params, users)
        if (before := type_words(old.result)) != (after := type_words(new.result)):
            yield Change("breaking", of, f"gives {after}, not {before}", users)
        held, holds = ({each.name: plain(each.fixed) for each in agent.tools} for agent in (old, new))
        trained = (f"models that were trained as {old.name}",) if old.kind == "model" else ()
        for name in held.keys() - holds.keys():
            yield Change("breaking", of, f"no longer holds {name}", (f"recorded episodes of {old.name}", *trained))
        for name in holds.keys() - held.keys():
            yield Change("behaviour", of, f"holds {name} as well", trained)
        for name in (each for each in held if each in holds and held[each] != holds[each]):
            whom = (f"recorded episodes of {old.name}", *trained)
            yield Change("breaking", of, f"fixes other arguments of {name}", whom)
        said = {"prompt": "its prompt", "turn": "what it reads each turn", "doc": "its description", "body": "its body"}
        for part in ("doc", *(part for part in type(old).model_fields if part not in _COMPARED)):
            if plain(getattr(old, part)) != plain(getattr(new, part)):
                yield Change("behaviour", of, f"{said.get(part, f'`{part}`')} is another", trained)
        yield from self._limits(of, old, new)

    def _limits(self, of: str, old: Agent, new: Agent) -> Iterator[Change]:
        before, after = old.limits.model_dump(), new.limits.model_dump()
        for name in before:
            if before[name] != after[name]:
                shown = ["no limit" if limit is None else f"{limit:,}" for limit in (before[name], after[name])]
                label = "time (ms)" if name == "time_ms" else name
                yield Change("behaviour", of, f"its limit of {label} is {shown[1]}, it was {shown[0]}")

    # ---- data

    def _record(self, of: str, old: Record, new: Record) -> Iterator[Change]:
        users = (*self.users(old.name), *self.data(old.name))
        before, after = {f.name: f for f in old.fields}, {f.name: f for f in new.fields}
        for name in before.keys() - after.keys():
            yield Change("breaking", of, f"the field `{name}` is gone", users)
        for name, each in after.items():
            if name in before:
                yield from self._typed_part(of, f"the field `{name}`", before[name], each, users)
            elif each.default is None:
                yield Change("breaking", of, f"the field `{name}` is new, and has no default", users)
            else:
                yield Change("added", of, f"the field `{name}` is new")
        if [rule.text for rule in old.require] != [rule.text for rule in new.require]:
            yield Change("breaking", of, "what must hold across its fields is another", users)

    def _enum(self, of: str, old: Any, new: Any) -> Iterator[Change]:
        yield from self._cases(of, old, new)

    def _union(self, of: str, old: Any, new: Any) -> Iterator[Change]:
        if old.tag != new.tag:
            yield Change("breaking", of, f"is told by `{new.tag}`, not by `{old.tag}`", self.data(old.name))
        yield from self._cases(of, old, new)

    def _cases(self, of: str, old: Any, new: Any) -> Iterator[Change]:
        users, data = self.users(old.name), self.data(old.name)
        for case in old.cases.keys() - new.cases.keys():
            yield Change("breaking", of, f"the case `{case}` is gone", (*users, *data))
        for case in new.cases.keys() - old.cases.keys():
            yield Change("breaking", of, f"the case `{case}` is new", ("each `match` over it without `else`",))
        for case in (each for each in old.cases if each in new.cases and old.cases[each] != new.cases[each]):
            what = f"`{case}` stands for {new.cases[case]}, not {old.cases[case]}"
            yield Change("breaking", of, what, (*users, *data))

    def _type(self, of: str, old: Any, new: Any) -> Iterator[Change]:
        users = (*self.users(old.name), *self.data(old.name))
        before, after = (type_words(each.type) + refined(each.refine) for each in (old, new))
        if before != after:
            yield Change("breaking", of, f"is {after}, it was {before}", users)

    def _world(self, of: str, old: Any, new: Any) -> Iterator[Change]:
        users = (*self.users(old.name), *self.data(old.name))
        before, after = {s.name: s for s in old.slots}, {s.name: s for s in new.slots}
        for name in before.keys() - after.keys():
            yield Change("breaking", of, f"the slot `{name}` is gone", users)
        for name, slot in after.items():
            if name not in before:
                table = type_words(slot.type).startswith("table ")
                kind: Kind = "added" if slot.default is not None or table else "breaking"
                yield Change(kind, of, f"the slot `{name}` is new", () if kind == "added" else users)
            elif type_words(slot.type) != type_words(before[name].type):
                was = type_words(before[name].type)
                yield Change("breaking", of, f"the slot `{name}` is {type_words(slot.type)}, not {was}", users)
        if plain(getattr(old, "processes", [])) != plain(getattr(new, "processes", [])):
            yield Change("behaviour", of, "its processes are others", (SCORES,))

    # ---- environments

    def _environment(self, of: str, old: Environment, new: Environment) -> Iterator[Change]:
        users = self.users(old.name)
        if type_words(old.task) != type_words(new.task):
            yield Change("breaking", of, f"its tasks are {type_words(new.task)}, not {type_words(old.task)}", users)
        if old.world != new.world:
            yield Change("breaking", of, f"is in {new.world}, not in {old.world}", users)
        before, after = ({actor.role: actor for actor in each.actors} for each in (old, new))
        for role in before.keys() - after.keys():
            yield Change("breaking", of, f"has no {role} any more", (f"policies and recordings that play {role}",))
        for role, actor in after.items():
            if role not in before:
                yield Change("breaking", of, f"has a {role} now", ("policies, which play all roles",))
            elif before[role].agent != actor.agent:
                yield Change("breaking", of, f"its {role} is {actor.agent}, not {before[role].agent}", users)
            elif plain(before[role]) != plain(actor):
                yield Change("behaviour", of, f"its {role} sees something else", (SCORES,))
        yield from self._reward(of, old, new)
        for part in type(old).model_fields:
            if part not in _COMPARED and plain(getattr(old, part)) != plain(getattr(new, part)):
                whom = () if part in _ASIDE else (SCORES,)
                yield Change("behaviour", of, f"its `{_NAMED.get(part, part)}` is another", whom)

    def _reward(self, of: str, old: Environment, new: Environment) -> Iterator[Change]:
        before, after = ({each.name: each for each in env.reward} for env in (old, new))
        for name in before.keys() - after.keys():
            yield Change("breaking", of, f"measures no `{name}` any more", ("reports that read it", SCORES))
        for name, component in after.items():
            if name not in before:
                yield Change("behaviour", of, f"measures `{name}` as well", (SCORES,) if component.weight else ())
            elif before[name].weight != component.weight:
                what = f"`{name}` weighs {component.weight:g}, it was {before[name].weight:g}"
                yield Change("behaviour", of, what, (SCORES,))
            elif plain(before[name]) != plain(component):
                yield Change("behaviour", of, f"`{name}` is measured otherwise", (SCORES,))


def listing(found: Sequence[Change]) -> str:
    """The changes as text, under their kinds."""
    titles = {"breaking": "Breaking", "behaviour": "Does something else", "added": "New"}
    lines: list[str] = []
    for kind, title in titles.items():
        own = [change.line() for change in found if change.kind == kind]
        lines += [f"{title}:", *(f"  {line}" for line in own), ""] if own else []
    return "\n".join(lines).rstrip()

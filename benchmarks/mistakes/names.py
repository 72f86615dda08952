"""Names that are spelt wrong where they are used."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from typing import cast

from benchmarks.mistakes.ground import Edit, Ground, kind, slip
from nexlang.semantics.builtins import BUILTINS
from nexlang.syntax import nodes as n

LISTS = ("tools", "delegates", "learns")
INSIDE = re.compile(r"\{\{ (\w+)((?:\.\w+)*)")


def slipped(ground: Ground, rng: random.Random, places: Iterable[tuple[int, int]]) -> Iterator[Edit]:
    taken = ground.known | set(BUILTINS)
    for start, end in places:
        made = slip(ground.text[start:end], taken, rng)
        if made is not None:
            yield Edit(start, end, made)


def of(ground: Ground, *kinds: type[n.Node]) -> Iterator[tuple[int, int]]:
    return ((node.start, node.end) for each in kinds for node in ground.every(each))


def props(ground: Ground) -> Iterator[n.Prop]:
    return cast(Iterator[n.Prop], ground.every(n.Prop))


def constructed(ground: Ground) -> set[str]:
    return {node.name.name for node in ground.module.decls if isinstance(node, n.RecordDecl)}


def agents(ground: Ground) -> set[str]:
    return {node.name.name for node in ground.module.decls if isinstance(node, n.AgentDecl)}


def called(ground: Ground) -> Iterator[n.Call]:
    for call in cast(Iterator[n.Call], ground.every(n.Call)):
        if isinstance(call.of, n.Name):
            yield call


@kind("misspelt type", "0204")
def types(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    tables = ((node.record.start, node.record.end) for node in cast("Iterator[n.TableType]", ground.every(n.TableType)))
    yield from slipped(ground, rng, [*of(ground, n.NamedType), *tables])


@kind("misspelt field", "0312", "0420", "0304")
def fields(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    attrs = cast("Iterator[n.Attr]", ground.every(n.Attr))
    yield from slipped(ground, rng, ((attr.name.start, attr.name.end) for attr in attrs))


@kind("misspelt variable", "0205", "0304")
def variables(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    callees = {(call.of.start, call.of.end) for call in called(ground)}
    named = {(x.start, x.end) for prop in props(ground) for x in _names(prop.value.expr)}
    places = (place for place in of(ground, n.Name) if place not in callees | named)
    yield from slipped(ground, rng, (place for place in places if ground.text[place[0] : place[1]].islower()))


def _names(value: n.Expr) -> list[n.Name]:
    items = value.items if isinstance(value, n.ListLit) else [value]
    return [item for item in items if isinstance(item, n.Name)]


@kind("misspelt function or tool", "0206")
def functions(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    calls = (call.of for call in called(ground) if ground.text[call.of.start].islower())
    yield from slipped(ground, rng, ((name.start, name.end) for name in calls))


@kind("misspelt record that is made", "0206")
def records(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    made = constructed(ground)
    calls = (call.of for call in called(ground) if cast(n.Name, call.of).name in made)
    yield from slipped(ground, rng, ((name.start, name.end) for name in calls))


@kind("misspelt agent", "0206", "0218")
def called_agents(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    known = agents(ground)
    calls = (call.of for call in called(ground) if cast(n.Name, call.of).name in known)
    yield from slipped(ground, rng, ((name.start, name.end) for name in calls))


@kind("misspelt argument", "0308", "0312", "0501")
def arguments(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    args = cast("Iterator[n.Arg]", ground.every(n.Arg))
    yield from slipped(ground, rng, ((arg.name.start, arg.name.end) for arg in args if arg.name is not None))


@kind("misspelt tool or delegate", "0217", "0218")
def held(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    lists = (prop.value.expr for prop in props(ground) if prop.key.name in LISTS)
    yield from slipped(ground, rng, ((name.start, name.end) for value in lists for name in _names(value)))


@kind("misspelt model or environment", "0219", "0220", "0218")
def referred(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    wanted = ("model", "environment", "plays")
    values = (prop.value.expr for prop in props(ground) if prop.key.name in wanted)
    yield from slipped(ground, rng, ((name.start, name.end) for value in values for name in _names(value)))


@kind("misspelt world", "0216", "0220")
def worlds(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    functions = (node.world for node in ground.module.decls if isinstance(node, n.FunctionDecl))
    tests = (node.environment for node in ground.module.decls if isinstance(node, n.TestDecl))
    names = [name for name in [*functions, *tests] if name is not None]
    rng.shuffle(names)
    yield from slipped(ground, rng, ((name.start, name.end) for name in names[:6]))


@kind("misspelt property", "0501")
def properties(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    pairs = cast("Iterator[n.Pair]", ground.every(n.Pair))
    places = [(prop.key.start, prop.key.end) for prop in props(ground)]
    changed = {(w.changes.start, w.changes.end) for w in cast("Iterator[n.With]", ground.every(n.With))}
    maps = (m for m in cast("Iterator[n.Mapping]", ground.every(n.Mapping)) if (m.start, m.end) not in changed)
    options = {id(pair) for m in maps for pair in m.pairs if not pair.quoted}
    places += [(pair.key.start, pair.key.end) for pair in pairs if id(pair) in options]
    yield from slipped(ground, rng, places)


@kind("misspelt case", "0315", "0305", "0304")
def cases(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    names = [node for node in cast("Iterator[n.CaseName]", ground.every(n.CaseName)) if not node.quoted]
    casts = [node.case for node in cast("Iterator[n.As]", ground.every(n.As))]
    yield from slipped(ground, rng, ((name.start, name.end) for name in [*names, *casts]))


@kind("misspelt literal", "0305", "0315")
def literals(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    words = {node.value for node in cast("Iterator[n.LiteralType]", ground.every(n.LiteralType))}
    uses = [node for node in cast("Iterator[n.Str]", ground.every(n.Str)) if node.raw in words]
    uses += [node for node in cast("Iterator[n.CaseName]", ground.every(n.CaseName)) if node.quoted]
    for node in uses:
        inside = (node.start + 1, node.end - 1)
        for edit in slipped(ground, rng, [inside]):
            yield Edit(edit.start, edit.end, edit.new, ((-1, len(edit.new) + 1),))


@kind("misspelt import", "0208", "0209")
def imports(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for use in ground.module.uses:
        yield from slipped(ground, rng, ((name.start, name.end) for name in use.names))
        for edit in slipped(ground, rng, [(use.path.parts[-1].start, use.path.parts[-1].end)]):
            yield Edit(edit.start, edit.end, edit.new, ((use.path.start - edit.start, len(edit.new)),))


@kind("misspelt variable in a prompt or text", "0511", "0512", "0205", "0312", "0206")
def inside(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for text in cast("Iterator[n.Str]", ground.every(n.Str)):
        for match in INSIDE.finditer(ground.text, text.start, text.end):
            places = [match.span(1)] if ground.text[match.end() : match.end() + 1] != "(" else []
            if match[2]:
                places.append((match.end() - len(match[2].rpartition(".")[2]), match.end()))
            yield from slipped(ground, rng, places)


@kind("a table's key that is no field", "0330")
def keys(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    tables = cast("Iterator[n.TableType]", ground.every(n.TableType))
    yield from slipped(ground, rng, ((table.key.start, table.key.end) for table in tables))


@kind("misspelt file", "0601")
def files(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for value in cast("Iterator[n.Value]", ground.every(n.Value)):
        if value.source is not None:
            stem = ground.text.rindex(".", value.source.start, value.source.end)
            first = max(ground.text.rfind("/", value.source.start, stem), value.source.start) + 1
            for edit in slipped(ground, rng, [(first, stem)]):
                tail = value.source.end - stem
                yield Edit(edit.start, edit.end, edit.new, ((value.source.start - first, len(edit.new) + tail),))

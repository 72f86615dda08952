"""What was inferred of tools holds when they run: nothing else changes, and nothing else makes a difference."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import nexlang
from nexlang.bundle import Bundle, bundle_of
from nexlang.ir.lookup import Lookup
from nexlang.ir.model import Effects, TableType
from nexlang.worlds.engine import Answer, Session

ROOT = Path(__file__).parents[2]
PROGRAMS = {"Desk": ROOT / "examples/desk/desk.nex", "Cell": ROOT / "tests/samples/arm/arm.nex"}
CALLS = 12
Json = dict[str, Any]


@cache
def bundle(environment: str) -> Bundle:
    compiled = nexlang.compile(PROGRAMS[environment])
    return bundle_of(compiled.program, compiled.data)


def tools() -> list[tuple[str, str]]:
    found = []
    for environment in PROGRAMS:
        lookup = Lookup(bundle(environment).program)
        world = lookup.environments[environment].world
        found += [(environment, tool.name) for tool in lookup.tools.values() if tool.world == world]
    return found


def state(environment: str) -> Json:
    """The first world of an environment as JSON, its tables as {key: row}."""
    data: Json = bundle(environment).world(environment).encode()
    return data


def calls(environment: str, tool: str, seed: int) -> Iterator[Json]:
    """Arguments taken from what stands in the world, so that many calls succeed."""
    dice, values = random.Random(seed), state(environment)
    texts = sorted(set(_texts(values)))
    parameters = bundle(environment).package.tools[tool].parameters
    for _ in range(400):
        arguments: Json = {name: dice.choice([dice.choice(texts), "month", "tyre", 0.5, 1]) for name in parameters}
        yield arguments


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _texts(value)


def played(environment: str, tool: str, data: Json, arguments: Json) -> tuple[Answer, list[Json]]:
    package = bundle(environment).package
    world = type(bundle(environment).world(environment)).load(data)
    start = world.fork()
    answer = Session(package.tools, world).call(tool, arguments)
    return answer, world.diff(start)


def covered(path: list[str], paths: list[str], tables: set[str]) -> bool:
    """Whether a changed path lies in an inferred one: of tables the key in between is left out."""
    named = [path[0], *path[2:]] if path[0] in tables else path
    return any(named[: len(parts)] == parts for parts in (each.split(".") for each in paths))


def inferred(environment: str, tool: str) -> tuple[Effects, set[str]]:
    lookup = Lookup(bundle(environment).program)
    function = lookup.tools[tool]
    slots = lookup.worlds[function.world or ""].slots
    return function.effects, {slot.name for slot in slots if isinstance(slot.type, TableType)}


@pytest.mark.parametrize(("environment", "tool"), tools())
def test_only_what_is_written_changes(environment: str, tool: str) -> None:
    effects, tables = inferred(environment, tool)
    changed, data = 0, state(environment)
    for arguments in calls(environment, tool, 1):
        answer, changes = played(environment, tool, data, arguments)
        assert not (answer.error and changes)
        for change in changes:
            assert covered(change["path"], effects.writes, tables), change
        changed += bool(changes)
        if changed >= CALLS:
            break
    assert changed or tool not in ("refund", "plan", "report", "reach", "halt")


def unread(environment: str, tool: str) -> Iterator[tuple[str, str]]:
    """The fields of tables that a tool does not read."""
    effects, tables = inferred(environment, tool)
    for table in sorted(tables):
        rows = state(environment)[table]
        fields = next(iter(rows.values() if isinstance(rows, dict) else rows), {})
        for field in fields:
            if not covered([table, "", field], effects.reads, tables):
                yield table, field


def turned(data: Json, table: str, field: str) -> Json:
    """The data with the values of a field handed on from row to row."""
    made = copy.deepcopy(data)
    rows = list(made[table].values()) if isinstance(made[table], dict) else made[table]
    values = [row.get(field) for row in rows]
    for row, value in zip(rows, values[1:] + values[:1], strict=True):
        row[field] = value
    return made


@pytest.mark.parametrize(("environment", "tool"), tools())
def test_what_is_not_read_makes_no_difference(environment: str, tool: str) -> None:
    data = state(environment)
    for table, field in unread(environment, tool):
        if any(field == slot.type.key for slot in _tables(environment) if slot.name == table):
            continue
        other = turned(data, table, field)
        for arguments in list(calls(environment, tool, 2))[:40]:
            first, second = (played(environment, tool, each, arguments)[0] for each in (data, other))
            assert (first.error, first.text) == (second.error, second.text), (table, field)


def _tables(environment: str) -> list[Any]:
    lookup = Lookup(bundle(environment).program)
    world = lookup.worlds[lookup.environments[environment].world]
    return [slot for slot in world.slots if isinstance(slot.type, TableType)]

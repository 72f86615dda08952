"""Worlds: tables and slots with one journal, so that a transaction, a snapshot or a fork costs what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from nexlang.worlds.engine.codecs import Codec, as_codec, json_text, plain
from nexlang.worlds.engine.failures import Mismatch
from nexlang.worlds.engine.records import Record, compile_functions
from nexlang.worlds.engine.tables import ABSENT, Base, Journal, Table, TableSpec, load_rows

if TYPE_CHECKING:
    from nexlang.worlds.engine.processes import Process

_set = object.__setattr__


class SlotSpec:
    """A slot that is no table: its codec and its value in a new world."""

    __slots__ = ("codec", "default")

    def __init__(self, codec: Codec[Any], default: Callable[[], Any] | None) -> None:
        self.codec = codec
        self.default = default


def slot(of: Any, default: Callable[[], Any] | None = None) -> SlotSpec:
    """A world's plain slot, for `define_world`."""
    return SlotSpec(as_codec(of), default)


class WorldType(type):
    """Gives each world the slots that its annotations name."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> WorldType:
        slots = tuple(namespace.get("__annotations__", {})) if bases else ("_journal",)
        return super().__new__(cls, name, bases, {**namespace, "__slots__": slots})


class World(metaclass=WorldType):
    """Base of generated worlds. An assignment to a slot is journalled; tables journal their own changes."""

    _tables: ClassVar[dict[str, TableSpec]] = {}
    _plain_slots: ClassVar[dict[str, SlotSpec]] = {}
    _parts: ClassVar[dict[str, type[World]]] = {}
    _names: ClassVar[dict[str, str]] = {}
    _processes: ClassVar[tuple[Process, ...]] = ()
    _journal: Journal

    @classmethod
    def load(cls, data: Any) -> Self:
        """A world from a JSON object {table: {key: record} or [record], slot: value}; raises `Mismatch`."""
        return cls._load(data, [])

    @classmethod
    def _load(cls, data: Any, journal: Journal) -> Self:
        """A world, or a part of one, which shares its journal."""
        if not isinstance(data, Mapping):
            raise Mismatch(f"expected an object with the tables and slots of {cls.__name__}")
        for name in data:
            if name not in cls._names:
                raise Mismatch(f'{cls.__name__} has no table or slot "{name}"')
        world = cls.__new__(cls)
        _set(world, "_journal", journal)
        for name, attribute in cls._names.items():
            try:
                _set(world, attribute, world._load_slot(attribute, data.get(name, ABSENT)))
            except Mismatch as mismatch:
                raise mismatch.at(f".{name}") from None
        return world

    def _load_slot(self, attribute: str, data: Any) -> Any:
        if attribute in self._parts:
            return self._parts[attribute]._load({} if data is ABSENT else data, self._journal)
        if attribute in self._tables:
            spec = self._tables[attribute]
            rows = {} if data is ABSENT else load_rows(spec, data)
            return Table(Base(spec, rows), self._journal)
        slot = self._plain_slots[attribute]
        if data is not ABSENT:
            return slot.codec.decode(data)
        if slot.default is None:
            raise Mismatch(f"missing; it is {slot.codec.name} and has no default")
        return slot.default()

    def __setattr__(self, name: str, value: Any) -> None:
        self._journal.append((None, name, getattr(self, name), self))
        _set(self, name, value)

    # ------------------------------------------------------------ time travel

    def snapshot(self) -> int:
        """A mark to which `restore` goes back."""
        return len(self._journal)

    def restore(self, mark: int) -> None:
        """Take back what was done since the mark; later marks are forgotten."""
        journal = self._journal
        while len(journal) > mark:
            table, key, before, added = journal.pop()
            if table is None:
                _set(added, key, before)
            else:
                table.undo(key, before, added)

    def fork(self) -> Self:
        """Another world in the same state; its history begins here."""
        return self._fork([])

    def _fork(self, journal: Journal) -> Self:
        """Replaced on first use by a function made for the class."""
        cls = type(self)
        cls._fork = _make_fork(cls)  # type: ignore[method-assign, assignment]
        return self._fork(journal)

    # ------------------------------------------------------------ comparing

    def __eq__(self, other: object) -> bool:
        """The same rows and slots; the order of rows does not matter."""
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._names.values())

    __hash__ = None  # type: ignore[assignment]

    def diff(self, since: Self) -> list[dict[str, Any]]:
        """What is different from `since`: [{"path", "value"}], lists whole; what is gone has `"removed": true`."""
        changes: list[dict[str, Any]] = []
        for name, attribute in self._names.items():
            new, old = getattr(self, attribute), getattr(since, attribute)
            if attribute in self._parts:
                changes += [{**change, "path": [name, *change["path"]]} for change in new.diff(old)]
            elif attribute in self._tables:
                for key in new.touched(old):
                    _compare([name, plain(key)], old.get(key), new.get(key), changes, gone_is_none=True)
            else:
                _compare([name], old, new, changes)
        return changes

    def digest(self) -> str:
        """A hash of the state: equal for equal worlds, in any process."""
        state = blake2b(digest_size=16)
        for name, attribute in self._names.items():
            value = getattr(self, attribute)
            if attribute in self._parts:
                text = value.digest()
            else:
                text = f"{value.digest():x}" if attribute in self._tables else json_text(value)
            state.update(f"{name}\0{text}\0".encode("utf-8", "surrogatepass"))
        return state.hexdigest()

    def encode(self) -> dict[str, Any]:
        """The whole state as a JSON object; `load` takes it back."""
        pairs = ((name, getattr(self, attribute)) for name, attribute in self._names.items())
        return {name: value.encode() if isinstance(value, (Table, World)) else plain(value) for name, value in pairs}


W = TypeVar("W", bound=World)


def _make_fork(cls: type[World]) -> Callable[[Any, Journal], Any]:
    """A function that forks a world of the class; assignments to a new world are not journalled."""
    lines = ["def fork(self, journal):", " made = new(cls)", " keep(made, '_journal', journal)"]
    lines += [f" keep(made, {name!r}, self.{name}.fork(journal))" for name in cls._tables]
    lines += [f" keep(made, {name!r}, self.{name})" for name in cls._plain_slots]
    lines += [f" keep(made, {name!r}, self.{name}._fork(journal))" for name in cls._parts]
    made = compile_functions("\n".join([*lines, " return made"]), {"new": object.__new__, "cls": cls, "keep": _set})
    return made["fork"]


def define_world(world: type[World], slots: Mapping[str, TableSpec | SlotSpec | type[World]]) -> None:
    """Say what a world's slots are: by name, in the order of the class's annotations."""
    world._names = dict(zip(slots, world.__slots__, strict=True))  # type: ignore[attr-defined]
    specs = [(world._names[name], name, spec) for name, spec in slots.items()]
    world._tables = {attribute: spec for attribute, _, spec in specs if isinstance(spec, TableSpec)}
    world._plain_slots = {attribute: spec for attribute, _, spec in specs if isinstance(spec, SlotSpec)}
    world._parts = {attribute: spec for attribute, _, spec in specs if isinstance(spec, type)}
    for _, name, spec in specs:
        if isinstance(spec, TableSpec):
            spec.name = name


@contextmanager
def transaction(world: World) -> Iterator[None]:
    """All that happens within, or nothing."""
    mark = world.snapshot()
    try:
        yield
    except BaseException:
        world.restore(mark)
        raise


def _compare(path: list[Any], old: Any, new: Any, changes: list[dict[str, Any]], gone_is_none: bool = False) -> None:
    """Add the differences below a path: into records of one class and into maps, everything else whole."""
    if old == new:
        return
    if isinstance(old, Record) and type(old) is type(new):
        for name, attribute in type(old)._codec.slots.items():
            _compare([*path, name], getattr(old, attribute), getattr(new, attribute), changes)
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            before, after = old.get(key, ABSENT), new.get(key, ABSENT)
            _compare([*path, plain(key)], before, after, changes)
    elif new is ABSENT or (gone_is_none and new is None):
        changes.append({"path": path, "value": None, "removed": True})
    else:
        changes.append({"path": path, "value": plain(new)})

"""Tables: a base that all worlds share, and each world's own changes over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar, cast

from nexlang.worlds.engine.codecs import Codec, as_codec, json_text, key_text, quote
from nexlang.worlds.engine.failures import Mismatch, ToolFailure

K = TypeVar("K")
R = TypeVar("R")

ABSENT: Final[Any] = object()
Journal = list[tuple[Any, Any, Any, Any]]
"""Undo entries: (table, key, the own change before or ABSENT, the order of added keys before or None), or
(None, slot, value before, the world or part) for a plain slot."""


class TableSpec:
    """What a table holds: a record class and the field that is its key."""

    __slots__ = ("codec", "key", "key_codec", "key_of", "name")

    def __init__(self, record: Any, key: str) -> None:
        self.codec: Codec[Any] = as_codec(record)
        self.key = key
        self.key_of: Callable[[Any], Any] = attrgetter(key)
        self.key_codec: Codec[Any] = next(
            field.codec
            for name, field in self.codec.fields.items()  # type: ignore[attr-defined]
            if self.codec.slots[name] == key  # type: ignore[attr-defined]
        )
        self.name = ""


def table(record: Any, key: str) -> TableSpec:
    """A world's table, for `define_world`."""
    return TableSpec(record, key)


class Base(Generic[K, R]):
    """Rows that no world changes, with what is worth keeping about them."""

    __slots__ = ("_digest", "_indexes", "_listed", "_positions", "rows", "spec")

    def __init__(self, spec: TableSpec, rows: dict[K, R]) -> None:
        self.spec = spec
        self.rows = rows
        self._listed: list[R] | None = None
        self._positions: dict[K, int] | None = None
        self._digest: int | None = None
        self._indexes: dict[Any, dict[Any, list[R]]] = {}

    @property
    def listed(self) -> list[R]:
        if self._listed is None:
            self._listed = list(self.rows.values())
        return self._listed

    @property
    def positions(self) -> dict[K, int]:
        if self._positions is None:
            self._positions = {key: position for position, key in enumerate(self.rows)}
        return self._positions

    @property
    def digest(self) -> int:
        if self._digest is None:
            self._digest = sum(row_digest(key, row) for key, row in self.rows.items())
        return self._digest

    def index(self, name: str, by: Callable[[R], Any]) -> dict[Any, list[R]]:
        """The rows by what `by` gives, in table order; `name` says which `by` it is."""
        index = self._indexes.get(name)
        if index is None:
            index = self._indexes[name] = {}
            for row in self.rows.values():
                index.setdefault(by(row), []).append(row)
        return index


def row_digest(key: Any, row: Any) -> int:
    text = f"{json_text(key)} {row._text()}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=16).digest(), "little")


class Table(Generic[K, R]):
    """Records by key, in the order in which they came. Own changes: a row, or None where it was removed."""

    __slots__ = ("_added", "_base", "_delta", "_journal", "_key_of", "_rows")

    def __init__(self, base: Base[K, R], journal: Journal) -> None:
        self._base = base
        self._rows = base.rows
        self._delta: dict[K, R | None] = {}
        self._added: dict[K, None] = {}
        self._journal = journal
        self._key_of = base.spec.key_of

    def fork(self, journal: Journal) -> Table[K, R]:
        other: Table[K, R] = Table.__new__(Table)
        other._base = self._base
        other._rows = self._rows
        other._delta = self._delta.copy() if self._delta else {}
        other._added = self._added.copy() if self._added else {}
        other._journal = journal
        other._key_of = self._key_of
        return other

    # ------------------------------------------------------------ reading

    def get(self, key: K) -> R | None:
        if self._delta:
            row = self._delta.get(key, ABSENT)
            if row is not ABSENT:
                return cast("R | None", row)
        return self._rows.get(key)

    def __getitem__(self, key: K) -> R:
        row = self.get(key)
        if row is None:
            raise ToolFailure(f"{self._base.spec.name} has no {json_text(key)}", "absent")
        return row

    def __contains__(self, key: object) -> bool:
        return self.get(key) is not None  # type: ignore[arg-type]

    def __len__(self) -> int:
        rows, added = self._rows, self._added
        gone = sum(1 for key, row in self._delta.items() if key in rows and (row is None or key in added))
        return len(rows) - gone + len(added)

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows())

    def rows(self) -> Sequence[R]:
        """All rows in order, as they are now."""
        if not self._delta:
            return self._base.listed
        if not self._added and None not in self._delta.values():
            rows = self._base.listed.copy()
            positions = self._base.positions
            for key, row in self._delta.items():
                rows[positions[key]] = row  # type: ignore[assignment]
            return rows
        return [row for _, row in self.pairs()]

    def keys(self) -> Sequence[K]:
        return [key for key, _ in self.pairs()]

    def pairs(self) -> Sequence[tuple[K, R]]:
        """All (key, row) in order, as they are now."""
        delta, added = self._delta, self._added
        if not delta:
            return list(self._rows.items())
        kept = [(key, delta.get(key, row)) for key, row in self._rows.items() if key not in added]
        kept += [(key, delta[key]) for key in added]
        return [(key, row) for key, row in kept if row is not None]

    def find(self, name: str, by: Callable[[R], Any], value: Any, where: Callable[[R], bool] | None = None) -> R | None:
        """The first row for which `by` gives `value` and `where` holds: an index over the base, a look at own changes.

        `name` says which `by` it is.
        """
        index = self._base._indexes.get(name)
        found: Sequence[R] = (self._base.index(name, by) if index is None else index).get(value, ())
        if not self._delta:
            return next((row for row in found if where is None or where(row)), None)
        if where is not None:
            found = [row for row in found if where(row)]
        delta, added, key_of = self._delta, self._added, self._key_of
        positions = self._base.positions
        ranked = [(positions[key_of(row)], row) for row in found if key_of(row) not in delta][:1]
        order = {key: len(positions) + place for place, key in enumerate(added)}
        for key, row in delta.items():
            if row is not None and by(row) == value and (where is None or where(row)):
                ranked.append((order[key] if key in order else positions[key], row))
        return min(ranked, key=lambda pair: pair[0])[1] if ranked else None

    # ------------------------------------------------------------ writing

    def put(self, row: R) -> None:
        """A changed row takes the place of the one with its key; one that is gone fails."""
        key = self._key_of(row)
        before = self._delta.get(key, ABSENT)
        if before is None or (before is ABSENT and key not in self._rows):
            raise ToolFailure(f"{self._base.spec.name} has no {json_text(key)}", "absent")
        self._journal.append((self, key, before, None))
        self._delta[key] = row

    def replace(self, key: K, row: R) -> None:
        """`table[key] = row`: in the place of the row with that key, or as a new one."""
        if self._key_of(row) != key:
            raise ToolFailure(f"The {self._base.spec.key} of the record is not {json_text(key)}", "bad_value")
        if key in self:
            self.put(row)
        else:
            self.add(row)

    def add(self, row: R) -> None:
        key = self._key_of(row)
        if key in self:
            raise ToolFailure(f"{self._base.spec.name} already has {json_text(key)}", "taken")
        self._journal.append((self, key, self._delta.get(key, ABSENT), None))
        self._delta[key] = row
        self._added[key] = None

    def remove(self, key: K) -> None:
        if key not in self:
            raise ToolFailure(f"{self._base.spec.name} has no {json_text(key)}", "absent")
        before = self._delta.get(key, ABSENT)
        if key in self._added:
            self._journal.append((self, key, before, self._added))
            self._added = {other: None for other in self._added if other != key}
        else:
            self._journal.append((self, key, before, None))
        if key in self._rows:
            self._delta[key] = None
        else:
            del self._delta[key]

    def undo(self, key: K, before: Any, added: dict[K, None] | None) -> None:
        """Take one journalled change back; changes are taken back last first."""
        if added is not None:
            self._added = added
        elif self._delta.get(key) is not None and (before is ABSENT or before is None):
            self._added.pop(key, None)
        if before is ABSENT:
            del self._delta[key]
        else:
            self._delta[key] = before

    def fresh_id(self) -> Any:
        """A key that no row has: a number for Int keys, else the table's name and a number."""
        number = len(self) + 1
        whole = self._base.spec.key_codec.kind == "int"
        while (key := number if whole else f"{self._base.spec.name}_{number}") in self:
            number += 1
        return key

    # ------------------------------------------------------------ comparing

    def touched(self, other: Table[K, R]) -> list[K]:
        """The keys at which the two may differ, in table order."""
        if self._base is not other._base:
            return list(dict.fromkeys([*self.keys(), *other.keys()]))
        keys = {**self._delta, **other._delta}
        positions, end = self._base.positions, len(self._rows)
        order = {key: end + place for place, key in enumerate({**other._added, **self._added})}
        return sorted(keys, key=lambda key: order.get(key, positions.get(key, end)))

    def __eq__(self, other: object) -> bool:
        """The same rows under the same keys, in whatever order."""
        if not isinstance(other, Table):
            return NotImplemented
        if self._base is other._base:
            keys = self._delta if not other._delta else {**self._delta, **other._delta}
            return all(self.get(key) == other.get(key) for key in keys)
        return len(self) == len(other) and all(other.get(key) == row for key, row in self.pairs())

    __hash__ = None  # type: ignore[assignment]

    def digest(self) -> int:
        """A sum over rows, so that order does not matter and a change costs only itself."""
        total = self._base.digest
        for key, row in self._delta.items():
            if key in self._rows:
                total -= row_digest(key, self._rows[key])
            if row is not None:
                total += row_digest(key, row)
        return total % (1 << 128)

    def encode(self) -> dict[Any, Any]:
        """A JSON object of the rows by key."""
        return {key if type(key) in (str, int) else key_text(key): row._plain() for key, row in self.pairs()}  # type: ignore[attr-defined]


def load_rows(spec: TableSpec, data: Any) -> dict[Any, Any]:
    """Rows from a JSON object by key or a list; raises `Mismatch`."""
    if isinstance(data, list):
        return _load_list(spec, data)
    if not isinstance(data, Mapping):
        raise Mismatch("expected a table: an object of records by key, or a list of records")
    rows: dict[Any, Any] = {}
    decode, key_of = spec.codec.decode, spec.key_of
    for name, value in data.items():
        try:
            row = decode(value)
            key = key_of(row)
            if name != (key if type(key) is str else key_text(key)):
                raise Mismatch(f"the key differs from the record's {spec.key}, {json_text(key)}")
        except Mismatch as mismatch:
            raise mismatch.at(f"[{quote(str(name))}]") from None
        rows[key] = row
    return rows


def _load_list(spec: TableSpec, data: list[Any]) -> dict[Any, Any]:
    rows: dict[Any, Any] = {}
    for index, value in enumerate(data):
        try:
            row = spec.codec.decode(value)
            key = spec.key_of(row)
            if key in rows:
                raise Mismatch(f"a second record with the {spec.key} {json_text(key)}")
        except Mismatch as mismatch:
            raise mismatch.at(f"[{index}]") from None
        rows[key] = row
    return rows

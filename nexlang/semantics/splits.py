"""Tasks that stand in two splits: what is trained on must not be what is measured with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from nexlang.diagnostics import Diagnostic, Span
from nexlang.diagnostics.codes_data import DATA_LEAK
from nexlang.semantics.data import SHOWN, Loaded
from nexlang.semantics.places_in_json import locate


def split_field(core: Any) -> str | None:
    """The field that a split is read from, where it is nothing but `task.field`."""
    plain = isinstance(core, dict) and core.get("kind") == "field" and isinstance(core.get("of"), dict)
    named = plain and core["of"].get("kind") == "local" and core["of"].get("name") == "task"
    return core["name"] if named else None


def leaks(loaded: Loaded, field: str) -> Iterator[Diagnostic]:
    """Rows that are an earlier row of another split but for their ids: the first few of them."""
    source = loaded.source
    if source is None or loaded.diagnostics:
        return
    first: dict[str, tuple[int, Any]] = {}
    shown = 0
    for start, row in zip(loaded.starts, loaded.value, strict=True):
        split = row.get(field)
        earlier, other = first.setdefault(structure(row, field), (start, split))
        if split == other or not isinstance(split, str) or shown == SHOWN:
            continue
        shown += 1
        at, before = (Span(source.path, *locate(source.text, place, (field,))) for place in (start, earlier))
        names = {"split": split, "other": other, "first": _named(row), "second": _named(source_row(loaded, earlier))}
        diagnostic = DATA_LEAK.at(at, **names).label(before, "the same task, in another split")
        yield diagnostic.replace("put both into one split", json.dumps(other, ensure_ascii=False), "unsafe")


def structure(row: dict[str, Any], field: str) -> str:
    """What two tasks share that differ in their ids and splits only."""
    kept = {name: value for name, value in row.items() if name not in ("id", field) and value is not None}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False)


def source_row(loaded: Loaded, start: int) -> dict[str, Any]:
    row: dict[str, Any] = loaded.value[loaded.starts.index(start)]
    return row


def _named(row: dict[str, Any]) -> str:
    return f" `{row['id']}`" if isinstance(row.get("id"), str) else ""

"""Tasks in a Parquet file, as the JSON Lines that a bundle holds: after the compiler nobody needs to read Parquet."""

from __future__ import annotations

import io
import json
from typing import Any

from nexlang.semantics import types as t

EXTRA = "data"


class NoParquet(Exception):
    """The library that reads Parquet is not installed."""


def json_lines(content: bytes, row: t.Type) -> bytes:
    """A row a line, each value as the type wants it. Raises `NoParquet`, and `ValueError` for what cannot be read."""
    try:
        import pyarrow as arrow  # type: ignore[import-untyped]
        import pyarrow.parquet as parquet  # type: ignore[import-untyped]
    except ImportError as error:
        raise NoParquet from error
    try:
        rows = parquet.read_table(io.BytesIO(content)).to_pylist()
        lines = [json.dumps(_fitted(each, row), default=_plain, allow_nan=False) for each in rows]
    except (arrow.ArrowException, TypeError, ValueError, RecursionError) as error:
        raise ValueError(str(error).partition("\n")[0].strip().rstrip(".")) from error
    return "".join(f"{line}\n" for line in lines).encode()


def _fitted(value: Any, type: t.Type) -> Any:
    """Maps come as pairs, or as structs with a null for each key that another row has."""
    type = t.base(type)
    if isinstance(type, t.Optional):
        return None if value is None else _fitted(value, type.item)
    if isinstance(type, t.List) and isinstance(value, list):
        return [_fitted(item, type.item) for item in value]
    if isinstance(type, t.Map) and isinstance(value, (dict, list)):
        pairs = value.items() if isinstance(value, dict) else value
        nullable = isinstance(t.base(type.value), t.Optional)
        return {key: _fitted(item, type.value) for key, item in pairs if item is not None or nullable}
    if isinstance(type, t.Record) and isinstance(value, dict):
        fields = type.info.fields
        return {name: _fitted(item, fields[name].type) if name in fields else item for name, item in value.items()}
    return value


def _plain(value: Any) -> Any:
    """Moments as ISO texts, decimals as texts."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if type(value).__name__ == "Decimal":
        return str(value)
    raise TypeError(f"a {type(value).__name__} is no value of JSON")

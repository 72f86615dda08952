"""The manifest: what a bundle says of itself, and which paths may stand in it."""

from __future__ import annotations

import json
import re
from functools import cache
from json.encoder import encode_basestring
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT: Literal[1] = 1
MANIFEST, IR, SCHEMA, TOOLS = "manifest.json", "ir.json", "schema/ir.schema.json", "tools.json"
MAX_BYTES = 1024 * 1024 * 1024
_NEEDED = object()
_PART = re.compile(r"[^\\/:\x00-\x1f]+\Z")


class FileEntry(BaseModel):
    """`size` in bytes; `sha256` in hexadecimal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: int = Field(ge=0, le=MAX_BYTES)
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class EntryPoints(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    agents: list[str] = []
    environments: list[str] = []
    trains: list[str] = []
    tests: int = 0


class Manifest(BaseModel):
    """`capabilities` are what a run must be granted by name; a bundle without externs needs none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = FORMAT
    name: str
    package: str
    nexlang: str
    ir: int
    capabilities: list[str] = []
    entry: EntryPoints
    files: dict[str, FileEntry]

    def text(self) -> bytes:
        return as_json(self.model_dump())


def as_json(value: object, in_order: bool = False) -> bytes:
    """JSON as bundles hold it: two spaces, a line's end at the end; keys sorted, or `in_order` as they came.

    A model is written without what it has by default.
    """
    return f"{_written(value, chr(10), not in_order)}\n".encode()


def _without_defaults(model: BaseModel) -> dict[str, object]:
    """What differs from the defaults, and `kind` before it, as models of the IR are dumped."""
    kind = getattr(model, "kind", None)
    made: dict[str, object] = {} if kind is None else {"kind": kind}
    defaults = _defaults(type(model))
    for name, value in model.__dict__.items():
        if value != defaults.get(name, _NEEDED):
            made[name] = value
    return made


@cache
def _defaults(model: type[BaseModel]) -> dict[str, object]:
    fields = model.model_fields.items()
    return {name: field.get_default(call_default_factory=True) for name, field in fields if not field.is_required()}


def _written(value: object, line: str, in_order: bool) -> str:
    """What `json.dumps` writes with an indent of 2, in a third of the time; `line` begins a line of the value's own."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, BaseModel):
        value = _without_defaults(value)
    if isinstance(value, dict) and value:
        items = sorted(value.items()) if in_order else value.items()
        inner = f"{line}  "
        parts = [f"{encode_basestring(key)}: {_written(item, inner, in_order)}" for key, item in items]
        return f"{{{inner}{f',{inner}'.join(parts)}{line}}}"
    if isinstance(value, list | tuple) and value:
        inner = f"{line}  "
        return f"[{inner}{f',{inner}'.join([_written(item, inner, in_order) for item in value])}{line}]"
    return json.dumps(value)


def is_safe(name: str) -> bool:
    """Whether a path stays inside the bundle's folder: relative, with `/`, without `.` and `..`."""
    parts = name.split("/")
    return len(name) <= 1000 and all(_PART.match(part) and part not in (".", "..") for part in parts)

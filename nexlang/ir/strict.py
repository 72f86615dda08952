"""Function schemas in the strict form of OpenAI-style function calling.

There every property is required and none may be added, so what may be left out may be null instead, which a tool takes
as left out. A schema that says less than that (a map, any JSON, a record that holds itself) cannot be strict.
"""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]
_DROPPED = ("default", "minLength", "maxLength")
"""What strict mode does not know; a default goes into the description."""


class _Loose(Exception):
    """The schema leaves something open."""


def strict(schema: Json) -> Json:
    """A function schema with `strict: true`; one that leaves something open, unchanged with `strict: false`."""
    function = schema["function"]
    if "parameters" not in function:
        return schema
    try:
        made = {**function, "strict": True, "parameters": _strict(function["parameters"])}
    except _Loose:
        made = {**function, "strict": False}
    return {**schema, "function": made}


def _strict(schema: Json) -> Json:
    if not schema.keys() - {"description"}:
        raise _Loose
    made = {key: value for key, value in schema.items() if key not in _DROPPED}
    if "anyOf" in made:
        made["anyOf"] = [_strict(option) for option in made["anyOf"]]
    if "items" in made:
        made["items"] = _strict(made["items"])
    if made.get("type") == "object":
        if made.get("additionalProperties") is not False:
            raise _Loose
        needed = set(made.get("required", ()))
        properties = made.get("properties", {}).items()
        made["properties"] = {name: _property(of, name in needed) for name, of in properties}
        made["required"] = list(made["properties"])
    return made


def _property(schema: Json, needed: bool) -> Json:
    made = _strict(schema)
    if needed:
        return made
    said = made.pop("description", "")
    if "default" in schema:
        said = f"{said} Without it: {json.dumps(schema['default'], ensure_ascii=False)}.".strip()
    options = made["anyOf"] if made.keys() == {"anyOf"} else [made]
    if {"type": "null"} not in options:
        options = [*options, {"type": "null"}]
    return {"anyOf": options, **({"description": said} if said else {})}

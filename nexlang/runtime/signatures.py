"""A tool's schema in one line, as `.nex` writes it: small models pay for every token of a prompt."""

from __future__ import annotations

import json

from nexlang.runtime.messages import Json, ToolSchema

_SCALARS = {"string": "Text", "integer": "Int", "number": "Float", "boolean": "Bool", "null": "none"}


def signature(tool: ToolSchema) -> str:
    """`cancel(id: Text, reason: "late" | "lost") - Cancel an order.`"""
    function = tool["function"]
    parameters = function.get("parameters") or {}
    definitions = parameters.get("$defs", {})
    needed = set(parameters.get("required", ()))
    shown = ", ".join(
        _parameter(name, schema, name in needed, definitions)
        for name, schema in parameters.get("properties", {}).items()
    )
    summary = (function.get("description") or "").strip().partition("\n")[0]
    return f"{function['name']}({shown})" + (f" - {summary}" if summary else "")


def _parameter(name: str, schema: Json, needed: bool, definitions: Json) -> str:
    text = f"{name}: {type_text(schema, definitions)}"
    if "default" in schema:
        return f"{text} = {json.dumps(schema['default'], ensure_ascii=False)}"
    return text if needed or text.endswith("?") else f"{text}?"


def type_text(schema: Json, definitions: Json, depth: int = 0) -> str:
    """A JSON Schema as a `.nex` type: `[Text]`, `{Text: Int}`, `{x: Int, y: Int}`, `"a" | "b"`, `T?`."""
    if not isinstance(schema, dict) or depth > 6:
        return "Json"
    if "$ref" in schema:
        return type_text(definitions.get(schema["$ref"].rpartition("/")[2], {}), definitions, depth + 1)
    if "enum" in schema:
        return _choices(schema["enum"])
    if "const" in schema:
        return _choices([schema["const"]])
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return _either(schema[key], definitions, depth)
    return _by_type(schema, definitions, depth)


def _choices(values: list[Json]) -> str:
    shown = " | ".join(json.dumps(v, ensure_ascii=False) for v in values if v is not None)
    return f"({shown})?" if None in values else shown


def _either(options: list[Json], definitions: Json, depth: int) -> str:
    real = [o for o in options if o.get("type") != "null"]
    text = " | ".join(type_text(o, definitions, depth + 1) for o in real)
    if len(real) == len(options):
        return text
    return f"{text}?" if len(real) == 1 and " | " not in text else f"({text})?"


def _by_type(schema: Json, definitions: Json, depth: int) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        options = [{**schema, "type": k} for k in kind]
        return _either(options, definitions, depth)
    if kind == "array":
        return f"[{type_text(schema.get('items', {}), definitions, depth + 1)}]"
    if kind == "object":
        return _object(schema, definitions, depth)
    return _SCALARS.get(kind, "Json")


def _object(schema: Json, definitions: Json, depth: int) -> str:
    needed = set(schema.get("required", ()))
    fields = schema.get("properties")
    if fields:
        return (
            "{"
            + ", ".join(
                f"{name}: {_optional(type_text(s, definitions, depth + 1), name in needed)}"
                for name, s in fields.items()
            )
            + "}"
        )
    values = schema.get("additionalProperties")
    return f"{{Text: {type_text(values, definitions, depth + 1)}}}" if isinstance(values, dict) else "Json"


def _optional(text: str, needed: bool) -> str:
    return text if needed or text.endswith("?") else f"{text}?"

"""Prompts: Jinja2 in a sandbox, over plain JSON values, so that a template reaches data and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from nexlang.runtime.code import AgentFailure
from nexlang.runtime.messages import Json


class _Sandbox(ImmutableSandboxedEnvironment):
    """`a.b` is the field `b` of the record `a` and never a Python attribute."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if type(obj).__module__.startswith("jinja2."):  # `loop.index` and its like
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        return super().getitem(obj, argument)


def shown(value: Json) -> str:
    """A value inside a text: texts as they are, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _finalize(value: Any) -> Any:
    return shown(value) if isinstance(value, (dict, list, bool, float)) or value is None else value


def _json(value: Json, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _default(value: Any, default_value: Any = "", boolean: bool = False) -> Any:
    """As Jinja2's, and none counts as missing."""
    missing = value is None or isinstance(value, StrictUndefined) or (boolean and not value)
    return default_value if missing else value


def _sandbox() -> _Sandbox:
    sandbox = _Sandbox(
        undefined=StrictUndefined, finalize=_finalize, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    sandbox.globals.clear()
    sandbox.filters["json"] = sandbox.filters["tojson"] = _json
    sandbox.filters["default"] = _default
    return sandbox


_SANDBOX = _sandbox()


@lru_cache(maxsize=512)
def _template(source: str) -> Template:
    return _SANDBOX.from_string(source)


def render_prompt(source: str, values: Mapping[str, Json]) -> str:
    """The template with its values. Raises `AgentFailure` where it cannot be rendered with them."""
    try:
        return _template(source).render(dict(values)).strip()
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise AgentFailure(f"The prompt cannot be rendered: {error}", "prompt") from error

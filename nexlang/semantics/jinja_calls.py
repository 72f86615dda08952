"""Filters and tests in templates: what stands before them and what they are given."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from jinja2 import nodes as j

from nexlang.diagnostics import Edit
from nexlang.diagnostics import codes_prompts as codes
from nexlang.diagnostics.suggest import suggest
from nexlang.semantics import types as t
from nexlang.semantics.jinja_conditions import path
from nexlang.semantics.jinja_filters import SIGNATURES, TESTS, Filter
from nexlang.semantics.prompts import Typer

_IS = re.compile(r"is\s+(?:not\s+)?(\w+)")


class Calls:
    """The part of the walk that knows filters and tests; where things stand is the rest's to say."""

    text: str
    typer: Typer

    def expression(self, node: Any) -> t.Type:
        raise AssertionError("defined by the walk")

    def _word(self, at: int) -> tuple[int, int]:
        raise AssertionError("defined by the walk")

    def _whole(self, node: Any) -> tuple[int, int]:
        raise AssertionError("defined by the walk")

    # ---- filters

    def _filter(self, node: j.Filter) -> t.Type:
        of = t.base(self.expression(node.node))
        span = self._word(node.lineno)
        entry = SIGNATURES.get(node.name)
        if entry is None:
            self._unknown("filter", node.name, SIGNATURES, span)
            return t.ERROR
        if isinstance(of, t.Optional) and not entry.takes(t.BOOL):
            return self.typer.optional(of, path(node.node), span)
        if not self._takes(node.name, entry, of, span):
            return t.ERROR
        self._arguments(node, node.name, entry, span)
        if node.name == "default" and isinstance(of, t.Optional):
            return of.item
        return entry.gives(of)

    def _takes(self, name: str, entry: Filter, of: t.Type, span: tuple[int, int]) -> bool:
        """Whether what stands before a filter or a test is what it takes; reports it where it is not."""
        if of in (t.ERROR, t.JSON) or entry.takes(of):
            return True
        values = {"name": name, "reason": f"takes {entry.of}, not `{of}`", "caption": f"given `{of}`"}
        self.typer.report(codes.PROMPT_ARGUMENT, span, **values)
        return False

    def _arguments(self, node: Any, name: str, entry: Filter, span: tuple[int, int]) -> None:
        if len(node.args) > len(entry.args) or node.dyn_args is not None or node.dyn_kwargs is not None:
            most = len(entry.args)
            reason = f"takes {most} argument{'' if most == 1 else 's'} at most" if most else "takes no arguments"
            self.typer.report(codes.PROMPT_ARGUMENT, span, name=name, reason=reason, caption="too many")
            return
        names = dict(entry.args)
        for at, arg in enumerate(node.args):
            self._argument(name, entry.args[at][1], arg)
        for pair in node.kwargs:
            key = str(pair.key)
            if key in names:
                self._argument(name, names[key], pair.value)
            else:
                self._unknown_argument(name, key, names, span)

    def _unknown_argument(self, name: str, key: str, names: Iterable[str], span: tuple[int, int]) -> None:
        found = re.compile(rf"\b{re.escape(key)}\b(?=\s*=)").search(self.text, span[1])
        values = {"name": name, "reason": f"has no argument `{key}`", "caption": "unknown argument"}
        diagnostic = self.typer.report(codes.PROMPT_ARGUMENT, found.span() if found else span, **values)
        near = suggest(key, names)
        if near is not None and found is not None:
            diagnostic.replace("an argument with a similar name exists", near)

    def _argument(self, name: str, wanted: t.Type, value: Any) -> None:
        found = self.expression(value)
        if not t.fits(found, wanted) and not (wanted is t.FLOAT and found is t.INT) and found is not t.JSON:
            values = {"name": name, "reason": f"takes `{wanted}` here, not `{found}`", "caption": f"this is `{found}`"}
            self.typer.report(codes.PROMPT_ARGUMENT, self._whole(value), **values)

    def _as_json(self, node: Any, name: str, found: t.Type) -> None:
        """Report a value that Jinja2 would show in its own way where texts are put together."""
        first, last = self._whole(node)
        values = {"name": name, "reason": f"takes texts and numbers, not `{found}`", "caption": f"this is `{found}`"}
        diagnostic = self.typer.report(codes.PROMPT_ARGUMENT, (first, last), **values)
        if path(node):
            place = self.typer.text.span(last, last)
            diagnostic.fix("say that JSON is meant", Edit(place, " | json"))

    # ---- tests

    def _test(self, node: j.Test) -> t.Type:
        of = t.base(self.expression(node.node))
        found = _IS.match(self.text, node.lineno)
        span = found.span(1) if found else self._word(node.lineno)
        entry = TESTS.get(node.name)
        if entry is None:
            self._unknown("test", node.name, TESTS, span)
        elif isinstance(of, t.Optional) and not entry.takes(of):
            self.typer.optional(of, path(node.node), span)
        elif self._takes(node.name, entry, of, span):
            self._arguments(node, node.name, entry, span)
        return t.BOOL

    def _unknown(self, what: str, name: str, known: Iterable[str], span: tuple[int, int]) -> None:
        diagnostic = self.typer.report(codes.PROMPT_FILTER, span, what=what, name=name)
        near = suggest(name, known)
        if near is not None:
            diagnostic.replace(f"a {what} with a similar name exists", near)
        else:
            diagnostic.advise(f"the {what}s are {', '.join(f'`{each}`' for each in known)}")

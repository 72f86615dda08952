"""Prompt templates: Jinja2, with every name and field checked against the types of what the prompt is given.

Jinja2 itself is imported only for templates that have more in them than `{{ name.field }}`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping

from nexlang.diagnostics import Code, Diagnostic, Edit, Source, Span
from nexlang.diagnostics import codes_prompts as codes
from nexlang.diagnostics.codes_syntax import UNKNOWN_ESCAPE
from nexlang.diagnostics.suggest import suggest
from nexlang.semantics import types as t
from nexlang.semantics.expressions import CALL_FIELDS, FAILURE_FIELDS, MESSAGE_FIELDS
from nexlang.syntax import dedent
from nexlang.syntax.texts import ESCAPE, known_escape, unescape

_PLAIN = re.compile(r"\{\{\s*([A-Za-z]\w*)((?:\s*\.\s*[A-Za-z]\w*)*)\s*\}\}", re.ASCII)
_PART = re.compile(r"\.\s*(\w+)", re.ASCII)
_MARKED = re.compile(
    r"""\{\{(?>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?!\}\}).)*+\}\}|\{%.*?%\}|\{\#.*?\#\}""", re.DOTALL
)
_JINJA_WORDS = frozenset(
    ("and", "else", "false", "False", "if", "in", "is", "none", "None", "not", "or", "true", "True")
)

LOOP = t.Scalar("loop", "json")
"""What Jinja2 calls `loop` inside a `for`."""

_FIELDS: dict[t.Type, dict[str, t.Type]] = {
    t.CALL: CALL_FIELDS,
    t.MESSAGE: MESSAGE_FIELDS,
    t.FAILURE: FAILURE_FIELDS,
    LOOP: {
        "index": t.INT,
        "index0": t.INT,
        "revindex": t.INT,
        "revindex0": t.INT,
        "length": t.INT,
        "first": t.BOOL,
        "last": t.BOOL,
    },
}


def check_template(
    raw: str, start: int, source: Source, names: Mapping[str, t.Type], multiline: bool = True
) -> tuple[t.Core | None, list[Diagnostic]]:
    """A prompt as `Template` core, and what is wrong with it.

    `raw` is what stands between the quotes, `start` its offset in the file; `names` are the variables it may use.
    """
    text = Text(raw, start, source)
    typer = Typer(text, names)
    if not _check_plain(text.text, typer):
        from nexlang.semantics.jinja_templates import check

        check(text, typer)
    made = {"source": _resolved(dedent(raw) if multiline else raw)[0], "names": typer.used}
    wrong = any(found.severity == "error" for found in typer.diagnostics)
    return (None if wrong else made), [*text.diagnostics, *typer.diagnostics]


# ---------------------------------------------------------------- text and positions


def _resolved(raw: str) -> tuple[str, list[tuple[int, int]]]:
    """The template with the language's escapes resolved outside of Jinja2's marks, and (offset here, offset in raw)
    wherever the distance of the two changes."""
    if "\\" not in raw and "\r" not in raw:
        return raw, [(0, 0)]
    pieces: list[str] = []
    moves = [(0, 0)]
    length = at = 0
    for first, last, new in _replacements(raw):
        pieces += raw[at:first], new
        length += first - at + len(new)
        moves.append((length, last))
        at = last
    return "".join([*pieces, raw[at:]]), moves


def _replacements(raw: str) -> Iterable[tuple[int, int, str]]:
    at = 0
    while at < len(raw):
        escape = _ESCAPED.search(raw, at)
        if escape is None:
            return
        marked = _MARKED.search(raw, at)
        if marked is not None and marked.start() < escape.start():
            at = marked.end()
            continue
        yield escape.start(), escape.end(), _replaced(escape, raw)
        at = escape.end()


_ESCAPED = re.compile(ESCAPE.pattern + r"|\r\n", re.DOTALL)


def _replaced(escape: re.Match[str], raw: str) -> str:
    """`\\{` before another brace must not become a mark of Jinja2's."""
    if escape[0] == "\r\n":
        return "\n"
    if escape[0] == "\\{" and raw[escape.end() : escape.end() + 1] in ("{", "%", "#", "\\"):
        return "{{ '{' }}"
    return unescape(escape[0])


class Text:
    """A template's text with the way back to the file."""

    def __init__(self, raw: str, start: int, source: Source) -> None:
        self.start, self.source = start, source
        self.text, self._moves = _resolved(raw)
        self._offsets = [here for here, _ in self._moves]
        self.diagnostics = list(self._unknown_escapes(raw)) if "\\" in raw else []

    def span(self, first: int, last: int) -> Span:
        return Span(self.source.path, self._back(first), self._back(last))

    def _back(self, offset: int) -> int:
        here, there = self._moves[bisect_right(self._offsets, offset) - 1]
        return self.start + there + offset - here

    def _unknown_escapes(self, raw: str) -> Iterable[Diagnostic]:
        for first, last, _ in _replacements(raw):
            found = ESCAPE.match(raw, first)
            if found is not None and not known_escape(found):
                span = Span(self.source.path, self.start + first, self.start + last)
                diagnostic = UNKNOWN_ESCAPE.at(span, escape=found[0])
                yield diagnostic.replace("write a backslash as `\\\\`", "\\" + found[0])


# ---------------------------------------------------------------- names and fields


class Typer:
    """The types of names and fields in a template; reports those that are not there, each once a place."""

    def __init__(self, text: Text, names: Mapping[str, t.Type]) -> None:
        self.text, self.names = text, names
        self.used: list[str] = []
        self.diagnostics: list[Diagnostic] = []

    def report(self, code: Code, at: tuple[int, int], **values: object) -> Diagnostic:
        diagnostic = code.at(self.text.span(*at), **values)
        self.diagnostics.append(diagnostic)
        return diagnostic

    def name(self, name: str, first: int) -> t.Type:
        type = self.names.get(name)
        if type is None:
            near = suggest(name, self.names)
            diagnostic = self.report(codes.PROMPT_NAME, (first, first + len(name)), name=name)
            if near is not None:
                diagnostic.replace("a variable with a similar name exists", near)
            elif self.names:
                diagnostic.advise(f"the prompt sees {', '.join(f'`{known}`' for known in self.names)}")
            return t.ERROR
        if name not in self.used:
            self.used.append(name)
        return type

    def field(self, of: t.Type, path: str, name: str, first: int) -> t.Type:
        """The type of `path.name`, where `path` has type `of` and the name stands at `first`."""
        of = t.base(of)
        at = first, first + len(name)
        if of in (t.ERROR, t.JSON):
            return of
        if name.startswith("_"):
            self.report(codes.PROMPT_CALL, at, what=f"read `{name}`: names with `_` in front are hidden")
            return t.ERROR
        if isinstance(of, t.Optional):
            return self.optional(of, path, at)
        fields = members(of)
        if name not in fields:
            self._no_field(of, path, name, fields, at)
            return t.ERROR
        return fields[name]

    def optional(self, of: t.Optional, path: str, at: tuple[int, int]) -> t.Type:
        shown = path or "this"
        diagnostic = self.report(codes.PROMPT_OPTIONAL, at, path=shown, type=of)
        how = f"{{% if {path} %}} … {{% endif %}}" if path else "{% if … %} … {% endif %}"
        diagnostic.advise(f"use it inside `{how}`")
        return t.ERROR

    def printed(self, type: t.Type, at: tuple[int, int], end: int) -> None:
        """Warn where a whole record is put into the text as it is; `end` is where the expression ends."""
        what = raw(type)
        if what is not None:
            diagnostic = self.report(codes.RAW_RECORD, at, what=what)
            place = self.text.span(end, end)
            diagnostic.fix("say that JSON is meant", Edit(place, " | json"))

    def _no_field(self, of: t.Type, path: str, name: str, fields: Mapping[str, t.Type], at: tuple[int, int]) -> None:
        diagnostic = self.report(codes.PROMPT_FIELD, at, type=of, name=name)
        near = suggest(name, fields)
        if near is not None:
            diagnostic.replace("a field with a similar name exists", near)
        elif isinstance(of, t.Map):
            diagnostic.advise(f'an entry is written `{path or "…"}["{name}"]`')
        if isinstance(of, t.Record):
            diagnostic.label(of.info.span(), f"`{of.info.name}` is declared here")


def raw(type: t.Type) -> str | None:
    """What a value is that is printed as JSON though it is made of fields; None for any other."""
    type = t.base(type)
    if isinstance(type, t.Optional):
        type = t.base(type.item)
    match type:
        case t.Record(info) | t.Union(info):
            return f"{'an' if info.name[0] in 'AEIOU' else 'a'} `{info.name}`"
        case t.World(info):
            return f"the world `{info.name}`"
        case t.List(item):
            return None if raw(item) is None else "a list of records"
        case t.Map(_, value):
            return None if raw(value) is None else "a map of records"
        case t.Table():
            return "a table of records"
    return "a `Call`" if type is t.CALL else "a `Message`" if type is t.MESSAGE else None


def members(type: t.Type) -> dict[str, t.Type]:
    """The fields that a template may read; of a union those that all cases share."""
    match type:
        case t.Record(info):
            return {name: field.type for name, field in info.fields.items()}
        case t.World(info):
            return {name: slot.type for name, slot in info.slots.items()}
        case t.Union(info):
            cases = [members(t.Record(record)) for record in info.cases.values()]
            return {name: field for name, field in cases[0].items() if all(c.get(name) == field for c in cases)}
    return _FIELDS.get(type, {})


def _check_plain(text: str, typer: Typer) -> bool:
    """Check a template of plain `{{ name.field }}`s only; False where it has anything else."""
    found = list(_PLAIN.finditer(text))
    rest = _PLAIN.sub("", text) if found else text
    if any(mark in rest for mark in ("{{", "{%", "{#")) or any(match[1] in _JINJA_WORDS for match in found):
        return False
    for match in found:
        type, path = typer.name(match[1], match.start(1)), match[1]
        for part in _PART.finditer(text, match.start(2), match.end(2)):
            type = typer.field(type, path, part[1], part.start(1))
            path = f"{path}.{part[1]}"
        typer.printed(type, match.span(), match.end(2))
    return True

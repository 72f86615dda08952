"""Whether JSON values are of a type, field by field; every problem has the path to it.

A type is made into functions once; a problem is put into words only when it is shown. Paths are linked pairs, so a
value without problems costs one small tuple a field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from nexlang.diagnostics import Code, Span
from nexlang.diagnostics import codes_data as codes
from nexlang.diagnostics.slotted import dataclass, replace
from nexlang.diagnostics.suggest import suggest
from nexlang.semantics import types as t
from nexlang.semantics.constants import NotConstant, condition, evaluate, holder
from nexlang.semantics.moments import MOMENT_TYPES, example, read, read_duration, reader, repair
from nexlang.semantics.places_in_json import Step
from nexlang.semantics.symbols import FieldInfo, FunctionInfo, RecordInfo, UnionInfo, WorldInfo

At = tuple[Any, Step] | None
Check = Callable[[Any, At], None]
_GREATEST = 1.7976931348623157e308
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Problem:
    """`steps` lead to the value, or with `at_key` to its key; `fix` is JSON to put in its place.

    The message is about what contains the value where `about_holder` is set.
    """

    code: Code
    steps: tuple[Step, ...]
    values: dict[str, object]
    at_key: bool = False
    fix: str | None = None
    declared: Span | None = None
    about_holder: bool = False

    @property
    def path(self) -> str:
        return written(self.steps)

    @property
    def where(self) -> str:
        path = written(self.steps[:-1] if self.about_holder else self.steps)
        return f"`{path}`" if path else "the record"

    @property
    def message(self) -> str:
        return self.code.message.format(where=self.where, **self.values)


def written(steps: Iterable[Step]) -> str:
    """A path as a program would write it: `orders["#W1"].items[2].price`."""
    text = ""
    for step in steps:
        if isinstance(step, str):
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step[0], ensure_ascii=False) if isinstance(step, tuple) else step}]"
    return text


def shown(value: object) -> str:
    """A JSON value in a message."""
    if isinstance(value, str):
        return f'the text "{value}"' if len(value) <= 60 else f'the text "{value[:57]}…"'
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, (int, float)):
        digits = json.dumps(value)
        return f"the number {digits}" if len(digits) <= 40 else "a very long number"
    return f"a list of {len(value)}" if isinstance(value, list) else "an object"


def _steps(at: At) -> tuple[Step, ...]:
    found: list[Step] = []
    while at is not None:
        at, step = at
        found.append(step)
    return tuple(reversed(found))


class Shapes:
    """Checks values of any type against the program; `tools` are those that a `Call` may name."""

    def __init__(self, tools: Mapping[str, FunctionInfo] | None = None) -> None:
        self.tools = tools or {}
        self.found: list[Problem] = []
        self._checks: dict[t.Type, Check] = {}
        self._calls: dict[str, Check] = {}

    def problems(self, value: object, type: t.Type) -> list[Problem]:
        """What is wrong with one value."""
        return self._run(self.check(type), value, type)

    def of_world(self, value: object, world: WorldInfo) -> list[Problem]:
        """What is wrong with an object that gives a world's slots; a table that is not there is empty."""
        return self._run(self.check(t.World(world)), value, t.World(world))

    def _world(self, world: WorldInfo) -> Check:
        fields = {name: self.held(slot) for name, slot in world.slots.items()}
        needed = tuple(name for name, slot in world.slots.items() if is_given(slot))
        return self._object(world.name, fields, needed, world)

    def _run(self, check: Check, value: object, type: t.Type) -> list[Problem]:
        self.found = []
        try:
            check(value, None)
        except RecursionError:
            self._report(codes.DATA_TYPE, None, expected=f"`{type}`", actual="nested too deeply")
        return self.found

    def check(self, type: t.Type) -> Check:
        known = self._checks.get(type)
        if known is None:
            self._checks[type] = lambda value, at: self._checks[type](value, at)
            known = self._checks[type] = self._made(type)
        return known

    def _made(self, type: t.Type) -> Check:
        match type:
            case t.Scalar():
                return self._scalar(type)
            case t.Literal(values) if type.of is t.TEXT:
                return self._choice(type, {str(value): str(value) for value in values})
            case t.Literal(values):
                return self._one_of(type, values)
            case t.Enum(info):
                return self._choice(type, info.cases)
            case t.Record(info):
                return self._record(info)
            case t.Union(info):
                return self._union(info)
            case t.Alias(info):
                return self.refined(self.check(info.type), info.refine, info.type)
            case t.List(item):
                return self._list(type, self.check(item))
            case t.Map(key, value):
                return self._map(type, key, self.check(value))
            case t.Optional(item):
                return self._optional(self.check(item))
            case t.World(info):
                return self._world(info)
            case t.Table(record, key):
                return self._table(type, self.check(t.Record(record)), key)
        return lambda value, at: None

    def _report(
        self,
        code: Code,
        at: At,
        at_key: bool = False,
        fix: str | None = None,
        declared: Span | None = None,
        about_holder: bool = False,
        **values: object,
    ) -> None:
        self.found.append(Problem(code, _steps(at), values, at_key, fix, declared, about_holder))

    def _wrong(self, type: t.Type | str, value: object, at: At) -> None:
        self._report(codes.DATA_TYPE, at, expected=f"`{type}`", actual=shown(value))

    # ---- plain values

    def _scalar(self, type: t.Scalar) -> Check:
        if type is t.CALL:
            return self._call
        if type is t.MESSAGE:
            return self._object("Message", {"by": self.check(t.TEXT), "text": self.check(t.TEXT)}, ("by", "text"))
        if type in (t.FLOAT, t.DURATION):
            return self._float(type)
        if type in MOMENT_TYPES:
            return self._moment(type)
        kind = {"text": str, "int": int, "bool": bool, "none": None.__class__}.get(type.kind)
        if kind is None:
            return lambda value, at: None

        def check(value: Any, at: At) -> None:
            if value.__class__ is not kind:
                self._wrong(type, value, at)

        return check

    def _moment(self, type: t.Scalar) -> Check:
        def check(value: Any, at: At) -> None:
            if value.__class__ is not str:
                self._wrong(type, value, at)
            elif read(type.kind, value) is None:
                fixed = repair(type.kind, value)
                fix = json.dumps(fixed) if fixed is not None else None
                like = f'`{type}` as a text like "{example(type.kind)}"'
                self._report(codes.DATA_TYPE, at, fix=fix, expected=like, actual=shown(value))

        return check

    def _float(self, type: t.Scalar) -> Check:
        def check(value: Any, at: At) -> None:
            if type is t.DURATION and value.__class__ is str and read_duration(value) is not None:
                return
            if value.__class__ is not float and value.__class__ is not int:
                self._wrong(type, value, at)
            elif not -_GREATEST <= value <= _GREATEST:
                self._report(codes.DATA_TYPE, at, expected=f"`{type}`", actual="a number that no Float can hold")

        return check

    def _choice(self, type: t.Type, cases: Mapping[str, str]) -> Check:
        texts = frozenset(cases.values())

        def check(value: Any, at: At) -> None:
            if value.__class__ is not str:
                self._wrong(type, value, at)
            elif value not in texts:
                near = cases.get(value) or suggest(value, texts)
                fix = json.dumps(near, ensure_ascii=False) if near is not None else None
                self._report(codes.DATA_CASE, at, fix=fix, allowed=_any_of(cases.values()), actual=shown(value))

        return check

    def _one_of(self, type: t.Literal, values: tuple[str | int, ...]) -> Check:
        kind = bool if type.of is t.BOOL else int

        def check(value: Any, at: At) -> None:
            if value.__class__ is not kind or value not in values:
                self._wrong(type, value, at)

        return check

    def refined(self, inner: Check, refine: t.Core | None, type: t.Type) -> Check:
        """A check that also holds a refinement, where it can be told."""
        if refine is None:
            return inner
        test, typed = holder(refine), reader(type)

        def check(value: Any, at: At) -> None:
            count = len(self.found)
            inner(value, at)
            if len(self.found) == count and value is not None and test(typed(value)) is False:
                self._report(codes.DATA_REFINEMENT, at, rule=refine["text"], actual=shown(value))

        return check

    def held(self, field: FieldInfo) -> Check:
        """A check of what a field, a slot or a parameter holds."""
        return self.refined(self.check(field.type), field.refine, field.type)

    def _optional(self, inner: Check) -> Check:
        def check(value: Any, at: At) -> None:
            if value is not None:
                inner(value, at)

        return check

    # ---- collections

    def _list(self, type: t.Type, inner: Check) -> Check:
        def check(value: Any, at: At) -> None:
            if value.__class__ is not list:
                self._wrong(type, value, at)
                return
            for index, item in enumerate(value):
                inner(item, (at, index))

        return check

    def _map(self, type: t.Type, key_type: t.Type, inner: Check) -> Check:
        check_key = None if key_type is t.TEXT else self._key(key_type)

        def check(value: Any, at: At) -> None:
            if value.__class__ is not dict:
                self._wrong(type, value, at)
                return
            for key, item in value.items():
                if check_key is not None:
                    check_key(key, (at, (key,)))
                inner(item, (at, (key,)))

        return check

    def _key(self, type: t.Type) -> Check:
        """A check of an object's key, which JSON always writes as a text."""
        inner = Shapes(self.tools)
        number = t.opened(type) is t.INT

        def check(key: Any, at: At) -> None:
            value = int(key) if number and _INTEGER.fullmatch(key) and len(key) < 1000 else key
            for problem in inner.problems(value, type):
                self.found.append(Problem(problem.code, _steps(at), problem.values, at_key=True, fix=problem.fix))

        return check

    def _table(self, type: t.Table, inner: Check, key: str) -> Check:
        def check(value: Any, at: At) -> None:
            if value.__class__ is dict:
                for name, row in value.items():
                    inner(row, (at, (name,)))
                    self._agrees(row, key, name, (at, (name,)))
            elif value.__class__ is list:
                self._rows(value, inner, key, at)
            else:
                self._wrong(type, value, at)

        return check

    def _agrees(self, row: Any, key: str, name: str, at: At) -> None:
        own = row.get(key) if isinstance(row, dict) else None
        if isinstance(own, (str, int)) and str(own) != name:
            reason = f'the record\'s `{key}` is {shown(own)}, but it stands under "{name}"'
            self._report(codes.DATA_KEY, (at, key), reason=reason, caption=f'should be "{name}"')

    def _rows(self, rows: list[Any], inner: Check, key: str, at: At) -> None:
        seen: set[object] = set()
        for index, row in enumerate(rows):
            inner(row, (at, index))
            own = row.get(key) if isinstance(row, dict) else None
            if isinstance(own, (str, int)) and own in seen:
                reason = f"another record has the `{key}` {shown(own)} already"
                self._report(codes.DATA_KEY, ((at, index), key), reason=reason, caption="the same key again")
            elif isinstance(own, (str, int)):
                seen.add(own)

    # ---- records

    def _record(self, info: RecordInfo) -> Check:
        fields = {name: self.held(field) for name, field in info.fields.items()}
        needed = tuple(name for name, field in info.fields.items() if is_needed(field))
        if info.tag is not None:
            fields.setdefault(info.tag[0], self._choice(t.Literal((info.tag[1],)), {info.tag[1]: info.tag[1]}))
        return self._kept(info, self._object(info.name, fields, needed, info))

    def _object(
        self,
        name: str,
        fields: Mapping[str, Check],
        needed: tuple[str, ...],
        info: RecordInfo | WorldInfo | None = None,
    ) -> Check:
        def check(value: Any, at: At) -> None:
            if value.__class__ is not dict:
                self._wrong(name, value, at)
                return
            unknown = []
            for key, item in value.items():
                inner = fields.get(key)
                if inner is None:
                    unknown.append(key)
                else:
                    inner(item, (at, key))
            missing = [key for key in needed if key not in value]
            if unknown or missing:
                self._misfit(name, info, fields, unknown, missing, at)

        return check

    def _misfit(
        self,
        name: str,
        info: RecordInfo | WorldInfo | None,
        fields: Mapping[str, Check],
        unknown: list[str],
        missing: list[str],
        at: At,
    ) -> None:
        """An unknown field that is near a missing one is that one, misspelt: one mistake, one problem."""
        declared = info.span() if info else None
        for key in unknown:
            near = suggest(key, missing) or suggest(key, fields)
            if near in missing:
                missing.remove(near)
            fix = json.dumps(near, ensure_ascii=False) if near else None
            self._report(codes.DATA_FIELD_UNKNOWN, (at, key), True, fix, declared, True, name=key, record=name)
        for key in missing:
            declared = field_span(info, key) if info else None
            self._report(codes.DATA_FIELD_MISSING, at, declared=declared, name=key, record=name)

    def _kept(self, info: RecordInfo, inner: Check) -> Check:
        """A check that also holds the record's `require`s, once its fields are right."""
        if not info.require:
            return inner
        tests = [(rule, condition(rule)) for rule in info.require]
        typed = {name: reader(field.type) for name, field in info.fields.items()}
        absent = {name: _absent(field) for name, field in info.fields.items()}

        def check(value: Any, at: At) -> None:
            count = len(self.found)
            inner(value, at)
            if len(self.found) > count:
                return
            given = {name: typed[name](item) if name in typed else item for name, item in value.items()}
            names = {**absent, **given}
            for rule, test in tests:
                if test({name: item for name, item in names.items() if item is not _UNKNOWN}) is False:
                    self._report(codes.DATA_INVARIANT, at, rule=rule["text"], record=info.name)

        return check

    def _union(self, info: UnionInfo) -> Check:
        checks = {tag: self.check(t.Record(record)) for tag, record in info.cases.items()}

        def check(value: Any, at: At) -> None:
            if value.__class__ is not dict:
                self._wrong(info.name, value, at)
                return
            tag = value.get(info.tag)
            inner = checks.get(tag) if isinstance(tag, str) else None
            if inner is None:
                self._untagged(info, value, at)
            else:
                inner(value, at)

        return check

    def _untagged(self, info: UnionInfo, value: dict[str, Any], at: At) -> None:
        if info.tag not in value:
            near = suggest(info.tag, (key for key in value if isinstance(value[key], str)))
            reason = f"its `{info.tag}` is missing" + (f" (`{near}` is there)" if near else "")
            self._report(codes.DATA_TAG, at, union=info.name, reason=reason)
            return
        tag = value[info.tag]
        near = suggest(tag, info.cases) if isinstance(tag, str) else None
        fix = json.dumps(near, ensure_ascii=False) if near else None
        reason = f"{shown(tag)} is not {_any_of(info.cases)}"
        self._report(codes.DATA_TAG, (at, info.tag), fix=fix, about_holder=True, union=info.name, reason=reason)

    # ---- calls

    def _call(self, value: Any, at: At) -> None:
        if value.__class__ is not dict or not isinstance(value.get("tool"), str):
            self._call_shape({})(value, at)
            return
        name = value["tool"]
        if name in self.tools:
            self._call_of(name)(value, at)
            return
        near = suggest(name, self.tools)
        fix = json.dumps(near, ensure_ascii=False) if near else None
        self._report(codes.DATA_CALL, (at, "tool"), fix=fix, about_holder=True, name=name)

    def _call_of(self, name: str) -> Check:
        if name not in self._calls:
            params = self.tools[name].params
            checks = {key: self.held(param) for key, param in params.items()}
            needed = tuple(key for key, param in params.items() if is_needed(param))
            self._calls[name] = self._call_shape({"arguments": self._object(name, checks, needed)})
        return self._calls[name]

    def _call_shape(self, more: dict[str, Check]) -> Check:
        anything: Check = lambda value, at: None  # noqa: E731
        by = self._optional(self.check(t.TEXT))
        at = self._optional(self.check(t.DURATION))
        fields = {"tool": self.check(t.TEXT), "arguments": anything, "by": by, "at": at, **more}
        return self._object("Call", fields, ("tool", "arguments"))


class _Unknown:
    """Stands for a default that is known only at run time."""


_UNKNOWN = _Unknown()


def _absent(field: FieldInfo) -> object:
    """What a field holds that the data leaves out."""
    if field.default is None:
        return _UNKNOWN if field.has_default else None
    try:
        return evaluate(field.default, {})
    except NotConstant:
        return _UNKNOWN


def is_needed(field: FieldInfo) -> bool:
    """Whether data must give the field."""
    return not field.has_default and not isinstance(t.base(field.type), t.Optional)


def is_given(slot: FieldInfo) -> bool:
    """Whether a world's data must give the slot: tables begin empty, parts as their own slots say."""
    if isinstance(slot.type, t.World):
        return any(is_given(each) for each in slot.type.info.slots.values())
    return slot.type is not t.ERROR and is_needed(slot) and not isinstance(slot.type, t.Table)


def field_span(info: RecordInfo | WorldInfo, name: str) -> Span | None:
    field = (info.fields if isinstance(info, RecordInfo) else info.slots).get(name)
    return Span(info.source.path, field.node.name.start, field.node.name.end) if field else None


def _any_of(texts: Iterable[str]) -> str:
    quoted = [json.dumps(text, ensure_ascii=False) for text in texts]
    if len(quoted) > 8:
        return ", ".join(quoted[:7]) + f" and {len(quoted) - 7} more"
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def check_value(
    value: object, type: t.Type, path: str = "", tools: Mapping[str, FunctionInfo] | None = None
) -> Iterator[Problem]:
    """The problems of one JSON value; their paths begin with `path`."""
    for problem in Shapes(tools).problems(value, type):
        steps = (path, *problem.steps) if path else problem.steps
        yield replace(problem, steps=steps)

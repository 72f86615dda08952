"""Records: slotted classes whose readers and writers are made from their fields, on first use.

A record is never changed once it is published (stored, returned, compared): writing makes a copy and changes that. So
each record can keep its JSON text, and taking a value costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

from nexlang.worlds.engine.codecs import (
    JSON,
    JSON_LIMIT,
    NONE,
    Codec,
    ListOf,
    MapOf,
    Optional,
    Refined,
    UnionOf,
    as_codec,
    bounded,
    float_text,
    holds,
    int_text,
    plain,
    quote,
    shown,
)
from nexlang.worlds.engine.failures import Mismatch, ToolFailure

V = TypeVar("V")
Requirement = tuple[Callable[[Any], bool], str]


@dataclass_transform()
class RecordType(type):
    """Gives each record its slots; `define` adds what its fields are."""

    _fields: tuple[str, ...]
    _codec: RecordCodec

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> RecordType:
        own = bases != (_Kept,)
        fields = tuple(namespace.get("__annotations__", {})) if own else ()
        made = super().__new__(cls, name, bases, {**namespace, "__slots__": fields})
        made._fields = fields
        if own:
            made._codec = RecordCodec(made)
        return made


class _Kept:
    """The slot for the JSON text: no field of any record."""

    __slots__ = ("_json",)
    _json: str | None


class Record(_Kept, metaclass=RecordType):
    _tag: ClassVar[tuple[str, str] | None] = None

    def __init__(self, *args: Any, **fields: Any) -> None:
        """Replaced on first use by a constructor made for the class."""
        type(self)._codec.build()
        self.__init__(*args, **fields)  # type: ignore[misc]

    def _copy(self) -> Self:
        """A copy that may be changed until it is published."""
        type(self)._codec.build()
        return self._copy()

    def _text(self) -> str:
        """JSON text, kept. Replaced on first use by a writer made for the class."""
        type.__setattr__(type(self), "_text", _make_writer(type(self)._codec))
        return self._text()

    def _plain(self) -> dict[str, Any]:
        """JSON value."""
        codec = type(self)._codec
        pairs = {name: plain(getattr(self, slot)) for name, slot in codec.slots.items()}
        return {self._tag[0]: self._tag[1], **pairs} if self._tag else pairs

    def _with(self, **fields: Any) -> Self:
        """A copy with other values in some fields."""
        type(self)._codec.build()
        return self._with(**fields)

    def _checked(self) -> Self:
        """The record itself where its requirements hold; otherwise the tool fails."""
        type(self)._codec.require(self)
        return self

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self)._fields)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in type(self)._fields)
        return f"{type(self).__name__}({fields})"


class Field:
    """A field or parameter of a JSON object: its codec and, where it may be left out, how its value is made."""

    __slots__ = ("codec", "default")

    def __init__(self, codec: Codec[Any], default: Callable[[], Any] | None = None) -> None:
        self.codec = codec
        self.default = default


def default(of: Any, make: Callable[[], Any]) -> Field:
    """A field with a default; `make` gives its value."""
    return Field(as_codec(of), make)


def as_field(of: Any) -> Field:
    """A codec, a record class or a `Field`. An optional may be left out: it is then none."""
    if isinstance(of, Field):
        return of
    codec = as_codec(of)
    return Field(codec, (lambda: None) if isinstance(codec, Optional) else None)


def define(
    record: RecordType,
    fields: Mapping[str, Any],
    *,
    tag: tuple[str, str] | None = None,
    require: Sequence[Requirement] = (),
) -> None:
    """Say what a record's fields are in JSON: by name, in the order of the class's annotations."""
    codec = record._codec
    codec.fields = {name: as_field(of) for name, of in fields.items()}
    codec.slots = dict(zip(fields, record._fields, strict=True))
    codec.requirements = tuple(require)
    record._tag = tag  # type: ignore[attr-defined]


class RecordCodec(Codec[Any]):
    """Reads and writes one record class."""

    def __init__(self, record: RecordType) -> None:
        self.record: Any = record
        self.name = record.__name__.rstrip("_")
        self.fields: dict[str, Field] = {}
        self.slots: dict[str, str] = {}
        self.requirements: tuple[Requirement, ...] = ()
        self._reader: Callable[[Any], Any] | None = None
        self._refined: list[tuple[str, Codec[Any]]] | None = None

    def build(self) -> None:
        """Make the constructor and the copiers. Fields are parameters, so that all other names have two underscores."""
        slots = list(self.slots.values())
        fresh, done = " __made = __new(__record)", [" __made._json = None", " return __made"]
        lines = [f"def __init__({', '.join(['__self', *slots])}):"]
        lines += [f" __self.{slot} = {slot}" for slot in slots]
        lines += [" __self._json = None", "def _copy(__self):", fresh]
        lines += [*(f" __made.{slot} = __self.{slot}" for slot in slots), *done]
        lines += [f"def _with(__self{', *' if slots else ''}{''.join(f', {slot}=__kept' for slot in slots)}):", fresh]
        lines += [*(f" __made.{slot} = __self.{slot} if {slot} is __kept else {slot}" for slot in slots), *done]
        made = compile_functions(
            "\n".join(lines), {"__new": object.__new__, "__record": self.record, "__kept": object()}
        )
        for name in ("__init__", "_copy", "_with"):
            type.__setattr__(self.record, name, made[name])

    def decode(self, value: Any) -> Any:
        if value.__class__ is self.record:
            return value
        if self._reader is None:
            self.build()
            tag = self.record._tag
            self._reader = make_reader(self.fields, self.name, self.record, tag)
        made = self._reader(value)
        for test, said in self.requirements:
            if not holds(test, made):
                raise Mismatch(f"{self.name} requires {said}")
        return made

    def require(self, record: Any) -> None:
        """Fail the tool where a refinement of a field or a requirement of the record does not hold."""
        if self._refined is None:
            self._refined = [(n, field.codec) for n, field in self.fields.items() if _is_refined(field.codec)]
        for name, codec in self._refined:
            try:
                codec.decode(getattr(record, self.slots[name]))
            except Mismatch as mismatch:
                raise ToolFailure(str(mismatch.at(f".{name}")), "bad_value") from None
        for test, said in self.requirements:
            if not holds(test, record):
                raise ToolFailure(f"{self.name} requires {said}", "bad_value")

    def text(self, value: Any) -> str:
        return value._json or value._text()  # type: ignore[no-any-return]


def _is_refined(codec: Codec[Any]) -> bool:
    """Whether a value of the right Python type may still not fit. Records look after themselves."""
    if isinstance(codec, Refined):
        return codec.pattern is not None or codec.where is not None or _is_refined(codec.base)
    return isinstance(codec, (Optional, ListOf, MapOf)) and _is_refined(codec.item)


def check(codec: Codec[Any], value: Any, name: str) -> None:
    """A parameter that another tool has filled: where it does not fit its type the tool fails."""
    try:
        codec.decode(value)
    except Mismatch as mismatch:
        raise ToolFailure(str(mismatch.at(f".{name}")), "bad_arguments") from None


def kept(codec: Codec[Any], value: V, name: str) -> V:
    """The value itself where it fits its type; otherwise the tool fails."""
    try:
        codec.decode(value)
    except Mismatch as mismatch:
        raise ToolFailure(str(mismatch.at(name)), "bad_value") from None
    return value


def compile_functions(source: str, names: dict[str, Any]) -> dict[str, FunctionType]:
    """Functions made from text that only checked identifiers and our own code went into."""
    space: dict[str, Any] = dict(names)
    exec(compile(source, "<made from fields>", "exec"), space)
    return space


_INLINE = {"text": "str", "int": "int", "bool": "bool"}


def make_reader(
    fields: Mapping[str, Field], name: str, make: Callable[..., Any] | None, tag: tuple[str, str] | None = None
) -> Callable[[Any], Any]:
    """A function from a JSON object to `make(*values)`, or a tuple of them; what does not fit goes to `_explain`."""
    known = frozenset(fields) | ({tag[0]} if tag else frozenset())
    space: dict[str, Any] = {"make": make, "known": known, "Mismatch": Mismatch, "tag": tag}
    space["explain"] = lambda value: _explain(value, fields, name, known, tag)
    values = []
    for index, (key, field) in enumerate(fields.items()):
        space[f"d{index}"] = field.codec.decode
        space[f"m{index}"] = field.default
        values.append(_read_expression(index, key, field))
    exact = tag is None and all(field.default is None for field in fields.values())
    unknown = f"len(value) != {len(fields)}" if exact else "not value.keys() <= known"
    lines = [
        "def read(value):",
        f" if type(value) is not dict or {unknown}: return explain(value)",
        *([f" if value.get({tag[0]!r}, {tag[1]!r}) != {tag[1]!r}: return explain(value)"] if tag else []),
        f" try: return {'make' if make else ''}({''.join(f'({value}), ' for value in values)})",
        " except (KeyError, Mismatch): return explain(value)",
    ]
    return compile_functions("\n".join(lines), space)["read"]


def _read_expression(index: int, key: str, field: Field) -> str:
    kind = field.codec.kind
    if kind.endswith("?") and kind[:-1] in _INLINE and field.default is not None:
        inner = f"v if (v := value.get({key!r})) is None or type(v) is {_INLINE[kind[:-1]]} else d{index}(v)"
        return inner if field.default() is None else f"({inner}) if {key!r} in value else m{index}()"
    read = f"value[{key!r}]"
    if kind in _INLINE:
        read = f"v if type(v := value[{key!r}]) is {_INLINE[kind]} else d{index}(v)"
    else:
        read = f"d{index}(value[{key!r}])"
    if field.default is None:
        return read
    given = f"{key!r} in value" if kind.endswith("?") or _takes_none(field.codec) else f"value.get({key!r}) is not None"
    return f"({read}) if {given} else m{index}()"


def _takes_none(codec: Codec[Any]) -> bool:
    """Whether null is a value of its own; elsewhere it stands for what is left out, as strict function calling asks."""
    while isinstance(codec, Refined):
        codec = codec.base
    return isinstance(codec, Optional) or codec is NONE or codec is JSON


def _explain(
    value: Any, fields: Mapping[str, Field], name: str, known: frozenset[str], tag: tuple[str, str] | None
) -> Any:
    """Say what is wrong with an object that `read` did not take."""
    if type(value) is not dict:
        raise Mismatch(f"expected {name or 'an object'}, got {shown(value)}")
    for key in value:
        if key not in known:
            raise Mismatch(f"{name or 'the call'} has no {_noun(name)} {quote(str(key))}{_suggestion(str(key), known)}")
    if tag and value.get(tag[0], tag[1]) != tag[1]:
        raise Mismatch(f'expected "{tag[1]}", got {shown(value[tag[0]])}').at(f".{tag[0]}")
    for key, field in fields.items():
        if key not in value:
            if field.default is None:
                raise Mismatch(f'missing {_noun(name)} "{key}", which is {_article(field.codec.name)}')
            continue
        if value[key] is None and field.default is not None:
            continue
        try:
            field.codec.decode(value[key])
        except Mismatch as mismatch:
            raise mismatch.at(f".{key}") from None
    raise AssertionError(f"{name} reads in part but not as a whole")


def _noun(name: str) -> str:
    return "field" if name else "parameter"


def _article(name: str) -> str:
    return f"{'an' if name[:1] in 'AEIO' else 'a'} {name}"


def _suggestion(name: str, known: frozenset[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(known), n=1, cutoff=0.7)
    return f'; did you mean "{close[0]}"?' if close else ""


_WRITE = {
    "text": "quote({0})",
    "one_of": "quote({0})",
    "int": "int_text({0})",
    "float": "float_text({0})",
    "bool": "('true' if {0} else 'false')",
}


def _make_writer(codec: RecordCodec) -> Callable[[Any], str]:
    """A function from a record to its JSON text, which it keeps: one f-string, the fastest way that Python has."""
    space: dict[str, Any] = {
        "quote": quote, "int_text": int_text, "float_text": float_text, "bounded": bounded, "limit": JSON_LIMIT,
    }  # fmt: skip
    tag = codec.record._tag
    literal = "{" + (f"{quote(tag[0])}: {quote(tag[1])}" if tag else "")
    text = ""
    for index, (key, field) in enumerate(codec.fields.items()):
        literal += ("" if literal == "{" else ", ") + f"{quote(key)}: "
        value = _write_expression(index, f"value.{codec.slots[key]}", field.codec, space)
        text += f"{_verbatim(literal)}{{{value}}}"
        literal = ""
    lines = [
        "def write(value):",
        " if (text := value._json) is not None: return text",
        f' text = f"""{text}{_verbatim(literal + "}")}"""',
        " value._json = text if len(text) <= limit else bounded(text)",
        " return text",
    ]
    return compile_functions("\n".join(lines), space)["write"]


def _verbatim(text: str) -> str:
    """Text as a triple-quoted f-string holds it."""
    return repr(text)[1:-1].replace("\\'", "'").replace('"', '\\"').replace("{", "{{").replace("}", "}}")


def _write_expression(index: int, value: str, codec: Codec[Any], space: dict[str, Any]) -> str:
    """Python that writes a value: scalars, records, and lists and maps of them in place, the rest by their codec."""
    while isinstance(codec, Refined):
        codec = codec.base
    if isinstance(codec, Optional):
        return f"('null' if {value} is None else {_write_expression(index, value, codec.item, space)})"
    if codec.kind in _WRITE:
        return _WRITE[codec.kind].format(value)
    if isinstance(codec, RecordCodec):
        return f"({value}._json or {value}._text())"
    if isinstance(codec, ListOf) and (item := _write_item(codec.item, "item")) is not None:
        return f"('[' + ', '.join([{item} for item in {value}]) + ']')"
    if isinstance(codec, MapOf) and codec.key.kind == "text" and (item := _write_item(codec.item, "item")) is not None:
        pair = f"quote(key) + ': ' + {item}"
        return f"('{{' + ', '.join([{pair} for key, item in {value}.items()]) + '}}')"
    space[f"t{index}"] = codec.text
    return f"t{index}({value})"


def _write_item(codec: Codec[Any], name: str) -> str | None:
    if isinstance(codec, (RecordCodec, UnionOf)):
        return f"({name}._json or {name}._text())"
    return _WRITE[codec.kind].format(name) if codec.kind in _WRITE else None

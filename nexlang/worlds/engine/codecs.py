"""Codecs: a JSON value to a typed value and back. Whatever crosses into a program goes through one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Generic, TypeVar

from nexlang.ir.moments import decimal_text, duration_text, moment_text, read_duration
from nexlang.worlds.engine.failures import Mismatch, ToolFailure
from nexlang.worlds.engine.patterns import refuse_unsafe, whole_match
from nexlang.worlds.engine.values import Failure, Message

T = TypeVar("T")
quote = encode_basestring
JSON_LIMIT = 16_000_000
"""Characters of JSON that one value may have: values share their parts, so a small one can be long when written out."""


def shown(value: object) -> str:
    """A JSON value as a message names it: its kind, and the value where it is short."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'text "{value}"' if len(value) <= 60 else f'text "{value[:57]}…"'
    if isinstance(value, (int, float)):
        text = repr(value) if isinstance(value, float) or abs(value) < 1 << 200 else "of many digits"
        return f"number {text}"
    return "a list" if isinstance(value, (list, tuple)) else "an object"


def float_text(value: float) -> str:
    if value - value != 0.0:
        raise ToolFailure("A number is too large or undefined", "arithmetic")
    return float.__repr__(value)


def int_text(value: int) -> str:
    try:
        return int.__repr__(value)
    except ValueError:
        raise ToolFailure("A number has too many digits", "arithmetic") from None


def bool_text(value: bool) -> str:
    return "true" if value else "false"


def _decimal_text(value: Decimal) -> str:
    try:
        return decimal_text(value)
    except OverflowError:
        raise ToolFailure("A number is too large or undefined", "arithmetic") from None


MOMENTS: dict[type, Callable[[Any], str]] = {
    date: moment_text,
    datetime: moment_text,
    time: moment_text,
    Decimal: _decimal_text,
}
"""What JSON has as texts, and how it is written."""


def key_text(key: Any) -> str:
    """A key of a map or table as JSON has it: always a text."""
    if type(key) is str:
        return key
    writer = MOMENTS.get(type(key))
    return writer(key) if writer is not None else json_text(key)


def json_text(value: Any) -> str:
    """JSON text of any value of the language, records by their own."""
    writer = _WRITERS.get(type(value))
    return writer(value) if writer is not None else str(value._text())


def _list_text(value: Sequence[Any]) -> str:
    return bounded("[" + ", ".join([json_text(item) for item in value]) + "]")


def _map_text(value: Mapping[Any, Any]) -> str:
    pairs = [f"{quote(key if type(key) is str else key_text(key))}: {json_text(item)}" for key, item in value.items()]
    return bounded("{" + ", ".join(pairs) + "}")


def bounded(text: str) -> str:
    if len(text) > JSON_LIMIT:
        raise ToolFailure("A value is too long to be written as JSON", "out_of_fuel")
    return text


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: quote,
    int: int_text,
    float: float_text,
    bool: bool_text,
    type(None): lambda value: "null",
    list: _list_text,
    tuple: _list_text,
    dict: _map_text,
    **{kind: lambda value: quote(MOMENTS[type(value)](value)) for kind in MOMENTS},
}


def plain(value: Any) -> Any:
    """The JSON value of any value of the language."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key if type(key) is str else key_text(key): plain(item) for key, item in value.items()}
    writer = MOMENTS.get(type(value))
    if writer is not None:
        return writer(value)
    return value._plain() if hasattr(value, "_plain") else value


def holds(test: Callable[[Any], bool], value: Any) -> bool:
    """Whether a condition holds; one that fails to say so does not."""
    try:
        return test(value)
    except (ToolFailure, ArithmeticError, IndexError):
        return False


class Codec(Generic[T]):
    """Base of codecs. `name` is the type as its author writes it; `kind` lets readers and writers inline scalars."""

    name: str
    kind: str = ""

    def decode(self, value: Any) -> T:
        """The typed value; raises `Mismatch`. A value that is typed already passes."""
        raise NotImplementedError

    def text(self, value: T) -> str:
        """JSON text of a typed value."""
        return json_text(value)

    def encode(self, value: T) -> Any:
        """JSON value of a typed value."""
        return plain(value)

    def shown(self, value: T) -> str:
        """What a reader sees of the value: a Text as it is, everything else as JSON."""
        return str(value) if type(value) is str else self.text(value)

    def refuse(self, value: object) -> Mismatch:
        return Mismatch(f"expected {self.name}, got {shown(value)}")


class _Text(Codec[str]):
    name = "Text"
    kind = "text"

    def decode(self, value: Any) -> str:
        if type(value) is not str:
            raise self.refuse(value)
        return value


class _Int(Codec[int]):
    name = "Int"
    kind = "int"

    def decode(self, value: Any) -> int:
        if type(value) is int:
            return value
        if type(value) is float and value.is_integer():
            return int(value)
        raise self.refuse(value)


class _Float(Codec[float]):
    name = "Float"
    kind = "float"

    def decode(self, value: Any) -> float:
        if type(value) is float and value - value == 0.0:
            return value
        if type(value) is int:
            try:
                return float(value)
            except OverflowError:
                raise self.refuse(value) from None
        raise self.refuse(value)


class _Bool(Codec[bool]):
    name = "Bool"
    kind = "bool"

    def decode(self, value: Any) -> bool:
        if type(value) is not bool:
            raise self.refuse(value)
        return value


class _Nothing(Codec[None]):
    name = "none"

    def decode(self, value: Any) -> None:
        if value is not None:
            raise self.refuse(value)


class _Json(Codec[Any]):
    name = "Json"

    def decode(self, value: Any) -> Any:
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            raise self.refuse(value) from None
        return value


class _Built(Codec[Any]):
    """A built-in value that is an object of texts in JSON."""

    def __init__(self, kind: type[Any], *fields: str) -> None:
        self.name = kind.__name__
        self._kind = kind
        self._fields = fields

    def decode(self, value: Any) -> Any:
        if isinstance(value, self._kind):
            return value
        fits = type(value) is dict and set(value) == set(self._fields)
        if not fits or not all(type(item) is str for item in value.values()):
            raise self.refuse(value)
        return self._kind(**value)


TEXT = _Text()
INT = _Int()
FLOAT = _Float()
BOOL = _Bool()
NONE = _Nothing()
JSON = _Json()
MESSAGE = _Built(Message, "by", "text")
FAILURE = _Built(Failure, "code", "message")


class _Duration(_Float):
    """Milliseconds; a text like `1h 30m` is taken too."""

    name = "Duration"

    def decode(self, value: Any) -> float:
        read = read_duration(value) if type(value) is str else None
        return super().decode(value) if read is None else read

    def shown(self, value: float) -> str:
        return duration_text(value)


DURATION = _Duration()


class OneOf(Codec[str]):
    """Literals, or an enum by its name."""

    kind = "one_of"

    def __init__(self, name: str, values: Sequence[str]) -> None:
        self.values = tuple(values)
        self._known = frozenset(values)
        self.name = name or " | ".join(f'"{value}"' for value in values)

    def decode(self, value: Any) -> str:
        if type(value) is str and value in self._known:
            return value
        listed = " or ".join(f'"{known}"' for known in self.values)
        raise Mismatch(f"expected {listed}, got {shown(value)}")


class Few(Codec[Any]):
    """One of a few whole numbers or truth values."""

    def __init__(self, values: Sequence[int]) -> None:
        self.values = tuple(values)
        self.name = " | ".join(json_text(value) for value in values)
        self._kind = type(values[0])

    def decode(self, value: Any) -> Any:
        if self._kind is int and type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not self._kind or value not in self.values:
            raise self.refuse(value)
        return value


def one_of(*values: str | int) -> Codec[Any]:
    texts = [value for value in values if isinstance(value, str)]
    return OneOf("", texts) if texts else Few([value for value in values if isinstance(value, int)])


def enum(name: str, *values: str) -> OneOf:
    return OneOf(name, values)


class ListOf(Codec[Any]):
    def __init__(self, item: Codec[Any]) -> None:
        self.item = item

    @property
    def name(self) -> str:  # type: ignore[override]
        return f"[{self.item.name}]"

    def decode(self, value: Any) -> Any:
        if type(value) is not list:
            raise self.refuse(value)
        if self.item.kind == "text":
            for item in value:
                if type(item) is not str:
                    break
            else:
                return value.copy()
        decode = self.item.decode
        try:
            return [decode(item) for item in value]
        except Mismatch:
            return [self._at(index, item) for index, item in enumerate(value)]

    def _at(self, index: int, item: Any) -> Any:
        try:
            return self.item.decode(item)
        except Mismatch as mismatch:
            raise mismatch.at(f"[{index}]") from None

    def text(self, value: Any) -> str:
        text = self.item.text
        return bounded("[" + ", ".join([text(item) for item in value]) + "]")


class MapOf(Codec[Any]):
    """A JSON object; keys that are no texts are written as JSON writes them."""

    def __init__(self, key: Codec[Any], item: Codec[Any]) -> None:
        self.key = key
        self.item = item
        bare = key
        while isinstance(bare, Refined):
            bare = bare.base
        self.numbered = bare is INT or isinstance(bare, Few)

    @property
    def name(self) -> str:  # type: ignore[override]
        return f"{{{self.key.name}: {self.item.name}}}"

    def decode(self, value: Any) -> Any:
        if type(value) is not dict:
            raise self.refuse(value)
        return {self._key(key): self._at(key, item) for key, item in value.items()}

    def _key(self, key: Any) -> Any:
        try:
            return self.key.decode(_integer(key) if self.numbered else key)
        except Mismatch as mismatch:
            raise Mismatch(f"a key: {mismatch.problem}") from None

    def _at(self, key: Any, item: Any) -> Any:
        try:
            return self.item.decode(item)
        except Mismatch as mismatch:
            raise mismatch.at(f"[{quote(str(key))}]") from None


def _integer(key: Any) -> Any:
    try:
        return int(key) if isinstance(key, str) and key.isascii() and len(key) < 4000 else key
    except ValueError:
        return key


class Optional(Codec[Any]):
    def __init__(self, item: Codec[Any]) -> None:
        self.item = item
        self.kind = f"{item.kind}?" if item.kind else ""

    @property
    def name(self) -> str:  # type: ignore[override]
        return f"{self.item.name}?"

    def decode(self, value: Any) -> Any:
        return None if value is None else self.item.decode(value)

    def text(self, value: Any) -> str:
        return "null" if value is None else self.item.text(value)

    def shown(self, value: Any) -> str:
        return "null" if value is None else self.item.shown(value)


class Refined(Codec[Any]):
    """A named or inline refinement: `pattern` must match the whole text, `where` must hold, `said` is the source."""

    def __init__(
        self, name: str, base: Codec[Any], *, pattern: str | None, where: Callable[[Any], bool] | None, said: str
    ) -> None:
        if pattern is not None:
            refuse_unsafe(pattern)
        self.base = base
        self.may_be_none: bool = isinstance(base, Optional) or (isinstance(base, Refined) and base.may_be_none)
        self.name = name or f"{base.name} {said}"
        self.pattern = pattern
        self.where = where
        self.said = said

    def decode(self, value: Any) -> Any:
        try:
            return self.check(self.base.decode(value))
        except Mismatch as mismatch:
            raise mismatch if mismatch.path or isinstance(self.base, Refined) else self._refused(value) from None

    def check(self, value: Any) -> Any:
        """The value itself where the refinement holds; raises `Mismatch`."""
        if holds(self._test, value):
            return value
        raise self._refused(value)

    def _test(self, value: Any) -> bool:
        if value is None and self.may_be_none:
            return True
        if self.pattern is not None and not whole_match(self.pattern, value):
            return False
        return self.where is None or self.where(value)

    def _refused(self, value: object) -> Mismatch:
        said = f" ({self.said})" if self.said and self.said not in self.name else ""
        return Mismatch(f"expected {self.name}{said}, got {shown(value)}")

    def text(self, value: Any) -> str:
        return self.base.text(value)

    def shown(self, value: Any) -> str:
        return self.base.shown(value)


def as_codec(of: Any) -> Codec[Any]:
    """A record class stands for its codec."""
    codec: Codec[Any] = of if isinstance(of, Codec) else of._codec
    return codec


def list_of(item: Any) -> ListOf:
    return ListOf(as_codec(item))


def map_of(key: Any, item: Any) -> MapOf:
    return MapOf(as_codec(key), as_codec(item))


def optional(item: Any) -> Optional:
    return Optional(as_codec(item))


def refined(
    base: Any, said: str, *, name: str = "", pattern: str | None = None, where: Callable[[Any], bool] | None = None
) -> Refined:
    return Refined(name, as_codec(base), pattern=pattern, where=where, said=said)


def alias(name: str, base: Any) -> Refined:
    """Another name for a type, nothing more asked."""
    return Refined(name, as_codec(base), pattern=None, where=None, said="")


class UnionOf(Codec[Any]):
    """Records told apart by the text in their tag field."""

    def __init__(self, name: str, tag: str, cases: Mapping[str, Any]) -> None:
        self.name = name
        self.tag = tag
        self.cases = {value: as_codec(case) for value, case in cases.items()}
        self._classes = tuple(cases.values())

    def decode(self, value: Any) -> Any:
        if type(value) in self._classes:
            return value
        if type(value) is not dict:
            raise self.refuse(value)
        if self.tag not in value:
            raise Mismatch(f'missing field "{self.tag}", which says what kind of {self.name} it is')
        tag = value[self.tag]
        case = self.cases.get(tag) if type(tag) is str else None
        if case is None:
            listed = " or ".join(f'"{known}"' for known in self.cases)
            raise Mismatch(f"expected {listed}, got {shown(tag)}").at(f".{self.tag}")
        return case.decode(value)


def union(name: str, tag: str, cases: Mapping[str, Any]) -> UnionOf:
    return UnionOf(name, tag, cases)

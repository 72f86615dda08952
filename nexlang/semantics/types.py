"""Types as values. Two types are the same when they compare equal; declared types compare by declaration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nexlang.diagnostics.slotted import dataclass

if TYPE_CHECKING:
    from nexlang.semantics.symbols import AliasInfo, EnumInfo, RecordInfo, UnionInfo, WorldInfo

Core = dict[str, Any]
"""A piece of the program in core form: the JSON shape of a model in `nexlang.ir`."""


class Type:
    """A type; `str()` writes it as a program would."""

    __slots__ = ()

    def core(self) -> Core:
        """The type in core form."""
        raise TypeError(f"{self} has no core form")


@dataclass(frozen=True, slots=True)
class Scalar(Type):
    name: str
    kind: str

    def __str__(self) -> str:
        return self.name

    def core(self) -> Core:
        return {"kind": self.kind}


BOOL = Scalar("Bool", "bool")
INT = Scalar("Int", "int")
FLOAT = Scalar("Float", "float")
TEXT = Scalar("Text", "text")
JSON = Scalar("Json", "json")
NONE = Scalar("none", "none")
DURATION = Scalar("Duration", "duration")
DECIMAL = Scalar("Decimal", "decimal")
DATE = Scalar("Date", "date")
TIME = Scalar("Time", "time")
TIME_OF_DAY = Scalar("TimeOfDay", "time_of_day")
CHANCE = Scalar("Chance", "chance")
CALL = Scalar("Call", "call")
MESSAGE = Scalar("Message", "message")
FAILURE = Scalar("Failure", "failure")
ACTOR = Scalar("Actor", "actor")
DISTRIBUTION = Scalar("Distribution", "distribution")
DELAYS = Scalar("Distribution of Durations", "distribution")
"""A Distribution that was made of Durations; written as `Distribution`."""
ERROR = Scalar("?", "error")
"""The type of what has been reported already: it fits everywhere, so one mistake gives one diagnostic."""

MOMENTS = (DATE, TIME, TIME_OF_DAY)
"""What has an order and a distance, and is no number."""

SCALARS = {
    t.name: t
    for t in (BOOL, INT, FLOAT, DECIMAL, TEXT, *MOMENTS, DURATION, JSON, CHANCE, CALL, MESSAGE, FAILURE, DISTRIBUTION)
}


@dataclass(frozen=True, slots=True)
class Literal(Type):
    """One of a few texts, whole numbers or truth values; `of` is the type of all of them."""

    values: tuple[str | int, ...]
    of: Scalar = TEXT

    def __str__(self) -> str:
        return " | ".join(literal_text(value) for value in self.values)

    def core(self) -> Core:
        return {"kind": "literal", "values": list(self.values)}


def literal_text(value: str | int) -> str:
    """A literal as a program writes it."""
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Enum(Type):
    info: EnumInfo

    def __str__(self) -> str:
        return self.info.name

    def core(self) -> Core:
        return {"kind": "enum", "name": self.info.core_name}


@dataclass(frozen=True, slots=True)
class Record(Type):
    info: RecordInfo

    def __str__(self) -> str:
        return self.info.name

    def core(self) -> Core:
        return {"kind": "record", "name": self.info.core_name}


@dataclass(frozen=True, slots=True)
class Union(Type):
    info: UnionInfo

    def __str__(self) -> str:
        return self.info.name

    def core(self) -> Core:
        return {"kind": "union", "name": self.info.core_name}


@dataclass(frozen=True, slots=True)
class Alias(Type):
    """A named, perhaps refined type."""

    info: AliasInfo

    def __str__(self) -> str:
        return self.info.name

    def core(self) -> Core:
        return {"kind": "alias", "name": self.info.core_name}


@dataclass(frozen=True, slots=True)
class World(Type):
    info: WorldInfo

    def __str__(self) -> str:
        return self.info.name

    def core(self) -> Core:
        return {"kind": "world", "name": self.info.core_name}


@dataclass(frozen=True, slots=True)
class Table(Type):
    record: RecordInfo
    key: str

    def __str__(self) -> str:
        return f"table {self.record.name} by {self.key}"

    @property
    def key_type(self) -> Type:
        return self.record.fields[self.key].type if self.key in self.record.fields else ERROR

    def core(self) -> Core:
        return {"kind": "table", "record": self.record.core_name, "key": self.key}


@dataclass(frozen=True, slots=True)
class List(Type):
    item: Type

    def __str__(self) -> str:
        return f"[{self.item}]"

    def core(self) -> Core:
        return {"kind": "list", "item": self.item.core()}


@dataclass(frozen=True, slots=True)
class Map(Type):
    key: Type
    value: Type

    def __str__(self) -> str:
        return f"{{{self.key}: {self.value}}}"

    def core(self) -> Core:
        return {"kind": "map", "key": self.key.core(), "value": self.value.core()}


@dataclass(frozen=True, slots=True)
class Optional(Type):
    item: Type

    def __str__(self) -> str:
        inner = str(self.item)
        return f"({inner})?" if " | " in inner else f"{inner}?"

    def core(self) -> Core:
        return {"kind": "optional", "item": self.item.core()}


@dataclass(frozen=True, slots=True)
class Outcome(Type):
    """`T | Failure`, what a call in an agent's body gives."""

    item: Type

    def __str__(self) -> str:
        return f"{self.item} | Failure"

    def core(self) -> Core:
        return {"kind": "outcome", "item": self.item.core()}


@dataclass(frozen=True, slots=True)
class Pairs(Type):
    """What `enumerate`, `zip` and `entries` give: only a `for` with two names takes it."""

    first: Type
    second: Type

    def __str__(self) -> str:
        return f"pairs of {self.first} and {self.second}"


@dataclass(frozen=True, slots=True)
class Var(Type):
    """A type variable in the signature of a built-in."""

    name: str

    def __str__(self) -> str:
        return self.name


def base(type: Type) -> Type:
    """The type behind an alias."""
    while isinstance(type, Alias):
        type = type.info.type
    return type


def opened(type: Type) -> Type:
    """The type behind aliases, without saying which few of its values there are: what operators ask."""
    type = base(type)
    return type.of if isinstance(type, Literal) else type


def is_text(type: Type) -> bool:
    return opened(type) is TEXT


def is_number(type: Type) -> bool:
    """Whether JSON has its values as numbers."""
    return opened(type) in (INT, FLOAT, DURATION)


def is_amount(type: Type) -> bool:
    """Whether arithmetic takes it."""
    return is_number(type) or base(type) is DECIMAL


def is_ordered(type: Type) -> bool:
    """Whether `<` compares two values of the type."""
    return is_amount(type) or is_text(type) or base(type) in MOMENTS


def fits(source: Type, target: Type) -> bool:
    """Whether a value of `source` may stand where `target` is expected, without conversion."""
    if source is ERROR or target is ERROR or source == target:
        return True
    source, target = base(source), base(target)
    if source is ERROR or target is ERROR or source == target:
        return True
    match target:
        case Optional(item):
            inner = source.item if isinstance(source, Optional) else source
            return source is NONE or fits(inner, item)
        case Outcome(item):
            return source is FAILURE or fits(source.item if isinstance(source, Outcome) else source, item)
        case Literal(values):
            same = isinstance(source, Literal) and source.of is target.of
            return same and set(source.values) <= set(values)  # type: ignore[attr-defined]
        case List(item):
            return isinstance(source, List) and fits(source.item, item)
        case Map(key, value):
            return isinstance(source, Map) and fits(source.key, key) and fits(source.value, value)
        case Union(info):
            cases = info.cases.values()
            if isinstance(source, Union):
                return bool(source.info.cases) and all(case in cases for case in source.info.cases.values())
            return isinstance(source, Record) and source.info in cases
        case Scalar():
            few = isinstance(source, Literal) and source.of is target
            return few or (target is DISTRIBUTION and source is DELAYS)
    return False


def joined(types: Sequence[Type]) -> Type | None:
    """The least type that all fit, or None."""
    result: Type | None = None
    for type in types:
        result = type if result is None else _join(result, type)
        if result is None:
            return None
    return result


def _join(a: Type, b: Type) -> Type | None:
    if fits(a, b):
        return b if a is not ERROR else a
    if fits(b, a):
        return a
    if NONE in (a, b):
        other = a if b is NONE else b
        return other if isinstance(other, Optional) else Optional(other)
    if isinstance(a, Optional) or isinstance(b, Optional):
        inner = _join(a.item if isinstance(a, Optional) else a, b.item if isinstance(b, Optional) else b)
        return Optional(inner) if inner else None
    if isinstance(a, Literal) and isinstance(b, Literal) and a.of is b.of:
        return Literal((*a.values, *(v for v in b.values if v not in a.values)), a.of)
    if isinstance(a, List) and isinstance(b, List):
        inner = _join(a.item, b.item)
        return List(inner) if inner else None
    if isinstance(a, Record) and isinstance(b, Record):
        shared = [union for union in a.info.unions if union in b.info.unions]
        return Union(min(shared, key=lambda union: len(union.cases))) if shared else None
    numbers = {opened(a), opened(b)}
    if numbers in ({INT, FLOAT}, {INT, DECIMAL}):
        return FLOAT if FLOAT in numbers else DECIMAL
    return None


def widened(type: Type) -> Type:
    """The type of a `var` that starts with such a value: a literal text becomes Text."""
    match type:
        case Literal():
            return type.of
        case List(item):
            return List(widened(item))
        case Map(key, value):
            return Map(widened(key), widened(value))
        case Optional(item):
            return Optional(widened(item))
    return type

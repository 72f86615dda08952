"""`@dataclass` as in the standard library, for what every run imports: its methods are compiled on first use.

Defining eighty classes with the standard one takes longer than checking a thousand lines, and a run meets half of them.
Always slotted. That nothing frozen is changed is left to the type checker. `__match_args__`, defaults, inheritance and
`replace` are as they are there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


class Default:
    """What `field` leaves in a class body until the class is made."""

    __slots__ = ("factory",)

    def __init__(self, factory: Callable[[], Any]) -> None:
        self.factory = factory


def field(*, default_factory: Callable[[], T]) -> T:
    """A field whose default is made anew for each object."""
    return Default(default_factory)  # type: ignore[return-value]


@dataclass_transform(field_specifiers=(field,))
def dataclass(*, frozen: bool = False, slots: bool = True, eq: bool = True) -> Callable[[type[T]], type[T]]:
    """The class with slots for its annotations, `__init__`, `__repr__` and, where `eq`, comparison by value."""
    assert slots

    def decorate(cls: type[T]) -> type[T]:
        return _slotted(cls, frozen, eq)

    return decorate


def replace(of: T, **changes: Any) -> T:
    """A copy with some fields changed."""
    cls: Any = type(of)
    made: T = cls(**{name: getattr(of, name) for name in cls.__match_args__} | changes)
    return made


def _slotted(cls: type[T], frozen: bool, eq: bool) -> type[T]:
    body = dict(cls.__dict__)
    own = tuple(body.get("__annotations__", ()))
    inherited: dict[str, Any] = {}
    for base in reversed(cls.__mro__[1:]):
        inherited |= {name: base.__dict__["_defaults"].get(name) for name in base.__dict__.get("__match_args__", ())}
    defaults = {name: default for name, default in inherited.items() if default is not None}
    for name in own:
        if name in body:
            default = body.pop(name)
            defaults[name] = default if isinstance(default, Default) else (default,)
    fields = tuple(dict.fromkeys((*inherited, *own)))
    body |= {"__slots__": tuple(name for name in own if name not in inherited), "__match_args__": fields}
    body |= {"_defaults": defaults}
    body.pop("__dict__", None)
    body.pop("__weakref__", None)
    body.setdefault("__repr__", _repr)
    made: Any = _remade(cls, body)
    _lazily(made, "__init__", lambda: _init(fields, defaults))
    if eq and "__eq__" not in body:
        _lazily(made, "__eq__", lambda: _eq(fields))
        made.__hash__ = None
    if eq and frozen and "__hash__" not in body:
        _lazily(made, "__hash__", lambda: _hash(fields))
    return made  # type: ignore[no-any-return]


def _remade(cls: Any, body: dict[str, Any]) -> Any:
    return type(cls)(cls.__name__, cls.__bases__, body)


def _lazily(cls: Any, name: str, make: Callable[[], Any]) -> None:
    """Give the class a method that makes the real one when it is first called, and puts it in its own place."""

    def first(self: Any, *values: Any, **named: Any) -> Any:
        real = make()
        setattr(cls, name, real)
        return real(self, *values, **named)

    setattr(cls, name, first)


def _compiled(head: str, lines: list[str], **scope: Any) -> Any:
    exec("\n".join([f"def made({head}):", *(f" {line}" for line in lines)]), scope)  # made of field names only
    return scope["made"]


def _init(fields: tuple[str, ...], defaults: dict[str, Any]) -> Any:
    head, lines, scope = ["self"], [], dict[str, Any]()
    for name in fields:
        default = defaults.get(name)
        value = name
        if isinstance(default, Default):
            scope |= {f"_{name}": default, f"_make_{name}": default.factory}
            value = f"_make_{name}() if {name} is _{name} else {name}"
        elif default is not None:
            scope[f"_{name}"] = default[0]
        head.append(name if default is None else f"{name}=_{name}")
        lines.append(f"self.{name} = {value}")
    return _compiled(", ".join(head), lines or ["pass"], **scope)


def _eq(fields: tuple[str, ...]) -> Any:
    same = " and ".join(f"self.{name} == other.{name}" for name in fields) or "True"
    lines = ["if other.__class__ is not self.__class__: return NotImplemented", f"return {same}"]
    return _compiled("self, other", lines)


def _hash(fields: tuple[str, ...]) -> Any:
    return _compiled("self", [f"return hash(({''.join(f'self.{name}, ' for name in fields)}))"])


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({shown})"

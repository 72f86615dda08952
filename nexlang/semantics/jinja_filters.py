"""The filters and tests that prompts may use, with their types."""

from __future__ import annotations

from collections.abc import Callable

from nexlang.diagnostics.slotted import dataclass
from nexlang.semantics import types as t


@dataclass(frozen=True, slots=True)
class Filter:
    """What a filter takes before the bar, its arguments in order, and what it gives."""

    takes: Callable[[t.Type], bool]
    of: str
    gives: Callable[[t.Type], t.Type]
    args: tuple[tuple[str, t.Type], ...] = ()


def _is_list(type: t.Type) -> bool:
    return isinstance(type, t.List)


def is_plain(type: t.Type) -> bool:
    """Whether Jinja2 shows a value itself as the language does: not so lists, records, truths and none."""
    type = t.base(type)
    made_of = (t.List, t.Map, t.Table, t.Record, t.Union, t.World, t.Optional)
    return not isinstance(type, made_of) and type not in (t.BOOL, t.NONE, t.CALL, t.MESSAGE, t.FAILURE)


def _is_plain_list(type: t.Type) -> bool:
    return isinstance(type, t.List) and is_plain(type.item)


def is_text(type: t.Type) -> bool:
    return t.is_text(type) or isinstance(type, t.Enum)


def _is_sized(type: t.Type) -> bool:
    return is_text(type) or isinstance(type, (t.List, t.Map, t.Table))


def _is_number(type: t.Type) -> bool:
    return t.is_number(type)


def _is_int(type: t.Type) -> bool:
    return t.base(type) is t.INT


def _is_readable(type: t.Type) -> bool:
    return is_text(type) or t.is_number(type)


def _is_map(type: t.Type) -> bool:
    return isinstance(type, t.Map)


def _anything(type: t.Type) -> bool:
    return True


def _item(type: t.Type) -> t.Type:
    return t.Optional(type.item) if isinstance(type, t.List) else t.JSON


def _pairs(type: t.Type) -> t.Type:
    return t.Pairs(type.key, type.value) if isinstance(type, t.Map) else t.ERROR


def _text() -> Filter:
    return Filter(is_text, "a Text", lambda _: t.TEXT)


SIGNATURES: dict[str, Filter] = {
    "join": Filter(_is_plain_list, "a list of texts or numbers", lambda _: t.TEXT, (("d", t.TEXT),)),
    "length": Filter(_is_sized, "a Text, a list or a map", lambda _: t.INT),
    "upper": _text(),
    "lower": _text(),
    "trim": _text(),
    "round": Filter(_is_number, "a number", lambda _: t.FLOAT, (("precision", t.INT),)),
    "default": Filter(_anything, "", lambda type: type, (("default_value", t.ERROR), ("boolean", t.BOOL))),
    "tojson": Filter(_anything, "", lambda _: t.TEXT, (("indent", t.INT),)),
    "json": Filter(_anything, "", lambda _: t.TEXT),
    "first": Filter(_is_list, "a list", _item),
    "last": Filter(_is_list, "a list", _item),
    "sort": Filter(_is_plain_list, "a list of texts or numbers", lambda type: type, (("reverse", t.BOOL),)),
    "indent": Filter(is_text, "a Text", lambda _: t.TEXT, (("width", t.INT), ("first", t.BOOL))),
    "int": Filter(_is_readable, "a Text or a number", lambda _: t.INT, (("default", t.INT),)),
    "float": Filter(_is_readable, "a Text or a number", lambda _: t.FLOAT, (("default", t.FLOAT),)),
    "items": Filter(_is_map, "a map", _pairs),
}
FILTERS = tuple(SIGNATURES)
"""The filters that a prompt may use; the renderer has these and no others."""

TESTS: dict[str, Filter] = {
    "none": Filter(_anything, "", lambda _: t.BOOL),
    "even": Filter(_is_int, "an Int", lambda _: t.BOOL),
    "odd": Filter(_is_int, "an Int", lambda _: t.BOOL),
    "divisibleby": Filter(_is_int, "an Int", lambda _: t.BOOL, (("num", t.INT),)),
}
"""The tests that may stand after `is`, with what they take."""

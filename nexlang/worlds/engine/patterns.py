"""Regular expressions in bounded time: a pattern that could take exponential time is refused before it is used."""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants, _parser
from typing import Any

from nexlang.worlds.engine.failures import ToolFailure

TEXT_LIMIT = 20_000
"""Characters that a pattern is tried on; what is left after the refusals is at worst quadratic."""

_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)


class UnsafePattern(ValueError):
    """The pattern is no regular expression, or matching it may take too long."""


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern; raises `UnsafePattern`."""
    try:
        tree = _parser.parse(pattern)
    except (re.error, RecursionError, OverflowError) as problem:
        raise UnsafePattern(f"`{pattern}` is no regular expression: {problem}") from None
    _check(tree, inside_repeat=False)
    if _open_repeats(tree) > 3:
        raise UnsafePattern(f"`{pattern}` repeats without bound more than three times")
    return re.compile(pattern)


def whole_match(pattern: str, text: str) -> bool:
    """Whether the whole text matches."""
    if len(text) > TEXT_LIMIT:
        raise ToolFailure("A text is too long to be matched against a pattern", "out_of_fuel")
    return compiled(pattern).fullmatch(text) is not None


def _check(tree: Any, inside_repeat: bool) -> None:
    """Refuse what can match one text in many ways: ambiguous repeats of repeats or choices; and back references."""
    for op, argument in tree:
        if op in (_constants.GROUPREF, _constants.GROUPREF_EXISTS):
            raise UnsafePattern("a pattern may not refer back to a group")
        if op in _REPEATS:
            low, high, body = argument
            if inside_repeat and low != high and high > 1:
                raise UnsafePattern("a pattern may not repeat a part that itself repeats, unless a separator begins it")
            _check(body, (inside_repeat or high > 1) and not _begins_with_separator(body))
        elif op is _constants.BRANCH:
            if inside_repeat:
                raise UnsafePattern("a pattern may not repeat a choice between alternatives; use a character class")
            for branch in argument[1]:
                _check(branch, inside_repeat)
        elif op is _constants.SUBPATTERN:
            _check(argument[3], inside_repeat)
        elif op in (_constants.ASSERT, _constants.ASSERT_NOT):
            _check(argument[1], inside_repeat)


def _begins_with_separator(body: Any) -> bool:
    """Whether a body begins with a character that nothing after it can match: then its repeats are told apart."""
    items = list(body)
    while len(items) == 1 and items[0][0] is _constants.SUBPATTERN:
        items = list(items[0][1][3])
    if not items or items[0][0] is not _constants.LITERAL:
        return False
    character = chr(items[0][1])
    return not any(_may_match(item, character) for item in items[1:])


def _may_match(item: Any, character: str) -> bool:
    op, argument = item
    if op is _constants.LITERAL:
        return bool(argument == ord(character))
    if op is _constants.IN:
        negated = argument[0][0] is _constants.NEGATE
        return negated != any(_in_set(part, character) for part in argument[negated:])
    if op in _REPEATS:
        return any(_may_match(part, character) for part in argument[2])
    return True


def _in_set(part: Any, character: str) -> bool:
    op, argument = part
    if op is _constants.LITERAL:
        return bool(argument == ord(character))
    if op is _constants.RANGE:
        return bool(argument[0] <= ord(character) <= argument[1])
    return True


def _open_repeats(tree: Any) -> int:
    """How many repeats have no small bound: the degree of the polynomial that bounds the time."""
    total = 0
    for op, argument in tree:
        if op in _REPEATS:
            total += (argument[1] > 64 and argument[0] != argument[1]) + _open_repeats(argument[2])
        elif op is _constants.BRANCH:
            total += max(_open_repeats(branch) for branch in argument[1])
        elif op is _constants.SUBPATTERN:
            total += _open_repeats(argument[3])
    return total

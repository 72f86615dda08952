"""Regular expressions of a program: whether they are any, and whether matching them may take without end.

Python's matcher tries every way to split a text. Inside a repetition each step must therefore be decided by the next
character, which is what `problem` tests; outside, the cost is a power of the text's length and `affordable` bounds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")
_ALPHABET = [*map(chr, range(128)), "é", "ß", "Ж", "中", "\u2028", "٣"]
_CASELESS = re.compile(r"\(\?[a-zA-Z]*i")
_EVERY = frozenset(range(len(_ALPHABET)))
_COST = 1e8
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_ONE_CHARACTER = ("LITERAL", "NOT_LITERAL", "ANY", "IN")

Chars = frozenset[int]
Steps = list[tuple[Any, Any]]


@lru_cache(maxsize=1024)
def problem(pattern: str) -> str | None:
    """What is wrong with a pattern, or None."""
    try:
        re.compile(pattern)
        tree = list(_parser.parse(_folded(pattern)))
        if not all(_decided(body) for body in _repeated(tree)):
            return "a repetition in it can be split in many ways, which may take without end"
    except (re.error, OverflowError) as error:
        return str(error)
    except RecursionError:
        return "it is nested too deeply"
    return None


def _folded(pattern: str) -> str:
    """A pattern without regard to case, in small letters: for the analysis that is the same."""
    if not _CASELESS.search(pattern):
        return pattern
    return re.sub(r"\\.|[A-Z]", lambda found: found[0] if found[0][0] == "\\" else found[0].lower(), pattern)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> tuple[re.Pattern[str], int]:
    return re.compile(pattern), sum(1 for _ in _variable(list(_parser.parse(pattern))))


def fullmatch(pattern: str, text: str) -> bool | None:
    """Whether the whole text matches; None where the pattern is bad or the text too long to tell in time."""
    if problem(pattern) is not None:
        return None
    expression, repeats = _compiled(pattern)
    if (len(text) + 1.0) ** min(repeats, 30) > _COST and repeats > 1:
        return None
    return expression.fullmatch(text) is not None


# ---------------------------------------------------------------- the parsed pattern


def _children(op: str, value: Any) -> list[Steps]:
    if op in _REPEATS:
        return [list(value[2])]
    if op == "SUBPATTERN":
        return [list(value[3])]
    if op == "ATOMIC_GROUP":
        return [list(value)]
    if op == "BRANCH":
        return [list(option) for option in value[1]]
    if op in ("ASSERT", "ASSERT_NOT"):
        return [list(value[1])]
    if op == "GROUPREF_EXISTS":
        return [list(option) for option in value[1:] if option]
    return []


def _repeated(steps: Steps) -> Iterator[Steps]:
    """The bodies of the outermost repetitions."""
    for op, value in steps:
        if str(op) in _REPEATS and value[1] > 1:
            yield list(value[2])
        else:
            for child in _children(str(op), value):
                yield from _repeated(child)


def _variable(steps: Steps) -> Iterator[int]:
    """Each repetition without a small bound."""
    for op, value in steps:
        if str(op) in _REPEATS and value[1] - value[0] > 10:
            yield 1
        for child in _children(str(op), value):
            yield from _variable(child)


def _decided(body: Steps) -> bool:
    """Whether the next character always decides how a repetition of `body` goes on."""
    return not _nullable(body) and _follows(body, _first(body))


def _follows(steps: Steps, after: Chars) -> bool:
    for at, (op, value) in enumerate(steps):
        rest = steps[at + 1 :]
        following = _first(rest) | (after if _nullable(rest) else frozenset())
        if not _step_decided(str(op), value, following):
            return False
    return True


def _step_decided(op: str, value: Any, following: Chars) -> bool:
    if op in _REPEATS:
        body = list(value[2])
        if value[0] != value[1] and _first(body) & following:
            return False
        return not _nullable(body) and _follows(body, following | _first(body))
    if op == "BRANCH":
        return _branch_decided(_children(op, value), following)
    if op in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _follows(_children(op, value)[0], following)
    return op in _ONE_CHARACTER or op == "AT"


def _branch_decided(options: list[Steps], following: Chars) -> bool:
    seen: set[int] = set()
    for option in options:
        first = _first(option) | (following if _nullable(option) else frozenset())
        if seen & first or not _follows(option, following):
            return False
        seen |= first
    return True


def _nullable(steps: Steps) -> bool:
    return all(_may_be_empty(str(op), value) for op, value in steps)


def _may_be_empty(op: str, value: Any) -> bool:
    if op in _ONE_CHARACTER:
        return False
    if op in _REPEATS:
        return value[0] == 0 or _nullable(list(value[2]))
    if op in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _nullable(_children(op, value)[0])
    if op == "BRANCH":
        return any(_nullable(option) for option in _children(op, value))
    return True


def _first(steps: Steps) -> Chars:
    found: Chars = frozenset()
    for op, value in steps:
        found |= _first_of(str(op), value)
        if not _may_be_empty(str(op), value):
            break
    return found


def _first_of(op: str, value: Any) -> Chars:
    if op in _ONE_CHARACTER:
        return _characters(op, value)
    if op == "AT":
        return frozenset()
    children = _children(op, value)
    if not children or op in ("ASSERT", "ASSERT_NOT"):
        return _EVERY
    return frozenset().union(*(_first(child) for child in children))


def _characters(op: str, value: Any) -> Chars:
    """The characters of the alphabet that one step takes; what is outside of it stands as "é"."""
    if op == "ANY":
        return _EVERY
    if op == "LITERAL":
        return _matching(lambda c: ord(c) == value)
    if op == "NOT_LITERAL":
        return _EVERY - frozenset(i for i, c in enumerate(_ALPHABET) if ord(c) == value)
    negated = bool(value) and str(value[0][0]) == "NEGATE"
    items = value[1:] if negated else value
    taken: Chars = frozenset(i for i, c in enumerate(_ALPHABET) if any(_in_item(str(o), v, c) for o, v in items))
    return _EVERY - taken if negated else _matching(lambda c: any(_in_item(str(o), v, c) for o, v in items))


def _matching(test: Any) -> Chars:
    taken = frozenset(i for i, c in enumerate(_ALPHABET) if test(c))
    return taken or frozenset((_ALPHABET.index("é"),))


def _in_item(op: str, value: Any, character: str) -> bool:
    code = ord(character)
    if op == "LITERAL":
        return bool(code == value)
    if op == "RANGE":
        return bool(value[0] <= code <= value[1])
    return _CATEGORIES.get(str(value), re.compile("(?s:.)")).match(character) is not None


_CATEGORIES = {
    "CATEGORY_DIGIT": re.compile(r"\d"),
    "CATEGORY_NOT_DIGIT": re.compile(r"\D"),
    "CATEGORY_SPACE": re.compile(r"\s"),
    "CATEGORY_NOT_SPACE": re.compile(r"\S"),
    "CATEGORY_WORD": re.compile(r"\w"),
    "CATEGORY_NOT_WORD": re.compile(r"\W"),
}

"""How two values differ, in words: for the reports of tests."""

from __future__ import annotations

import difflib
import json
from typing import Any

from nexlang.worlds.engine.codecs import json_text, plain
from nexlang.worlds.engine.state import World

_SHORT = 100
_LINES = 24


def compared(left: object, right: object, first: str = "the left side", second: str = "the right side") -> str:
    """Both sides, or line by line what differs where they are long: `-` stands before lines of the second only."""
    if isinstance(left, World) and isinstance(right, World):
        return "\n".join(world_changes(right, left))
    texts = (_text(left), _text(right))
    if all(len(text) <= _SHORT and "\n" not in text for text in texts):
        width = max(len(first), len(second))
        return f"{first.ljust(width)} is {texts[0]}\n{second.ljust(width)} is {texts[1]}"
    lines = list(difflib.unified_diff(_lines(right), _lines(left), second, first, n=2, lineterm=""))
    cut = [f"… {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
    return "\n".join([*lines[:_LINES], *cut])


def world_changes(before: World, now: World, most: int = 12) -> list[str]:
    """One line for each field, row or slot that is not as it was: `orders["#W1"].status: "pending" → "cancelled"`."""
    old = {_path(change["path"]): change for change in before.diff(now)}
    new = {_path(change["path"]): change for change in now.diff(before)}
    lines = [f"{path}: {_side(old.get(path))} → {_side(new.get(path))}" for path in {**new, **old}]
    return [*lines[:most], f"… {len(lines) - most} more changes"] if len(lines) > most else lines


def brief(value: object, most: int = 200) -> str:
    """A value in a report, cut where it is long."""
    text = _text(value)
    return text if len(text) <= most else text[: most - 1] + "…"


def _side(change: dict[str, Any] | None) -> str:
    if change is None or change.get("removed"):
        return "not there"
    return brief(change["value"], _SHORT)


def _path(path: list[Any]) -> str:
    """`slot["key"].field`: what follows a table's name is a key."""
    shown = str(path[0])
    for part in path[1:]:
        shown += f".{part}" if isinstance(part, str) and part.isidentifier() and "[" in shown else f"[{_key(part)}]"
    return shown


def _key(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False)


def _text(value: object) -> str:
    return "a world" if isinstance(value, World) else json_text(value)


def _lines(value: object) -> list[str]:
    if isinstance(value, str):
        return value.splitlines()
    if isinstance(value, World):
        value = value.encode()
    return json.dumps(plain(value), indent=2, ensure_ascii=False, default=str).splitlines()

"""Text to tree and back: `parse`, `text_parts` for templates, `format`; the tree's classes are in `nodes`.

Nothing here raises for a mistake of the user's: mistakes are diagnostics beside the tree that could be made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nexlang.syntax.damage import Damage
from nexlang.syntax.parse import Parsed, parse
from nexlang.syntax.templates import text_parts
from nexlang.syntax.texts import dedent, unescape
from nexlang.syntax.walk import children, walk

if TYPE_CHECKING:
    from nexlang.syntax.formatting import CannotFormat as CannotFormat
    from nexlang.syntax.formatting import format as format

__all__ = [
    "CannotFormat",
    "Damage",
    "Parsed",
    "children",
    "dedent",
    "format",
    "parse",
    "text_parts",
    "unescape",
    "walk",
]


def __getattr__(name: str) -> Any:
    """The formatter is loaded when it is first used: checking a program needs none."""
    if name not in ("CannotFormat", "format"):
        raise AttributeError(f"module 'nexlang.syntax' has no attribute {name!r}")
    from nexlang.syntax import formatting

    return getattr(formatting, name)

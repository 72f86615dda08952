"""Text to tree and back: `parse`, `text_parts` for templates, `format`; the tree's classes are in `nodes`.

Nothing here raises for a mistake of the user's: mistakes are diagnostics beside the tree that could be made.
"""

from nexlang.syntax.formatting import CannotFormat, format
from nexlang.syntax.parse import Damage, Parsed, parse
from nexlang.syntax.templates import text_parts
from nexlang.syntax.texts import dedent, unescape
from nexlang.syntax.walk import children, walk

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

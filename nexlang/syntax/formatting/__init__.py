"""The formatter: tree to text, comments kept.

One class a layer: `page` for lines and comments, `expressions`, `statements`, `declarations`; `partial` for files with
mistakes and for some lines only.

A construct stays on one line where it was written so and fits; else it is broken in one fixed way. Formatting changes
no tree, and formatting twice changes nothing.
"""

from nexlang.syntax.formatting.declarations import CannotFormat, format, format_module
from nexlang.syntax.formatting.partial import format_lines, format_readable

__all__ = ["CannotFormat", "format", "format_lines", "format_module", "format_readable"]

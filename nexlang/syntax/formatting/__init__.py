"""The formatter: tree to text, comments kept.

One class a layer: `page` for lines and comments, `expressions`, `statements`, `declarations`.

A construct stays on one line where it was written so and fits; else it is broken in one fixed way. Formatting changes
no tree, and formatting twice changes nothing.
"""

from nexlang.syntax.formatting.declarations import CannotFormat, format, format_module

__all__ = ["CannotFormat", "format", "format_module"]

"""From the checked program's core form to the program as data: the one place where the two meet."""

from nexlang.lower.lowering import lower

__all__ = ["lower"]

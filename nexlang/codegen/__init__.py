"""IR to Python: a package of readable, formatted, typed modules."""

from nexlang.codegen.generate import generate

__all__ = ["generate"]

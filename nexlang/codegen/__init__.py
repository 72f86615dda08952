"""IR to Python: a package of readable, formatted, typed modules."""

from nexlang.codegen.generate import generate
from nexlang.codegen.names import package_name

__all__ = ["generate", "package_name"]

"""nexlang: agents, the worlds they act in, and the runs that train them, in one checked language.

`nexlang.compile(paths)` is the one way in for a program; everything after it works from a bundle.
Importing this package loads nothing else: names are looked up when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nexlang.compiler import Compilation as Compilation
    from nexlang.compiler import compile as compile

__version__ = "0.1.0"
__all__ = ["Compilation", "__version__", "compile"]


def __getattr__(name: str) -> Any:
    if name not in ("Compilation", "compile"):
        raise AttributeError(f"module 'nexlang' has no attribute {name!r}")
    from nexlang import compiler

    return getattr(compiler, name)

"""The imports of a generated module, in the order and layout that a linter asks for."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from nexlang.codegen.layout import WIDTH


def sections(uses: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Lines of `from … import …`: Python's own modules, ours, the package's."""
    by_module: dict[str, set[str]] = {}
    for module, name in uses:
        by_module.setdefault(module, set()).add(name)
    groups: list[list[str]] = [[], [], []]
    for module in sorted(by_module, key=lambda name: (_section(name), name)):
        groups[_section(module)] += _line(module, sorted(by_module[module], key=_order))
    return [group for group in groups if group]


def _section(module: str) -> int:
    if module.startswith("."):
        return 2
    return 0 if module.partition(".")[0] in sys.stdlib_module_names else 1


def _order(name: str) -> tuple[int, list[tuple[int, int, str]], str]:
    """Constants, classes, functions; without case, numbers in names by value."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    parts = re.findall(r"[0-9]+|[^0-9]+", name.lower())
    return kind, [(0, int(part), part) if part.isdigit() else (1, 0, part) for part in parts], name


def _line(module: str, names: list[str]) -> list[str]:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"from {module} import (", *(f"    {name}," for name in names), ")"]

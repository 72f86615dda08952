"""Small programs for tests, and the types of what they declare."""

from __future__ import annotations

from pathlib import Path

from nexlang.compiler import Compilation, compile
from nexlang.semantics import symbols as s
from nexlang.semantics import types as t


def checked(text: str, folder: Path) -> Compilation:
    path = folder / "main.nex"
    path.write_text(text, encoding="utf-8")
    return compile(path)


def codes(text: str, folder: Path) -> list[str]:
    return [diagnostic.code for diagnostic in checked(text, folder).diagnostics]


def marked(text: str, folder: Path) -> list[tuple[str, str]]:
    """(code, the text that is marked) of each diagnostic."""
    found = checked(text, folder).diagnostics
    return [(d.code, text[d.span.start : d.span.end]) for d in found]


def type_of(compilation: Compilation, name: str) -> t.Type:
    """The type that a program declares under a name."""
    made: dict[type[s.Info], type[t.Type]] = {
        s.RecordInfo: t.Record,
        s.EnumInfo: t.Enum,
        s.UnionInfo: t.Union,
        s.AliasInfo: t.Alias,
        s.WorldInfo: t.World,
    }
    for module in compilation.checked.modules.values():
        info = module.declared.get(name)
        if info is not None:
            return made[type(info)](info)  # type: ignore[call-arg]
    raise KeyError(name)

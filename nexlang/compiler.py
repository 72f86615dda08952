"""The one way from source to program: the command line, the synthesiser, the tests all compile through here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nexlang.collector import collector_paused
from nexlang.diagnostics import Diagnostic, Source
from nexlang.diagnostics.codes_syntax import UNREADABLE
from nexlang.diagnostics.model import Span
from nexlang.semantics.modules import Loader
from nexlang.semantics.program import Program as Checked

if TYPE_CHECKING:
    from nexlang.ir.model import Program


class CompileError(ValueError):
    """A program was asked for whose sources have errors; `diagnostics` says which."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        errors = [d for d in diagnostics if d.severity == "error"]
        super().__init__(f"{len(errors)} errors, the first: {errors[0].message}" if errors else "no program")
        self.diagnostics = diagnostics


class Compilation:
    """What compiling gave. `sources` are all files that a diagnostic may point into, by the path it names."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._checked = Checked(loader)
        self.diagnostics = [found for found in self._checked.diagnostics() if not loader.damage.echoes(found)]
        self.sources: dict[str, Source] = {**loader.sources, **self._checked.extra}

    @property
    def loader(self) -> Loader:
        """The files of the program, and what was asked about them."""
        return self._loader

    @property
    def ok(self) -> bool:
        """Whether there are no errors; warnings do not count."""
        return not any(d.severity == "error" for d in self.diagnostics)

    @property
    def data(self) -> dict[str, bytes]:
        """The data files that the program names, by their path inside a bundle's `data/`."""
        return dict(self._checked.files)

    @property
    def checked(self) -> Checked:
        """The checked declarations, for tools that explain a program."""
        return self._checked

    @cached_property
    def program(self) -> Program:
        """The program as data. Raises CompileError where there are errors or not exactly one root file."""
        if not self.ok or not self._loader.roots:
            raise CompileError(self.diagnostics)
        from nexlang.lower import lower

        root = self._loader.roots[0]
        return lower(self._checked.core(program_name(Path(root.source.path)), root))


def program_name(path: Path) -> str:
    """The Python package's name for a file: its stem as an identifier."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", path.stem).lower()
    return name if name[:1].isalpha() else f"nex_{name}"


def compile(paths: str | Path | Iterable[str | Path], texts: dict[str, str] | None = None) -> Compilation:
    """Check files and folders (all `.nex` below them) together with what they use.

    `texts` gives the text of some files in place of what is on disk, by path: what an editor holds.
    """
    named = [paths] if isinstance(paths, str | Path) else list(paths)
    loader = Loader(texts={str(Path(path).resolve()): text for path, text in (texts or {}).items()})
    with collector_paused():
        for path in named:
            for file in _files(Path(path), loader):
                loader.root(file)
        return Compilation(loader)


def _files(path: Path, loader: Loader) -> list[Path]:
    if loader.disk.kind(path) != "folder":
        return [path]
    found = sorted(
        p
        for p in loader.disk.names(path, "**/*.nex")
        if not any(part.startswith(".") for part in p.parts[len(path.parts) :])
    )
    if not found:
        loader.diagnostics.append(
            UNREADABLE.at(Span(str(path), 0, 0), path=path, reason="the folder holds no .nex file")
        )
    return found

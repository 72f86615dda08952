"""From a path on the command line to a program: a .nex file is compiled in memory, anything else is a bundle."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from nexlang.cli import Mistakes, Refused
from nexlang.cli.common import failed, show

if TYPE_CHECKING:
    from nexlang.bundle import Bundle
    from nexlang.compiler import Compilation
    from nexlang.ir.model import Program

SOURCE = ".nex"


def compiled(path: Path) -> Compilation:
    """One file, checked; its warnings are shown. Raises `Mistakes` where it has errors."""
    import nexlang

    if path.is_dir():
        raise Refused(f"{path} is a folder: name the file whose program is meant")
    done = nexlang.compile([path])
    if failed(done.diagnostics):
        raise Mistakes(done.diagnostics, done.sources)
    if done.diagnostics:
        show(done.diagnostics, done.sources, sys.stderr)
    return done


def opened(path: Path) -> Bundle:
    """The bundle at a path, verified, or the one that a .nex file compiles to."""
    from nexlang.bundle import bundle_of, open_bundle

    if path.suffix != SOURCE:
        return open_bundle(path)
    done = compiled(path)
    return bundle_of(done.program, done.data, path)


def program_at(path: Path) -> Program:
    """The program of a .nex file, or of a bundle."""
    return compiled(path).program if path.suffix == SOURCE else opened(path).program


@contextmanager
def on_disk(path: Path) -> Iterator[Path]:
    """A path under which other processes find the bundle: its own, or a temporary one for a .nex file."""
    if path.suffix != SOURCE:
        yield path
        return
    from nexlang.bundle import write_bundle

    done = compiled(path)
    with TemporaryDirectory() as folder:
        yield write_bundle(done.program, done.data, Path(folder) / done.program.name)

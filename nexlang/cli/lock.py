"""`nexc lock` and `nexc fetch`: the packages of a project, pinned by their content and brought here."""

from __future__ import annotations

from pathlib import Path

import typer

from nexlang.cli import Refused
from nexlang.cli.common import counted, note

FOLDER = typer.Argument(Path("."), help="The project's folder, or one below it.")


def command(
    folder: Path = FOLDER,
    check: bool = typer.Option(False, "--check", help="Write nothing; fail where the lock is not up to date."),
) -> int:
    """Write nex.lock: what nex.toml names, with the hash of every file from git."""
    from nexlang.diagnostics.codes_run import OLD_LOCK, said
    from nexlang.packages.fetching import Unfetched, make_lock
    from nexlang.packages.model import LOCK

    root = project(folder)
    try:
        text = make_lock(root, note).text()
    except Unfetched as problem:
        raise refused(problem) from None
    path = root / LOCK
    same = path.is_file() and path.read_text(encoding="utf-8") == text
    if check and not same:
        raise Refused(said(OLD_LOCK, path=path))
    if not same:
        path.write_text(text, encoding="utf-8")
    note(f"{path} is up to date" if same else f"{path} written")
    return 0


def fetched(folder: Path = FOLDER) -> int:
    """Bring here the packages from git that nex.lock pins, and hold them to their hashes."""
    from nexlang.diagnostics.codes_run import OLD_LOCK, said
    from nexlang.packages.fetching import Unfetched, fetch
    from nexlang.packages.lock import read_lock
    from nexlang.packages.model import LOCK

    root = project(folder)
    lock = read_lock(root)
    if lock is None:
        raise Refused(said(OLD_LOCK, path=root / LOCK))
    try:
        count = fetch(root, lock, note)
    except Unfetched as problem:
        raise refused(problem) from None
    note(f"{counted(len(lock.packages), 'package')} from git, {count} fetched")
    return 0


def project(folder: Path) -> Path:
    """The nearest folder at or above this one that has a `nex.toml`."""
    from nexlang.diagnostics.codes_run import NO_MANIFEST, said
    from nexlang.packages.model import MANIFEST

    start = folder.resolve()
    for each in (start, *start.parents):
        if (each / MANIFEST).is_file():
            return each
    raise Refused(said(NO_MANIFEST, folder=folder))


def refused(problem: Exception) -> Refused:
    from nexlang.diagnostics.codes_run import NOT_FETCHED, said

    return Refused(said(NOT_FETCHED, reason=problem))

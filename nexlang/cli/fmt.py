"""`nexc fmt`: the one layout. A file that cannot be read as a program is left as it is and reported."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from nexlang.cli.common import counted, nex_files, note, out, show

if TYPE_CHECKING:
    import typer


def command(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders with .nex files in them.")],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; name the files that would change.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
) -> int:
    """Format programs in place. With --check or --diff, exit code 1 says that something would change."""
    files = nex_files(paths)
    broken = changed = 0
    for path in files:
        done = formatted(path)
        if done is None:
            broken += 1
            continue
        before, after = done
        if before == after:
            continue
        changed += 1
        if diff:
            out("".join(difference(path, before.decode("utf-8-sig"), after.decode())))
        elif check:
            out(f"{path} would change")
        else:
            replace(path, after)
    note(report(len(files), changed, broken, dry=check or diff))
    return int(bool(broken or ((check or diff) and changed)))


def formatted(path: Path) -> tuple[bytes, bytes] | None:
    """The bytes of a file as they are and as they should be; None for a file that has been reported."""
    from nexlang.diagnostics import Diagnostic
    from nexlang.diagnostics.loading import load
    from nexlang.syntax import format, parse

    source = load(path)
    if isinstance(source, Diagnostic):
        show([source], {}, sys.stderr)
        return None
    mistakes = parse(source).diagnostics
    if mistakes:
        show(mistakes, {source.path: source}, sys.stderr)
        return None
    return path.read_bytes(), format(source).encode()


def difference(path: Path, before: str, after: str) -> Iterator[str]:
    from difflib import unified_diff

    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    yield from unified_diff(*lines, fromfile=str(path), tofile=f"{path} (formatted)")


def replace(path: Path, data: bytes) -> None:
    """The whole file or nothing: a new file takes the old one's place, through a link if it is one."""
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(data)
        beside.chmod(target.stat().st_mode)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def report(files: int, changed: int, broken: int, dry: bool) -> str:
    parts = [f"{counted(changed, 'file')} {'would change' if dry else 'changed'}"]
    parts.append(f"{files - changed - broken:,} left as they are" if files - changed - broken else "")
    parts.append(f"{counted(broken, 'file')} not formatted: mistakes above" if broken else "")
    return ", ".join(part for part in parts if part)

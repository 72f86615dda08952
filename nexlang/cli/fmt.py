"""`nexc fmt`: the one layout. What cannot be read as a program is left as it is and reported."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from nexlang.cli import Refused
from nexlang.cli.common import counted, nex_files, note, out, show

if TYPE_CHECKING:
    import typer

    from nexlang.diagnostics import Diagnostic, Source

STDIN = "-"
RANGE = re.compile(r"(\d+)(?:-(\d+))?")
Lines = tuple[int, int]


class Formatted(NamedTuple):
    """A file's bytes as they are and as they should be; `broken` where mistakes keep part of it as it is."""

    before: bytes
    after: bytes
    broken: bool


def command(
    paths: Annotated[
        list[Path], typer.Argument(help="Files, or folders with .nex files in them; `-` for standard input.")
    ],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; name the files that would change.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
    lines: Annotated[str, typer.Option("--lines", metavar="A-B", help="Of one file, only these lines.")] = "",
) -> int:
    """Format programs in place, standard input to standard output. Exit code 1: mistakes, or --check finds changes."""
    span = line_range(lines, paths) if lines else None
    if Path(STDIN) in paths:
        return through(paths, check, diff, span)
    files = nex_files(paths)
    broken = changed = unread = 0
    for path in files:
        done = formatted(path, span)
        if done is None:
            unread += 1
            continue
        broken += done.broken
        if done.before == done.after:
            continue
        changed += 1
        if diff or check:
            tell(str(path), done, diff)
        else:
            replace(path, done.after)
    note(report(len(files) - unread, changed, broken, unread, dry=check or diff))
    return int(bool(broken or unread or ((check or diff) and changed)))


def line_range(written: str, paths: list[Path]) -> Lines:
    """`7-12`, or `7` for one line."""
    found = RANGE.fullmatch(written)
    if found is None:
        raise Refused(f"--lines takes a range of lines such as 7-12, not `{written}`")
    if len(paths) != 1 or paths[0].is_dir():
        raise Refused("--lines is for one file")
    first, last = int(found[1]), int(found[2] or found[1])
    if not 1 <= first <= last:
        raise Refused(f"--lines {written}: lines count from 1, and a range ends where it begins or later")
    return first, last


def through(paths: list[Path], check: bool, diff: bool, span: Lines | None) -> int:
    """Standard input, formatted, to standard output; with mistakes as far as it can be read."""
    from nexlang.diagnostics import Diagnostic
    from nexlang.diagnostics.loading import decode

    if len(paths) > 1:
        raise Refused("`-` is for standard input alone")
    data = sys.stdin.buffer.read()
    source = decode(data, "<stdin>")
    if isinstance(source, Diagnostic):
        return mistaken([source], {})
    done = laid_out(source, data, span)
    if not (check or diff):
        sys.stdout.write(done.after.decode())
    elif done.before != done.after:
        tell("<stdin>", done, diff)
    return int(done.broken or ((check or diff) and done.before != done.after))


def formatted(path: Path, span: Lines | None) -> Formatted | None:
    """What becomes of a file; None for one that cannot be read, which has been reported."""
    from nexlang.diagnostics import Diagnostic
    from nexlang.diagnostics.loading import load

    source = load(path)
    if isinstance(source, Diagnostic):
        mistaken([source], {})
        return None
    return laid_out(source, path.read_bytes(), span)


def laid_out(source: Source, before: bytes, span: Lines | None) -> Formatted:
    from nexlang.syntax.formatting import format_lines, format_readable

    after, mistakes = format_lines(source, *span) if span else format_readable(source)
    if mistakes:
        mistaken(mistakes, {source.path: source})
    return Formatted(before, after.encode(), bool(mistakes))


def mistaken(found: list[Diagnostic], sources: dict[str, Source]) -> int:
    show(found, sources, sys.stderr)
    return 1


def tell(name: str, done: Formatted, diff: bool) -> None:
    if diff:
        out("".join(difference(name, done.before.decode("utf-8-sig"), done.after.decode())))
    else:
        out(f"{name} would change")


def difference(name: str, before: str, after: str) -> Iterator[str]:
    from difflib import unified_diff

    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for line in unified_diff(*lines, fromfile=name, tofile=f"{name} (formatted)"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


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


def report(files: int, changed: int, broken: int, unread: int, dry: bool) -> str:
    parts = [f"{counted(changed, 'file')} {'would change' if dry else 'changed'}"]
    parts.append(f"{files - changed:,} left as they are" if files - changed else "")
    parts.append(f"{counted(broken, 'file')} not formatted where the mistakes are" if broken else "")
    parts.append(f"{counted(unread, 'file')} not read" if unread else "")
    return ", ".join(part for part in parts if part)

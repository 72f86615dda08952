"""What must hold of any text: an answer in time, no crash, a formatter that loses nothing, code that imports."""

from __future__ import annotations

import faulthandler
import random
import time
from pathlib import Path

import nexlang
from nexlang.bundle import bundle_of
from nexlang.compiler import Compilation
from nexlang.diagnostics import Source, render_json, render_text
from nexlang.disk import digest
from nexlang.syntax import format, parse
from nexlang.syntax.formatting import format_lines, format_readable
from nexlang.syntax.nodes import Module, Node

SLOWEST = 2.0
FILE = "fuzzed.nex"


class Broken(AssertionError):
    """A promise that does not hold for a text; the text is in the message."""

    def __init__(self, what: str, text: str) -> None:
        super().__init__(f"{what}\n---- for this program ----\n{text}")
        self.text = text


def hold(text: str, rng: random.Random) -> Compilation:
    """Hold the compiler and the formatter to their promises for one text."""
    faulthandler.dump_traceback_later(10 * SLOWEST, exit=True)  # says where it hangs
    try:
        found = checked(text)
        formatted(text, rng)
        if found.ok:
            imported(text, found)
    finally:
        faulthandler.cancel_dump_traceback_later()
    return found


def checked(text: str) -> Compilation:
    start = time.process_time()
    try:
        found = nexlang.compile(FILE, {FILE: text})
        render_text(found.diagnostics, found.sources)
        render_json(found.diagnostics, found.sources)
    except Exception as error:
        raise Broken(f"the check raises {error!r}", text) from error
    taken = time.process_time() - start
    if taken > SLOWEST:
        raise Broken(f"the check takes {taken:.1f} s", text)
    for each in found.diagnostics:
        if not 0 <= each.span.start <= each.span.end <= len(text):
            raise Broken(f"{each.code} points outside of the file", text)
    return found


def formatted(text: str, rng: random.Random) -> None:
    source = Source(FILE, text)
    parsed = parse(source)
    first = rng.randint(1, text.count("\n") + 1)
    try:
        some, _ = format_lines(source, first, first + rng.randrange(5))
        once, mistakes = format_readable(source)
        if format_readable(Source(FILE, once))[0] != once:
            raise Broken(f"formatting twice is not formatting once:\n{once}", text)
    except Broken:
        raise
    except Exception as error:
        raise Broken(f"the formatter raises {error!r}", text) from error
    if mistakes:
        return
    for each in (once, some):
        after = parse(Source(FILE, each))
        if after.diagnostics != [] and not parsed.diagnostics:
            raise Broken(f"formatted, it does not parse:\n{each}", text)
        if not same(parsed.module, after.module):
            raise Broken(f"formatting makes another program of it:\n{each}", text)
        before, now = (sorted(comment.text for comment in m.comments) for m in (parsed.module, after.module))
        if before != now:
            raise Broken(f"formatting loses comments:\n{each}", text)
    if format(source) != once:
        raise Broken("two ways of formatting differ", text)


def imported(text: str, found: Compilation) -> None:
    try:
        bundle_of(found.program, found.data).package  # noqa: B018
    except Exception as error:
        raise Broken(f"an accepted program's code does not import: {error!r}", text) from error


def same(a: object, b: object) -> bool:
    """Whether two trees are equal but for places and comments."""
    if type(a) is not type(b):
        return False
    if isinstance(a, Node):
        skipped = ("start", "end", "comments") if isinstance(a, Module) else ("start", "end")
        names = [name for name in type(a).__match_args__ if name not in skipped]
        return all(same(getattr(a, name), getattr(b, name)) for name in names)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def kept(text: str, folder: Path) -> Path:
    """Write a text that broke something where it can be looked at."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{digest(text.encode(errors='surrogatepass'))[:12]}.nex"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    return path

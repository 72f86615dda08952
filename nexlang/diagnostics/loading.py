"""Reading a source file: its text, or the one diagnostic that says why not."""

from __future__ import annotations

from pathlib import Path

from nexlang.diagnostics import codes_syntax as codes
from nexlang.diagnostics.model import Diagnostic, Span
from nexlang.diagnostics.sources import Source
from nexlang.disk import Disk

MAX_BYTES = 4 * 1024 * 1024


def load(path: str | Path, shown: str | None = None, disk: Disk | None = None) -> Source | Diagnostic:
    """The file at `path`, called `shown` in messages. Line ends become `\\n` and a byte order mark is dropped."""
    name = shown or str(path)
    here = Span(name, 0, 0)
    disk = disk or Disk()
    try:
        kind = disk.kind(path)
        if kind == "folder":
            return codes.IS_DIRECTORY.at(here, path=name)
        if kind == "other":
            return codes.UNREADABLE.at(here, path=name, reason="it is not a regular file")
        data = disk.read(path, MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        return codes.UNREADABLE.at(here, path=name, reason=_reason(error))
    if len(data) > MAX_BYTES:
        return codes.TOO_LARGE.at(here, path=name, limit=MAX_BYTES // 1024 // 1024)
    return decode(data, name)


def decode(data: bytes, name: str) -> Source | Diagnostic:
    """The source that bytes hold, in UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        guess = "it looks like UTF-16" if utf16 else f"line {line} holds the byte 0x{data[error.start]:02x}"
        return codes.NOT_UTF8.at(Span(name, 0, 0), path=name, guess=guess)
    return Source(name, text.replace("\r\n", "\n").replace("\r", "\n"))


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)

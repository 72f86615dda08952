"""Entries on disk: one file a program, written whole or not at all, and passed over where anything in it is odd."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from nexlang import __version__
from nexlang.disk import digest

MOST_ENTRIES = 200
# The folders whose files decide what a check finds: all that it may import, and what it reads.
ROOMS = ("", "cache", "diagnostics", "grammar", "ir", "packages", "semantics", "stdlib", "stdlib/kits", "syntax")
FORMAT = 1


def default_folder() -> Path | None:
    """Where entries are kept: NEXLANG_CACHE, else the system's folder for what can be made again, if there is one."""
    named = os.environ.get("NEXLANG_CACHE")
    if named:
        return Path(named)
    try:
        return _users_folder() / "nexlang"
    except RuntimeError:
        return None  # nobody's home


def _users_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def compiler() -> str:
    """What this compiler is: its version, its files' times and sizes, and the Python that runs it."""
    top = Path(__file__).parent.parent
    parts = [f"{FORMAT} {__version__} {sys.version}"]
    for room in ROOMS:
        parts += sorted(_stamps(f"{top}/{room}"))
    return digest("\n".join(parts).encode())


def _stamps(folder: str) -> Iterator[str]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((".py", ".nex", ".lark")):
                known = entry.stat()
                yield f"{folder}/{entry.name} {known.st_size} {known.st_mtime_ns}"


def _here() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""  # a folder that is gone: then all paths are absolute


class Store:
    """The entry of one set of paths, as they were written in one folder."""

    def __init__(self, folder: Path, paths: list[Path]) -> None:
        key = json.dumps([compiler(), _here(), [str(path) for path in paths]])
        self.folder = folder
        self.path = folder / f"{digest(key.encode('utf-8', 'surrogateescape'))}.json"

    def load(self) -> dict[str, Any] | None:
        """The entry; None where there is none, or where it is not as it was written."""
        try:
            head, _, body = self.path.read_bytes().partition(b"\n")
            if head.decode() != digest(body):
                return None
            entry: dict[str, Any] = json.loads(body)
        except (OSError, ValueError):
            return None
        return entry

    def save(self, entry: dict[str, Any]) -> None:
        """Keep an entry. Where that cannot be done, as in a folder that may not be written, the next check is anew."""
        body = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}.tmp")
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                beside.write_bytes(b"%s\n%s" % (digest(body).encode(), body))
                beside.replace(self.path)
            finally:
                beside.unlink(missing_ok=True)
            self.prune()

    def prune(self) -> None:
        """Remove the entries written longest ago once there are too many."""
        with os.scandir(self.folder) as entries:
            found = [entry for entry in entries if entry.name.endswith((".json", ".tmp"))]
        if len(found) > MOST_ENTRIES:
            found.sort(key=lambda entry: entry.stat().st_mtime)
            for entry in found[: len(found) - MOST_ENTRIES // 2]:
                with suppress(OSError):
                    os.unlink(entry.path)

"""What a check sees of the file system. Each question is kept with its answer, so that a cache can ask again.

Everything that decides about a program's files asks here: a file that is not looked at through a `Disk` could change
without a cached answer noticing it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

try:
    from _blake2 import blake2b  # hashlib brings in OpenSSL, which takes a tenth of a warm check to load
except ImportError:
    from hashlib import blake2b


READ, KIND, NAMES, REAL = "read", "kind", "names", "real"
Question = tuple[str, str, str]


def digest(data: bytes, size: int = 16) -> str:
    return blake2b(data, digest_size=size).hexdigest()


class Disk:
    """`seen` is what was answered to each question; `contents` are the bytes of the files that were read."""

    def __init__(self) -> None:
        self.seen: dict[Question, str] = {}
        self.contents: dict[str, bytes] = {}

    def read(self, path: str | Path, most: int = -1) -> bytes:
        """The first bytes of a file, at most so many. Raises OSError and ValueError as `open` does."""
        question = (READ, str(path), str(most))
        try:
            with open(path, "rb") as file:
                data = file.read(most)
        except (OSError, ValueError) as error:
            self.seen[question] = f"{type(error).__name__} {error}"
            raise
        self.contents[str(path)] = data
        self.seen[question] = digest(data)
        return data

    def kind(self, path: str | Path) -> str:
        """`file`, `folder`, `none` where there is nothing, else `other`; links are followed."""
        answer = self.seen[KIND, str(path), ""] = _kind(path)
        return answer

    def names(self, folder: str | Path, pattern: str) -> list[Path]:
        """What is below a folder and matches a glob pattern, in order of name."""
        found = sorted(Path(folder).glob(pattern))
        self.seen[NAMES, str(folder), pattern] = digest("\0".join(map(str, found)).encode("utf-8", "surrogateescape"))
        return found

    def real(self, path: str | Path) -> Path:
        """The path without links and `..`. Raises OSError and RuntimeError for links in a circle."""
        found = Path(path).resolve()
        self.seen[REAL, str(path), ""] = str(found)
        return found

    def changed(self, seen: dict[Question, str]) -> Iterator[Question]:
        """The questions whose answers are not the same any more; asking them fills this disk."""
        for question, answer in seen.items():
            if self.ask(question) != answer:
                yield question

    def ask(self, question: Question) -> str:
        """The answer as `seen` keeps it."""
        what, path, more = question
        try:
            if what == READ:
                self.read(path, int(more))
            elif what == KIND:
                self.kind(path)
            elif what == NAMES:
                self.names(path, more)
            else:
                self.real(path)
        except (OSError, ValueError, RuntimeError):
            return self.seen.get(question, "")
        return self.seen[question]


def _kind(path: str | Path) -> str:
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return "none"
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"

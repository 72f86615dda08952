"""What is run in a sandbox, how far it may go, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

FOLDER = "/work"
"""Where the command runs: it holds the files, and may be written to."""
ROOM = 64 << 20
"""Bytes that the folder, and /tmp beside it, may hold."""
FILES = 500
"""Files that one command is given at most."""
_UNITS = {"KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}


class NoSandbox(Exception):
    """Nothing can be run in a sandbox on this machine; `str()` is why."""


class Unstarted(Exception):
    """The sandbox could not start its command; `str()` is what it said."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Wall-clock seconds (as many of CPU time in each process), bytes of memory, processes and threads, bytes of
    output and of errors."""

    seconds: float = 30.0
    memory: int = 512 << 20
    processes: int = 64
    output: int = 1 << 20


@dataclass(frozen=True, slots=True)
class Job:
    """`image` says what the command finds in its root; the paths of `files` are inside the folder."""

    command: tuple[str, ...]
    image: str = "system"
    files: Mapping[str, bytes] = field(default_factory=dict)
    input: bytes = b""
    bounds: Bounds = Bounds()


@dataclass(frozen=True, slots=True)
class Stopped:
    """The command went too far; `code` and `message` are the failure of the tool."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that ended: 128 and the signal's number where a signal ended it."""

    exit_code: int
    output: str
    errors: str


def size_of(text: str) -> int:
    """The bytes of `"512MB"`."""
    number, unit = re.fullmatch(r"([0-9]+)(KB|MB|GB)", text).groups()  # type: ignore[union-attr]
    return int(number) * _UNITS[unit]


def size(count: int) -> str:
    """Bytes as a program writes them: `512MB`."""
    unit = next((name for name in ("GB", "MB", "KB") if count % _UNITS[name] == 0), "KB")
    return f"{max(count // _UNITS[unit], 1)}{unit}"

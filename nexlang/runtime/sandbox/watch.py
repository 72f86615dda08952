"""What the processes of a sandbox use together: no limit of Linux holds a whole tree without control groups."""

from __future__ import annotations

import os
from collections.abc import Iterator

_PAGE = os.sysconf("SC_PAGESIZE")


def used(first: int) -> tuple[int, int]:
    """The bytes of memory and the processes of a process and all below it."""
    below: dict[int, list[int]] = {}
    held: dict[int, int] = {}
    for process, parent, pages in _processes():
        below.setdefault(parent, []).append(process)
        held[process] = pages
    waiting, memory, count = [first], 0, 0
    while waiting:
        process = waiting.pop()
        waiting += below.get(process, ())
        memory += held.get(process, 0) * _PAGE
        count += 1
    return memory, count


def _processes() -> Iterator[tuple[int, int, int]]:
    """Of every process its number, its parent's and its resident pages."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    fields = file.read().rpartition(b")")[2].split()
            except OSError:
                continue
            yield int(name), int(fields[1]), int(fields[21])

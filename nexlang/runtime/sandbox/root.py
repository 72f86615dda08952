"""The root that a command finds: folders of the system that it can only read, an own /proc and /dev, its folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from nexlang.runtime.sandbox.job import FOLDER, ROOM, NoSandbox

_MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_SHOWN = ("/nix/store", "/etc/alternatives", "/etc/ld.so.cache")
_TOOLS = "/opt/bin"
_BOUND = 1 << 20
SETTINGS = {
    "PATH": f"{_TOOLS}:/usr/local/bin:/usr/bin:/bin",
    "HOME": FOLDER,
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
}
"""The whole environment of a command."""


def root(image: str) -> list[str]:
    """What bubblewrap is told of a root; everything is read-only but the folder, /tmp and /dev/shm."""
    words = ["--ro-bind", "/usr", "/usr"]
    for name in _MERGED:
        path = Path("/", name)
        if path.is_symlink():
            words += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            words += ["--ro-bind", str(path), str(path)]
    for shown in _SHOWN:
        words += ["--ro-bind-try", shown, shown]
    words += list(_python(image.partition(":")[2])) if image.partition(":")[0] == "python" else []
    words += ["--proc", "/proc", "--dev", "/dev", "--size", str(_BOUND), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]
    for folder in (FOLDER, "/tmp"):
        words += ["--size", str(ROOM), "--tmpfs", folder]
    return words


def _python(version: str) -> Iterator[str]:
    program = interpreter(version)
    if not program.startswith("/usr/"):
        yield from ("--ro-bind", sys.base_prefix, sys.base_prefix)
    for name in ("python", "python3"):
        yield from ("--symlink", program, f"{_TOOLS}/{name}")


@cache
def interpreter(version: str) -> str:
    """The Python of the image `python` or `python:3.12`: the system's, else the one that runs this."""
    for folder in ("/usr/bin", "/usr/local/bin"):
        found = shutil.which(f"python{version or '3'}", path=folder)
        if found is not None and _works(found):
            return found
    if version in ("", f"{sys.version_info.major}.{sys.version_info.minor}"):
        return os.path.realpath(sys.executable)
    raise NoSandbox(f"there is no Python {version} on this machine")


def _works(program: str) -> bool:
    done = subprocess.run([program, "-I", "-c", "import unittest"], capture_output=True, check=False)
    return done.returncode == 0

"""Whether commands can be isolated on this machine."""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache

from nexlang.runtime.sandbox.calls import MACHINES, machine
from nexlang.runtime.sandbox.job import Job, NoSandbox, Ran, Unstarted

_KERNEL = (5, 14)
"""The first Linux that counts the processes of a user namespace by themselves."""


def ready() -> None:
    """Raises `NoSandbox` where commands cannot be isolated here: there is no other way to run them."""
    problem = _problem()
    if problem is not None:
        raise NoSandbox(problem)


@cache
def _problem() -> str | None:
    if sys.platform != "linux":
        return f"it takes Linux, and this is {sys.platform}"
    if machine() not in MACHINES:
        return f"its filter of system calls knows {' and '.join(MACHINES)}, and this is {machine()}"
    if _kernel() < _KERNEL:
        return f"it takes Linux 5.14 or newer, and this is {os.uname().release}"
    if shutil.which("bwrap") is None:
        return "bwrap is not there; install the package bubblewrap (0.7 or newer)"
    from nexlang.runtime.sandbox.bubblewrap import PRLIMIT, run

    if os.geteuid() == 0 and not os.path.exists(PRLIMIT):
        return f"for root it takes {PRLIMIT}, of the package util-linux"
    try:
        done = run(Job(("true",)))
    except (Unstarted, OSError) as error:
        return f"bwrap cannot make one here (user namespaces may be refused): {error}"
    return None if isinstance(done, Ran) and done.exit_code == 0 else f"bwrap does not work here: {done}"


def _kernel() -> tuple[int, int]:
    major, minor, *_ = os.uname().release.replace("-", ".").split(".")
    return int(major), int("".join(c for c in minor if c.isdigit()) or 0)

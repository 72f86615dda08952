"""Whether commands can be run in a sandbox here; tests that need one are skipped with the reason."""

from __future__ import annotations

from nexlang.runtime.sandbox import available
from nexlang.runtime.sandbox.job import NoSandbox


def missing() -> str:
    """Why there is no sandbox; empty where there is one."""
    try:
        available.ready()
    except NoSandbox as reason:
        return str(reason)
    return ""

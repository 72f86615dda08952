"""`nexc fetch`: bring here the packages that `nex.lock` pins."""

from __future__ import annotations

from nexlang.cli.lock import fetched as command

__all__ = ["command"]

"""`nex.lock`: the manifests as they were read, and the content of every package from git.

It is JSON, so that a check reads it without a library; each manifest in it stands under the hash of its file.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from nexlang.diagnostics.slotted import dataclass, field
from nexlang.disk import Disk
from nexlang.packages.model import LOCK, Dependency, Manifest, content_hash

VERSION = 1
_NAME = re.compile("[a-z][a-z0-9_]*")
_REV = re.compile("[0-9a-f]{40}([0-9a-f]{24})?")


@dataclass(slots=True)
class Pinned:
    """A package from git: its source, and the hash of each of its files."""

    git: str
    rev: str
    files: dict[str, str] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        return content_hash(self.files)


@dataclass(slots=True)
class Lock:
    """`manifests` by the hash of the file that they were read from."""

    manifests: dict[str, Manifest] = field(default_factory=dict)
    packages: dict[str, Pinned] = field(default_factory=dict)

    def text(self) -> str:
        """The file, the same for the same content."""
        manifests = {
            hash: {
                "name": one.name,
                "version": one.version,
                "edition": one.edition,
                "dependencies": {name: each.to_json() for name, each in sorted(one.dependencies.items())},
            }
            for hash, one in sorted(self.manifests.items(), key=lambda pair: (pair[1].name, pair[0]))
        }
        packages = {
            name: {"git": one.git, "rev": one.rev, "hash": one.hash, "files": dict(sorted(one.files.items()))}
            for name, one in sorted(self.packages.items())
        }
        return json.dumps({"lock": VERSION, "manifests": manifests, "packages": packages}, indent=2) + "\n"


def read_lock(project: Path, disk: Disk | None = None) -> Lock | None:
    """The lock of a project; None where there is none that this release can read."""
    try:
        return _lock(json.loads((disk or Disk()).read(project / LOCK)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _lock(data: Any) -> Lock | None:
    if data["lock"] != VERSION:
        return None
    lock = Lock()
    for hash, one in data["manifests"].items():
        dependencies = {name: Dependency(**each) for name, each in one["dependencies"].items()}
        if not all(_is_safe(name, each.rev) for name, each in dependencies.items()):
            return None
        lock.manifests[hash] = Manifest(one["name"], one["version"], one["edition"], dependencies)
    for name, one in data["packages"].items():
        pinned = lock.packages[name] = Pinned(one["git"], one["rev"], one["files"])
        if pinned.hash != one["hash"] or not _is_safe(name, pinned.rev) or not pinned.rev:
            return None
    return lock


def _is_safe(name: str, rev: str) -> bool:
    """Whether a folder may be called after the two: a lock comes with a project, from whoever wrote that."""
    return bool(_NAME.fullmatch(name)) and (not rev or bool(_REV.fullmatch(rev)))

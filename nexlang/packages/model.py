"""What is known of a package, and of what it depends on."""

from __future__ import annotations

import hashlib
from pathlib import Path

from nexlang.diagnostics.slotted import dataclass, field

MANIFEST = "nex.toml"
LOCK = "nex.lock"
STORE = ".nex/packages"
EDITIONS = ("2026",)


@dataclass(slots=True)
class Dependency:
    """Another package: a folder, or a commit of a git repository."""

    path: str = ""
    git: str = ""
    rev: str = ""

    @property
    def source(self) -> str:
        return f"{self.git} at {self.rev[:12]}" if self.git else self.path

    def to_json(self) -> dict[str, str]:
        return {"git": self.git, "rev": self.rev} if self.git else {"path": self.path}


@dataclass(slots=True)
class Manifest:
    """What `nex.toml` says."""

    name: str
    version: str
    edition: str
    dependencies: dict[str, Dependency] = field(default_factory=dict)


@dataclass(slots=True)
class Package:
    """A package that was found. `shown` is its folder as messages call it; `files` are the hashes that its files must
    have, where the lock pins them; `inside` is the checkout that its own paths may not leave."""

    manifest: Manifest
    root: Path
    shown: Path
    files: dict[str, str] | None = None
    inside: Path | None = None

    @property
    def name(self) -> str:
        return self.manifest.name


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def file_hashes(root: Path) -> dict[str, str]:
    """The hash of every file of a package, by its path; hidden ones aside."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            found[name.as_posix()] = digest(path.read_bytes())
    return found


def content_hash(files: dict[str, str]) -> str:
    """One hash of all files: of their names and contents, in order of name."""
    return digest("".join(f"{files[name]}  {name}\n" for name in sorted(files)).encode())


def folder_of(project: Path, name: str, rev: str) -> Path:
    """Where a package from git lies."""
    return project / STORE / f"{name}-{rev[:12]}"

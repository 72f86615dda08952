"""Making a lock, and checking out what it pins. Git is asked for one commit; nothing of it is run."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from nexlang.packages.lock import Lock, Pinned, read_lock
from nexlang.packages.manifest import Wrong, parse
from nexlang.packages.model import MANIFEST, Dependency, Manifest, content_hash, digest, file_hashes, folder_of

_SCHEMES = ("https://", "ssh://", "git@", "file://")
_SAFE = ["-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never", "-c", "core.fsmonitor=false"]

Told = Callable[[str], None]


class Unfetched(Exception):
    """A package that cannot be had, or is not what it was."""


def make_lock(project: Path, told: Told) -> Lock:
    """The lock of a project as its manifests say now; what is missing of it is fetched. Raises `Unfetched`."""
    return _Walk(project, told).run()


def fetch(project: Path, lock: Lock, told: Told) -> int:
    """Check out every package of the lock that is not there as it should be; how many were. Raises `Unfetched`."""
    fetched = 0
    for name, one in lock.packages.items():
        root = folder_of(project, name, one.rev)
        if root.is_dir() and content_hash(file_hashes(root)) == one.hash:
            continue
        told(f"fetching {name} from {one.git} at {one.rev[:12]}")
        checkout(one.git, one.rev, root, project)
        if content_hash(file_hashes(root)) != one.hash:
            shutil.rmtree(root)
            raise Unfetched(f"{name} from {one.git} at {one.rev[:12]} is not what nex.lock says")
        fetched += 1
    return fetched


class _Walk:
    """All packages below a project, each once."""

    def __init__(self, project: Path, told: Told) -> None:
        self.project = project
        self.told = told
        self.before = read_lock(project) or Lock()
        self.lock = Lock()
        self.sources: dict[str, str] = {}
        self.seen: set[Path] = set()

    def run(self) -> Lock:
        self.package(self.project, None)
        return self.lock

    def package(self, root: Path, checkout: Path | None, name: str = "") -> None:
        if root in self.seen:
            return
        self.seen.add(root)
        manifest = self.manifest(root)
        if name and manifest.name != name:
            raise Unfetched(f"the package in {root} is called {manifest.name}, not {name}")
        for each, wanted in manifest.dependencies.items():
            self.dependency(each, wanted, root, checkout)

    def manifest(self, root: Path) -> Manifest:
        try:
            text = (root / MANIFEST).read_text(encoding="utf-8")
            manifest = parse(text)
        except (OSError, UnicodeDecodeError) as error:
            raise Unfetched(f"{root / MANIFEST} cannot be read: {error}") from error
        except Wrong as wrong:
            line = text.count("\n", 0, wrong.start) + 1
            raise Unfetched(f"{root / MANIFEST}:{line} {wrong.problem}") from wrong
        self.lock.manifests[digest(text.encode())] = manifest
        return manifest

    def dependency(self, name: str, wanted: Dependency, root: Path, inside: Path | None) -> None:
        target = self.git(name, wanted) if wanted.git else (root / wanted.path).resolve()
        if not wanted.git and inside is not None and not target.is_relative_to(inside):
            raise Unfetched(f"{name}: {wanted.path} leaves the checkout that names it")
        source = wanted.source if wanted.git else str(target)
        if self.sources.setdefault(name, source) != source:
            raise Unfetched(f"two packages are called {name}: {self.sources[name]} and {source}")
        self.package(target, target if wanted.git else inside, name)

    def git(self, name: str, wanted: Dependency) -> Path:
        root = folder_of(self.project, name, wanted.rev)
        known = self.before.packages.get(name)
        same = known is not None and (known.git, known.rev) == (wanted.git, wanted.rev)
        if not (same and known and root.is_dir() and content_hash(file_hashes(root)) == known.hash):
            self.told(f"fetching {name} from {wanted.git} at {wanted.rev[:12]}")
            checkout(wanted.git, wanted.rev, root, self.project)
        files = file_hashes(root)
        if same and known is not None and known.hash != content_hash(files):
            raise Unfetched(f"{name} from {wanted.source} is not what nex.lock says")
        self.lock.packages[name] = Pinned(wanted.git, wanted.rev, files)
        return root


# ---------------------------------------------------------------- git


def checkout(url: str, rev: str, into: Path, base: Path) -> None:
    """The files of one commit in the folder `into`; a path is relative to `base`. Raises `Unfetched`."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=into.parent) as folder:
        store, tree = Path(folder) / "git", Path(folder) / "tree"
        _git(["init", "--quiet", "--bare", str(store)], url)
        where = address(url, base)
        try:
            _git(["-C", str(store), "fetch", "--quiet", "--no-tags", "--depth", "1", "--", where, rev], url)
        except Unfetched:  # a server that gives out no single commits
            _git(["-C", str(store), "fetch", "--quiet", "--", where, "+refs/*:refs/fetched/*"], url)
        packed = _git(["-C", str(store), "archive", "--format=tar", rev], url)
        try:
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                archive.extractall(tree, filter="data")
        except tarfile.TarError as error:
            raise Unfetched(f"{url} at {rev[:12]} holds what no package may: {error}") from error
        if into.exists():
            shutil.rmtree(into)
        os.replace(tree, into)


def address(url: str, base: Path) -> str:
    """The address for git: one with a scheme as it is, a path from the project's folder."""
    if url.startswith(_SCHEMES):
        return url
    if "://" in url or "::" in url or url.startswith("-"):
        raise Unfetched(f"{url} is no address for git: it begins with {', '.join(_SCHEMES)}, or is a path")
    return str((base / url).resolve())


def _git(arguments: list[str], url: str) -> bytes:
    surroundings = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1"}
    try:
        done = subprocess.run(["git", *_SAFE, *arguments], capture_output=True, env=surroundings, timeout=600)
    except FileNotFoundError:
        raise Unfetched("git is not installed, and packages from git need it") from None
    except subprocess.TimeoutExpired:
        raise Unfetched(f"git did not answer for {url}") from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise Unfetched(f"git cannot fetch {url}: {lines[-1] if lines else 'no reason given'}")
    return done.stdout

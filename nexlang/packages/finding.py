"""From a file to its package, and from a name in a `use` to the package that it means."""

from __future__ import annotations

import os
from pathlib import Path

from nexlang.diagnostics import Diagnostic, Source, Span
from nexlang.diagnostics import codes_modules as codes
from nexlang.diagnostics.loading import load
from nexlang.diagnostics.slotted import dataclass, field
from nexlang.diagnostics.suggest import suggest
from nexlang.disk import Disk
from nexlang.packages.lock import Lock, read_lock
from nexlang.packages.model import EDITIONS, MANIFEST, Dependency, Manifest, Package, digest, folder_of


@dataclass(slots=True)
class Packages:
    """The packages of one check. What is wrong with them goes to `diagnostics`, what was read to `sources`."""

    diagnostics: list[Diagnostic]
    sources: dict[str, Source]
    disk: Disk
    locks: dict[Path, Lock | None] = field(default_factory=dict)
    roots: dict[Path, Package | None] = field(default_factory=dict)
    found: dict[tuple[Path, str], Package | None] = field(default_factory=dict)
    projects: dict[Path, Path] = field(default_factory=dict)
    named: dict[tuple[Path, str], str] = field(default_factory=dict)
    broken: bool = False

    # ---- the package of a file

    def of(self, path: Path) -> Package | None:
        """The package that a file belongs to: that of the nearest `nex.toml` in its folder or above."""
        shown, folder = path.parent, self.disk.real(path.parent)
        while True:
            if folder in self.roots:
                return self.roots[folder]
            if self.disk.kind(folder / MANIFEST) == "file":
                self.roots[folder] = self.opened(folder, shown, folder)
                return self.roots[folder]
            if folder == folder.parent:
                return None
            folder, shown = folder.parent, _above(shown)

    def lock(self, project: Path) -> Lock | None:
        if project not in self.locks:
            self.locks[project] = read_lock(project, self.disk)
        return self.locks[project]

    def opened(self, root: Path, shown: Path, project: Path) -> Package | None:
        """The package in a folder with a manifest; what is wrong with that is reported."""
        name = str(shown / MANIFEST)
        source = load(root / MANIFEST, name, self.disk)
        if isinstance(source, Diagnostic):
            self.diagnostics.append(source)
            self.broken = True
            return None
        manifest = self.manifest(source, project)
        if manifest is None:
            return None
        self.projects[root] = project
        self.edition(source, manifest)
        return Package(manifest, root, shown)

    def manifest(self, source: Source, project: Path) -> Manifest | None:
        """What a manifest says: as the lock has it where it was made of the same text, else read anew."""
        lock = self.lock(project)
        known = lock.manifests.get(digest(source.text.encode())) if lock is not None else None
        if known is not None:
            return known
        from nexlang.packages.manifest import Wrong, parse

        try:
            return parse(source.text)
        except Wrong as wrong:
            self.sources[source.path] = source
            self.broken = True
            span = Span(source.path, wrong.start, wrong.end)
            self.diagnostics.append(codes.BAD_MANIFEST.at(span, path=source.path, problem=wrong.problem))
            return None

    def edition(self, source: Source, manifest: Manifest) -> None:
        if manifest.edition in EDITIONS:
            return
        self.sources[source.path] = source
        at = max(source.text.find(f'"{manifest.edition}"'), 0)
        span = Span(source.path, at, at + len(manifest.edition) + 2)
        known = ", ".join(EDITIONS)
        diagnostic = codes.UNKNOWN_EDITION.at(span, edition=manifest.edition, known=known)
        near = suggest(manifest.edition, EDITIONS) or EDITIONS[-1]
        self.diagnostics.append(diagnostic.replace("write the edition of this release", f'"{near}"', "unsafe"))

    # ---- the package of a name

    def dependency(self, package: Package, name: str, span: Span) -> Package | None:
        """A package that another depends on; `span` is where it is used."""
        key = (package.root, name)
        if key not in self.found:
            self.found[key] = self.resolved(package, name, package.manifest.dependencies[name], span)
        return self.found[key]

    def resolved(self, package: Package, name: str, wanted: Dependency, span: Span) -> Package | None:
        project = self.projects[package.root]
        made = self.pinned(project, name, wanted, span) if wanted.git else self.beside(package, name, wanted, span)
        if made is None:
            return None
        if made.name != name:
            where = f"`{wanted.source}`"
            values = {"where": where, "actual": made.name, "name": name}
            self.diagnostics.append(codes.OTHER_PACKAGE_NAME.at(span, **values))
            return None
        source = wanted.source if wanted.git else str(made.root)
        first = self.named.setdefault((project, name), source)
        if first != source:
            values = {"name": name, "first": f"`{first}`", "second": f"`{source}`"}
            self.diagnostics.append(codes.PACKAGE_CONFLICT.at(span, **values))
            return None
        return made

    def beside(self, package: Package, name: str, wanted: Dependency, span: Span) -> Package | None:
        """A package in another folder. One that came from git reaches no folder outside of what came with it."""
        root = self.disk.real(package.root / wanted.path)
        if package.inside is not None and not root.is_relative_to(package.inside):
            return self.absent(span, name, f"`{wanted.path}` leaves the checkout of `{package.name}`")
        if self.disk.kind(root / MANIFEST) != "file":
            return self.absent(span, name, f"there is no `{MANIFEST}` in `{wanted.path}`")
        shown = Path(os.path.normpath(package.shown / wanted.path))
        made = self.opened(root, shown, self.projects[package.root])
        if made is not None and package.inside is not None:
            made.inside, below = package.inside, root.relative_to(package.inside).as_posix()
            made.files = {
                file.removeprefix(f"{below}/"): hash
                for file, hash in (package.files or {}).items()
                if file.startswith(f"{below}/")
            }
        return made

    def pinned(self, project: Path, name: str, wanted: Dependency, span: Span) -> Package | None:
        """A package from git: in the lock, and where `nexc fetch` puts it."""
        lock = self.lock(project)
        known = lock.packages.get(name) if lock is not None else None
        if known is None or (known.git, known.rev) != (wanted.git, wanted.rev):
            return self.absent(span, name, "`nex.lock` does not have it; run `nexc lock`")
        root = folder_of(project, name, wanted.rev)
        if self.disk.kind(root / MANIFEST) != "file":
            return self.absent(span, name, "it is not fetched; run `nexc fetch`")
        shown = folder_of(self.roots[project].shown, name, wanted.rev)  # type: ignore[union-attr]
        made = self.opened(root, shown, project)
        if made is not None:
            made.files, made.inside = known.files, root
        return made

    def absent(self, span: Span, name: str, reason: str) -> Package | None:
        """Report that a package cannot be read; gives none."""
        self.diagnostics.append(codes.NOT_LOCKED.at(span, name=name, reason=reason))
        return None

    # ---- content

    def changed(self, package: Package | None, path: Path, content: bytes, span: Span) -> bool:
        """Whether a file of a package is not what the lock says; that is reported."""
        if package is None or package.files is None:
            return False
        try:
            name = self.disk.real(path).relative_to(package.root).as_posix()
        except ValueError:
            name = path.name
        if package.files.get(name) == digest(content):
            return False
        self.diagnostics.append(codes.CHANGED_PACKAGE.at(span, file=name, name=package.name))
        return True


def _above(shown: Path) -> Path:
    """The folder above one, as a message calls it."""
    return shown.parent if shown.name and shown.name != ".." else shown / ".."

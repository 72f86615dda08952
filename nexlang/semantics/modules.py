"""Which files make up a program: the ones named, and those that they use, found by their package's name.

`use shop.types { User }` in `shop/desk.nex` (package `shop.desk`) is `types.nex` beside it; `use std.…` is the
standard library's. Where a `nex.toml` stands above a file, a name may begin with that package's own, whose folder it
then starts from, or with that of a package that it depends on. A name is made of identifiers, so that no path leaves
the program's folder but by what `nex.toml` says.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nexlang.diagnostics import Diagnostic, Source
from nexlang.diagnostics.codes_names import PACKAGE_MISMATCH, UNKNOWN_MODULE
from nexlang.diagnostics.loading import load
from nexlang.diagnostics.model import Span
from nexlang.diagnostics.slotted import dataclass, field
from nexlang.diagnostics.suggest import suggest
from nexlang.disk import Disk
from nexlang.semantics.symbols import ModuleInfo
from nexlang.syntax import Damage, parse
from nexlang.syntax import nodes as n

if TYPE_CHECKING:
    from nexlang.packages.finding import Packages
    from nexlang.packages.model import Package

STDLIB = Path(__file__).resolve().parent.parent / "stdlib"


@dataclass(slots=True)
class Loader:
    """`modules` by the real path of their file; `roots` are those that were asked for.

    `texts` stand in for what is on disk, by real path.
    """

    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    modules: dict[str, ModuleInfo] = field(default_factory=dict)
    roots: list[ModuleInfo] = field(default_factory=list)
    damage: Damage = field(default_factory=Damage)
    texts: dict[str, str] = field(default_factory=dict)
    packages: Packages | None = None
    folders: dict[Path, bool] = field(default_factory=dict)
    disk: Disk = field(default_factory=Disk)

    def root(self, path: Path) -> ModuleInfo | None:
        """Load a file that was named, and all that it uses."""
        module = self.file(path, str(path), path.name, self.package_of(path))
        if module is not None and module not in self.roots:
            self.roots.append(module)
        return module

    def package_of(self, path: Path) -> Package | None:
        """The package of a file; a file without a `nex.toml` above it costs no more than looking for one."""
        folder = path.parent
        if folder not in self.folders:
            above = (folder.absolute(), *folder.absolute().parents)
            self.folders[folder] = any(self.disk.kind(each / "nex.toml") == "file" for each in above)
        if not self.folders[folder]:
            return None
        if self.packages is None:
            from nexlang.packages.finding import Packages

            self.packages = Packages(self.diagnostics, self.sources, self.disk)
        return self.packages.of(path)

    def file(self, path: Path, shown: str, file: str, package: Package | None) -> ModuleInfo | None:
        key = str(self.disk.real(path))
        if key in self.modules:
            return self.modules[key]
        text = self.texts.get(key)
        loaded = load(path, disk=self.disk) if text is None else Source(shown, text)
        if isinstance(loaded, Diagnostic):
            self.diagnostics.append(loaded)
            return None
        source = Source(shown, loaded.text)
        self.sources[shown] = source
        parsed = parse(source)
        self.diagnostics += parsed.diagnostics
        self.damage.add(source, parsed.damaged, parsed.module)
        tree = parsed.module
        name = tree.package.name if tree.package is not None else path.stem
        module = ModuleInfo(name, source, file, tree, package, broken=bool(parsed.diagnostics))
        module.damaged = frozenset(line for file, line in self.damage.lines if file == shown)
        self.modules[key] = module
        for use in tree.uses:
            self.used(use, module, path)
        return module

    def used(self, use: n.Use, module: ModuleInfo, path: Path) -> None:
        """Load the module of a `use`, and leave it with the module that names it."""
        found = self.locate(use, module, path)
        if found is None:
            return
        target, shown, file, package = found
        if package is not None and package.files is not None and self.altered(package, target, use, module):
            return
        loaded = self.file(target, shown, file, package)
        if loaded is None:
            return
        if loaded.tree.package is not None and loaded.name != use.path.name:
            span = Span(module.source.path, use.path.start, use.path.end)
            self.diagnostics.append(
                PACKAGE_MISMATCH.at(span, used=use.path.name, package=loaded.name).label(
                    Span(loaded.source.path, loaded.tree.package.start, loaded.tree.package.end), "its own name"
                )
            )
        module.uses[use.path.name] = loaded

    def altered(self, package: Package, target: Path, use: n.Use, module: ModuleInfo) -> bool:
        """Whether a file of a package from git is not what the lock says."""
        assert self.packages is not None
        span = Span(module.source.path, use.path.start, use.path.end)
        if self.disk.kind(target) != "file":
            return False
        return self.packages.changed(package, target, self.disk.read(target), span)

    def locate(self, use: n.Use, module: ModuleInfo, path: Path) -> tuple[Path, str, str, Package | None] | None:
        parts = [part.name for part in use.path.parts]
        package = module.package
        if package is not None and parts[0] in package.manifest.dependencies:
            assert self.packages is not None
            package = self.packages.dependency(
                package, parts[0], Span(module.source.path, use.path.start, use.path.end)
            )
            if package is None:
                return None
            found = _below(package, parts[1:] or parts)
        elif parts[0] == "std":
            file = "/".join(parts) + ".nex"
            found = STDLIB.joinpath(*parts[1:]).with_suffix(".nex"), file, file
            package = None
        else:
            found = self.nearby(parts, module, path)
        target, shown, file = found
        if parts != ["std"] and self.disk.kind(target) == "file":
            return target, shown, file, package
        if self.packages is not None and self.packages.broken:
            return None  # what a `nex.toml` with a mistake in it may have said is not known
        diagnostic = UNKNOWN_MODULE.at(
            Span(module.source.path, use.path.start, use.path.end), name=use.path.name, looked=f"`{shown}`"
        )
        near = (
            suggest(target.stem, [each.stem for each in self.disk.names(target.parent, "*.nex")])
            if self.disk.kind(target.parent) == "folder"
            else None
        )
        named = suggest(parts[0], package.manifest.dependencies) if package is not None else None
        if near is not None:
            diagnostic.replace("a module like it exists", ".".join([*parts[:-1], near]))
        elif named is not None:
            diagnostic.replace("a package like it is named in nex.toml", ".".join([named, *parts[1:]]))
        self.diagnostics.append(diagnostic)
        return None

    def nearby(self, parts: list[str], module: ModuleInfo, path: Path) -> tuple[Path, str, str]:
        """A module of the same package: from the package's folder where the name begins with its name, else beside."""
        own = module.name.split(".")[:-1]
        below = parts[len(own) :] if own and parts[: len(own)] == own and len(parts) > len(own) else parts
        target = path.parent.joinpath(*below).with_suffix(".nex")
        package = module.package
        if package is not None and parts[0] == package.name and len(parts) > 1:
            found = _below(package, parts[1:])
            if self.disk.kind(found[0]) == "file" and found[0] != self.disk.real(target):
                return found
        file = str(Path(module.file).parent.joinpath(*below).with_suffix(".nex"))
        return target, str(Path(module.source.path).parent.joinpath(*below).with_suffix(".nex")), file


def _below(package: Package, parts: list[str]) -> tuple[Path, str, str]:
    """A module of a package: where it is, as messages call it, and as the program does."""
    name = "/".join(parts) + ".nex"
    return package.root / name, str(package.shown / name), f"{package.name}/{name}"

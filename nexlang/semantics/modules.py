"""Which files make up a program: the ones named, and those that they use, found by their package's name.

`use shop.types { User }` in `shop/desk.nex` (package `shop.desk`) is `types.nex` beside it; `use std.…` is the
standard library's. A name is made of identifiers, so that no path leaves the program's folder.
"""

from __future__ import annotations

from pathlib import Path

from nexlang.diagnostics import Diagnostic, Source
from nexlang.diagnostics.codes_names import PACKAGE_MISMATCH, UNKNOWN_MODULE
from nexlang.diagnostics.loading import load
from nexlang.diagnostics.model import Span
from nexlang.diagnostics.slotted import dataclass, field
from nexlang.diagnostics.suggest import suggest
from nexlang.semantics.symbols import ModuleInfo
from nexlang.syntax import Damage, parse
from nexlang.syntax import nodes as n

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

    def root(self, path: Path) -> ModuleInfo | None:
        """Load a file that was named, and all that it uses."""
        module = self.file(path, str(path), path.name)
        if module is not None and module not in self.roots:
            self.roots.append(module)
        return module

    def file(self, path: Path, shown: str, file: str) -> ModuleInfo | None:
        key = str(path.resolve())
        if key in self.modules:
            return self.modules[key]
        text = self.texts.get(key)
        loaded = load(path) if text is None else Source(shown, text)
        if isinstance(loaded, Diagnostic):
            self.diagnostics.append(loaded)
            return None
        source = Source(shown, loaded.text)
        self.sources[shown] = source
        parsed = parse(source)
        self.diagnostics += parsed.diagnostics
        self.damage.add(source, parsed.damaged)
        tree = parsed.module
        name = tree.package.name if tree.package is not None else path.stem
        module = ModuleInfo(name, source, file, tree, broken=bool(parsed.diagnostics))
        self.modules[key] = module
        for use in tree.uses:
            self.used(use, module, path)
        return module

    def used(self, use: n.Use, module: ModuleInfo, path: Path) -> None:
        """Load the module of a `use`, and leave it with the module that names it."""
        found = self.locate(use, module, path)
        if found is None:
            return
        target, shown, file = found
        loaded = self.file(target, shown, file)
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

    def locate(self, use: n.Use, module: ModuleInfo, path: Path) -> tuple[Path, str, str] | None:
        parts = [part.name for part in use.path.parts]
        if parts[0] == "std":
            file = "/".join(parts) + ".nex"
            target = STDLIB.joinpath(*parts[1:]).with_suffix(".nex")
            folder, shown = STDLIB, file
        else:
            own = module.name.split(".")[:-1]
            below = parts[len(own) :] if own and parts[: len(own)] == own and len(parts) > len(own) else parts
            folder = path.parent
            target = folder.joinpath(*below).with_suffix(".nex")
            file = str(Path(module.file).parent.joinpath(*below).with_suffix(".nex"))
            shown = str(Path(module.source.path).parent.joinpath(*below).with_suffix(".nex"))
        if parts != ["std"] and target.is_file():
            return target, shown, file
        diagnostic = UNKNOWN_MODULE.at(
            Span(module.source.path, use.path.start, use.path.end), name=use.path.name, looked=f"`{shown}`"
        )
        near = (
            suggest(target.stem, [each.stem for each in target.parent.glob("*.nex")])
            if target.parent.is_dir()
            else None
        )
        if near is not None:
            diagnostic.replace("a module like it exists", ".".join([*parts[:-1], near]))
        self.diagnostics.append(diagnostic)
        return None

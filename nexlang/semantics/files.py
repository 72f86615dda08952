"""What a program reads while it is checked: texts, tasks and worlds beside its sources."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from nexlang.diagnostics import Source, Span
from nexlang.diagnostics.codes_modules import CHANGED_PACKAGE
from nexlang.disk import Disk
from nexlang.semantics import symbols as s
from nexlang.semantics.agents import Agents
from nexlang.semantics.data import PARQUET, Loaded, load_tasks, load_text, load_world
from nexlang.semantics.types import ERROR, TEXT, Type
from nexlang.syntax import nodes as n


class Files(Agents):
    """`files` are the bytes that go into the bundle, by path inside its `data/`; `extra` the sources of data files,
    `task_rows` the tasks that were read."""

    files: dict[str, bytes]
    extra: dict[str, Source]
    disk: Disk
    task_rows: dict[str, Loaded]

    def folder(self) -> Path:
        return Path(self.module.source.path).parent

    def data_name(self, name: str) -> str:
        """The path of a file inside the bundle's `data/`: what another folder's module names is in a folder there."""
        return (PurePosixPath(self.module.file.replace("\\", "/")).parent / name).as_posix()

    def loaded(self, loaded: Loaded, name: str) -> Loaded:
        if loaded.source is not None and self.module.package is not None and self.module.package.files is not None:
            self.pinned(loaded, loaded.path)
        broken = any(module.broken for module in self.modules.values())
        for diagnostic in () if broken and loaded.source is not None else loaded.diagnostics:
            self.reporter.add(diagnostic)
        if loaded.source is not None:
            self.extra[loaded.source.path] = loaded.source
        if loaded.source is not None:
            self.files[self.data_name(name)] = loaded.content
        return loaded

    def pinned(self, loaded: Loaded, name: str) -> None:
        """Hold a data file of a package from git to the hash in the lock."""
        from nexlang.packages.model import digest

        package = self.module.package
        assert package is not None and package.files is not None
        path = (self.folder() / name).resolve()
        inside = path.relative_to(package.root).as_posix() if path.is_relative_to(package.root) else name
        if package.files.get(inside) != digest(loaded.raw or loaded.content):
            here = Span(self.module.source.path, 0, 0)
            self.report(CHANGED_PACKAGE, here, file=inside, name=package.name)

    def constant_file(self, info: s.ConstInfo, node: n.ConstDecl) -> None:
        assert node.value.source is not None
        info.type = TEXT
        if not (isinstance(node.value.expr, n.Name) and node.value.expr.name == "Text"):
            self.not_yet(node.value.expr, "constants from files of other types than Text are")
            return
        name = self.plain_text(node.value.source)
        loaded = load_text(self.folder(), name, self.span(node.value.source), self.disk)
        for diagnostic in loaded.diagnostics:
            self.reporter.add(diagnostic)
        if loaded.source is not None and self.module.package is not None and self.module.package.files is not None:
            self.pinned(loaded, name)
        info.value = {"kind": "lit", "value": loaded.value or ""}

    def world_file(self, world: s.WorldInfo, node: n.Str) -> str:
        name = self.plain_text(node)
        self.loaded(load_world(self.folder(), name, self.span(node), world, self.tools(), self.disk), name)
        return self.data_name(name)

    def task_file(self, task: Type, node: n.Str) -> str:
        name = self.plain_text(node)
        stored = f"{name}.jsonl" if name.endswith(PARQUET) else name
        if task is not ERROR:
            read = load_tasks(self.folder(), name, self.span(node), task, self.tools(), self.disk)
            self.task_rows[self.data_name(stored)] = self.loaded(read, stored)
        return self.data_name(stored)

    def tools(self) -> dict[str, s.FunctionInfo]:
        return {name: info for name, info in self.functions.items() if info.kind == "tool"}

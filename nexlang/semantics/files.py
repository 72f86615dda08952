"""What a program reads while it is checked: texts, tasks and worlds beside its sources."""

from __future__ import annotations

from pathlib import Path

from nexlang.diagnostics import Source
from nexlang.semantics import symbols as s
from nexlang.semantics.agents import Agents
from nexlang.semantics.data import Loaded, load_tasks, load_text, load_world
from nexlang.semantics.types import ERROR, TEXT, Type
from nexlang.syntax import nodes as n


class Files(Agents):
    """`files` are the bytes that go into the bundle, by path inside its `data/`; `extra` the sources of data files."""

    files: dict[str, bytes]
    extra: dict[str, Source]

    def folder(self) -> Path:
        return Path(self.module.source.path).parent

    def loaded(self, loaded: Loaded, name: str) -> Loaded:
        broken = any(module.broken for module in self.modules.values())
        for diagnostic in () if broken and loaded.source is not None else loaded.diagnostics:
            self.reporter.add(diagnostic)
        if loaded.source is not None:
            self.extra[loaded.source.path] = loaded.source
        if loaded.source is not None:
            self.files[name] = loaded.content
        return loaded

    def constant_file(self, info: s.ConstInfo, node: n.ConstDecl) -> None:
        assert node.value.source is not None
        info.type = TEXT
        if not (isinstance(node.value.expr, n.Name) and node.value.expr.name == "Text"):
            self.not_yet(node.value.expr, "constants from files of other types than Text are")
            return
        name = self.plain_text(node.value.source)
        loaded = load_text(self.folder(), name, self.span(node.value.source))
        for diagnostic in loaded.diagnostics:
            self.reporter.add(diagnostic)
        info.value = {"kind": "lit", "value": loaded.value or ""}

    def world_file(self, world: s.WorldInfo, node: n.Str) -> str:
        name = self.plain_text(node)
        self.loaded(load_world(self.folder(), name, self.span(node), world, self.tools()), name)
        return name

    def task_file(self, task: Type, node: n.Str) -> str:
        name = self.plain_text(node)
        if task is not ERROR:
            self.loaded(load_tasks(self.folder(), name, self.span(node), task, self.tools()), name)
        return name

    def tools(self) -> dict[str, s.FunctionInfo]:
        return {name: info for name, info in self.functions.items() if info.kind == "tool"}

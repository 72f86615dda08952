"""What modules take from each other: names, names passed on, names kept private, and circles of modules."""

from __future__ import annotations

from itertools import pairwise

from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics.codes_modules import IMPORT_CYCLE, PRIVATE_NAME
from nexlang.diagnostics.codes_names import UNKNOWN_IMPORT, UNUSED_IMPORT, WHOLE_MODULE
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import Checker
from nexlang.syntax import nodes as n

_BUILT_IN_IMPORTS = {"std.models": {"endpoint"}}


class Imports(Checker):
    roots: list[s.ModuleInfo]

    @property
    def own(self) -> set[str]:
        """The files of the packages that the check was asked for, the standard library's aside."""
        packages = [root.package for root in self.roots]
        modules = self.modules.values()
        return {m.source.path for m in modules if m.package in packages and not m.file.startswith("std/")}

    def imports(self, module: s.ModuleInfo) -> None:
        self.module = module
        for use in module.tree.uses:
            target = module.uses.get(use.path.name)
            if target is None:
                module.refused |= {name.name for name in use.names}
                continue
            if not use.names:
                self.report(WHOLE_MODULE, use.path, name=use.path.name)
            for name in use.names:
                self.imported(module, target, use, name)

    def imported(self, module: s.ModuleInfo, target: s.ModuleInfo, use: n.Use, name: n.Ident) -> None:
        built_in = _BUILT_IN_IMPORTS.get(use.path.name, set())
        info = self.offered(target, name.name, [])
        if info is None and name.name in built_in:
            node = n.Decl(name.start, name.end, None, False)
            info = s.MakerInfo(name.name, name.name, node, module.source, module.file)
        if info is not None:
            self.seen(info, name, use)
            module.used[name.name] = info
            module.used_at[name.name] = name
            if use.export:
                module.touched.add(name.name)
            return
        module.refused.add(name.name)
        if not target.broken and not self.lost(target, name.name):
            diagnostic = self.report(UNKNOWN_IMPORT, name, module=use.path.name, name=name.name)
            self.did_you_mean(diagnostic, name.name, [*self.offers(target), *built_in])
            module.refused |= {edit.text for fix in diagnostic.fixes for edit in fix.edits}

    def offered(self, module: s.ModuleInfo, name: str, above: list[s.ModuleInfo]) -> s.Info | None:
        """What a module declares by a name, or passes on by it."""
        info = module.declared.get(name)
        if info is not None or module in above:
            return info
        for use in module.tree.uses:
            source = module.uses.get(use.path.name)
            if use.export and source is not None and any(each.name == name for each in use.names):
                return self.offered(source, name, [*above, module])
        return None

    def lost(self, module: s.ModuleInfo, name: str) -> bool:
        """Whether a module passes on a name of a module that was not found; that has been reported."""
        for use in module.tree.uses:
            if use.export and any(each.name == name for each in use.names):
                source = module.uses.get(use.path.name)
                return source is None or (source is not module and self.lost(source, name))
        return False

    def offers(self, module: s.ModuleInfo) -> list[str]:
        """The names that others may use of a module."""
        own = [name for name, info in module.declared.items() if not info.node.private]
        return [*own, *(name.name for use in module.tree.uses if use.export for name in use.names)]

    def seen(self, info: s.Info, name: n.Ident, use: n.Use) -> None:
        """Refuse a name that is private to its module; it is taken all the same, so that this is said once.

        The fix is for modules of the program's own package: others are not ours to change.
        """
        if not info.node.private:
            return
        diagnostic = self.report(PRIVATE_NAME, name, name=name.name, module=use.path.name)
        diagnostic.label(info.span(), "declared `private` here")
        if info.source.path not in self.own:
            return
        start = info.node.start
        end = len(info.source.text) - len(info.source.text[start + len("private") :].lstrip())
        edit = Edit(Span(info.source.path, start, end), "")
        diagnostic.fix("let every module use it", edit, applicability="unsafe")

    # ---- circles

    def import_cycles(self) -> None:
        """Modules that use each other in a circle; each circle is reported once, where it closes."""
        done: set[str] = set()
        for module in self.modules.values():
            self.cycles_from(module, [], done)

    def cycles_from(self, module: s.ModuleInfo, path: list[s.ModuleInfo], done: set[str]) -> None:
        if module in path:
            self.circle([*path[path.index(module) :], module])
        elif module.source.path not in done:
            for other in dict.fromkeys(module.uses.values()):
                self.cycles_from(other, [*path, module], done)
            done.add(module.source.path)

    def circle(self, path: list[s.ModuleInfo]) -> None:
        self.module = path[-2]
        use = next(use for use in self.module.tree.uses if self.module.uses.get(use.path.name) is path[-1])
        shown = " → ".join(module.name for module in path)
        diagnostic = self.report(IMPORT_CYCLE, use.path, name=path[-1].name, path=shown)
        diagnostic.advise("put what both need into a module of its own")
        for module, following in pairwise(path[:-1]):
            for each in module.tree.uses:
                if module.uses.get(each.path.name) is following:
                    span = Span(module.source.path, each.path.start, each.path.end)
                    diagnostic.label(span, f"`{module.name}` uses `{following.name}`")

    # ---- what nobody uses

    def unused_imports(self, module: s.ModuleInfo) -> None:
        self.module = module
        if module.broken:
            return
        for use in module.tree.uses:
            unused = [name for name in use.names if name.name in module.used and name.name not in module.touched]
            for name in unused:
                diagnostic = self.report(UNUSED_IMPORT, name, name=name.name)
                diagnostic.fix("remove it", self.without(use, name, all(u in unused for u in use.names)))

    def without(self, use: n.Use, name: n.Ident, whole: bool) -> Edit:
        """The edit that takes a name out of a `use`, or the whole line where nothing else is used of it."""
        path, text = self.module.source.path, self.module.source.text
        if whole:
            end = use.end + 1 if text[use.end : use.end + 1] == "\n" else use.end
            return Edit(Span(path, use.start, end), "")
        i = use.names.index(name)
        if i + 1 < len(use.names):
            return Edit(Span(path, name.start, use.names[i + 1].start), "")
        return Edit(Span(path, use.names[i - 1].end, name.end), "")

"""A whole program: its modules' names, shapes, details and bodies, in that order, then what holds across bodies."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TypeVar

from nexlang.diagnostics import Diagnostic, Source
from nexlang.diagnostics.codes_places import RECURSION
from nexlang.semantics import symbols as s
from nexlang.semantics.data import Loaded
from nexlang.semantics.derived import Derived
from nexlang.semantics.externs import Externs
from nexlang.semantics.fitting import Fitting
from nexlang.semantics.imports import Imports
from nexlang.semantics.merging import merged
from nexlang.semantics.modules import Loader
from nexlang.semantics.roles import Roles
from nexlang.semantics.types import Core
from nexlang.semantics.unused import Unused
from nexlang.syntax import nodes as n
from nexlang.syntax import walk

T = TypeVar("T", bound=s.Info)


class Program(Roles, Derived, Externs, Fitting, Imports, Unused):
    """The check of everything a loader found. `core` is the program's core form, complete where nothing is wrong."""

    def __init__(self, loader: Loader) -> None:
        super().__init__()
        self.own_models: list[Core] = []
        self.acting = []
        self.files: dict[str, bytes] = {}
        self.task_rows: dict[str, Loaded] = {}
        self.may_be_idle = []
        self.judging, self.judged = None, set()
        self.judges = []
        self.rememberers = []
        self.extra: dict[str, Source] = {}
        self.disk = loader.disk
        self.tests: list[Core] = []
        self.modules = loader.modules
        self.roots = loader.roots
        self.by_core: dict[str, s.FunctionInfo] = {}
        self.time_tellers, self.waiters, self.timed = {}, set(), []
        for diagnostic in loader.diagnostics:
            self.reporter.add(diagnostic)
        self.run()

    @property
    def functions(self) -> dict[str, s.FunctionInfo]:
        return self.by_core

    def run(self) -> None:
        taken: set[str] = set()
        modules = list(self.modules.values())
        for module in modules:
            self.declare_all(module, taken)
        for module in modules:
            self.imports(module)
        self.import_cycles()
        for module in modules:
            self.shapes(module)
        self.records = {info.core_name: info for info in self.all(s.RecordInfo)}
        self.by_core = {info.core_name: info for info in self.all(s.FunctionInfo)}
        self.find_writers()
        self.find_externs()
        for module in modules:
            self.details(module)
        for module in modules:
            self.function_bodies(module)
        for module in modules:
            self.bodies(module)
        for module in modules:
            self.module = module
            if not self.foreign(module):
                self.tests += [self.check_test(decl) for decl in module.tree.decls if isinstance(decl, n.TestDecl)]
        self.across()
        for module in modules:
            if not self.foreign(module):
                self.unused_imports(module)
                self.unused(module)

    def foreign(self, module: s.ModuleInfo) -> bool:
        """Whether a module belongs to a package that the program only depends on: its tests are not the program's."""
        return module.package is not None and all(module.package is not root.package for root in self.roots)

    def all(self, kind: type[T]) -> Iterator[T]:
        for module in self.modules.values():
            for info in module.declared.values():
                if isinstance(info, kind):
                    yield info

    # ---- bodies

    def function_bodies(self, module: s.ModuleInfo) -> None:
        """Before all environments: the range of a reward's component follows from the functions that it calls."""
        self.module = module
        for info in module.declared.values():
            if isinstance(info, s.FunctionInfo):
                self.check_function(info)
            elif isinstance(info, s.WorldInfo):
                self.check_processes(info)

    def bodies(self, module: s.ModuleInfo) -> None:
        self.module = module
        declared = list(module.declared.values())
        for info in declared:
            if isinstance(info, s.ModelInfo):
                self.check_model(info)
        for info in declared:
            if isinstance(info, s.AgentInfo):
                self.check_agent(info)
        for info in declared:
            if isinstance(info, s.EnvironmentInfo):
                self.check_environment(info)
        for info in declared:
            if isinstance(info, s.TrainInfo):
                self.check_train(info)

    # ---- who writes

    def find_writers(self) -> None:
        """Which functions may change their world: those that assign, and those that call one; before any body."""
        callers: dict[str, set[str]] = {}
        for info in self.all(s.FunctionInfo):
            node = info.node
            if not isinstance(node, n.FunctionDecl) or info.world is None:
                continue
            inside = list(walk(node.block))
            info.may_write = _writes(inside)
            module = self.owner_of(info)
            for each in inside:
                if isinstance(each, n.Call) and isinstance(each.of, n.Name):
                    called = module.declared.get(each.of.name) or module.used.get(each.of.name)
                    if isinstance(called, s.FunctionInfo):
                        callers.setdefault(called.core_name, set()).add(info.core_name)
        waiting = [info.core_name for info in self.by_core.values() if info.may_write]
        while waiting:
            for caller in callers.get(waiting.pop(), ()):
                if not self.by_core[caller].may_write:
                    self.by_core[caller].may_write = True
                    waiting.append(caller)

    # ---- across bodies

    def across(self) -> None:
        self.recursion()
        agents = {info.core_name: info for info in self.all(s.AgentInfo)}
        self.delegation_cycles(agents)
        self.check_grants(agents)
        if self.acting:
            self.check_roles(agents, list(self.all(s.EnvironmentInfo)))
        self.fits(agents)
        for agent in agents.values():
            self.module = self.owner_of(agent)
            self.check_stand_in(agent, agents)
        for info in self.by_core.values():
            self.effect_clauses(info)
        self.check_time()
        self.idle_rewards()
        self.check_judges()
        self.check_rememberers()
        for environment in self.all(s.EnvironmentInfo):
            self.module = self.owner_of(environment)
            self.check_reach(environment, agents, self.by_core)

    def recursion(self) -> None:
        """Calls form no cycle: each strongly connected component is reported once, where it closes."""
        state: dict[str, int] = {}
        for name in self.by_core:
            path: list[str] = []
            stack: list[tuple[str, Iterator[str]]] = (
                [(name, iter(self.by_core[name].calls))] if name not in state else []
            )
            while stack:
                current, calls = stack[-1]
                if state.get(current) is None:
                    state[current] = 1
                    path.append(current)
                following = next(calls, None)
                if following is None:
                    state[current] = 2
                    path.pop()
                    stack.pop()
                elif state.get(following) == 1:
                    self.cycle([*path[path.index(following) :], following])
                elif following not in state and following in self.by_core:
                    stack.append((following, iter(self.by_core[following].calls)))

    def cycle(self, path: list[str]) -> None:
        last, first = self.by_core[path[-2]], self.by_core[path[-1]]
        shown = " → ".join(self.by_core[name].name for name in path)
        diagnostic = self.report(RECURSION, last.calls[path[-1]], name=first.name, path=shown)
        for name, following in pairwise(path[:-1]):
            info, other = self.by_core[name], self.by_core[following]
            diagnostic.label(info.calls[following], f"`{info.name}` calls `{other.name}`")
        if len(path) == 2:
            diagnostic.label(first.span(), f"`{first.name}` is declared here")
        diagnostic.advise("bodies end because calls form no cycle: walk a collection with `for` instead")

    # ---- the core form

    def core(self, name: str, root: s.ModuleInfo) -> Core:
        return {
            "name": name,
            "package": root.name,
            "edition": self.edition(root),
            "files": sorted({module.file for module in self.modules.values()}),
            "records": [_record(info) for info in self.all(s.RecordInfo)],
            "enums": [info.declared() | {"cases": info.cases} for info in self.all(s.EnumInfo)],
            "unions": [
                info.declared() | {"tag": info.tag, "cases": {tag: r.core_name for tag, r in info.cases.items()}}
                for info in self.all(s.UnionInfo)
            ],
            "aliases": [
                info.declared() | {"type": self.core_type(info.type), "refine": info.refine}
                for info in self.all(s.AliasInfo)
            ],
            "constants": [
                info.declared() | {"type": self.core_type(info.type), "value": info.value}
                for info in self.all(s.ConstInfo)
            ],
            "worlds": [
                info.declared() | {"slots": _slots(info), "processes": self.processes_core(info)}
                for info in self.all(s.WorldInfo)
            ],
            "functions": [self.function_core(info) for info in self.all(s.FunctionInfo)],
            "models": [*(info.core for info in self.all(s.ModelInfo)), *self.own_models],
            "agents": [info.core for info in self.all(s.AgentInfo)],
            "environments": [info.core for info in self.all(s.EnvironmentInfo)],
            "trains": [info.core for info in self.all(s.TrainInfo)],
            "tests": self.tests,
        }

    def processes_core(self, info: s.WorldInfo) -> list[Core]:
        slots = self.effects.slots(info.core_name)
        return [core | {"effects": self.effects.of_body(core["body"], slots).core()} for core in info.process_cores]

    def edition(self, root: s.ModuleInfo) -> str:
        """That of the root's package; a file without one is of the newest."""
        if root.package is not None:
            return root.package.manifest.edition
        from nexlang.packages.model import EDITIONS

        return EDITIONS[-1]

    def function_core(self, info: s.FunctionInfo) -> Core:
        return info.declared() | {
            "kind": info.kind,
            "params": self.core_params(info.params),
            "result": self.core_type(info.result) if info.result is not None else None,
            "world": info.world.core_name if info.world is not None else None,
            "row": info.row[1] if info.row is not None else None,
            "effects": self.effects.of(info.core_name).core(),
            "extern": info.extern,
            "body": info.body,
        }

    def diagnostics(self) -> list[Diagnostic]:
        """Everything found, by file and place; errors of a file before its warnings at the same place."""
        found = merged(self.reporter.diagnostics)
        if not found:
            return found
        from nexlang.semantics.remedies import remedied

        return remedied(found, self.modules.values(), self.extra)


def _record(info: s.RecordInfo) -> Core:
    fields = [_field(field) for field in info.fields.values()]
    return info.declared() | {"fields": fields, "require": info.require, "tag": info.tag}


def _field(field: s.FieldInfo) -> Core:
    return {
        "name": field.name,
        "doc": field.doc,
        "type": field.type.core(),
        "refine": field.refine,
        "default": field.default,
    }


def _slots(info: s.WorldInfo) -> list[Core]:
    return [
        {"name": slot.name, "doc": slot.doc, "type": slot.type.core(), "default": slot.default}
        for slot in info.slots.values()
    ]


def _writes(inside: list[n.Node]) -> bool:
    """Whether a body assigns to anything but its own `var`s."""
    targets = {_root(each.target) for each in inside if isinstance(each, n.Assign | n.Add | n.Remove)}
    return bool(targets) and not targets <= {each.name.name for each in inside if isinstance(each, n.Var)}


def _root(node: n.Expr) -> str | None:
    while isinstance(node, n.Attr | n.Index):
        node = node.of
    return node.name if isinstance(node, n.Name) else None

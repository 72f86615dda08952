"""Names that nothing uses, and names that hide others: warnings, once everything is checked."""

from __future__ import annotations

from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics.codes_modules import SHADOWED, UNUSED_LOCAL, UNUSED_PARAMETER, UNUSED_PRIVATE
from nexlang.diagnostics.removing import left_out, piece
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import Checker, kind_of
from nexlang.semantics.scope import Local
from nexlang.semantics.types import CHANCE, ERROR, Core, base
from nexlang.syntax import nodes as n

_ACTING = ("call_fn", "act")
_ENTRIES = (s.EnvironmentInfo, s.TrainInfo)


class Unused(Checker):
    def unused(self, module: s.ModuleInfo) -> None:
        """Warn about a module's own names. A file with mistakes in it may use what cannot be seen."""
        self.module = module
        if module.broken or any(d.severity == "error" for d in self.reporter.diagnostics):
            return
        found: dict[int, list[Local]] = {}
        for local in module.locals:
            found.setdefault(id(local.node), []).append(local)
        for same in found.values():
            self.unused_let(same)
            self.shadowing(same)
        for info in module.declared.values():
            if isinstance(info, s.FunctionInfo | s.AgentInfo):
                self.unused_params(info, found)
            if info.node.private and info.name not in module.touched and not isinstance(info, _ENTRIES):
                self.unused_private(info)

    # ---- names in bodies

    def unused_let(self, same: list[Local]) -> None:
        """`same` are what one `let` or `var` has declared: a body may be checked more than once."""
        statement = same[0].statement
        if statement is None or any(local.uses for local in same):
            return
        if isinstance(statement, n.Let) and statement.orelse is not None:
            return  # it holds the value to be there
        diagnostic = self.report(UNUSED_LOCAL, same[0].node, name=same[0].name)
        if same[0].made.get("kind") in _ACTING:
            edit = Edit(Span(self.module.source.path, statement.start, statement.value.start), "")
            diagnostic.fix("keep the call alone", edit)
        else:
            safe = not _calls(same[0].made)
            diagnostic.fix("remove it", self.removal(statement), applicability="safe" if safe else "unsafe")

    def removal(self, node: n.Node) -> Edit:
        """The edit that takes out a statement or declaration, with its line where it has that to itself."""
        start = node.doc.start if isinstance(node, n.Decl) and node.doc is not None else node.start
        first, last = piece(self.module.source.text, start, node.end)
        return Edit(Span(self.module.source.path, first, last), "")

    # ---- parameters

    def unused_params(self, info: s.FunctionInfo | s.AgentInfo, found: dict[int, list[Local]]) -> None:
        for name, param in info.params.items():
            used = [local for local in found.get(id(param.node.name), ()) if local.uses]
            if used or not self.parameter_matters(info, name, param):
                continue
            what = f"{kind_of(info)} (`{info.name}`)"
            diagnostic = self.report(UNUSED_PARAMETER, param.node.name, name=name, what=what)
            text = self.module.source.text
            message = "take it out, here and where it is given"
            left_out(diagnostic, text, param.node.start, param.node.end, "display", message)

    def parameter_matters(self, info: s.FunctionInfo | s.AgentInfo, name: str, param: s.FieldInfo) -> bool:
        """Whether it was chosen for nothing: what an actor by rules sees is its environment's to say, and a stand-in of
        a model agent has the same parameters."""
        if param.type is ERROR or base(param.type) is CHANCE or info.source is not self.module.source:
            return False
        if isinstance(info, s.FunctionInfo):
            return isinstance(info.node, n.FunctionDecl) and bool(info.node.block.body)
        if not isinstance(info.node, n.AgentDecl) or info.kind != "model" or info.broken:
            return False
        agents = [other for other in self.module.declared.values() if isinstance(other, s.AgentInfo)]
        if any(_takes(other.core, name) for other in agents if other is info or other.base is info):
            return False
        return not any(other.core.get("plays") == info.core_name for other in agents)

    # ---- declarations

    def unused_private(self, info: s.Info) -> None:
        diagnostic = self.report(UNUSED_PRIVATE, info.span(), name=info.name)
        diagnostic.fix("remove it", self.removal(info.node), applicability="unsafe")

    # ---- names that hide others

    def shadowing(self, same: list[Local]) -> None:
        local = same[0]
        what = self.hidden_by(local)
        if what is None:
            return
        diagnostic = self.report(SHADOWED, local.node, name=local.name, what=what)
        if local.hides is not None:
            diagnostic.label(self.span(local.hides.node), "the one outside")
        if local.statement is not None or local.kind == "loop":
            new = self.free_name(local)
            places = {local.node.start, *(use for each in same for use in each.uses)}
            text, path = self.module.source.text, self.module.source.path
            spans = [Span(path, at, at + len(local.name)) for at in sorted(places) if text.startswith(local.name, at)]
            diagnostic.fix(f"call it `{new}`", *(Edit(span, new) for span in spans), applicability="unsafe")

    def hidden_by(self, local: Local) -> str | None:
        if local.hides is not None:
            return "a name of the same body" if local.hides.kind != "param" else "a parameter"
        info = self.module.declared.get(local.name) or self.module.used.get(local.name)
        if isinstance(info, s.ConstInfo):
            return "a constant"
        if local.world is not None and local.name in local.world.slots and local.kind != "scope":
            return f"a slot of `{local.world.name}`"
        return None

    def free_name(self, local: Local) -> str:
        taken = {*self.module.declared, *self.module.used, *(each.name for each in self.module.locals)}
        new = f"own_{local.name}"
        while new in taken:
            new = f"own_{new}"
        return new


def _calls(core: object) -> bool:
    """Whether a value is made by a call of the program's own."""
    if isinstance(core, dict):
        return core.get("kind") in _ACTING or any(_calls(each) for each in core.values())
    return isinstance(core, list) and any(_calls(each) for each in core)


def _takes(core: Core, name: str) -> bool:
    """Whether a model agent's templates, or the arguments that it fixes, read a parameter."""
    templates = [core.get("prompt"), core.get("turn")]
    if any(template is not None and name in template["names"] for template in templates):
        return True
    return _reads(core.get("memory"), name) or any(_reads(held["fixed"], name) for held in core.get("tools", ()))


def _reads(core: object, name: str) -> bool:
    if isinstance(core, dict):
        local = core.get("kind") == "local" and core.get("name") == name
        return local or any(_reads(each, name) for each in core.values())
    return isinstance(core, list | tuple) and any(_reads(each, name) for each in core)

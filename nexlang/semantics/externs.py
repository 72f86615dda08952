"""Extern tools: what they declare, who may ask them, and that none is asked after a write that could be taken back."""

from __future__ import annotations

from nexlang.diagnostics import Diagnostic, Edit, Span
from nexlang.diagnostics.codes_externs import (
    BAD_ADDRESS,
    EXTERN_NOT_HERE,
    LATE_EXTERN,
    NO_CAPABILITY,
    SANDBOX_PARAMETER,
    UNKNOWN_CAPABILITY,
    UNKNOWN_SOURCE,
)
from nexlang.ir.capabilities import (
    CAPABILITIES,
    DIRECT,
    OPTIONS,
    SOURCES,
    USUAL,
    address_problem,
    command_problem,
    memory_problem,
)
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import listed
from nexlang.semantics.environments import Environments
from nexlang.semantics.types import ERROR
from nexlang.syntax import nodes as n
from nexlang.syntax import walk

_ASKERS = {
    "measure": "what only reads",
    "const": "a constant",
    "process": "a process",
    "fn": "a pure function",
}


class Externs(Environments):
    # ---- declarations

    def function_shape(self, info: s.FunctionInfo) -> None:
        node = info.node
        if not isinstance(node, n.ExternDecl):
            super().function_shape(info)
            return
        info.kind = "tool"
        self.parameters(node.params, info.params)
        for param in info.params.values():
            self.sendable(param.type, param.node.type, "as a tool's parameter")
        self.document(info)
        info.result = self.type_of(node.result) if node.result is not None else None
        if info.result is not None and node.result is not None:
            self.sendable(info.result, node.result, "as an answer")
        info.extern = {"source": node.source.name, "address": self.plain_text(node.address), "needs": []}
        info.externs = {info.core_name}

    def check_function(self, info: s.FunctionInfo) -> None:
        node = info.node
        if isinstance(node, n.ExternDecl):
            self.extern_details(info, node)
            return
        super().check_function(info)
        if info.externs and isinstance(node, n.FunctionDecl):
            self.after_writes(node.block.body, None, _own_names(node.block))

    def extern_details(self, info: s.FunctionInfo, node: n.ExternDecl) -> None:
        assert info.extern is not None
        source, address = node.source.name, info.extern["address"]
        info.fails = True
        if source not in SOURCES:
            diagnostic = self.report(UNKNOWN_SOURCE, node.source, name=source)
            self.did_you_mean(diagnostic, source, SOURCES)
            if not diagnostic.fixes:
                diagnostic.advise(f"answers come from {listed(SOURCES, 'or')}")
            return
        problem = address_problem(source, address)
        if problem is not None:
            diagnostic = self.report(BAD_ADDRESS, node.address, address=address, source=source, problem=problem)
            if source == "python" and ":" not in address and "." in address:
                diagnostic.replace("the last name is the function", f'"{":".join(address.rsplit(".", 1))}"', "unsafe")
        info.extern["needs"] = self.capabilities(info, node)
        pairs = [(pair.key, pair.value) for pair in node.options.pairs] if node.options is not None else []
        options = self.options(pairs, OPTIONS[source], f"an extern from `{source}`")
        if "memory" in options and (wrong := memory_problem(str(options["memory"]))):
            self.bad(next(value for key, value in pairs if key.name == "memory"), "memory", wrong)
        if "command" in options and (wrong := command_problem(str(options["command"]))):
            self.bad(next(value for key, value in pairs if key.name == "command"), "command", wrong)
        if source == "sandbox":
            self.direct_parameters(info)
        given = {key.name for key, _ in pairs}
        if source == "sandbox" and "command" not in given:
            self.missing(node.name, f"extern `{info.name}`", ["command"])
        info.extern["options"] = options

    def direct_parameters(self, info: s.FunctionInfo) -> None:
        """What a command gets otherwise than as JSON has one type, and where it reads a text it reads nothing else."""
        for param in info.params.values():
            wanted = DIRECT.get(param.name)
            if wanted is not None and str(param.type) != wanted and param.type is not ERROR:
                problem = f"is `{param.type}`, and has to be `{wanted}`"
                diagnostic = self.report(SANDBOX_PARAMETER, param.node.type, name=param.name, problem=problem)
                diagnostic.replace(f"make it `{wanted}`", wanted, "unsafe")
            elif wanted is None and "input" in info.params:
                problem = "has no way to it: `input` is all that the command reads"
                diagnostic = self.report(SANDBOX_PARAMETER, param.node.name, name=param.name, problem=problem)
                diagnostic.advise("without `input` the command reads JSON of all parameters but files and arguments")

    def capabilities(self, info: s.FunctionInfo, node: n.ExternDecl) -> list[str]:
        for name in node.needs:
            if name.name not in CAPABILITIES:
                diagnostic = self.report(UNKNOWN_CAPABILITY, name, name=name.name)
                self.did_you_mean(diagnostic, name.name, CAPABILITIES)
                if not diagnostic.fixes:
                    diagnostic.advise(f"the capabilities are {listed(CAPABILITIES)}")
        if not node.needs:
            usual = USUAL[node.source.name]
            at = Span(self.module.source.path, node.address.end, node.address.end)
            self.report(NO_CAPABILITY, node.name, name=info.name).fix(
                f"it needs `{usual}`", Edit(at, f" needs {usual}"), applicability="unsafe"
            )
        return sorted({name.name for name in node.needs if name.name in CAPABILITIES})

    # ---- who may ask

    def find_externs(self) -> None:
        """Which functions ask externs, themselves or through what they call; before any body."""
        if not any(info.extern for info in self.functions.values()):
            return
        callers: dict[str, list[s.FunctionInfo]] = {}
        for info in self.functions.values():
            if isinstance(info.node, n.FunctionDecl):
                for called in self.called(info.node.block, self.owner_of(info)):
                    callers.setdefault(called.core_name, []).append(info)
        waiting = [info for info in self.functions.values() if info.extern]
        while waiting:
            asked = waiting.pop()
            for caller in callers.get(asked.core_name, ()):
                if not asked.externs <= caller.externs:
                    caller.externs |= asked.externs
                    waiting.append(caller)

    def called(self, node: n.Node, module: s.ModuleInfo) -> list[s.FunctionInfo]:
        """The functions that a body calls by name."""
        found = []
        for each in walk(node):
            if isinstance(each, n.Call) and isinstance(each.of, n.Name):
                info = module.declared.get(each.of.name) or module.used.get(each.of.name)
                if isinstance(info, s.FunctionInfo):
                    found.append(info)
        return found

    def allowed(self, node: n.Call, info: s.FunctionInfo) -> bool:
        body = self.body
        if info.externs and (
            body.kind in ("measure", "const", "process") or (body.kind == "fn" and body.world is None)
        ):
            names = sorted(self.functions[name].name for name in info.externs)
            asked = "answers from outside" if info.extern else listed(names)
            self.report(EXTERN_NOT_HERE, node.of, name=info.name, extern=asked, where=_ASKERS[body.kind]).advise(
                "tools and agents ask externs; what reads the world reads what a tool has written there"
            )
            return False
        return super().allowed(node, info)

    # ---- nothing is asked after a write

    def after_writes(self, body: list[n.Stmt], written: n.Node | None, own: set[str]) -> n.Node | None:
        """Walk statements in order; gives the write that may have happened when they end."""
        for stmt in body:
            written = self.after_write(stmt, written, own)
        return written

    def after_write(self, stmt: n.Stmt, written: n.Node | None, own: set[str]) -> n.Node | None:
        match stmt:
            case n.If():
                written = self.calls_after(stmt.condition, written)
                then = self.after_writes(stmt.then.body, written, own)
                other = stmt.otherwise
                if isinstance(other, n.If):
                    return then or self.after_write(other, written, own)
                return then or (self.after_writes(other.body, written, own) if other is not None else written)
            case n.For():
                written = self.calls_after(stmt.source, written)
                first = self.after_writes(stmt.block.body, written, own)
                return self.after_writes(stmt.block.body, first, own) if first is not written else first
            case n.Match():
                written = self.calls_after(stmt.subject, written)
                blocks = [case.block for case in stmt.cases] + ([stmt.otherwise] if stmt.otherwise is not None else [])
                ends = [self.after_writes(block.body, written, own) for block in blocks]
                return next((end for end in ends if end is not None), written)
        written = self.calls_after(stmt, written)
        if isinstance(stmt, n.Assign | n.Add | n.Remove) and _root(stmt.target) not in own:
            return written or stmt
        return written

    def calls_after(self, node: n.Node, written: n.Node | None) -> n.Node | None:
        for each in walk(node):
            if not (isinstance(each, n.Call) and isinstance(each.of, n.Name)):
                continue
            info = self.module.lookup(each.of.name)
            if not isinstance(info, s.FunctionInfo):
                continue
            if written is not None and any(not self.repeatable(name) for name in info.externs):
                diagnostic = self.report(LATE_EXTERN, each.of, name=info.name)
                diagnostic.label(self.span(written), "written here").advise(
                    "ask first and write then, or say `repeatable: true` where asking twice does no harm"
                )
                self.make_repeatable(diagnostic, info)
            if info.may_write:
                written = written or each
        return written

    def make_repeatable(self, diagnostic: Diagnostic, info: s.FunctionInfo) -> None:
        """The fix that says of the one extern that is asked that it may be asked again."""
        lacking = [self.functions[name] for name in info.externs if not self.repeatable(name)]
        node = lacking[0].node
        if len(lacking) != 1 or not isinstance(node, n.ExternDecl):
            return
        if node.options is None:
            end = (node.needs[-1] if node.needs else node.address).end
            text = " with { repeatable: true }"
        elif node.options.pairs:
            end, text = node.options.pairs[-1].end, ", repeatable: true"
        else:
            return
        edit = Edit(Span(lacking[0].source.path, end, end), text)
        diagnostic.fix("asking it again does no harm", edit, applicability="unsafe")

    def repeatable(self, name: str) -> bool:
        """As declared: its options may not have been checked yet."""
        node = self.functions[name].node
        if not isinstance(node, n.ExternDecl) or node.options is None:
            return False
        values = [pair.value for pair in node.options.pairs if pair.key.name == "repeatable"]
        return any(isinstance(value, n.Name) and value.name == "true" for value in values)


def _own_names(block: n.Block) -> set[str]:
    return {each.name.name for each in walk(block) if isinstance(each, n.Var)}


def _root(node: n.Expr) -> str | None:
    while isinstance(node, n.Attr | n.Index):
        node = node.of
    return node.name if isinstance(node, n.Name) else None

"""Tests: what they are given, what they expect, the scripts of models and externs, and the values they are run for."""

from __future__ import annotations

from collections.abc import Sequence

from nexlang.diagnostics.codes_names import UNKNOWN_MODEL
from nexlang.diagnostics.codes_places import NOT_HERE, WRITE_IN_EXPRESSION
from nexlang.diagnostics.codes_testing import NOTHING_TO_COMPARE, UNSCRIPTED, WRONG_SCRIPT
from nexlang.diagnostics.removing import left_out
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import kind_of, words
from nexlang.semantics.environments import Environments
from nexlang.semantics.scope import Body, Local, Typed
from nexlang.semantics.types import CHANCE, ERROR, FAILURE, NONE, Core, Table, Type, World, base
from nexlang.syntax import nodes as n


class Tests(Environments):
    # ---- whole tests

    def check_test(self, node: n.TestDecl) -> Core:
        environment = self.test_place(node)
        world = environment.world if isinstance(environment, s.EnvironmentInfo) else environment
        self.body = Body(self.module, "test", world)
        core: Core = {
            "title": self.text(node.title)[1:-1],
            "environment": environment.core_name if isinstance(environment, s.EnvironmentInfo) else None,
            "world": environment.core_name if isinstance(environment, s.WorldInfo) else None,
            "file": self.module.file,
            "line": self.line(node),
            "body": [],
        }
        if node.environment is not None and world is None:
            for part in [*([node.cases] if node.cases else []), *node.body]:
                self.passed_over(part)
            return core
        return core | self.played(node)

    def test_place(self, node: n.TestDecl) -> s.EnvironmentInfo | s.WorldInfo | None:
        """Where a test runs: in an environment, or in a world by itself, which begins empty."""
        at = node.environment
        if at is None:
            return None
        info = self.module.lookup(at.name)
        if isinstance(info, s.WorldInfo):
            self.filled(info, at)
            return info
        return self.environment_named(n.Name(at.start, at.end, at.name))

    def played(self, node: n.TestDecl) -> Core:
        """The core form of a test's title, cases and body, whose world is known."""
        core: Core = {}
        if isinstance(node.cases, n.Rows):
            core["cases"] = self.rows(node.cases)
        title = self.x_Str(node.title, None).core
        if title["kind"] == "lit":
            core["title"] = str(title["value"])
        else:
            core["shown"] = title
        if isinstance(node.cases, n.AnyValues):
            core["cases"] = self.any_values(node.cases)
        statements: list[Core] = []
        self.block(node.body, statements)
        return core | {"body": self.prune(statements)}

    def rows(self, node: n.Rows) -> Core:
        """The names are values: each row has a world of its own."""
        self.body.inside += 1
        clause = self.clause(node.names, node.source)
        self.body.inside -= 1
        found: list[Local] = [self.body.frames[-1][name.name] for name in node.names]
        for local in found:
            local.place = None
        return {"kind": "rows", "clause": clause, "types": [self.core_type(local.type) for local in found]}

    def any_values(self, node: n.AnyValues) -> Core:
        params: dict[str, s.FieldInfo] = {}
        body = self.body
        self.parameters(node.values, params)
        self.fields_details(params)
        self.body = body
        for name, param in params.items():
            self.sendable(param.type, param.node.type, "in a test for all values")
            body.declare(name, param.type, "param", param.node.name)
        return {"kind": "values", "values": self.core_params(params)}

    # ---- given

    def s_Given(self, node: n.Given, into: list[Core]) -> bool | None:
        writes: list[Core] = []
        self.assign(node.target, "=", node.value, node, writes, crossing=True)
        for core in writes:
            if core["kind"] in ("write", "add_row"):
                core = {"kind": "given", "line": core["line"], "write": core}
            into.append(core)
        return None

    def s_Script(self, node: n.Script, into: list[Core]) -> bool | None:
        """The next of what a model or an extern gives; a failure's text may have a code around it."""
        name = self.scripted_model(node) if node.kind == "model" else self.scripted_extern(node)
        core: Core = {"kind": "script", "line": self.line(node), "of": node.kind, "name": name or "", "code": None}
        if node.verb == "fails":
            failure = self.failing(node.value, self.line(node))
            core |= {"code": failure["code"], "value": failure["message"]}
        elif node.kind == "model":
            core["value"] = self.reply(node.value, name)
        else:
            core["value"] = self.value(node.value, self.extern_result(node.name))
        into.append(core)
        return None

    def scripted_model(self, node: n.Script) -> str | None:
        """A model, for whoever asks it, or a model agent, for it alone."""
        info = self.module.lookup(node.name.name)
        if isinstance(info, s.ModelInfo) or (isinstance(info, s.AgentInfo) and info.kind == "model"):
            return info.core_name
        if isinstance(info, s.AgentInfo):
            self.unscripted(node, "asks no model")
        elif info is not None:
            self.unscripted(node, f"is {kind_of(info)}")
        elif node.name.name not in self.module.refused:
            diagnostic = self.report(UNKNOWN_MODEL, node.name, name=node.name.name)
            self.did_you_mean(diagnostic, node.name.name, self.visible(s.ModelInfo, s.AgentInfo))
        return None

    def unscripted(self, node: n.Script, what: str) -> None:
        diagnostic = self.report(UNSCRIPTED, node.name, name=node.name.name, what=what)
        left_out(diagnostic, self.module.source.text, node.start, node.end)

    def scripted_extern(self, node: n.Script) -> str | None:
        tool = self.tool_named(node.name)
        if tool is not None and not isinstance(tool.node, n.ExternDecl):
            self.unscripted(node, "is a tool with a body of its own")
        return tool.core_name if tool is not None else None

    def extern_result(self, name: n.Ident) -> Type:
        info = self.module.lookup(name.name)
        return (info.result or NONE) if isinstance(info, s.FunctionInfo) else ERROR

    def reply(self, node: n.Expr, name: str | None) -> Core:
        """What a model says: a text, a call or calls, or a value as its JSON."""
        self.scripting, self.scripted = True, self.asking(name)
        typed = self.needs_value(self.expr(node), node)
        self.scripting = False
        if base(typed.type) in (CHANCE, FAILURE) or isinstance(base(typed.type), Table | World):
            self.report(WRONG_SCRIPT, node, type=words(typed.type))
        return typed.core

    def asking(self, name: str | None) -> list[s.AgentInfo]:
        """The agents that a script speaks for."""
        return [agent for agent in self.all_agents() if name in (agent.core_name, agent.core.get("model"))]

    # ---- expect

    def s_Expect(self, node: n.Expect, into: list[Core]) -> bool | None:
        if self.body.kind != "test":
            self.report(NOT_HERE, node, what="`expect`", where="outside of a test")
            self.passed_over(node.subject)
            return None
        core: Core = {"kind": "expect", "line": self.line(node), "test": node.kind, "text": self.text(node)}
        if node.kind == "true":
            self.body.inside += 1
            self.body.alone = _leftmost(node.subject)
            core["subject"] = self.condition(node.subject)
            self.body.alone = None
            self.body.inside -= 1
        elif node.kind == "fails":
            self.body.alone = node.subject
            core["subject"] = self.expr(node.subject).core
            self.body.alone = None
            core |= self.expected_failure(node)
        elif not (isinstance(node.subject, n.Name) and node.subject.name == "world"):
            core["subject"] = self.compared(node.subject)
        into.append(core)
        return None

    def expected_failure(self, node: n.Expect) -> Core:
        """`fails "text"`, `fails Code("text")`, or `fails Code` for one whose text does not matter."""
        assert node.failure is not None
        if isinstance(node.failure, n.Name) and node.failure.name[:1].isupper():
            return {"code": node.failure.name, "message": None}
        failure = self.failing(node.failure, self.line(node))
        return {"code": failure["code"] or None, "message": failure["message"]}

    def compared(self, node: n.Expr) -> Core:
        """A path of the world, read before and now."""
        root = node
        while isinstance(root, n.Attr | n.Index):
            root = root.of
        slots = self.body.world.slots if self.body.world is not None else {}
        if not isinstance(root, n.Name) or self.body.find(root.name) is not None or root.name not in slots:
            self.report(NOTHING_TO_COMPARE, node).replace("compare the whole world", "world", "unsafe")
            self.expr(node, ERROR)
            return {"kind": "lit", "value": None}
        return self.expr(node).core

    # ---- agents

    scripted: list[s.AgentInfo]

    def fixed_of(self, info: s.FunctionInfo | s.AgentInfo) -> Sequence[str]:
        """The arguments that every agent of the script fixes, so that its model does not say them."""
        held = [each for agent in self.scripted for each in agent.core.get("tools", ())]
        fixed = [set(each["fixed"]) for each in held if each["name"] == info.core_name]
        return sorted(set.intersection(*fixed)) if fixed else ()

    def ask(self, node: n.Call, info: s.AgentInfo, args: dict[str, Core]) -> Typed:
        """An agent called in a test runs to its end, on the test's world and by its scripts."""
        if node is not self.body.alone:
            self.report(WRITE_IN_EXPRESSION, node.of, name=info.name)
        core = {"kind": "act", "target": "agent", "name": info.core_name, "args": args, "handled": False}
        return Typed(info.result, core)

    def refresh_after_call(self, core: Core, node: n.Stmt, into: list[Core]) -> None:
        """An agent that a test calls may have written anything."""
        if core.get("kind") != "act" or self.body.kind != "test":
            super().refresh_after_call(core, node, into)
            return
        for slot in {local.place.slot for local in self.body.places() if local.place is not None}:
            self.refresh(slot, None, node, into)


def _leftmost(node: n.Expr) -> n.Expr:
    """The part of an expression that is evaluated before all others, as in `expect put("a") == "ok"`."""
    while True:
        match node:
            case n.Compare():
                node = node.operands[0]
            case n.Binary():
                node = node.left
            case n.Attr() | n.Index():
                node = node.of
            case _:
                return node

"""Statements: what a body does, in order, and which places it changes."""

from __future__ import annotations

from collections.abc import Callable

from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics.codes_names import DUPLICATE_NAME
from nexlang.diagnostics.codes_places import HIDDEN_ACT
from nexlang.diagnostics.codes_types import (
    NOT_OPTIONAL,
    TYPE_MISMATCH,
    UNREACHABLE,
    UNUSED_VALUE,
)
from nexlang.diagnostics.codes_values import PART_VALUE
from nexlang.semantics.calls import Calls
from nexlang.semantics.checker import words
from nexlang.semantics.loops import Loops
from nexlang.semantics.places import Places
from nexlang.semantics.scope import Local, Refresh, Typed
from nexlang.semantics.types import (
    ERROR,
    NONE,
    TEXT,
    Core,
    List,
    Optional,
    Type,
    World,
    base,
    widened,
)
from nexlang.syntax import nodes as n


class Statements(Places, Calls, Loops):
    """One method a kind of statement, named `s_<Node>`; each appends core statements and says if it ends the block."""

    # ---- blocks

    def block(self, body: list[n.Stmt], into: list[Core]) -> bool:
        """Check statements in a new frame; True where the end is never reached."""
        self.body.frames.append({})
        ended = self.sequence(body, into)
        self.body.frames.pop()
        return ended

    def sequence(self, body: list[n.Stmt], into: list[Core]) -> bool:
        ended = False
        for i, stmt in enumerate(body):
            if ended:
                if not self.module.broken:
                    self.left_out(self.report(UNREACHABLE, stmt), stmt)
                self.sequence(body[i:], [])
                break
            ended = self.statement(stmt, into)
        return ended

    def statement(self, stmt: n.Stmt, into: list[Core]) -> bool:
        outer, self.body.before = self.body.before, []
        method: Callable[[n.Stmt, list[Core]], bool | None] = getattr(self, "s_" + type(stmt).__name__)
        made: list[Core] = []
        ended = bool(method(stmt, made))
        into += self.body.before
        into += made
        self.body.before = outer
        return ended

    def prune(self, body: list[Core]) -> list[Core]:
        """Drop the reads after writes that nothing needs."""
        kept = []
        for stmt in body:
            refresh = stmt.pop("refresh", None)
            if isinstance(refresh, Refresh) and not refresh.needed():
                continue
            for key in ("body", "then", "otherwise"):
                if isinstance(stmt.get(key), list):
                    stmt[key] = self.prune(stmt[key])
            for case in stmt.get("cases", ()):
                case["body"] = self.prune(case["body"])
            kept.append(stmt)
        return kept

    # ---- names

    def bound(self, name: n.Ident, typed: Typed, type: Type, into: list[Core]) -> Local:
        """Declare what `let`, `if let` and `match … as` bind: a place where the value is one, else a value."""
        if name.name in self.body.frames[-1]:
            first = self.body.frames[-1][name.name]
            self.report(DUPLICATE_NAME, name, what="the name", name=name.name).label(
                self.span(first.node), "first here"
            )
        local = self.body.declare(name.name, type, "let", name)
        local.place = self.held_place(typed.place, local, type, into)
        return local

    def alone(self, node: n.Expr, expected: Type | None = None) -> Typed:
        """Check the one expression of a statement: a call there may change the world."""
        self.body.alone = node
        typed = self.needs_value(self.expr(node, expected), node)
        self.body.alone = None
        return typed

    def s_Let(self, node: n.Let, into: list[Core]) -> bool | None:
        typed = self.alone(node.value)
        type, optional, orelse = typed.type, "optional", None
        if node.orelse is not None:
            type, optional = self.unwrapped(typed, node.value, "let … else", node.orelse)
            orelse = self.orelse(node.orelse)
        if isinstance(type, World) and self.body.may_write:
            diagnostic = self.report(PART_VALUE, node.value, name=self.text(node.value))
            slot = next(iter(type.info.slots), "slot")
            diagnostic.replace("hold one of its slots", f"{self.text(node.value)}.{slot}", "display")
            type = ERROR
        if self.module.damaged and self.line(node) in self.module.damaged:
            type = ERROR
        local = self.bound(node.name, typed, type, self.body.before)
        local.statement, local.made = node, typed.core
        core = {
            "kind": "let",
            "line": self.line(node),
            "name": local.core_name,
            "type": self.core_type(type),
            "value": typed.core,
        }
        if orelse is None:
            local.value_end = node.value.end
        else:
            core |= {"orelse": orelse, "optional": optional}
        into.append(core)
        self.refresh_after_call(typed.core, node, into)
        return None

    def unwrapped(self, typed: Typed, node: n.Expr, what: str, orelse: n.OrElse | None = None) -> tuple[Type, str]:
        """The type inside an optional, or what an act gives where its failure is handled."""
        if typed.acts and typed.type is NONE:
            typed.core["handled"] = True
            return typed.type, "outcome"
        type = base(self.or_none(typed).type)
        if isinstance(type, Optional):
            return type.item, "optional"
        if type is not ERROR:
            diagnostic = self.report(NOT_OPTIONAL, node, what=what, type=words(typed.type))
            if orelse is not None:
                edit = Edit(Span(diagnostic.span.file, node.end, orelse.end), "")
                diagnostic.fix("leave the `else` out", edit)
            return ERROR, "optional"
        return typed.type, "optional"

    def orelse(self, node: n.OrElse) -> Core:
        if node.kind == "fail":
            return self.failing(node.value, self.line(node))
        return {"kind": "return", "line": self.line(node), "value": self.returned(node.value)}

    def s_Var(self, node: n.Var, into: list[Core]) -> bool | None:
        if node.type is not None:
            type = self.type_of(node.type)
            core = self.coerce(node.value, self.alone(node.value, type), type)
            self.hold_to(node.value, core, type)
        else:
            typed = self.alone(node.value)
            type, core = widened(typed.type), typed.core
            if typed.type is NONE:
                self.report(TYPE_MISMATCH, node.value, expected="a value", actual="none").advise(
                    f"name the type: `var {node.name.name}: Text? = none`"
                )
        if node.name.name in self.body.frames[-1]:
            self.report(DUPLICATE_NAME, node.name, what="the name", name=node.name.name)
        local = self.body.declare(node.name.name, type, "var", node.name)
        local.statement, local.made = node, core
        into.append(
            {
                "kind": "let",
                "line": self.line(node),
                "name": local.core_name,
                "type": self.core_type(type),
                "value": core,
            }
        )
        self.refresh_after_call(core, node, into)
        return None

    # ---- ends

    def returned(self, node: n.Expr) -> Core:
        if self.body.result is None:
            typed = self.expr(node)
            if typed.type is not ERROR:
                self.report(TYPE_MISMATCH, node, expected="nothing (no result is declared)", actual=words(typed.type))
            return typed.core
        typed = self.alone(node, self.body.result)
        core = self.coerce(node, typed, self.body.result)
        self.hold_to(node, core, self.body.result)
        self.row_result(node, typed)
        return core

    def row_result(self, node: n.Expr, typed: Typed) -> None:
        """Hold what is returned to being a row; filled in by `Rows`."""
        raise AssertionError("defined by Rows")

    def s_Return(self, node: n.Return, into: list[Core]) -> bool | None:
        into.append({"kind": "return", "line": self.line(node), "value": self.returned(node.value)})
        return True

    def failing(self, node: n.Expr, line: int) -> Core:
        """`"text"` or `Code("text")`."""
        code, message = "", node
        if isinstance(node, n.Call) and isinstance(node.of, n.Name) and node.of.name[:1].isupper() and node.args:
            code, message = node.of.name, node.args[0].value
        self.body.fails = True
        return {"kind": "fail", "line": line, "code": code, "message": self.value(message, TEXT)}

    def s_Fail(self, node: n.Fail, into: list[Core]) -> bool | None:
        into.append(self.failing(node.failure, self.line(node)))
        return True

    def s_Require(self, node: n.Require, into: list[Core]) -> bool | None:
        line = self.line(node)
        condition = self.condition(node.condition)
        into.append(
            {"kind": "require", "line": line, "condition": condition, "failure": self.failing(node.failure, line)}
        )
        return None

    # ---- calls

    def s_Do(self, node: n.Do, into: list[Core]) -> bool | None:
        self.body.alone = node.call
        typed = self.expr(node.call)
        self.body.alone = None
        if node.orelse is not None:
            type, optional = self.unwrapped(typed, node.call, "… else", node.orelse)
            name = self.body.fresh("result")
            into.append(
                {
                    "kind": "let",
                    "line": self.line(node),
                    "name": name,
                    "type": self.core_type(type),
                    "value": typed.core,
                    "orelse": self.orelse(node.orelse),
                    "optional": optional,
                }
            )
            self.refresh_after_call(typed.core, node, into)
            return None
        acting = typed.core["kind"] in ("call_fn", "act") or typed.core.get("name") in ("play", "wait")
        if typed.type is not ERROR and not acting:
            self.left_out(self.report(UNUSED_VALUE, node.call), node)
        into.append({"kind": "do", "line": self.line(node), "call": typed.core})
        self.refresh_after_call(typed.core, node, into)
        return None

    # ---- branches

    def s_If(self, node: n.If, into: list[Core]) -> bool | None:
        core: Core = {"kind": "if", "line": self.line(node), "then": [], "otherwise": []}
        self.body.frames.append({})
        if node.binding is not None:
            typed = self.expr(node.condition)
            type, _ = self.unwrapped(typed, node.condition, "if let")
            local = self.bound(node.binding, typed, type, self.body.before)
            core |= {"binding": local.core_name, "type": self.core_type(type), "condition": typed.core}
        else:
            core["condition"] = self.condition(node.condition)
        then_ended = self.block(node.then.body, core["then"])
        self.body.frames.pop()
        else_ended = False
        if isinstance(node.otherwise, n.If):
            else_ended = self.statement(node.otherwise, core["otherwise"])
        elif node.otherwise is not None:
            else_ended = self.block(node.otherwise.body, core["otherwise"])
        into.append(core)
        return then_ended and else_ended

    def s_For(self, node: n.For, into: list[Core]) -> bool | None:
        body = self.body
        body.frames.append({})
        clause = self.place_clause(node) or self.clause(node.names, node.source)
        condition = self.condition(node.condition) if node.condition else None
        bounded = self.enter_loop([node.source])
        body.loops.append((node.start, node.end))
        core: Core = {"kind": "for", "line": self.line(node), "clause": clause, "condition": condition, "body": []}
        self.block(node.block.body, core["body"])
        body.loops.pop()
        body.bounded = bounded
        body.frames.pop()
        into.append(core)
        return None

    # ---- agents

    def acting_list(self, node: n.ListComp) -> Typed:
        """`[Research(q) for q in …]`: in order, as a loop before the statement; a pure one stays an expression."""
        body = self.body
        bounded = self.enter_loop([each.source for each in node.comp.clauses])
        inside, body.inside = body.inside, 0
        body.frames.append({})
        body.loops.append((node.start, node.end))
        clauses = [self.clause(each.names, each.source) for each in node.comp.clauses]
        condition = self.condition(node.comp.condition) if node.comp.condition else None
        outer, body.before = body.before, []
        element = self.expr(node.comp.element)
        inner, body.before = body.before, outer
        body.loops.pop()
        body.frames.pop()
        body.inside, body.bounded = inside, bounded
        type = List(element.type)
        if not inner and not element.acts and not _acts(element.core):
            core: Core = {
                "kind": "comp",
                "result": "list",
                "element": element.core,
                "item": self.core_type(element.type),
                "clauses": clauses,
                "condition": condition,
            }
            return Typed(type, core)
        if inside:
            self.report(HIDDEN_ACT, node, name="the comprehension")
        return Typed(type, self.loop_for(node, clauses, condition, inner, element, type))

    def loop_for(
        self,
        node: n.ListComp,
        clauses: list[Core],
        condition: Core | None,
        inner: list[Core],
        element: Typed,
        type: Type,
    ) -> Core:
        line = self.line(node)
        name = self.body.fresh("results")
        made: Core = {"kind": "local", "name": name}
        empty = {"kind": "list_of", "items": [], "item": self.core_type(element.type)}
        self.body.before.append(
            {"kind": "let", "line": line, "name": name, "type": self.core_type(type), "value": empty}
        )
        one = {"kind": "list_of", "items": [element.core], "item": self.core_type(element.type)}
        chain = {"kind": "binary", "op": "chain", "left": made, "right": one}
        body: list[Core] = [*inner, {"kind": "set", "line": line, "name": name, "value": chain}]
        for i, clause in reversed(list(enumerate(clauses))):
            own = condition if i == len(clauses) - 1 else None
            body = [{"kind": "for", "line": line, "clause": clause, "condition": own, "body": body}]
        self.body.before += body
        return made

    def type_of(self, node: n.TypeExpr) -> Type:
        """Resolve a type where it is written; filled in by `Declarations`."""
        raise AssertionError("defined by Declarations")


def _acts(core: object) -> bool:
    if isinstance(core, dict):
        return core.get("kind") == "act" or any(_acts(each) for each in core.values())
    return isinstance(core, list) and any(_acts(each) for each in core)

"""Calls: the program's own functions, tools and agents, constructors of records, and `with`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics.codes_names import NOT_A_VALUE, UNKNOWN_AGENT, UNKNOWN_FUNCTION, UNKNOWN_TOOL
from nexlang.diagnostics.codes_places import (
    HIDDEN_ACT,
    NO_WORLD,
    NOT_HERE,
    OTHER_WORLD,
    UNBOUNDED_ASKING,
    WRITE_IN_EXPRESSION,
)
from nexlang.diagnostics.codes_types import (
    DUPLICATE_ARGUMENT,
    MISSING_ARGUMENT,
    MISSING_FIELDS,
    NO_METHODS,
    NO_RESULT,
    NOT_CALLABLE,
    NOT_INDEXABLE,
    POSITIONAL_FIELDS,
    TOO_MANY_ARGUMENTS,
    TYPE_MISMATCH,
    UNKNOWN_ARGUMENT,
    UNKNOWN_FIELD,
)
from nexlang.semantics import symbols as s
from nexlang.semantics.builtins import NAMES
from nexlang.semantics.checker import POISON, kind_of, listed, words
from nexlang.semantics.messages import Messages
from nexlang.semantics.parts import part_of, slot_core
from nexlang.semantics.scope import Place, Typed
from nexlang.semantics.types import CALL, CHANCE, ERROR, MESSAGE, NONE, Core, Optional, Record, Type, base
from nexlang.syntax import nodes as n


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


class Calls(Messages):
    def x_Call(self, node: n.Call, expected: Type | None) -> Typed:
        if isinstance(node.of, n.Attr):
            return self.method(node, node.of)
        if not isinstance(node.of, n.Name):
            self.report(NOT_CALLABLE, node.of, what="this")
            return POISON
        name = node.of
        info = self.module.lookup(name.name)
        match info:
            case s.FunctionInfo():
                return self.call_function(node, info)
            case s.RecordInfo():
                return self.construct(node, info)
            case s.AgentInfo():
                return self.call_agent(node, info)
        if name.name in NAMES:
            return self.call_builtin(node, name.name, expected)
        if name.name == MESSAGE.name and info is None:
            return self.message(node)
        return self.unknown_call(node, name, info)

    def unknown_call(self, node: n.Call, name: n.Name, info: s.Info | None) -> Typed:
        for arg in node.args:
            if not isinstance(arg.value, n.Comp):
                self.expr(arg.value, ERROR)
        local = self.body.find(name.name)
        if info is not None:
            self.report(NOT_CALLABLE, name, what=f"{kind_of(info)} (`{name.name}`)")
        elif local is not None:
            self.report(NOT_CALLABLE, name, what=f"`{name.name}` ({words(local.type)})")
        elif name.name in self.module.refused:
            pass
        else:
            candidates = [*self.visible(s.FunctionInfo, s.RecordInfo, s.AgentInfo), *NAMES]
            self.did_you_mean(self.report(UNKNOWN_FUNCTION, name, name=name.name), name.name, candidates)
        return POISON

    def method(self, node: n.Call, of: n.Attr) -> Typed:
        self.expr(of.of)
        rest = ", ".join(self.text(arg) for arg in node.args)
        right = f"{of.name.name}({self.text(of.of)}{', ' if rest else ''}{rest})"
        self.report(NO_METHODS, node, right=right).replace("functions stand before their argument", right, "unsafe")
        return POISON

    # ---- arguments

    def bind(
        self, node: n.Call | n.CallData, name: str, params: Mapping[str, s.FieldInfo], fixed: Sequence[str] = ()
    ) -> dict[str, Core]:
        """Arguments by parameter, in the parameters' order, defaults filled in."""
        given: dict[str, Core] = {}
        order = [p for p in params if p not in fixed]
        broken = False
        count = len(self.reporter.diagnostics)
        for position, arg in enumerate(node.args):
            param = self.parameter_of(arg, position, order, name, len(node.args))
            if param is None:
                broken = True
                if not isinstance(arg.value, n.Comp):
                    self.expr(arg.value, ERROR)
            elif param in given:
                self.left_out(self.report(DUPLICATE_ARGUMENT, arg, argument=param), arg)
            else:
                given[param] = self.argument(arg, params[param])
        missing = [p for p in order if p not in given and not params[p].has_default]
        not_read = any(found.code == NOT_INDEXABLE.id for found in self.reporter.diagnostics[count:])
        if missing and not broken and not not_read:  # `f(a [b])` lacks a comma, which was reported as an entry
            at = node.of if isinstance(node, n.Call) else node.tool
            self.report(MISSING_ARGUMENT, at, name=name, missing=listed(missing))
        return {p: given.get(p) or self.default(params[p]) for p in order}

    def parameter_of(self, arg: n.Arg, position: int, order: list[str], name: str, count: int) -> str | None:
        if arg.name is not None:
            if arg.name.name in order:
                return arg.name.name
            diagnostic = self.report(UNKNOWN_ARGUMENT, arg.name, name=name, argument=arg.name.name)
            self.did_you_mean(diagnostic, arg.name.name, order)
            return None
        if position < len(order):
            return order[position]
        diagnostic = self.report(TOO_MANY_ARGUMENTS, arg, name=name, count=plural(len(order), "argument"), given=count)
        self.left_out(diagnostic, arg)
        return None

    def argument(self, arg: n.Arg, param: s.FieldInfo) -> Core:
        if isinstance(arg.value, n.Comp):
            self.report(TYPE_MISMATCH, arg.value, expected=words(param.type), actual="a comprehension").advise(
                "a comprehension that makes a list stands in brackets"
            )
            return POISON.core
        if param.is_row:
            typed = self.expr(arg.value, param.type)
            core = self.coerce(arg.value, typed, param.type)
            self.row_argument(arg.value, typed, param)
            return core
        core = self.value(arg.value, param.type)
        self.hold(arg.value, core, param.refine)
        return core

    def default(self, param: s.FieldInfo) -> Core:
        return param.default or POISON.core

    # ---- functions and tools

    def call_function(self, node: n.Call, info: s.FunctionInfo) -> Typed:
        if info.kind == "tool" and self.body.kind == "agent":
            return self.act(node, info)
        args = self.bind(node, info.name, info.params)
        self.body.calls.setdefault(info.core_name, self.span(node.of))
        if not self.allowed(node, info):
            return (
                Typed(info.result, {"kind": "call_fn", "name": info.core_name, "args": []}) if info.result else POISON
            )
        if info.may_write and node is not self.body.alone:
            self.report(WRITE_IN_EXPRESSION, node.of, name=info.name)
        core: Core = {"kind": "call_fn", "name": info.core_name, "args": list(args.values())}
        part = part_of(self.body.world, info.world) if info.world is not None else None
        if part:
            core["part"] = slot_core(part)
        if info.result is None:
            return Typed(NONE, core)
        return Typed(info.result, core, self.row_place(info))

    def row_place(self, info: s.FunctionInfo) -> Place | None:
        """The place that a call gives; filled in by `Rows`."""
        raise AssertionError("defined by Rows")

    def row_argument(self, node: n.Expr, typed: Typed, param: s.FieldInfo) -> None:
        """Hold an argument to being a row; filled in by `Rows`."""
        raise AssertionError("defined by Rows")

    def allowed(self, node: n.Call, info: s.FunctionInfo) -> bool:
        """Whether the body may call the function at all."""
        body = self.body
        if info.world is None:
            return True
        if body.kind == "agent":
            self.report(
                NOT_HERE, node.of, what=f"`{info.name}`, which reads a world,", where="in an agent's body"
            ).advise("an agent sees what its parameters carry and what its tools answer")
        elif body.world is None and body.kind in ("measure", "setup"):
            return False  # an environment without a world, which has been reported
        elif body.world is None:
            self.report(NO_WORLD, node.of, what=f"`{info.name}`").advise(f"add `in {info.world.name}` to the signature")
        elif part_of(body.world, info.world) is None:
            self.report(OTHER_WORLD, node.of, name=info.name, theirs=info.world.name, ours=body.world.name)
        elif info.may_write and not body.may_write:
            self.report(
                NOT_HERE, node.of, what=f"`{info.name}`, which changes the world,", where="where only reading is"
            )
        else:
            return True
        return False

    # ---- agents

    def act(self, node: n.Call, info: s.FunctionInfo) -> Typed:
        args = self.bind(node, info.name, info.params)
        self.body.calls.setdefault(info.core_name, self.span(node.of))
        self.hidden(node, info.name)
        core = {"kind": "act", "target": "tool", "name": info.core_name, "args": args, "handled": False}
        return Typed(info.result or NONE, core, acts=True)

    def bind_agent(self, node: n.Call, info: s.AgentInfo) -> dict[str, Core]:
        """An agent's arguments; a stream of chance that is not handed over is its own."""
        named = {arg.name.name for arg in node.args if arg.name is not None}
        streams = [p for p, of in info.params.items() if base(of.type) is CHANCE and p not in named]
        return self.bind(node, info.name, info.params, streams)

    def call_agent(self, node: n.Call, info: s.AgentInfo) -> Typed:
        args = self.bind_agent(node, info)
        if self.body.kind == "measure":
            return self.judge(node, info, args)
        if self.body.kind == "test":
            return self.ask(node, info, args)
        if self.body.kind != "agent":
            self.report(NOT_HERE, node.of, what=f"the agent `{info.name}`", where="outside an agent's body")
            return POISON
        self.body.calls.setdefault(info.core_name, self.span(node.of))
        self.hidden(node, info.name)
        if self.body.loops and not (self.body.bounded or self.body.capped):
            self.report(UNBOUNDED_ASKING, node.of, name=info.name).advise(
                "walk `range(3)` or `take(xs, 8)`, or give the agent `limits: { calls: 8 }`"
            )
        core = {"kind": "act", "target": "agent", "name": info.core_name, "args": args, "handled": False}
        return Typed(info.result, core, acts=True)

    def judge(self, node: n.Call, info: s.AgentInfo, args: dict[str, Core]) -> Typed:
        """A call of an agent in a measure; defined by `Judges`."""
        raise AssertionError("defined by Judges")

    def or_none(self, typed: Typed) -> Typed:
        """A call in an agent's body as an optional: none where it fails."""
        if not typed.acts or typed.type in (NONE, ERROR):
            return typed
        typed.core |= {"handled": True, "absent": True}
        return Typed(typed.type if isinstance(base(typed.type), Optional) else Optional(typed.type), typed.core)

    def hidden(self, node: n.Call, name: str) -> None:
        if self.body.inside:
            self.report(HIDDEN_ACT, node, name=name)

    # ---- records

    def construct(self, node: n.Call, info: s.RecordInfo) -> Typed:
        fields: dict[str, Core] = {}
        broken = False
        unnamed = [arg for arg in node.args if arg.name is None]
        for arg in node.args:
            broken |= not self.construct_field(arg, info, fields)
        if unnamed:
            self.unnamed_fields(node, info, unnamed)
        missing = [f.name for f in info.fields.values() if f.name not in fields and not self.fillable(f)]
        if missing and not broken:
            diagnostic = self.report(MISSING_FIELDS, node.of, record=info.name, missing=listed(missing))
            diagnostic.label(info.span(), f"`{info.name}` is declared here")
        core_fields = {name: fields.get(name) or self.default(field) for name, field in info.fields.items()}
        return Typed(Record(info), {"kind": "construct", "record": info.core_name, "fields": core_fields})

    def unnamed_fields(self, node: n.Call, info: s.RecordInfo, unnamed: list[n.Arg]) -> None:
        """Values without their field's name: they are taken to stand in the order of the fields that are left."""
        diagnostic = self.report(POSITIONAL_FIELDS, unnamed[0], record=info.name)
        named = {arg.name.name for arg in node.args if arg.name is not None}
        left = [name for name in info.fields if name not in named]
        if len(unnamed) > len(left):
            diagnostic.advise(f"write `{info.name}({', '.join(f'{f}: …' for f in info.fields)})`")
            return
        places = [Span(diagnostic.span.file, arg.start, arg.start) for arg in unnamed]
        edits = [Edit(place, f"{name}: ") for place, name in zip(places, left, strict=False)]
        diagnostic.fix("name them in the order of the record", *edits, applicability="unsafe")

    def fillable(self, field: s.FieldInfo) -> bool:
        return field.has_default or field.default is not None

    def construct_field(self, arg: n.Arg, info: s.RecordInfo, fields: dict[str, Core]) -> bool:
        if arg.name is None:
            if not isinstance(arg.value, n.Comp):
                self.expr(arg.value, ERROR)
            return False
        field = info.fields.get(arg.name.name)
        if field is None:
            diagnostic = self.report(UNKNOWN_FIELD, arg.name, type=info.name, name=arg.name.name)
            diagnostic.label(info.span(), f"`{info.name}` is declared here")
            self.did_you_mean(diagnostic, arg.name.name, [f for f in info.fields if f not in fields])
            self.expr(arg.value, ERROR)
            return False
        if field.name in fields:
            self.left_out(self.report(DUPLICATE_ARGUMENT, arg, argument=field.name), arg)
            return True
        fields[field.name] = self.argument(arg, field)
        return True

    def x_With(self, node: n.With, expected: Type | None) -> Typed:
        of = self.expr(node.of)
        type = base(of.type)
        if type is MESSAGE:
            return self.other_message(node, of)
        if not isinstance(type, Record):
            if type is not ERROR:
                self.report(TYPE_MISMATCH, node.of, expected="a record", actual=words(of.type))
            for pair in node.changes.pairs:
                self.expr(pair.value, ERROR)
            return POISON
        fields: dict[str, Core] = {}
        for pair in node.changes.pairs:
            arg = n.Arg(pair.start, pair.end, pair.key, pair.value)
            self.construct_field(arg, type.info, fields)
        core = {"kind": "with", "of": of.core, "record": type.info.core_name, "fields": fields}
        return Typed(type, core)

    # ---- calls as data

    def x_CallData(self, node: n.CallData, expected: Type | None) -> Typed:
        info = self.module.lookup(node.tool.name)
        if self.scripting and isinstance(info, s.AgentInfo):
            return self.call_value(node, info)
        if not isinstance(info, s.FunctionInfo) or info.kind != "tool":
            if info is not None:
                self.report(NOT_A_VALUE, node.tool, name=node.tool.name, what=f"{kind_of(info)}, not a tool")
            else:
                tools = self.visible(s.FunctionInfo)
                self.did_you_mean(self.report(UNKNOWN_TOOL, node.tool, name=node.tool.name), node.tool.name, tools)
            return POISON
        return self.call_value(node, info)

    def call_value(self, node: n.CallData, info: s.FunctionInfo | s.AgentInfo) -> Typed:
        args = self.bind(node, info.name, info.params, self.fixed_of(info) if self.scripting else ())
        shown = {
            name: {"kind": "shown", "value": core, "type": self.core_type(info.params[name].type)}
            for name, core in args.items()
        }
        return Typed(CALL, {"kind": "call_value", "tool": info.core_name, "args": shown})

    scripting = False
    """Whether a call is what a model says in a test: it may be one of a delegate."""

    def fixed_of(self, info: s.FunctionInfo | s.AgentInfo) -> Sequence[str]:
        """The arguments that nobody chooses who may call this; filled in by `Tests`."""
        raise AssertionError("defined by Tests")

    def ask(self, node: n.Call, info: s.AgentInfo, args: dict[str, Core]) -> Typed:
        """A test's call of an agent; filled in by `Tests`."""
        raise AssertionError("defined by Tests")

    # ---- lookups with their own words

    def tool_named(self, name: n.Ident | n.Name) -> s.FunctionInfo | None:
        info = self.module.lookup(name.name)
        if isinstance(info, s.FunctionInfo) and info.kind == "tool":
            return info
        if name.name in self.module.refused:
            return None
        if info is not None:
            self.report(UNKNOWN_TOOL, name, name=name.name).advise(f"`{name.name}` is {kind_of(info)}")
        else:
            tools = [t for t in self.visible(s.FunctionInfo) if self.module.lookup(t).kind == "tool"]  # type: ignore[union-attr]
            self.did_you_mean(self.report(UNKNOWN_TOOL, name, name=name.name), name.name, tools)
        return None

    def agent_named(self, name: n.Ident | n.Name) -> s.AgentInfo | None:
        return self.named(name, s.AgentInfo, UNKNOWN_AGENT)

    def needs_value(self, typed: Typed, node: n.Expr) -> Typed:
        """Refuse the value of a call that gives none."""
        acts = typed.core["kind"] in ("call_fn", "act") or typed.core.get("name") == "wait"
        if acts and typed.type is NONE:
            self.report(NO_RESULT, node, name=self.text(node.of) if isinstance(node, n.Call) else self.text(node))
            return POISON
        return typed

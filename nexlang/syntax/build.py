"""One builder a rule of the grammar: `BUILD[name](start, end, *children)` makes the node.

The names are the rule and alias names in grammar/nex.lark; a rule with no builder gives the list of its children.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nexlang.syntax import nodes as n
from nexlang.syntax.texts import unescape

Builder = Callable[..., Any]


def listing(start: int, end: int, *children: Any) -> list[Any]:
    """An optional part that is absent leaves a None, which no list keeps."""
    return [child for child in children if child is not None]


# ---------------------------------------------------------------- modules and declarations


def start(start: int, end: int, package: Any, *rest: Any) -> n.Module:
    doc, name = package or (None, None)
    uses = [item for item in rest if isinstance(item, n.Use)]
    return n.Module(start, end, doc, name, uses, [item for item in rest if isinstance(item, n.Decl)], [])


def use(start: int, end: int, export: Any, path: n.Dotted, names: list[n.Ident] | None) -> n.Use:
    return n.Use(start, end, path, names or [], export is not None)


def decl(start: int, end: int, doc: n.Doc | None, *rest: Any) -> Any:
    node = rest[-1]
    node.doc = doc
    if rest[0] is not node and rest[0] is not None:
        node.private, node.start = True, rest[0].start
    return node


def enum(start: int, end: int, name: n.Ident, *cases: n.EnumCase) -> n.EnumDecl:
    return n.EnumDecl(start, end, None, False, name, list(cases))


def union(start: int, end: int, name: n.Ident, tag: n.Ident, *cases: n.UnionCase) -> n.UnionDecl:
    return n.UnionDecl(start, end, None, False, name, tag, list(cases))


def record(start: int, end: int, name: n.Ident, *members: Any) -> n.RecordDecl:
    return n.RecordDecl(start, end, None, False, name, list(members))


def declaration(cls: Callable[..., Any]) -> Builder:
    """The class's own fields come after `start, end, doc, private`."""
    return lambda start, end, *children: cls(start, end, None, False, *children)


def world(start: int, end: int, name: n.Ident, *members: Any) -> n.WorldDecl:
    return n.WorldDecl(start, end, None, False, name, list(members))


def process(start: int, end: int, doc: Any, name: n.Ident, params: Any, trigger: Any, block: n.Block) -> n.Process:
    kind, period = trigger
    return n.Process(start, end, doc, name, params, kind, period, block)


def trigger(kind: str) -> Builder:
    return lambda start, end, period=None: (kind, period)


def function(kind: Any) -> Builder:
    def build(start: int, end: int, name: Any, params: Any, result: Any, world: Any, effects: Any, block: Any) -> Any:
        return n.FunctionDecl(start, end, None, False, kind, name, params, result, world, effects, block)

    return build


def effect(start: int, end: int, kind: Any, *paths: n.Dotted) -> n.Effect:
    return n.Effect(start, end, kind, list(paths))


def extern_tool(
    start: int, end: int, name: Any, params: Any, result: Any, source: Any, address: Any, needs: Any, options: Any
) -> n.ExternDecl:
    return n.ExternDecl(start, end, None, False, name, params, result, source, address, needs or [], options)


def agent(start: int, end: int, name: Any, params: Any, result: Any, props: Any, body: Any) -> n.AgentDecl:
    rules, statements = body
    return n.AgentDecl(start, end, None, False, name, params, result, props, rules, statements)


def agent_with(start: int, end: int, name: n.Ident, base: n.Ident, props: list[Any]) -> n.DerivedDecl:
    return n.DerivedDecl(start, end, None, False, "agent", name, base, props)


def environment_with(start: int, end: int, name: n.Ident, base: n.Ident, *members: Any) -> n.DerivedDecl:
    kept = [member for member in members if member is not None]
    return n.DerivedDecl(start, end, None, False, "environment", name, base, kept)


def environment(start: int, end: int, name: n.Ident, *members: Any) -> n.EnvironmentDecl:
    return n.EnvironmentDecl(start, end, None, False, name, list(members))


def train(start: int, end: int, name: n.Ident, *members: Any) -> n.TrainDecl:
    return n.TrainDecl(start, end, None, False, name, list(members))


def test(start: int, end: int, title: n.Str, environment: n.Ident | None, cases: Any, *body: n.Stmt) -> n.TestDecl:
    return n.TestDecl(start, end, None, False, title, environment, cases, list(body))


def any_value(start: int, end: int, name: n.Ident, type: n.TypeExpr, refine: n.Refinement | None) -> n.Param:
    return n.Param(start, end, name, type, refine, None)


def script(kind: Any, verb: Any) -> Builder:
    return lambda start, end, name, value: n.Script(start, end, kind, name, verb, value)


def dynamics(kind: Any) -> Builder:
    def build(start: int, end: int, targets: Any, value: Any) -> n.DynamicsEntry:
        return n.DynamicsEntry(start, end, kind, targets, value, None, False)

    return build


def dyn_default(start: int, end: int, name: n.Ident, value: n.Value) -> n.DynamicsEntry:
    return n.DynamicsEntry(start, end, "default", [n.Dotted(name.start, name.end, [name])], value, None, False)


def dyn_fault(
    start: int, end: int, failure: n.Expr, rate: n.Percent, targets: Any, strikes: str | None
) -> n.DynamicsEntry:
    value = n.Value(failure.start, failure.end, failure, None)
    return n.DynamicsEntry(start, end, "fault", targets, value, rate, strikes == "after")


def singles(start: int, end: int, *names: n.Ident) -> list[n.Dotted]:
    return [n.Dotted(name.start, name.end, [name]) for name in names]


def path(start: int, end: int, *names: n.Ident) -> list[n.Dotted]:
    return [n.Dotted(names[0].start, names[-1].end, list(names))]


def reward(start: int, end: int, each: Any, actor: n.Ident | None, *components: n.Component) -> n.Reward:
    return n.Reward(start, end, each is not None, actor, list(components))


def gathered(cls: Callable[..., Any]) -> Builder:
    """All children make one list."""
    return lambda start, end, *children: cls(start, end, list(children))


# ---------------------------------------------------------------- types


def literal_t(start: int, end: int, of: n.Str | n.Num) -> n.LiteralType:
    return n.LiteralType(start, end, unescape(of.raw) if isinstance(of, n.Str) else of.value)


def literal_minus(start: int, end: int, of: n.Num) -> n.LiteralType:
    return n.LiteralType(start, end, -of.value)


def matching(start: int, end: int, pattern: n.Str) -> n.Refinement:
    return n.Refinement(start, end, pattern, None)


def where(start: int, end: int, condition: n.Expr) -> n.Refinement:
    return n.Refinement(start, end, None, condition)


# ---------------------------------------------------------------- statements


def var_plain(start: int, end: int, name: n.Ident, value: n.Expr) -> n.Var:
    return n.Var(start, end, name, None, value)


def if_plain(start: int, end: int, condition: n.Expr, then: n.Block, *otherwise: Any) -> n.If:
    return n.If(start, end, None, condition, then, otherwise[0] if otherwise else None)


def if_let(start: int, end: int, name: n.Ident, value: n.Expr, then: n.Block, *otherwise: Any) -> n.If:
    return n.If(start, end, name, value, then, otherwise[0] if otherwise else None)


def match(start: int, end: int, subject: n.Expr, *rest: Any) -> n.Match:
    return n.Match(start, end, subject, [case for case in rest[:-1] if case is not None], rest[-1])


def case_name(start: int, end: int, name: n.Ident | n.Str | n.Num) -> n.CaseName:
    if isinstance(name, n.Str):
        return n.CaseName(start, end, unescape(name.raw), True)
    if isinstance(name, n.Num):
        return n.CaseName(start, end, str(name.value), False)
    return n.CaseName(start, end, name.name, False)


def case_minus(start: int, end: int, of: n.Num) -> n.CaseName:
    return n.CaseName(start, end, str(-of.value), False)


def orelse(kind: Any) -> Builder:
    return lambda start, end, value: n.OrElse(start, end, kind, value)


def when(start: int, end: int, condition: n.Expr, action: Any) -> n.When:
    return n.When(start, end, condition, action)


def otherwise(start: int, end: int, action: Any) -> n.When:
    return n.When(start, end, None, action)


def expect(start: int, end: int, subject: n.Expr) -> n.Expect:
    return n.Expect(start, end, subject, "true", None)


def expect_fails(start: int, end: int, subject: n.Expr, failure: n.Expr) -> n.Expect:
    return n.Expect(start, end, subject, "fails", failure)


def expect_unchanged(start: int, end: int, subject: n.Expr) -> n.Expect:
    return n.Expect(start, end, subject, "unchanged", None)


# ---------------------------------------------------------------- expressions


def var(start: int, end: int, name: n.Ident) -> n.Name | n.Missing:
    return n.Name(start, end, name.name) if name.name else n.Missing(start, end)


def both(op: Any) -> Builder:
    return lambda start, end, left, right: n.Binary(start, end, op, left, right)


def binary(start: int, end: int, left: n.Expr, op: Any, right: n.Expr) -> n.Binary:
    return n.Binary(start, end, op, left, right)


def unary(op: Any) -> Builder:
    return lambda start, end, of: n.Unary(start, end, op, of)


def compare(start: int, end: int, *parts: Any) -> n.Compare:
    return n.Compare(start, end, list(parts[::2]), list(parts[1::2]))


def cmpop(start: int, end: int, *words: str) -> str:
    return " ".join(words)


def operator(start: int, end: int, text: str) -> str:
    return text


def comp(start: int, end: int, element: Any, clauses: Any, condition: Any, by: Any, desc: Any) -> n.Comp:
    return n.Comp(start, end, element, clauses, condition, by, desc is not None)


def comp_arg(start: int, end: int, value: n.Comp) -> n.Arg:
    return n.Arg(start, end, None, value)


def pair(start: int, end: int, name: n.Ident, value: n.Expr) -> n.Pair:
    return n.Pair(start, end, name, False, value)


def pair_quoted(start: int, end: int, name: n.Str, value: n.Expr) -> n.Pair:
    return n.Pair(start, end, n.Ident(name.start, name.end, unescape(name.raw)), True, value)


def pair_number(start: int, end: int, number: n.Num, value: n.Expr) -> n.Pair:
    return n.Pair(start, end, n.Ident(number.start, number.end, str(number.value)), False, value)


BUILD: dict[str, Builder] = {
    "start": start,
    "package": lambda start, end, doc, name: (doc, name),
    "use": use,
    "dotted": gathered(n.Dotted),
    "decl": decl,
    "enum": enum,
    "enum_case": n.EnumCase,
    "union": union,
    "union_case": n.UnionCase,
    "record": record,
    "field": n.Field,
    "invariant": n.Invariant,
    "type_decl": declaration(n.TypeDecl),
    "matching": matching,
    "where": where,
    "const": declaration(n.ConstDecl),
    "type": gathered(n.AltType),
    "named_t": lambda start, end, name: n.NamedType(start, end, name.name),
    "optional_t": n.OptionalType,
    "list_t": n.ListType,
    "map_t": n.MapType,
    "literal_t": literal_t,
    "literal_minus": literal_minus,
    "row_t": n.RowType,
    "world": world,
    "slot": n.Slot,
    "table": n.TableType,
    "process": process,
    "every": trigger("every"),
    "after_call": trigger("after_call"),
    "before_call": trigger("before_call"),
    "after_round": trigger("after_round"),
    "param": n.Param,
    "fn": function("fn"),
    "tool": function("tool"),
    "effect": effect,
    "pure": lambda start, end: n.Effect(start, end, "pure", []),
    "effect_kind": operator,
    "extern_tool": extern_tool,
    "block": gathered(n.Block),
    "let": n.Let,
    "var_plain": var_plain,
    "var_typed": n.Var,
    "assign": n.Assign,
    "assign_op": operator,
    "do": n.Do,
    "call_target": n.Call,
    "add": n.Add,
    "remove": n.Remove,
    "ret": n.Return,
    "require": n.Require,
    "fail": n.Fail,
    "by_actor": n.ByActor,
    "for_": n.For,
    "if_plain": if_plain,
    "if_let": if_let,
    "match_": match,
    "case": n.Case,
    "case_name": case_name,
    "case_minus": case_minus,
    "else_fail": orelse("fail"),
    "else_return": orelse("return"),
    "var": var,
    "attr": n.Attr,
    "index": n.Index,
    "cond_e": n.Cond,
    "or_": both("or"),
    "and_": both("and"),
    "not_": unary("not"),
    "neg": unary("-"),
    "cmp": compare,
    "is_e": n.Is,
    "cmpop": cmpop,
    "default_": both("??"),
    "binary": binary,
    "sumop": operator,
    "prodop": operator,
    "call": n.Call,
    "cast": n.As,
    "update": n.With,
    "arg": n.Arg,
    "comp_arg": comp_arg,
    "comp": comp,
    "clause": n.Clause,
    "call_data": n.CallData,
    "list_comp": n.ListComp,
    "list": gathered(n.ListLit),
    "mapping": gathered(n.Mapping),
    "pair": pair,
    "pair_quoted": pair_quoted,
    "pair_number": pair_number,
    "model": declaration(n.ModelDecl),
    "agent": agent,
    "rules": lambda start, end, *rules: ([rule for rule in rules if rule], []),
    "flow": lambda start, end, *body: ([], list(body)),
    "agent_with": agent_with,
    "prop": n.Prop,
    "value": n.Value,
    "when": when,
    "otherwise": otherwise,
    "environment": environment,
    "environment_with": environment_with,
    "actors": gathered(n.Actors),
    "actor": n.Actor,
    "setup": lambda start, end, params, block: n.Setup(start, end, params or [], block),
    "stop": n.Stop,
    "dynamics": gathered(n.Dynamics),
    "dyn_default": dyn_default,
    "strikes": operator,
    "dyn_latency": dynamics("latency"),
    "dyn_noise": dynamics("noise"),
    "dyn_fault": dyn_fault,
    "latency_of": singles,
    "fault_of": singles,
    "noise_of": path,
    "reward": reward,
    "component": n.Component,
    "curriculum": gathered(n.Curriculum),
    "stage": n.Stage,
    "train": train,
    "phase": lambda start, end, name, props: n.Phase(start, end, name, props),
    "test": test,
    "rows": n.Rows,
    "any_values": gathered(n.AnyValues),
    "any_value": any_value,
    "given": n.Given,
    "model_says": script("model", "says"),
    "model_fails": script("model", "fails"),
    "extern_answers": script("extern", "answers"),
    "extern_fails": script("extern", "fails"),
    "expect": expect,
    "expect_fails": expect_fails,
    "expect_unchanged": expect_unchanged,
}

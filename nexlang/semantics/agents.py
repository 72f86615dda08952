"""Models and agents: what they hold, what they may do, and the bodies of those that have one."""

from __future__ import annotations

from nexlang.diagnostics.codes_agents import BAD_STAND_IN, HELD_TWICE, NOT_HELD, UNUSABLE_KIND
from nexlang.diagnostics.codes_names import UNKNOWN_FUNCTION, UNKNOWN_MODEL
from nexlang.diagnostics.codes_types import MISSING_RETURN
from nexlang.ir.options import ENDPOINT, LIMITS
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import words
from nexlang.semantics.memory import Memory
from nexlang.semantics.prompts import check_template
from nexlang.semantics.scope import Body
from nexlang.semantics.types import CHANCE, ERROR, Core, Type, base, fits
from nexlang.syntax import nodes as n

_PROPS = ("model", "tools", "delegates", "memory", "limits", "prompt", "turn", "plays", "grants")
_LATER_PROPS = ("strategy", "votes")
_MODEL_ONLY = ("model", "delegates", "memory", "prompt", "turn")


class Agents(Memory):
    # ---- models

    def check_model(self, info: s.ModelInfo) -> None:
        assert isinstance(info.node, n.ModelDecl)
        info.core = info.declared() | self.model_spec(info.node.value)

    def no_maker(self, node: n.Expr) -> None:
        """A model that is made by nothing known: a misspelt maker, or no call at all."""
        called = isinstance(node, n.Call) and isinstance(node.of, n.Name)
        if called and self.module.lookup(node.of.name) is None:  # type: ignore[attr-defined]
            name: n.Name = node.of  # type: ignore[attr-defined]
            self.did_you_mean(self.report(UNKNOWN_FUNCTION, name, name=name.name), name.name, ["endpoint"])
        else:
            self.bad(node, "model", 'is made by `endpoint("name", temperature: 0.2)`')

    def model_spec(self, node: n.Expr) -> Core:
        spec: Core = {"maker": "endpoint", "target": "", "options": {}}
        if not (isinstance(node, n.Call) and isinstance(node.of, n.Name) and node.of.name == "endpoint"):
            self.no_maker(node)
            return spec
        self.module.lookup("endpoint")
        target = [arg for arg in node.args if arg.name is None]
        if len(target) != 1 or not isinstance(target[0].value, n.Str):
            self.bad(node, "endpoint", "needs the model's name as its first argument")
        else:
            spec["target"] = self.plain_text(target[0].value)
        named = [(arg.name, arg.value) for arg in node.args if arg.name is not None]
        spec["options"] = self.options(named, ENDPOINT, "`endpoint`")
        return spec

    # ---- agents

    def check_agent(self, info: s.AgentInfo) -> None:
        node = info.node
        assert isinstance(node, n.AgentDecl)
        if node.result is None:
            self.missing(node.name, f"agent `{info.name}`", ["-> Result"])
        props = self.agent_properties(node.props, info)
        info.core = info.declared() | {
            "kind": info.kind,
            "params": self.core_params(info.params),
            "result": self.core_type(info.result),
        }
        self.agent_props(info, props)
        if info.kind == "model":
            needed = [name for name in ("model", "prompt") if name not in props]
            self.missing(node.name, f"model agent `{info.name}`", needed)
        else:
            self.agent_body(info, node)

    def agent_properties(self, given: list[n.Prop], info: s.AgentInfo) -> dict[str, n.Prop]:
        """The properties by name, held to what an agent of this kind can have."""
        for prop in given:
            if prop.key.name in _LATER_PROPS:
                self.not_yet(prop.key, f"`{prop.key.name}` of an agent is")
        props = self.props([prop for prop in given if prop.key.name not in _LATER_PROPS], _PROPS, "an agent")
        for name in () if info.kind == "model" else _MODEL_ONLY:
            if name in props:
                kind = {"rules": "rule"}.get(info.kind, "flow")
                self.report(UNUSABLE_KIND, props[name].key, kind=kind, name=name)
        return props

    def core_params(self, params: dict[str, s.FieldInfo]) -> list[Core]:
        return [
            {
                "name": p.name,
                "doc": p.doc,
                "type": self.core_type(p.type),
                "refine": p.refine,
                "default": p.default,
                "row": p.row[1] if p.row is not None else None,
            }
            for p in params.values()
        ]

    def agent_props(self, info: s.AgentInfo, props: dict[str, n.Prop]) -> None:
        core = info.core
        if "model" in props:
            core["model"] = self.model_of(info, props["model"].value.expr)
        held: list[Core] = []
        if "tools" in props:
            held += self.held(info, props["tools"].value.expr, "tool")
        if "delegates" in props:
            held += self.held(info, props["delegates"].value.expr, "agent")
        core["tools"] = held
        if "limits" in props:
            core["limits"] = self.limits(props["limits"].value.expr)
        if "memory" in props:
            core["memory"] = self.memory(info, props["memory"].value.expr)
        for name in ("prompt", "turn"):
            if name in props:
                core[name] = self.template(info, props[name].value.expr, name)
        if "grants" in props:
            core["grants"] = self.grants(info, props["grants"].value.expr)
        if "plays" in props:
            core["plays"] = self.plays(info, props["plays"].value.expr)

    def model_of(self, info: s.AgentInfo, node: n.Expr) -> str | None:
        """The model's core name; `model: endpoint(…)` in place declares one of the agent's own."""
        if isinstance(node, n.Name):
            found = self.named(node, s.ModelInfo, UNKNOWN_MODEL)
            return found.core_name if found is not None else None
        spec = self.model_spec(node)
        name = f"{info.core_name}_model"
        line = self.line(node)
        self.own_models.append({"name": name, "doc": "", "file": info.file, "line": line} | spec)
        return name

    own_models: list[Core]

    # ---- tools and delegates

    def held(self, info: s.AgentInfo, node: n.Expr, kind: str) -> list[Core]:
        name = "tools" if kind == "tool" else "delegates"
        if not isinstance(node, n.ListLit):
            self.bad(node, name, f"is a list: `{name}: [a, b]`")
            return []
        found: list[Core] = []
        for item in node.items:
            core = self.held_one(info, item, kind)
            if core is not None and any(other["name"] == core["name"] for other in found):
                self.left_out(self.report(HELD_TWICE, item, name=core["name"]), item, "safe")
            elif core is not None:
                found.append(core)
        return found

    def held_one(self, info: s.AgentInfo, item: n.Expr, kind: str) -> Core | None:
        name = item.of if isinstance(item, n.Call) else item
        if not isinstance(name, n.Name):
            self.bad(item, kind, "is named: `tool` or `tool(fixed: value)`")
            return None
        target: s.FunctionInfo | s.AgentInfo | None
        if kind == "tool":
            target = self.tool_named(name)
            if target is not None:
                info.tools.append(target)
        else:
            target = self.agent_named(name)
            if target is not None:
                info.delegates.append(target)
                info.calls.setdefault(target.core_name, self.span(name))
        if target is None:
            info.broken = True
            return None
        fixed = self.fixed(info, item, target) if isinstance(item, n.Call) else {}
        return {"name": target.core_name, "kind": kind, "fixed": fixed}

    def fixed(self, info: s.AgentInfo, node: n.Call, target: s.FunctionInfo | s.AgentInfo) -> dict[str, Core]:
        """Arguments that the agent's holder does not choose, over the agent's own parameters."""
        self.body = self.param_body(info)
        fixed: dict[str, Core] = {}
        for arg in node.args:
            if arg.name is None:
                self.bad(arg, target.name, "fixes arguments by name: `move(me: me)`")
                continue
            param = self.parameter_of(arg, 0, list(target.params), target.name, len(node.args))
            if param is not None:
                fixed[param] = self.argument(arg, target.params[param])
        return fixed

    def limits(self, node: n.Expr) -> Core:
        found = self.options(self.mapping_pairs(node, "limits"), LIMITS, "`limits`")
        return {"time_ms" if name == "time" else name: value for name, value in found.items()}

    def template(self, info: s.AgentInfo, node: n.Expr, name: str) -> Core | None:
        if not isinstance(node, n.Str):
            self.bad(node, name, "is a text")
            return None
        names = self.constant_types() | {param.name: param.type for param in info.params.values()}
        quotes = 3 if node.multiline else 1
        core, problems = check_template(node.raw, node.start + quotes, self.module.source, names, node.multiline)
        for problem in problems:
            self.reporter.add(problem)
        self.module.touched.update(core["names"] if core is not None else names)
        return core

    def constant_types(self) -> dict[str, Type]:
        """The constants that the module's templates may use; made once a module."""
        if self.module.constants is None:
            found = {**self.module.declared, **self.module.used}
            constants = {name: info for name, info in found.items() if isinstance(info, s.ConstInfo)}
            for info in constants.values():
                self.constant(info)
            self.module.constants = {name: info.type for name, info in constants.items()}
        return self.module.constants

    # ---- stand-ins

    def plays(self, info: s.AgentInfo, node: n.Expr) -> str | None:
        if not isinstance(node, n.Name):
            self.bad(node, "plays", "names an agent")
            return None
        played = self.agent_named(node)
        if played is None:
            return None
        problem = None
        if info.kind == "model":
            problem = "only a rule or flow agent stands in"
        elif played.kind != "model":
            problem = f"`{played.name}` asks no model"
        elif ERROR in [info.result, played.result, *(p.type for each in (info, played) for p in each.params.values())]:
            problem = None
        elif _asked(info) != _asked(played):
            problem = "the parameters differ"
        elif info.result != played.result:
            problem = f"it gives {words(info.result)}, not {words(played.result)}"
        if problem is not None:
            self.report(BAD_STAND_IN, node, name=info.name, played=played.name, problem=problem).label(
                played.span(), f"`{played.name}` is declared here"
            )
        return played.core_name

    def check_stand_in(self, info: s.AgentInfo, agents: dict[str, s.AgentInfo]) -> None:
        """A stand-in does only what the agent could that it plays. Runs when every agent is checked."""
        played = agents.get(info.core.get("plays") or "")
        if played is None or played.broken:
            return
        held = {tool.core_name for tool in played.tools} | {agent.core_name for agent in played.delegates}
        for name, span in info.calls.items():
            if name not in held and (name in agents or self.is_tool(name)):
                self.report(NOT_HELD, span, played=played.name, name=name)

    def is_tool(self, core_name: str) -> bool:
        function = self.function_by_core(core_name)
        return function is not None and function.kind == "tool"

    # ---- bodies

    def agent_body(self, info: s.AgentInfo, node: n.AgentDecl) -> None:
        body = self.body = Body(self.module, "agent", result=info.result, owner=info)
        body.capped = bool(info.core.get("limits", {}).get("calls"))
        for name, param in info.params.items():
            body.declare(name, param.type, "param", param.node.name)
        statements: list[Core] = []
        if info.kind == "rules":
            for rule in node.rules:
                self.rule(rule, info, statements)
        else:
            ended = self.block(node.body, statements)
            if not ended and info.result is not ERROR:
                end = n.Node(node.end - 1, node.end)
                if not self.unreadable(node):
                    self.report(MISSING_RETURN, end, name=info.name, result=words(info.result))
        info.core["body"] = self.prune(statements)
        info.calls |= body.calls

    def rule(self, rule: n.When, info: s.AgentInfo, into: list[Core]) -> None:
        then: list[Core] = []
        line = self.line(rule)
        outer, self.body.before = self.body.before, []
        condition = self.condition(rule.condition) if rule.condition is not None else None
        if isinstance(rule.action, n.Fail):
            then.append(self.failing(rule.action.failure, line))
        else:
            self.action(rule.action, info, line, then)
        into += self.body.before
        self.body.before = outer
        if condition is None:
            into += then
        else:
            into.append({"kind": "if", "line": line, "condition": condition, "then": then})

    def action(self, node: n.Expr, info: s.AgentInfo, line: int, then: list[Core]) -> None:
        """What a rule does: a call, or the result; a call whose result is another type ends the turn with none."""
        typed = self.expr(node, info.result)
        if typed.acts and not fits(typed.type, info.result):
            then += [{"kind": "do", "line": line, "call": typed.core}, {"kind": "return", "line": line, "value": None}]
        else:
            then.append({"kind": "return", "line": line, "value": self.coerce(node, typed, info.result)})


def number_of(type: Type) -> str | None:
    """`bool`, `int` or `float` where a measure may have the type."""
    return {"Bool": "bool", "Int": "int", "Float": "float"}.get(str(base(type)))


def _asked(info: s.AgentInfo) -> list[tuple[str, Type]]:
    """The parameters that a caller gives."""
    return [(p.name, p.type) for p in info.params.values() if base(p.type) is not CHANCE]

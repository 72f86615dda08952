"""Time: the processes of worlds, the clocks and limits of environments, and who may ask for the time or wait."""

from __future__ import annotations

from nexlang.diagnostics import Diagnostic, Edit, Span
from nexlang.diagnostics.codes_time import (
    BAD_CLOCK,
    BAD_PERIOD,
    NEEDS_CLOCK,
    NO_TIME,
    NO_TIME_PASSES,
    PROCESS_PARAMETER,
    WAITS_HERE,
)
from nexlang.diagnostics.codes_types import TOO_MANY_ARGUMENTS
from nexlang.ir.options import ENVIRONMENT, EPISODE_LIMITS
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import POISON, words
from nexlang.semantics.constants import NotConstant, evaluate
from nexlang.semantics.moments import repair
from nexlang.semantics.properties import Properties
from nexlang.semantics.scope import Body, Typed
from nexlang.semantics.types import CALL, CHANCE, DURATION, ERROR, NONE, TEXT, Core, base
from nexlang.syntax import nodes as n

START = "2025-01-01T00:00:00"
_CLOCKS = ("frozen", "running")
_OWN_TIME = "an answer takes the `latency` that the environment's `dynamics` give the tool"
_WAITING = {"fn": _OWN_TIME, "tool": _OWN_TIME, "process": "a process comes again by itself: `every 5s`"}


class Processes(Properties):
    # ---- processes

    def process_shape(self, info: s.WorldInfo, node: n.Process, seen: dict[str, n.Ident]) -> None:
        self.styled(node.name, camel_case=False, what="Process")
        if self.unique(node.name, seen, "the slot or process"):
            info.processes.append(node)

    def check_processes(self, info: s.WorldInfo) -> None:
        """The bodies of a world's processes, once every function is known."""
        info.process_cores = [self.process(info, node) for node in info.processes]

    def process(self, info: s.WorldInfo, node: n.Process) -> Core:
        core: Core = {
            "name": node.name.name,
            "doc": node.doc.text.strip() if node.doc else "",
            "file": info.file,
            "line": self.line(node.name),
            "trigger": node.trigger,
            "period_ms": self.period(node.period) if node.period is not None else None,
        }
        body = self.body = Body(self.module, "process", info)
        core["dice"] = self.process_dice(node)
        if node.trigger in ("before_call", "after_call"):
            body.declare("request", CALL, "scope", node.name)
        if node.trigger == "after_call":
            body.declare("answer", TEXT, "scope", node.name)
        statements: list[Core] = []
        self.block(node.block.body, statements)
        return core | {"body": self.prune(statements)}

    def process_dice(self, node: n.Process) -> str | None:
        """The name of the stream that the process draws from."""
        found = None
        for param in node.params:
            type = self.type_of(param.type)
            if type is CHANCE and found is None:
                found = self.body.declare(param.name.name, type, "param", param.name).core_name
            elif type is not ERROR:
                known = param.name.name in ("request", "answer")
                caption = f"`{param.name.name}` is known without being declared" if known else f"this is {words(type)}"
                diagnostic = self.report(PROCESS_PARAMETER, param, caption=caption)
                diagnostic.replace("take it out", "", "safe" if known else "unsafe")
                if not known:
                    self.body.declare(param.name.name, ERROR, "param", param.name)
        return found

    def period(self, node: n.Expr) -> float | None:
        """The milliseconds of `every D`."""
        if isinstance(node, n.Compare) and node.ops == ["in"]:
            diagnostic = self.report(BAD_PERIOD, node, caption="a process runs in the world that it stands in")
            diagnostic.replace("leave the world out", self.text(node.operands[0]))
            return None
        self.body = self.const_body()
        typed = self.expr(node, DURATION)
        if typed.type is ERROR:
            return None
        caption = f"this is {words(typed.type)}"
        if base(typed.type) is DURATION:
            caption = "not known before the program runs"
            try:
                value = evaluate(self.named_value(typed.core), {})
            except NotConstant:
                value = None
            if isinstance(value, int | float):
                if value > 0:
                    return float(value)
                caption = "this is no time at all"
        diagnostic = self.report(BAD_PERIOD, node, caption=caption)
        if isinstance(node, n.Num):
            diagnostic.replace("in milliseconds", f"{self.text(node)}ms", "unsafe")
        return None

    def named_value(self, core: Core) -> Core:
        """The value behind the name of a constant."""
        if core["kind"] != "const":
            return core
        named = (each for module in self.modules.values() for each in module.declared.values())
        found = (info.value for info in named if isinstance(info, s.ConstInfo) and info.core_name == core["name"])
        return next(found, None) or core

    # ---- clocks and limits of environments

    def environment_time(self, info: s.EnvironmentInfo, props: dict[str, n.Prop]) -> None:
        """`clock:`, `tick:` and `limits:` of an environment."""
        if "clock" in props:
            info.core["clock"] = self.clock(props["clock"].value.expr)
        if "tick" in props:
            ticks = self.options(self.prop_pairs([props["tick"]]), ENVIRONMENT, "an environment")
            info.core["tick_ms"] = ticks.get("tick")
        if "limits" in props:
            pairs = self.mapping_pairs(props["limits"].value.expr, "limits")
            info.core["time_ms"] = self.options(pairs, EPISODE_LIMITS, "`limits` of an environment").get("time")

    def clock(self, node: n.Expr) -> Core:
        """`frozen("…")` or `running("…")`; some clock where it is neither, which has been reported."""
        kind = node.of.name if isinstance(node, n.Call) and isinstance(node.of, n.Name) else ""
        text = node.args[0].value if isinstance(node, n.Call) and len(node.args) == 1 else node
        written = self.plain_text(text) if isinstance(text, n.Str) else None
        from nexlang.ir.moments import read_time

        start = read_time(written) if written is not None else None
        if kind in _CLOCKS and start is not None:
            return {"start": start.isoformat(), "runs": kind == "running"}
        right = repair("time", written) if written is not None else None
        poison: Core = {"start": START, "runs": True}
        diagnostic = self.report(BAD_CLOCK, text if kind in _CLOCKS else node, caption=_clock_caption(kind, written))
        if kind in _CLOCKS and right is not None:
            diagnostic.replace("as a Time is written", f'"{right}"', "unsafe")
        elif kind not in _CLOCKS:
            at = f'"{right}"' if right is not None else f'"{START}"'
            diagnostic.replace("a clock that shows how time passes", f"running({at})", "unsafe")
        return poison

    # ---- who asks for the time

    def tells_time(self, node: n.Call, name: str) -> None:
        """Hold `now()` and `today()` to the bodies that a clock reaches, and remember who asks."""
        body = self.body
        if body.world is None and body.kind != "agent":
            diagnostic = self.report(NO_TIME, node, name=name).advise(
                "take the time as a parameter: what reads the clock runs in a world"
            )
            self.suggest_world(diagnostic)
        elif body.kind == "measure" and body.find("world") is None:
            self.report(NO_TIME, node, name=name).advise("a task is the same whenever it is played")
        else:
            self.time_tellers.setdefault(self.clock_holder(), f"`{name}()`")

    time_tellers: dict[str, str]
    """Who asks for the time: worlds and agents by their core names, `""` for the environment that is being checked."""

    def clock_holder(self) -> str:
        body = self.body
        if body.kind == "agent" and body.owner is not None:
            return body.owner.core_name
        in_world = body.kind in ("fn", "tool", "process") and body.world is not None
        return body.world.core_name if in_world and body.world is not None else ""

    def suggest_world(self, diagnostic: Diagnostic) -> None:
        """The fix for a function that could run in the program's only world."""
        node = self.body.owner.node if self.body.owner is not None else None
        worlds = self.visible(s.WorldInfo)
        if isinstance(node, n.FunctionDecl) and len(worlds) == 1 and not node.effects:
            span = Span(self.module.source.path, node.block.start, node.block.start)
            diagnostic.fix(f"run it in `{worlds[0]}`", Edit(span, f"in {worlds[0]} "), applicability="unsafe")

    waiters: set[str]
    """The agents that wait, by their core names."""
    timed: list[tuple[s.EnvironmentInfo, n.EnvironmentDecl, str | None]]
    """The environments, what each of them gives, and what in it asks for the time."""

    def check_time(self) -> None:
        """Hold every environment to what happens in it, once everything is checked."""
        for info, node, teller in self.timed:
            self.module = self.owner_of(info)
            if not info.broken and info.world is not None:
                agents = self.reached_agents(info.agents)
                self.needs_clock(info, node, agents, teller)
                self.time_passes(info, node, agents)

    def needs_clock(
        self, info: s.EnvironmentInfo, node: n.EnvironmentDecl, agents: list[s.AgentInfo], teller: str | None
    ) -> None:
        """An environment in which something asks for the time says when it begins."""
        assert info.world is not None
        askers = [(each.core_name, f"`{each.name}`") for each in (*info.world.whole(), *agents)]
        teller = f"`{info.name}`" if teller else next((who for name, who in askers if name in self.time_tellers), None)
        if teller is None or info.core.get("clock") is not None:
            return
        diagnostic = self.report(NEEDS_CLOCK, info.span(), name=info.name, teller=teller)
        if node.members:
            first = node.members[0].start
            edit = Edit(Span(info.source.path, first, first), f'clock: running("{START}")\n  ')
            diagnostic.fix("give it a clock", edit, applicability="unsafe")

    def time_passes(self, info: s.EnvironmentInfo, node: n.EnvironmentDecl, agents: list[s.AgentInfo]) -> None:
        """Warn of a process that runs every so often where nothing takes time."""
        assert info.world is not None
        timed = ((world, each) for world in info.world.whole() for each in world.processes if each.period is not None)
        world, process = next(timed, (info.world, None))
        solution = info.core.get("solution") or {}
        names = {agent.core_name for agent in agents} | {solution.get("name")}
        players = [a for m in self.modules.values() for a in _agents(m) if {a.core_name, a.core.get("plays")} & names]
        waits = any(agent.core_name in self.waiters for agent in self.reached_agents(players))
        if process is None or waits or info.core.get("tick_ms") or info.core.get("dynamics"):
            return
        assert process.period is not None
        text = world.source.text
        period = f"every {text[process.period.start : process.period.end]}"
        diagnostic = self.report(NO_TIME_PASSES, info.span(), process=process.name.name, period=period, name=info.name)
        span = Span(world.source.path, process.name.start, process.name.end)
        diagnostic.label(span, "never runs").advise(
            "the calls may also have a latency (`dynamics { latency: 100ms }`), or an agent may `wait`"
        )
        if node.members:
            first = node.members[0].start
            edit = Edit(Span(info.source.path, first, first), "tick: 1s\n  ")
            diagnostic.fix("let each round take some time", edit, applicability="unsafe")

    def reached_agents(self, agents: list[s.AgentInfo]) -> list[s.AgentInfo]:
        """The agents and all that they hand work to."""
        known = {info.core_name: info for module in self.modules.values() for info in _agents(module)}
        found = list(dict.fromkeys(agents))
        for agent in found:
            below = [*agent.delegates, *(known[name] for name in agent.calls if name in known)]
            found += [each for each in dict.fromkeys(below) if each not in found]
        return found

    # ---- waiting

    def wait(self, node: n.Call) -> Typed:
        """`wait(d)`: simulated time passes."""
        kind = self.body.kind
        flow = isinstance(self.body.owner, s.AgentInfo) and self.body.owner.kind == "flow"
        if len(node.args) != 1:
            self.report(TOO_MANY_ARGUMENTS, node.of, name="wait", count="1 argument", given=len(node.args))
            return POISON
        length = self.value(node.args[0].value, DURATION)
        if kind != "test" and not flow:
            where = {"agent": "this is a rule", "measure": "this only reads", "const": "this is a value"}
            diagnostic = self.report(WAITS_HERE, node, caption=where.get(kind, "a body takes no time"))
            diagnostic.advise(_WAITING.get(kind, "what it calls for is a flow agent that waits between two calls"))
            self.left_out(diagnostic, node, "unsafe")
            return POISON
        self.hidden(node, "wait")
        if self.body.owner is not None:
            self.waiters.add(self.body.owner.core_name)
        return Typed(NONE, self.builtin("wait", [length], NONE))


def _agents(module: s.ModuleInfo) -> list[s.AgentInfo]:
    return [info for info in module.declared.values() if isinstance(info, s.AgentInfo)]


def _clock_caption(kind: str, written: str | None) -> str:
    if kind in _CLOCKS:
        return "not a Time" if written is not None else "begins with the text of a Time"
    return "does it run?" if written is not None else "not a clock"

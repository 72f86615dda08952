"""Judges: agents that are asked, when an episode has ended, for what a component measures."""

from __future__ import annotations

from nexlang.diagnostics import Span
from nexlang.diagnostics.codes_environments import BAD_JUDGE
from nexlang.semantics import symbols as s
from nexlang.semantics.clauses import Clauses
from nexlang.semantics.files import Files
from nexlang.semantics.intervals import depends
from nexlang.semantics.scope import Typed
from nexlang.semantics.types import Core
from nexlang.syntax import nodes as n


class Judges(Files, Clauses):
    """`judging` are the judges of the environment at hand while one of its components is checked, `judged` those
    components that ask one; `judges` are all, to be held to what a judge may do once it is known what they do."""

    judging: list[Core] | None
    judged: set[str]
    judges: list[tuple[Span, s.AgentInfo]]

    def judge(self, node: n.Call, info: s.AgentInfo, args: dict[str, Core]) -> Typed:
        """A call of an agent in a measure."""
        if self.judging is None:
            self.report(BAD_JUDGE, node.of, name=info.name, problem="is asked only in a component of `reward { … }`")
        elif self.body.inside:
            self.report(BAD_JUDGE, node.of, name=info.name, problem="is asked once, so not inside a comprehension")
        else:
            if any(self.is_judged(arg, self.judged) for arg in args.values()):
                self.report(BAD_JUDGE, node.of, name=info.name, problem="is not told what another judge found")
            self.judging.append({"agent": info.core_name, "args": args})
            self.judges.append((self.span(node.of), info))
        place = {"kind": "lit", "value": len(self.judging or ()) - 1}
        return Typed(info.result, self.builtin("judged", [place], info.result))

    def is_judged(self, core: Core, judged: set[str]) -> bool:
        """Whether a measure asks a judge, or reads one that does."""
        return _judged(core) or bool(depends(core) & judged)

    def check_judges(self) -> None:
        """Judges only look."""
        from nexlang.semantics.effects import shown

        for span, info in self.judges:
            effects = self.effects.of_agent(info.core_name)
            if effects.writes or effects.plays:
                paths = ", ".join(f"`{path}`" for path in shown(effects.writes)) or "the world"
                diagnostic = self.report(BAD_JUDGE, span, name=info.name, problem=f"changes {paths}")
                diagnostic.label(info.span(), "declared here")


def _judged(core: object) -> bool:
    if isinstance(core, dict):
        own = core.get("kind") == "builtin" and core.get("name") == "judged"
        return own or any(_judged(value) for value in core.values())
    return isinstance(core, list) and any(_judged(item) for item in core)

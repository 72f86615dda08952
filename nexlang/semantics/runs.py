"""Training runs: the environment, who learns, and the phases."""

from __future__ import annotations

from nexlang.diagnostics.codes_agents import NO_LEARNER, UNKNOWN_PROPERTY
from nexlang.diagnostics.codes_names import DUPLICATE_NAME, UNKNOWN_ENVIRONMENT
from nexlang.diagnostics.suggest import suggest
from nexlang.ir.options import IMITATE, REINFORCE
from nexlang.semantics import symbols as s
from nexlang.semantics.dynamics import DynamicsChecks
from nexlang.semantics.types import Core
from nexlang.syntax import nodes as n


class Runs(DynamicsChecks):
    def check_train(self, info: s.TrainInfo) -> None:
        node = info.node
        assert isinstance(node, n.TrainDecl)
        props = self.props(
            [m for m in node.members if isinstance(m, n.Prop)], ("environment", "learns", "base"), "a run"
        )
        needed = [name for name in ("environment", "learns", "base") if name not in props]
        self.missing(node.name, f"run `{info.name}`", needed)
        info.core = info.declared() | {"learns": []}
        environment = self.environment_named(props["environment"].value.expr) if "environment" in props else None
        if environment is not None:
            info.core["environment"] = environment.core_name
        if "learns" in props:
            self.learns(info, props["learns"].value.expr, environment)
        if "base" in props:
            base_node = props["base"].value.expr
            if isinstance(base_node, n.Str):
                info.core["base"] = self.plain_text(base_node)
            else:
                self.bad(base_node, "base", "is the name or the folder of a model")
        for phase in (m for m in node.members if isinstance(m, n.Phase)):
            self.phase(info, phase)

    def environment_named(self, node: n.Expr) -> s.EnvironmentInfo | None:
        if not isinstance(node, n.Name):
            self.bad(node, "environment", "names an environment")
            return None
        return self.named(node, s.EnvironmentInfo, UNKNOWN_ENVIRONMENT)

    def learns(self, info: s.TrainInfo, node: n.Expr, environment: s.EnvironmentInfo | None) -> None:
        if not isinstance(node, n.ListLit) or not node.items:
            self.bad(node, "learns", "is a list of agents: `learns: [Clerk]`")
            return
        agents = {agent.core_name: agent for agent in self.all_agents()}
        tree = _tree(environment.agents, agents) if environment is not None else []
        broken = environment is not None and (environment.broken or any(agent.broken for agent in tree))
        for item in node.items:
            if not isinstance(item, n.Name):
                self.bad(item, "learns", "names agents")
                continue
            agent = self.agent_named(item)
            if agent is None:
                continue
            if agent.kind != "model":
                self.bad(item, "learns", f"names model agents, and `{agent.name}` asks no model")
            elif environment is not None and agent not in tree and not broken:
                self.report(NO_LEARNER, item, environment=environment.name, name=agent.name)
            info.core["learns"].append(agent.core_name)

    def phase(self, info: s.TrainInfo, node: n.Phase) -> None:
        if node.name.name not in ("imitate", "reinforce"):
            diagnostic = self.report(UNKNOWN_PROPERTY, node.name, owner="a run", name=node.name.name)
            self.did_you_mean(diagnostic, node.name.name, ("imitate", "reinforce"))
            return
        if node.name.name in info.core:
            self.report(DUPLICATE_NAME, node.name, what="the phase", name=node.name.name)
            return
        if node.name.name == "imitate":
            info.core["imitate"] = self.imitate(node)
        else:
            options = self.options(self.prop_pairs(node.props), REINFORCE, "`reinforce`")
            info.core["reinforce"] = {"algorithm": options.pop("algorithm", "grpo"), "options": options}

    def imitate(self, node: n.Phase) -> Core:
        core: Core = {}
        demos = [prop for prop in node.props if prop.key.name == "demos"]
        for prop in demos:
            expr = prop.value.expr
            if isinstance(expr, n.Str):
                core["demos_file"] = self.demos_file(expr)
            elif isinstance(expr, n.Name):
                agent = self.agent_named(expr)
                if agent is not None and "plays" not in agent.core:
                    self.bad(expr, "demos", f"`{agent.name}` stands in for no agent: give it `plays: …`")
                core["demos_agent"] = agent.core_name if agent is not None else None
            else:
                self.bad(expr, "demos", "is a JSON Lines file or a stand-in agent")
        meant = any(suggest(prop.key.name, ["demos"]) for prop in node.props)
        self.missing(node.name, "`imitate`", [] if demos or meant else ["demos"])
        rest = [prop for prop in node.props if prop.key.name != "demos"]
        core["options"] = self.options(self.prop_pairs(rest), IMITATE, "`imitate`")
        return core

    def demos_file(self, node: n.Str) -> str:
        from nexlang.semantics.data import load_text

        name = self.plain_text(node)
        self.loaded(load_text(self.folder(), name, self.span(node), self.disk), name)
        return self.data_name(name)


def _tree(roots: list[s.AgentInfo], agents: dict[str, s.AgentInfo]) -> list[s.AgentInfo]:
    """The agents below `roots`: their delegates and those that flow agents call."""
    found: list[s.AgentInfo] = []
    waiting = list(roots)
    while waiting:
        agent = waiting.pop()
        if agent not in found:
            found.append(agent)
            waiting += [agents[name] for name in agent.calls if name in agents]
    return found

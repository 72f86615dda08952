"""Running a whole agent, whatever its kind: a model's loop, a compiled program, or rules until one speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from nexlang.ir.model import Agent
from nexlang.runtime.code import AgentFailure, Flow, OutOfBudget
from nexlang.runtime.model_agent import ModelAgent
from nexlang.runtime.prompts import shown
from nexlang.runtime.run import STEPS, Run, Stage

T = TypeVar("T")


def perform(stage: Stage, name: str, arguments: Mapping[str, Any], by: str, parent: Run | None = None) -> Flow[Any]:
    """Run an agent to its end and give its typed result. Raises `AgentFailure` where it ends without one."""
    if parent is not None and stage.depth is not None and parent.depth >= stage.depth:
        raise AgentFailure(f"{name} would be more than {stage.depth} delegations deep", "depth")
    return (yield from performed(stage, name, arguments, by, parent))


def performed(stage: Stage, name: str, arguments: Mapping[str, Any], by: str, parent: Run | None) -> Flow[Any]:
    """Run an agent to its end, however deep it is."""
    player = stage.player(name)
    if player.kind == "model":
        return (yield from ModelAgent(stage, player, arguments, by, parent).alone())
    run = compiled(stage, player, arguments, by, parent)
    begin(run, (), arguments)
    return (yield from closing(run, run.body(arguments) if player.kind == "flow" else _rules(run, arguments)))


def compiled(stage: Stage, player: Agent, arguments: Mapping[str, Any], by: str, parent: Run | None = None) -> Run:
    """The run of a rule or flow agent, with the conversation of the agent that it plays, if it plays one."""
    conversation = None
    if player.plays:
        above = parent.number if parent else None
        conversation = stage.open(stage.library.agents[player.plays], player.name, by, above, arguments)
    return Run(stage, player, arguments, by, parent, conversation)


def begin(run: Run, news: Sequence[str], arguments: Mapping[str, Any]) -> None:
    """A stand-in reads nothing, but the one it plays would have."""
    if run.conversation:
        run.stage.begin_turn(run.conversation, news, arguments)


def guarded(run: Run, whole: Flow[T]) -> Flow[T]:
    """Write into a stand-in's conversation why it ends, where it fails."""
    try:
        return (yield from whole)
    except AgentFailure as failure:
        if run.conversation:
            run.conversation.end("limit" if isinstance(failure, OutOfBudget) else "failed", failure.message)
        raise


def closing(run: Run, whole: Flow[Any], last: bool = True) -> Flow[Any]:
    """Write what a compiled agent gives as the words of the one it plays, its `last` ones or not."""
    value = yield from guarded(run, whole)
    if conversation := run.conversation:
        conversation.counts.steps += 1
        conversation.say(shown(run.stage.library.codes[conversation.agent].result.encode(value)))
        if last:
            conversation.end("finished")
    return value


def rule_turn(run: Run, arguments: Mapping[str, Any]) -> Flow[tuple[bool, Any]]:
    """One turn of a rule agent: whether it acted, else what it says (`None`: it passes). A failed call is a turn."""
    before = run.calls
    try:
        said = yield from run.body(arguments)
    except OutOfBudget:
        raise
    except AgentFailure:
        if run.calls == before:
            raise
        return True, None
    return run.calls > before, said


def _rules(run: Run, arguments: Mapping[str, Any]) -> Flow[Any]:
    """A rule agent by itself: turns until one of them says something, which is its result."""
    for _ in range(run.agent.limits.steps or STEPS):
        acted, said = yield from rule_turn(run, arguments)
        if not acted:
            if said is None:
                raise AgentFailure(f"No rule of {run.agent.name} holds")
            return said
    raise OutOfBudget(f"{run.agent.name} has used its limit of steps")

"""A bundle's environment for TRL's own trainers: what `GRPOTrainer(environment_factory=…)` wants.

    spec = make_spec("build/desk", "Desk", "train")
    GRPOTrainer(model, train_dataset=spec.train_dataset, environment_factory=spec.environment_factory,
                reward_funcs=spec.reward_funcs, args=GRPOConfig(max_tool_calling_iterations=8), …)

TRL's loop ends with the model's first message without a call: that message is the last thing that the episode hears.
It shows the model the whole conversation, so a learner with a `memory` is refused.
The learner's delegates, where it has any, are played by their stand-ins. For dialogue, delegates that learn and the
curriculum, use `nexc train`.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal, Union

from nexlang.bundle import Bundle, open_bundle
from nexlang.runtime.code import Flow, OutOfBudget
from nexlang.runtime.messages import Json, Message, Reply, ToolCall, ToolSchema
from nexlang.runtime.run import Ask
from nexlang.trainer.errors import TrainError
from nexlang.worlds.episodes import Episode
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import Policy
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import TaskError, chosen

RESERVED = ("reset", "get_reward")
"""Names that TRL gives a meaning of its own."""


@dataclass(frozen=True)
class Spec:
    """What TRL's trainers take. The factory can be pickled: it holds paths and names only."""

    train_dataset: Any
    environment_factory: Callable[[], Any]
    reward_funcs: list[Callable[..., list[float | None]]]


def make_spec(bundle: str | Path, environment: str | None = None, split: str | None = "train", seed: int = 0) -> Spec:
    """The tasks of a split as a dataset of prompts, and environments in which TRL plays them.

    Raises `TrainError` where the environment cannot be played in TRL's loop.
    """
    from datasets import Dataset

    path = str(Path(bundle).resolve())
    setting = _setting(path, environment, seed)
    tasks = chosen(setting.tasks, split=split)
    if not tasks:
        raise TrainError(f"{setting.name} has no task in the split `{split}`")
    rows = [{"prompt": _prompt(setting, task.id, seed), "task": task.id, "seed": seed} for task in tasks]
    return Spec(Dataset.from_list(rows), partial(build, path, setting.name, seed), [episode_reward])


def build(path: str, environment: str | None, seed: int) -> Any:
    """One environment, of a class that is made for the bundle's tools."""
    return environment_class(path, environment, seed)()


def episode_reward(
    completions: Sequence[Sequence[Message]], environments: Sequence[Any], **_: Any
) -> list[float | None]:
    """End each episode with the model's last words; its reward, or `None` where the environment broke."""
    return [environment._finish(completion) for completion, environment in zip(completions, environments, strict=True)]


@lru_cache(maxsize=8)
def environment_class(path: str, environment: str | None, seed: int) -> type:
    """A class with a typed, documented method for each tool and delegate of the environment's learner."""
    setting = _setting(path, environment, seed)
    learner = setting.library.agents[setting.learner_agent]
    schemas = setting.library.held_schemas(learner)
    names = [schema["function"]["name"] for schema in schemas]
    if taken := [name for name in names if name in RESERVED or name.startswith("_")]:
        raise TrainError(f"TRL cannot offer a tool named `{taken[0]}`: the name means something else to it")
    methods = {name: _method(name, schema) for name, schema in zip(names, schemas, strict=True)}
    return type(f"{setting.name}Env", (_Played,), {"__doc__": setting.spec.doc, "_setting": setting, **methods})


class _Played:
    """An episode that TRL drives: a call of a method is the model's call, its result what the model sees."""

    _setting: Setting

    def __init__(self) -> None:
        self._flow: Flow[Outcome] | None = None
        self._ask: Ask | None = None
        self._outcome: Outcome | None = None

    def reset(self, task: str, seed: int = 0, **_: Any) -> None:
        """Begin a task. What the model hears of it is the prompt of its row already."""
        self._outcome = None
        self._flow = Episode(self._setting, self._setting.task(task), seed, _policy(self._setting)).play()
        try:
            self._ask = next(self._flow)
        except StopIteration as stop:
            self._ask, self._outcome = None, stop.value

    def _call(self, name: str, arguments: Mapping[str, Json]) -> str:
        if self._ask is None:
            return "Error: the episode is over"
        place = len(self._ask.messages)
        self._send(Reply(calls=(ToolCall(name, dict(arguments)),)))
        said = self._ask.messages[place:] if self._ask else []
        return next((m["content"] for m in said if m["role"] == "tool"), "The episode is over.")

    def _send(self, reply: Reply | None) -> None:
        if self._flow is None or self._ask is None:
            return
        try:
            self._ask = self._flow.send(reply) if reply else self._flow.throw(OutOfBudget("the rollout is over"))
        except StopIteration as stop:
            self._ask, self._outcome = None, stop.value

    def _finish(self, completion: Sequence[Message]) -> float | None:
        last = completion[-1] if completion else {}
        if last.get("role") == "assistant" and not last.get("tool_calls"):
            self._send(Reply(last.get("content") or ""))
        while self._ask is not None:
            self._send(None)
        return self._outcome.reward if self._outcome else None


# ---------------------------------------------------------------- the setting


@lru_cache(maxsize=8)
def _setting(path: str, environment: str | None, seed: int) -> Setting:
    bundle: Bundle = open_bundle(path)
    try:
        setting = Setting.of(bundle, environment, seed)
    except TaskError as error:
        raise TrainError(str(error)) from None
    asking = [actor.role for actor in setting.spec.actors if setting.library.agents[actor.agent].kind == "model"]
    if not asking:
        raise TrainError(f"no actor of {setting.name} asks a model: there is nothing to train")
    if len(asking) > 1:
        raise TrainError(f"{setting.name} has several actors that ask a model ({', '.join(asking)}); TRL plays one")
    if setting.library.agents[setting.learner_agent].memory:
        raise TrainError(
            f"{setting.learner_agent} has a `memory`, and TRL's own loop always shows the whole conversation: "
            "what the model would learn from is not what it is asked with; use `nexc train`"
        )
    _policy(setting)
    return setting


def _policy(setting: Setting) -> Policy:
    """The learner asks TRL; every model agent below it is played by its stand-in."""
    library = setting.library
    cast = {played: by for played, by in library.stand_ins.items() if played != setting.learner_agent}
    for name in _below(setting, setting.learner_agent):
        if library.agents[name].kind == "model" and name not in cast:
            raise TrainError(f"the delegate {name} has no stand-in (an agent that `plays: {name}`) to answer in TRL")
    for judge in setting.models_only:
        raise TrainError(f"the judge {judge} has no stand-in (an agent that `plays: {judge}`) to answer in TRL")
    return Policy("trl", "model", cast, judges_by_hand=True)


def _below(setting: Setting, name: str, seen: frozenset[str] = frozenset()) -> list[str]:
    held = [one.name for one in setting.library.agents[name].tools if one.kind == "agent" and one.name not in seen]
    return held + [below for one in held for below in _below(setting, one, seen | set(held))]


def _prompt(setting: Setting, task: str, seed: int) -> list[Message]:
    """What the model reads first of a task."""
    flow = Episode(setting, setting.task(task), seed, _policy(setting)).play()
    try:
        ask = next(flow)
    except StopIteration:
        raise TrainError(f"task {task} of {setting.name} ends before the model is asked") from None
    messages = [{"role": message["role"], "content": message["content"]} for message in ask.messages]
    flow.close()
    return messages


# ---------------------------------------------------------------- methods from schemas


def _method(name: str, schema: ToolSchema) -> Callable[..., str]:
    function = schema["function"]
    parameters = function.get("parameters") or {}
    needed = set(parameters.get("required", ()))

    def method(self: _Played, **arguments: Any) -> str:
        return self._call(name, arguments)

    hints = {key: _hint(of) for key, of in parameters.get("properties", {}).items()}
    method.__name__ = method.__qualname__ = name
    method.__doc__ = _docstring(function)
    method.__annotations__ = {**hints, "return": str}
    method.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            *(_parameter(key, hints[key], of, key in needed) for key, of in parameters.get("properties", {}).items()),
        ],
        return_annotation=str,
    )
    return method


def _parameter(name: str, hint: Any, schema: Json, needed: bool) -> inspect.Parameter:
    default = inspect.Parameter.empty if needed else schema.get("default")
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def _docstring(function: Mapping[str, Any]) -> str:
    """Google style, which is what schemas are made of again."""
    properties = (function.get("parameters") or {}).get("properties", {})
    lines = [(function.get("description") or function["name"]).strip().partition("\n")[0]]
    if properties:
        lines += ["", "Args:"]
        lines += [f"    {name}: {' '.join(of.get('description', name).split())}" for name, of in properties.items()]
    return "\n".join(lines)


_SCALARS: Mapping[str, Any] = {"string": str, "integer": int, "number": float, "boolean": bool, "null": type(None)}


def _hint(schema: Json) -> Any:
    """The Python type of a JSON Schema, as far as function schemas can say it again."""
    if "enum" in schema:
        return Literal[tuple(schema["enum"])]
    options = schema.get("anyOf") or schema.get("oneOf")
    kind = schema.get("type")
    if isinstance(kind, list):
        options = [{**schema, "type": one} for one in kind]
    if options:
        return Union[tuple(_hint(option) for option in options)]  # noqa: UP007 - made of a list
    if kind == "array":
        return types.GenericAlias(list, (_hint(schema.get("items", {})),))
    return _SCALARS.get(str(kind), dict)

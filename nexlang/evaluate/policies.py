"""Which policy a text names, and who answers its asks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nexlang.diagnostics.codes_run import ASKS_A_MODEL, UNKNOWN_POLICY, said
from nexlang.ir.model import Program
from nexlang.ir.options import ENDPOINT
from nexlang.runtime.clients.local import PACKAGED_NAMES, Loaded, LocalModel, load_model
from nexlang.runtime.clients.openai import OpenAIModels
from nexlang.runtime.drive import Client, NoModel
from nexlang.worlds.policies import REFERENCES, Policy, learner_stand_ins, model_policy, stand_in_policy
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import TaskError

ENDPOINTS = "endpoint"
"""The policy in which each model agent asks the model that the program names, over HTTP."""


@dataclass(frozen=True, slots=True)
class Player:
    """A policy, who answers its asks, and how a report calls it."""

    policy: Policy
    client: Client
    label: str


def player(setting: Setting, name: str, seed: int = 0) -> Player:
    """`solution`, `noop`, `random`, an agent of the program, `endpoint`, or a model: a folder, a .gguf file, a name.

    Raises `TaskError` where the text names none of them, `ModelFailure` where a model cannot be loaded or asked.
    """
    if name in REFERENCES:
        return Player(REFERENCES[name], NoModel(), _LABELS[name])
    if name in setting.library.agents:
        return _agent(setting, name, seed)
    if name == ENDPOINTS:
        return Player(model_policy(name), endpoints(setting.library.program), name)
    if Path(name).exists() or "/" in name or name in PACKAGED_NAMES:
        return local_player(setting, load_model(name), Path(name).name, seed=seed)
    agents = ", ".join(learner_stand_ins(setting)) or "an agent"
    raise TaskError(said(UNKNOWN_POLICY, name=name, agents=agents))


def _agent(setting: Setting, name: str, seed: int) -> Player:
    if setting.library.agents[name].kind == "model":
        raise TaskError(said(ASKS_A_MODEL, name=name))
    return Player(stand_in_policy(setting, name), NoModel(), name)


def local_player(setting: Setting, loaded: Loaded, label: str, temperature: float = 0.0, seed: int = 0) -> Player:
    """Every model agent of the environment played by one model in this process."""
    limits = reply_limits(setting.library.program)
    client = LocalModel(loaded, temperature=temperature, seed=seed, limits=limits)
    return Player(model_policy(label), client, label)


def endpoints(program: Program) -> OpenAIModels:
    """The client of all models that the program names."""
    return OpenAIModels({model.name: model for model in program.models})


def reply_limits(program: Program) -> dict[str, int]:
    """The greatest length of one reply of each model of the program, in tokens."""
    default = ENDPOINT["max_tokens"].default or 512
    return {model.name: int(model.options.get("max_tokens", default)) for model in program.models}


_LABELS = {"solution": "recorded solution", "noop": "do nothing", "random": "random calls"}

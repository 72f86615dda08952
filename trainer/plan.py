"""What a run is to do: the program's `train` block with its defaults and what the command line changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from nexlang.ir.model import Program, Train
from nexlang.ir.options import resolved
from nexlang.trainer.errors import TrainError


@dataclass(frozen=True, slots=True)
class Imitation:
    """Supervised learning: only what the model itself is to write is trained."""

    demos_file: str | None
    demos_agent: str | None
    epochs: int
    batch: int
    learning_rate: float
    max_length: int
    max_steps: int | None
    lora: int | None


@dataclass(frozen=True, slots=True)
class Reinforcement:
    """Group-relative policy optimisation: `group` episodes of each of `batch` tasks a step."""

    algorithm: str
    group: int
    batch: int
    steps: int
    learning_rate: float
    beta: float
    temperature: float
    max_tokens: int
    max_length: int
    window: int
    lora: int | None
    demote: float | None = None
    sampler: str = "even"


@dataclass(frozen=True, slots=True)
class Plan:
    """One run. `learns` are the model agents whose words are trained."""

    name: str
    environment: str
    learns: tuple[str, ...]
    base: str
    seed: int
    imitation: Imitation | None
    reinforcement: Reinforcement | None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "learns": list(self.learns)}


def plan(program: Program, run: str | None, model: str | None, steps: int | None, seed: int) -> Plan:
    """The plan of the `train` block named `run`, or of the only one. `steps` caps the steps of each phase."""
    block = _block(program, run)
    made = Plan(
        block.name,
        block.environment,
        tuple(block.learns),
        model or block.base,
        seed,
        _imitation(block),
        _reinforcement(block),
    )
    if made.imitation is None and made.reinforcement is None:
        raise TrainError(f"`train {block.name}` has neither `imitate` nor `reinforce`: there is nothing to do")
    return made if steps is None else _capped(made, steps)


def _block(program: Program, run: str | None) -> Train:
    names = [train.name for train in program.trains]
    if not names:
        raise TrainError(f"{program.name} has no `train` block")
    if run is None and len(names) > 1:
        raise TrainError(f"{program.name} has several `train` blocks; choose one with --run: {', '.join(names)}")
    if run is not None and run not in names:
        raise TrainError(f"there is no `train {run}`; {program.name} has {', '.join(names)}")
    return program.trains[names.index(run) if run else 0]


def _imitation(block: Train) -> Imitation | None:
    if block.imitate is None:
        return None
    options = _options("imitate", block.imitate.options)
    options.pop("demos")
    return Imitation(block.imitate.demos_file, block.imitate.demos_agent, **options)


def _reinforcement(block: Train) -> Reinforcement | None:
    if block.reinforce is None:
        return None
    return Reinforcement(**_options("reinforce", {**block.reinforce.options, "algorithm": block.reinforce.algorithm}))


def _options(name: str, given: Mapping[str, bool | int | float | str]) -> dict[str, Any]:
    try:
        return resolved(name, given)
    except ValueError as error:
        raise TrainError(str(error)) from None


def _capped(made: Plan, steps: int) -> Plan:
    if steps < 1:
        raise TrainError("--steps must be at least 1")
    imitation, reinforcement = made.imitation, made.reinforcement
    if imitation:
        imitation = replace(imitation, max_steps=min(steps, imitation.max_steps or steps))
    if reinforcement:
        reinforcement = replace(reinforcement, steps=min(steps, reinforcement.steps))
    return replace(made, imitation=imitation, reinforcement=reinforcement)

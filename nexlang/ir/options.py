"""The options of blocks whose values are literals: their types, bounds and defaults, as plain data.

The checker refuses what is not here; the runtime and the trainer take their defaults from here. A default of `None`
means that the option may be left out and then does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Value = bool | int | float | str


class Option(NamedTuple):
    """One option: `low` and `high` are inclusive; `above` is an exclusive lower bound; `choices` are all its texts."""

    type: Literal["int", "float", "text", "bool", "duration", "name"]
    doc: str
    default: Value | None = None
    low: float | None = None
    high: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()

    def problem(self, value: object) -> str | None:
        """Why `value` cannot be this option's, as the end of a sentence; `None` where it can."""
        if not self._has_type(value):
            return f"must be {_ARTICLED[self.type]}"
        if self.choices and value not in self.choices:
            return f"must be {' or '.join(self.choices)}"
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self._out_of_bounds(value)
        return None

    def _has_type(self, value: object) -> bool:
        if self.type in ("float", "duration"):
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        if self.type == "int":
            return isinstance(value, int) and not isinstance(value, bool)
        return isinstance(value, bool if self.type == "bool" else str)

    def _out_of_bounds(self, value: float) -> str | None:
        if self.above is not None and not value > self.above:
            return f"must be greater than {self.above:g}"
        if self.low is not None and not value >= self.low:
            return f"must be at least {self.low:g}"
        if self.high is not None and not value <= self.high:
            return f"must be at most {self.high:g}"
        return None


_ARTICLED = {
    "int": "an Int",
    "float": "a Float",
    "text": "a Text",
    "bool": "a Bool",
    "duration": "a Duration",
    "name": "a name",
}

LIMITS: Mapping[str, Option] = {
    "steps": Option("int", "Messages that the model may write in one run of the agent.", 50, low=1),
    "calls": Option("int", "Calls of tools and delegates in one run; without it a model agent has 8 a step.", low=1),
    "tokens": Option("int", "Tokens that the model may write in one run of the agent.", low=1),
    "time": Option("duration", "Simulated time of one run of the agent.", above=0),
    "depth": Option("int", "Runs of the agent inside each other, where delegation comes back to it.", low=1),
}

MESSAGE_CALLS = 8
"""Calls that a model agent may make for each of its steps where its limits do not say how many."""

ENDPOINT: Mapping[str, Option] = {
    "temperature": Option("float", "Sampling temperature; 0 takes the likeliest token.", 0.0, low=0, high=2),
    "top_p": Option("float", "Sample among the likeliest tokens that together have this probability.", above=0, high=1),
    "max_tokens": Option("int", "Tokens of one reply.", 512, low=1),
    "seed": Option("int", "Seed of the sampling, where the endpoint takes one.", low=0),
    "context": Option("int", "Tokens that the model reads at most; prompts that cannot fit are reported.", low=1),
}

_LEARNING: Mapping[str, Option] = {
    "learning_rate": Option("float", "Step size of AdamW.", 1e-5, above=0, high=1),
    "batch": Option("int", "Conversations in one optimizer step.", 4, low=1),
    "lora": Option(
        "int", "Rank of LoRA adapters, merged into the model at the end; without it all weights learn.", low=1
    ),
}

IMITATE: Mapping[str, Option] = {
    **_LEARNING,
    "demos": Option("name", "A JSON Lines file of conversations, or the stand-in agent whose episodes are copied."),
    "epochs": Option("int", "Passes over the demonstrations.", 1, low=1),
    "max_steps": Option("int", "Optimizer steps at most, whatever the epochs.", low=1),
    "max_length": Option("int", "Tokens of one conversation; a longer one is left out and reported.", 2048, low=16),
}

REINFORCE: Mapping[str, Option] = {
    **_LEARNING,
    "algorithm": Option("name", "How rewards become gradients.", "grpo", choices=("grpo",)),
    "group": Option("int", "Episodes of one task that are compared with each other.", 8, low=2),
    "batch": Option("int", "Tasks in one optimizer step.", 1, low=1),
    "steps": Option("int", "Optimizer steps.", 100, low=1),
    "learning_rate": Option("float", "Step size of AdamW.", 1e-6, above=0, high=1),
    "beta": Option("float", "Weight of the distance to the model that reinforcement began with.", 0.0, low=0),
    "temperature": Option("float", "Sampling temperature of the episodes.", 1.0, above=0, high=2),
    "max_tokens": Option("int", "Tokens of one reply.", 128, low=1),
    "max_length": Option("int", "Tokens of one conversation; a longer one ends as out of budget.", 2048, low=16),
    "window": Option("int", "Episodes over which a stage's `until` is measured.", 32, low=1),
    "demote": Option(
        "float",
        "Success over a full window of a stage below which the run goes back to the one before; without it, never.",
        above=0,
        high=1,
    ),
    "sampler": Option(
        "name",
        "Which task of a stage comes next: each in its turn, or oftener those whose success changes.",
        "even",
        choices=("even", "progress"),
    ),
}

EPISODE_LIMITS: Mapping[str, Option] = {
    "time": Option("duration", "Simulated time of one episode.", above=0),
}

ENVIRONMENT: Mapping[str, Option] = {
    "rounds": Option("int", "Rounds of turns after which an episode ends.", 40, low=1),
    "tick": Option("duration", "Simulated time that passes at the end of each round.", above=0),
    "turns": Option("name", "How actors take turns.", "in_order", choices=("in_order", "at_once", "by_priority")),
}

STAGE: Mapping[str, Option] = {
    "noise": Option("float", "What scales the environment's dynamics: 0 is exact, 1 as declared.", 1.0, low=0),
    "depth": Option("int", "How deep delegation may go below an actor: 0 is not at all.", low=0),
}

BLOCKS: Mapping[str, Mapping[str, Option]] = {
    "limits": LIMITS,
    "limits of an environment": EPISODE_LIMITS,
    "endpoint": ENDPOINT,
    "imitate": IMITATE,
    "reinforce": REINFORCE,
    "environment": ENVIRONMENT,
    "stage": STAGE,
}
"""Every table by the name of its block."""


def resolved(block: str, given: Mapping[str, Value]) -> dict[str, Value | None]:
    """The options of `block`, defaults filled in. Raises `ValueError` for an unknown option or a wrong value."""
    table = BLOCKS[block]
    for name, value in given.items():
        if name not in table:
            raise ValueError(f"`{block}` has no option `{name}`; it has {', '.join(table)}")
        if problem := table[name].problem(value):
            raise ValueError(f"`{name}` of `{block}` {problem}")
    return {name: given.get(name, option.default) for name, option in table.items()}

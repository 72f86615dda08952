"""How an episode ended."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from nexlang.runtime.messages import Json
from nexlang.runtime.transcript import Conversation
from nexlang.worlds.engine import Call, Message, ProcessFailure, ToolFailure
from nexlang.worlds.engine.failures import ExternRefused

Result = Literal["solved", "failed", "agent_error", "environment_error", "user_error", "budget"]
BROKEN = (ToolFailure, ExternRefused, ProcessFailure, ArithmeticError, IndexError, RecursionError)
"""What the code of an environment may raise: the author's mistake, never the policy's."""


@dataclass(slots=True)
class Outcome:
    """How an episode went. `measures` are unweighted; `error` says why it ended badly, if it did.

    `rewards` and `own` are each actor's reward and the measures that it has for itself, where there are such; `paid` is
    what each round paid to all, `judgements` what its judges said, `elapsed` the simulated time in milliseconds. An
    `environment_error` and a `user_error` have no reward (`None`): they count for nobody and train nothing.
    """

    environment: str
    task: str
    seed: int
    policy: str
    result: Result
    reward: float | None
    success: bool
    measures: dict[str, bool | int | float] = field(default_factory=dict)
    rounds: int = 0
    calls: list[Call] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)
    answer: Json = None
    error: str = ""
    rewards: dict[str, float] = field(default_factory=dict)
    own: dict[str, dict[str, bool | int | float]] = field(default_factory=dict)
    paid: list[float] = field(default_factory=list)
    judgements: list[Conversation] = field(default_factory=list)
    elapsed: float = 0.0

    def reward_of(self, role: str) -> float | None:
        """The reward of one actor: its own, where actors have their own."""
        return self.reward if self.reward is None else self.rewards.get(role, self.reward)

    def to_json(self) -> dict[str, Any]:
        """Everything but token ids, as plain data."""
        data = {name: getattr(self, name) for name in ("environment", "task", "seed", "policy", "result", "reward")}
        data |= {"success": self.success, "measures": self.measures, "rounds": self.rounds}
        data |= {name: value for name in ("rewards", "own", "paid", "elapsed") if (value := getattr(self, name))}
        data |= {"judgements": [c.to_json() for c in self.judgements]} if self.judgements else {}
        data |= {"calls": [asdict(c) for c in self.calls], "messages": [asdict(m) for m in self.messages]}
        return data | {
            "answer": self.answer, "error": self.error, "conversations": [c.to_json() for c in self.conversations],
        }  # fmt: skip

    def text(self) -> str:
        """One line of JSON: equal for equal episodes."""
        return json.dumps(self.to_json(), ensure_ascii=False)


class EnvironmentBroke(Exception):
    """The environment's own code failed."""

    result: Result = "environment_error"


class UserFailed(EnvironmentBroke):
    """An actor that the policy does not answer for failed."""

    result: Result = "user_error"

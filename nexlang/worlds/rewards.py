"""Measures into a reward: what is paid at the end, after each round, and to one actor alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nexlang.ir.model import Component
from nexlang.worlds.engine import Role
from nexlang.worlds.scope import EpisodeScope
from nexlang.worlds.setting import Setting

Guard = Callable[..., Any]
"""Calls a method of the environment; what goes wrong there is the environment's own error."""


def reward(weights: Mapping[str, float], measures: Mapping[str, bool | int | float]) -> float:
    """The weighted sum of the measures, a Bool counting 0 or 1; added in the order of declaration."""
    return float(sum(weight * float(measures[name]) for name, weight in weights.items()))


@dataclass(slots=True)
class Pay:
    """What an episode came to. `measures` has every component: what is paid by rounds is summed, what each actor has
    of its own is the mean over those that a policy answers for, so that `reward` is the weighted sum.

    `rewards` and `own` are each actor's, where there is a reward for actors; `rounds` is what each round paid to all.
    """

    measures: dict[str, Any]
    reward: float
    rewards: dict[str, float] = field(default_factory=dict)
    own: dict[str, dict[str, Any]] = field(default_factory=dict)
    rounds: list[float] = field(default_factory=list)


class Account:
    """Keeps what an episode earns on the way."""

    def __init__(self, setting: Setting, scope: EpisodeScope, guard: Guard) -> None:
        self._setting = setting
        self._environment = setting.environment
        self._scope = scope
        self._guard = guard
        components = setting.spec.reward
        self._by_round = _named(components, "round", own=False)
        self._own_by_round = _named(components, "round", own=True)
        self._potential = _named(components, "potential", own=False)
        self._own = _named(components, "end", own=True)
        self._sums: dict[str, float] = dict.fromkeys((*self._by_round, *self._potential), 0.0)
        self._own_sums = {role: dict.fromkeys(self._own_by_round, 0.0) for role in setting.environment.actors}
        self._levels: dict[str, float] = {}
        self._rounds: list[float] = []
        self._open = False
        if self._potential:
            self._levels = self._potentials()

    # ------------------------------------------------------------ rounds

    def begin_round(self) -> None:
        self._open = True
        if self._by_round or self._own_by_round:
            self._scope.before = self._scope.world.fork()

    def end_round(self) -> None:
        """Pay for the round that is open, if one is."""
        if not self._open:
            return
        self._open = False
        paid = 0.0
        if self._by_round:
            paid += self._add(self._by_round, self._measured("round_measures"), self._sums)
        if self._potential:
            paid += self._shape(self._potentials())
        if self._by_round or self._potential:
            self._rounds.append(paid)
        if self._own_by_round:
            for role, sums in self._own_sums.items():
                self._add(self._own_by_round, self._measured("actor_round_measures", role), sums)

    def _add(self, weights: Mapping[str, float], measures: Mapping[str, Any], sums: dict[str, float]) -> float:
        for name, value in measures.items():
            sums[name] += float(value)
        return reward(weights, measures)

    def _shape(self, levels: dict[str, float]) -> float:
        change = {name: level - self._levels[name] for name, level in levels.items()}
        self._levels = levels
        return self._add(self._potential, change, self._sums)

    def _potentials(self) -> dict[str, float]:
        return {name: float(value) for name, value in self._measured("potentials").items()}

    # ------------------------------------------------------------ the end

    def settle(self, measures: Mapping[str, Any]) -> Pay:
        """Close the account; `measures` are those of the whole episode. The last potential is 0."""
        self.end_round()
        if self._potential:
            last = self._shape(dict.fromkeys(self._levels, 0.0))
            self._rounds = [*self._rounds[:-1], last + (self._rounds[-1] if self._rounds else 0.0)]
        own = self._own_measures()
        asking = [own[role] for role in self._setting.asking] if own else []
        whole = {**measures, **self._sums}
        whole |= {name: sum(float(one[name]) for one in asking) / len(asking) for name in (asking or [{}])[0]}
        ordered = {name: whole[name] for name in self._setting.weights}
        paid = Pay(ordered, reward(self._setting.weights, ordered), own=own, rounds=self._rounds)
        paid.rewards = {role: reward(self._setting.weights, {**ordered, **mine}) for role, mine in own.items()}
        return paid

    def _own_measures(self) -> dict[str, dict[str, Any]]:
        if not self._own and not self._own_by_round:
            return {}
        ended = {role: self._measured("actor_measures", role) for role in self._own_sums} if self._own else {}
        return {role: {**ended.get(role, {}), **sums} for role, sums in self._own_sums.items()}

    def _measured(self, method: str, role: str = "") -> dict[str, Any]:
        if role:
            self._scope.actor = Role(role, self._environment.actors[role])
        found: dict[str, Any] = self._guard("the reward", getattr(self._environment, method), self._scope)
        return found


def _named(components: Sequence[Component], paid: str, own: bool) -> dict[str, float]:
    return {c.name: c.weight for c in components if c.paid == paid and c.own == own}

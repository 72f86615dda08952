"""Gymnasium's Taxi, CliffWalking and FrozenLake in .nex: the same successors, probabilities, rewards and ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import gymnasium
import pytest

import nexlang
from nexlang.bundle import bundle_of
from nexlang.worlds.engine import Chance, Streams, Timeline
from nexlang.worlds.explore import Exploration, explore
from nexlang.worlds.setting import Setting

HERE = Path(__file__).parent / "gym"
STEPS = 100_000
Table = Mapping[int, Mapping[int, list[tuple[float, int, float, bool]]]]


@dataclass(frozen=True)
class Peer:
    """A Gymnasium environment and how its numbers are read: states as slots of the world, actions as calls."""

    program: str
    id: str
    slots: Callable[[int], dict[str, Any]]
    state: Callable[[Any], int]
    actions: list[tuple[str, dict[str, Any]]]
    ended: Callable[[int], bool]

    def table(self) -> Table:
        return gymnasium.make(self.id).unwrapped.P  # type: ignore[attr-defined, no-any-return]


def ways(tool: str, *names: str) -> list[tuple[str, dict[str, Any]]]:
    return [(tool, {"to": name}) for name in names]


def taxi_slots(state: int) -> dict[str, Any]:
    rest, goes_to = divmod(state, 4)
    rest, passenger = divmod(rest, 5)
    return {"taxi": dict(zip(("row", "col"), divmod(rest, 5), strict=True)), "passenger": passenger, "goes_to": goes_to}


def taxi_state(world: Any) -> int:
    return int(((world.taxi.row * 5 + world.taxi.col) * 5 + world.passenger) * 4 + world.goes_to)


def grid(columns: int) -> tuple[Callable[[int], dict[str, Any]], Callable[[Any], int]]:
    def slots(state: int) -> dict[str, Any]:
        return {"row": state // columns, "col": state % columns}

    return slots, lambda world: int(world.row * columns + world.col)


PEERS = [
    Peer("lake", "FrozenLake-v1", *grid(4), ways("step", "left", "down", "right", "up"),
         lambda s: s in (5, 7, 11, 12, 15)),
    Peer("cliff", "CliffWalking-v1", *grid(12), ways("step", "up", "right", "down", "left"), lambda s: s > 36),
    Peer("taxi", "Taxi-v3" if "Taxi-v3" in gymnasium.registry else "Taxi-v4", taxi_slots, taxi_state,
         [*ways("drive", "south", "north", "east", "west"), ("pick_up", {}), ("drop_off", {})],
         lambda s: (s // 4) % 5 == s % 4),
]  # fmt: skip
ALL = pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.program)


@cache
def setting(program: str) -> Setting:
    compilation = nexlang.compile(HERE / f"{program}.nex")
    return Setting.of(bundle_of(compilation.program, compilation.data))


def world(peer: Peer, state: int) -> Any:
    return type(setting(peer.program).base).load(peer.slots(state))


def merged(outcomes: list[tuple[float, int, float, bool]]) -> dict[tuple[int, float, bool], float]:
    """Outcomes with the same successor, reward and end as one."""
    found: Counter[tuple[int, float, bool]] = Counter()
    for probability, state, paid, over in outcomes:
        found[int(state), float(paid), bool(over)] += probability  # type: ignore[assignment]
    return {outcome: round(probability, 9) for outcome, probability in found.items()}


@ALL
def test_every_state_and_action(peer: Peer) -> None:
    ours = setting(peer.program)
    exploration = Exploration(ours, ours.tasks[0], 1000)
    exploration.start = ours.base
    compared = 0
    for state, actions in peer.table().items():
        for action, theirs in actions.items():
            if peer.ended(state):
                continue
            tool, arguments = peer.actions[action]
            found = exploration.step(world(peer, state), tool, arguments)
            mine = [(p, peer.state(w), paid, peer.ended(peer.state(w))) for p, (w, paid) in found]
            assert merged(mine) == merged(theirs), (state, action)
            compared += 1
    assert compared == {"lake": 44, "cliff": 37 * 4, "taxi": 400 * 6}[peer.program]


@ALL
def test_the_greatest_reward(peer: Peer) -> None:
    """Exploring finds the optimal return that value iteration over the package's tables finds."""
    ours = setting(peer.program)
    explored = explore(ours, ours.tasks[0])
    table = peer.table()
    values = dict.fromkeys(table, 0.0)
    for _ in range(explored.rounds):
        values = {
            state: max(sum(p * (paid + (0.0 if over else values[s])) for p, s, paid, over in o) for o in acts.values())
            for state, acts in table.items()
        }
    ((_, start),) = explored.starts
    assert explored.solvable
    assert explored.best() == pytest.approx(values[peer.state(explored.states[start].world)], abs=1e-9)


@ALL
def test_random_steps_side_by_side(peer: Peer) -> None:
    """Every step is one of the package's own, and what chance decides is as frequent as the package says."""
    ours = setting(peer.program)
    table, chance = peer.table(), Chance(7)
    seen: Counter[tuple[int, int, int]] = Counter()
    tried: Counter[tuple[int, int]] = Counter()
    begins = [state for state in table if not peer.ended(state) and (peer.program == "taxi" or state == first(peer))]
    timeline, state = begun(peer, chance.choose(begins)), -1
    session = timeline.session(ours.package.tools)
    for step in range(STEPS):
        state = peer.state(timeline.world)
        action = chance.below(len(peer.actions))
        assert not session.call(*peer.actions[action]).error
        after = peer.state(timeline.world)
        assert any(s == after for _, s, _, _ in table[state][action]), (step, state, action, after)
        tried[state, action] += 1
        seen[state, action, after] += 1
        if peer.ended(after):
            timeline = begun(peer, chance.choose(begins), step)
            session = timeline.session(ours.package.tools)
    for (state, action, after), times in seen.items():
        n = tried[state, action]
        expected = sum(p for p, s, _, _ in table[state][action] if s == after)
        deviation = (n * expected * (1 - expected)) ** 0.5
        assert abs(times - n * expected) <= 5 * deviation + 1e-9 * n, (state, action, after)


def first(peer: Peer) -> int:
    return peer.state(world(peer, 0).fork()) if peer.program == "lake" else 36


def begun(peer: Peer, state: int, seed: int = -1) -> Timeline[Any]:
    return Timeline(world(peer, state), streams=Streams(seed + 1))

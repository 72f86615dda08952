"""Steps from outside, with Gymnasium's own CliffWalking and Taxi beside ours, and the memory of live episodes.

A table's entries are computed by the engine when they are first met; the rows say what runs cost after that.
"""

from __future__ import annotations

import gc
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np

from benchmarks import bench_worlds
from benchmarks.table import Row
from nexlang import compile
from nexlang.bundle import bundle_of
from nexlang.worlds.batch import Batch, Rules, Single, Stepper, Tabulated
from nexlang.worlds.setting import Setting

ROOT = Path(__file__).parents[1]
STEPS = 50_000
LANES = 4096
EPISODES = 10_000


def setting(path: Path) -> Setting:
    compilation = compile(path)
    return Setting.of(bundle_of(compilation.program, compilation.data))


def rate(job: Callable[[], int], times: int = 3) -> float:
    """Steps a second of processor time, of the fastest run: other programs on the machine do not count."""
    best = 0.0
    for _ in range(times):
        start = time.process_time()
        count = job()
        best = max(best, count / (time.process_time() - start))
    return best


def rows() -> Iterator[Row]:
    for program, peer in (("cliff", "CliffWalking-v1"), ("taxi", taxi()), ("lake", "FrozenLake-v1")):
        place = setting(ROOT / f"tests/conformance/gym/{program}.nex")
        theirs = rate(lambda peer=peer: played(gymnasium.make(peer)))  # type: ignore[misc]
        yield Row(f"{peer}: Gymnasium, one", theirs, "steps/s")
        yield Row(f"{peer}: Gymnasium, 8 in step", rate(lambda peer=peer: in_step(peer)), "steps/s")  # type: ignore[misc]
        yield Row(f"{peer}: one, by the engine", rate(lambda place=place: stepped(place)), "steps/s")  # type: ignore[misc]
        table = Tabulated(Rules(place), place.tasks)
        single = rate(lambda place=place, table=table: looked_up(place, table))  # type: ignore[misc]
        yield Row(f"{peer}: one, over a table", single, "steps/s", 500_000 if table.certain else None, most=False)
        yield Row(f"{peer}: one over a table, times Gymnasium's", single / theirs, "×")
        batch = Batch(place, LANES, tabulated=True)
        goal = 10_000_000 if table.certain else None
        yield Row(f"{peer}: {LANES:,} together, over a table", rate(walk(batch)), "steps/s", goal, most=False)
    yield from memory()


def taxi() -> str:
    return "Taxi-v3" if "Taxi-v3" in gymnasium.registry else "Taxi-v4"


def played(env: Any) -> int:
    dice = random.Random(0)
    actions = [dice.randrange(int(env.action_space.n)) for _ in range(STEPS)]
    env.reset(seed=0)
    for action in actions:
        _, _, ended, truncated, _ = env.step(action)
        if ended or truncated:
            env.reset()
    return STEPS


def in_step(peer: str) -> int:
    env = gymnasium.make_vec(peer, num_envs=8, vectorization_mode="sync")
    dice = np.random.default_rng(0)
    actions = [dice.integers(0, int(env.single_action_space.n), 8) for _ in range(STEPS // 40)]  # type: ignore[attr-defined]
    env.reset(seed=0)
    for chosen in actions:
        env.step(chosen)
    return 8 * len(actions)


def stepped(place: Setting) -> int:
    stepper, dice = Stepper(Rules(place)), random.Random(0)
    known = Tabulated(stepper.rules, place.tasks).actions
    actions = [dice.choice(known) for _ in range(STEPS // 5)]
    stepper.reset(place.tasks[0])
    for tool, arguments in actions:
        step = stepper.step(tool, arguments)
        if step.ended or step.truncated:
            stepper.reset(place.tasks[0])
    return len(actions)


def looked_up(place: Setting, table: Tabulated) -> int:
    single, dice = Single(table), random.Random(0)
    actions = [dice.randrange(len(table.actions)) for _ in range(STEPS * 4)]
    single.reset(place.tasks[0])
    for action in actions:
        _, _, ended, truncated = single.step(action)
        if ended or truncated:
            single.reset(place.tasks[0])
    return len(actions)


def walk(batch: Batch) -> Callable[[], int]:
    dice = np.random.default_rng(0)
    actions = [dice.integers(0, len(batch.actions), batch.count) for _ in range(50)]
    batch.reset()

    def job() -> int:
        for chosen in actions:
            seen = batch.step(chosen).observations
            for name in () if isinstance(seen, list) else seen:
                seen[name]
        return batch.count * len(actions)

    job()
    return job


def memory() -> Iterator[Row]:
    """What live retail episodes take, each with the calls of a recorded one behind it."""
    if not (bench_worlds.DATA / "db.json").exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Setting.of(bench_worlds.retail(Path(folder)))
    rules, recorded = Rules(place), bench_worlds.recorded()
    for number, calls in enumerate(recorded):
        follow(Stepper(rules), place, number, calls)
    gc.collect()
    before = resident()
    live = [Stepper(rules) for _ in range(EPISODES)]
    for number, stepper in enumerate(live):
        follow(stepper, place, number, recorded[number % len(recorded)])
    gc.collect()
    yield Row(f"retail: {EPISODES:,} live episodes", resident() - before, "MB", 200)
    yield Row("retail: fork of a live episode", bench_worlds.each(live[0].fork, 500), "ms")


def follow(stepper: Stepper, place: Setting, number: int, calls: list[tuple[str, dict[str, Any]]]) -> None:
    stepper.reset(place.tasks[number % len(place.tasks)], number)
    for tool, arguments in calls:
        if not stepper.result:
            stepper.step(tool, arguments)


def resident() -> float:
    """Megabytes of memory that the process has (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6

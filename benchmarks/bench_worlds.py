"""The world engine on tau2-bench's retail: calls a second, and what episodes pay for state.

The data lies outside the repository: `NEXLANG_SHARED` names its folder (default `../shared`). Without it, no row.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.table import Row
from nexlang import compile
from nexlang.bundle import Bundle, bundle_of
from nexlang.interop.tau2 import read_tasks, write_tasks
from nexlang.worlds.engine import Session

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("NEXLANG_SHARED", ROOT.parent / "shared")) / "data" / "tau2-retail"
Calls = list[list[tuple[str, dict[str, Any]]]]


def retail(folder: Path) -> Bundle:
    """The conformance program with the real database."""
    (folder / "data").mkdir()
    shutil.copy(ROOT / "tests/conformance/retail.nex", folder)
    shutil.copy(DATA / "db.json", folder / "data")
    write_tasks(read_tasks(DATA), folder / "data/tasks.jsonl")
    compilation = compile(folder / "retail.nex")
    return bundle_of(compilation.program, compilation.data)


def recorded() -> Calls:
    lines = (DATA / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    return [[(call["tool"], call["arguments"]) for call in json.loads(line)["calls"]] for line in lines]


def writes(bundle: Bundle, tool: str) -> bool:
    functions = {function.name: function for function in bundle.program.functions}
    return bool(functions[tool].effects.writes)


def replay(bundle: Bundle, episodes: Calls) -> None:
    tools = bundle.package.tools
    for calls in episodes:
        call = Session(tools, bundle.world()).call
        for tool, arguments in calls:
            call(tool, arguments)


def best(job: Callable[[], object], times: int) -> float:
    """Seconds of the fastest run: what the code costs when the machine does nothing else."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return min(taken)


def each(job: Callable[[], object], times: int = 2_000) -> float:
    """Milliseconds a run, of the fastest of five batches."""

    def batch() -> None:
        for _ in range(times):
            job()

    return best(batch, 5) / times * 1_000


def rows() -> Iterator[Row]:
    if not (DATA / "db.json").exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        bundle = retail(Path(folder))
    episodes = recorded()
    count = sum(map(len, episodes))
    yield Row("retail: load the world, once a bundle", best(bundle.world, 1) * 1_000, "ms")
    yield Row("retail: first replay", count / best(lambda: replay(bundle, episodes), 1), "calls/s")
    gc.collect()
    gc.freeze()
    yield Row("retail: replay", count / best(lambda: replay(bundle, episodes), 100), "calls/s", 200_000, most=False)
    writing = [[call for call in calls if writes(bundle, call[0])] for calls in episodes]
    count_writing = sum(map(len, writing))
    replay(bundle, writing)
    taken = best(lambda: replay(bundle, writing), 100)
    yield Row("retail: replay, writing calls alone", count_writing / taken, "calls/s", 100_000, most=False)
    texts = [[(tool, json.dumps(arguments)) for tool, arguments in calls] for calls in episodes]

    def from_text() -> None:
        replay(bundle, [[(tool, json.loads(text)) for tool, text in calls] for calls in texts])

    yield Row("retail: replay, arguments as text", count / best(from_text, 50), "calls/s")
    yield from state(bundle)


def state(bundle: Bundle) -> Iterator[Row]:
    """What an episode pays for its world, before and after ten changes."""
    world, other = bundle.world(), bundle.world()
    session = Session(bundle.package.tools, world)
    pending = [order.order_id for order in world.orders if order.status == "pending"]  # type: ignore[attr-defined]
    for order in pending[:10]:
        answer = session.call("cancel_pending_order", {"order_id": order, "reason": "no longer needed"})
        assert not answer.error, answer.text
    yield Row("retail: new episode", each(bundle.world), "ms", 0.02)
    yield Row("retail: fork after ten changes", each(world.fork), "ms", 0.02)
    same = world.fork()
    yield Row("retail: equal after ten changes", each(lambda: world == same), "ms", 0.05)
    yield Row("retail: different after ten changes", each(lambda: world == other), "ms", 0.05)
    yield Row("retail: changes listed after ten", each(lambda: world.diff(other)), "ms")
    world.digest()
    yield Row("retail: digest after ten changes", each(world.digest), "ms")
    mark = world.snapshot()
    arguments = {"order_id": pending[10], "reason": "no longer needed"}

    def undone() -> None:
        session.call("cancel_pending_order", arguments)
        world.restore(mark)

    yield Row("retail: a writing call and its undoing", each(undone), "ms")

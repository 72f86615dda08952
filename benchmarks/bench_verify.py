"""The proof of an environment: 1,000 tasks, each with its solution, doing nothing, random calls and 20 mutants.

Processor time, so that what else runs on the machine does not count.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.table import Row
from nexlang import compile
from nexlang.bundle import bundle_of
from nexlang.worlds.setting import Setting
from nexlang.worlds.verify import verify

TASKS = 1_000
ORDERS = 5_000
PROGRAM = """
## A shop's desk: each task changes three of its orders.
package benchmarks.verify

use std.models { endpoint }

enum State { open, paid, sent, cancelled }
record Order { id: Text, customer: Text, state: State, address: Text, cents: Int where it >= 0 }
record Case { id: Text, cancel: Text, move: Text, to: Text, discount: Text, cents: Int }
world Shop { orders: table Order by id }

tool look(id: Text) -> Order in Shop {
  let order = orders[id] else fail "There is no order {{ id }}"
  return order
}
tool cancel(id: Text) -> Order in Shop {
  let order = orders[id] else fail "There is no order {{ id }}"
  require order.state == open else fail "Order {{ id }} is not open"
  order.state = cancelled
  return order
}
tool move(id: Text, address: Text) -> Order in Shop {
  let order = orders[id] else fail "There is no order {{ id }}"
  order.address = address
  return order
}
tool discount(id: Text, cents: Int where 1 <= it <= 500) -> Order in Shop {
  let order = orders[id] else fail "There is no order {{ id }}"
  require order.cents >= cents else fail "That is more than it costs"
  order.cents -= cents
  return order
}

model small = endpoint("any")
agent Clerk(case: Case) -> Text {
  model: small
  tools: [look, cancel, move, discount]
  prompt: \"\"\"Settle the case.\"\"\"
}
agent Solver(case: Case) -> Text {
  cancel(case.cancel)
  move(case.move, case.to)
  discount(case.discount, case.cents)
  return "Done."
}
environment Desk {
  world: Shop from "shop.json"
  tasks: Case from "cases.jsonl"
  actors { clerk: Clerk(case: task) }
  solution: Solver(task)
  reward {
    state: world == replay([
      call cancel(task.cancel), call move(task.move, task.to), call discount(task.discount, task.cents)
    ])
    waste: clamp(count(c for c in calls if c.failed), 0, 10) weight -0.02
  }
  success: state
}
"""


def setting() -> Setting:
    """The environment with its data, made here."""
    orders = [
        {"id": f"W{i:04}", "customer": f"u{i % 700}", "state": "open", "address": f"Street {i}", "cents": 1000 + i}
        for i in range(ORDERS)
    ]
    cases = [
        {
            "id": f"T{i:04}", "cancel": f"W{3 * i:04}", "move": f"W{3 * i + 1:04}", "to": f"Road {i}",
            "discount": f"W{3 * i + 2:04}", "cents": 1 + i % 500,
        }
        for i in range(TASKS)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "desk.nex").write_text(PROGRAM, encoding="utf-8")
        (folder / "shop.json").write_text(json.dumps({"orders": orders}), encoding="utf-8")
        (folder / "cases.jsonl").write_text("\n".join(json.dumps(case) for case in cases), encoding="utf-8")
        done = compile(folder / "desk.nex")
        return Setting.of(bundle_of(done.program, done.data))


def rows() -> Iterator[Row]:
    shop = setting()
    start = time.process_time()
    proof = verify(shop)
    taken = time.process_time() - start
    caught, of = proof.caught
    assert proof.ok and caught == of, proof.lines()[:8]
    yield Row(f"verify: {TASKS:,} tasks, {of:,} mutants", taken, "s", 20)
    yield Row("verify: mutants a task", of / TASKS, "", 20, most=False)

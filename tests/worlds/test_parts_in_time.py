"""Processes of a world that has parts: each sees what may touch it."""

from __future__ import annotations

from pathlib import Path

import nexlang
from nexlang.bundle import bundle_of
from nexlang.worlds.testing import run_tests

FILE = Path("telecom.nex")
TEXT = """
world Carrier {
  online: Bool = true
  calls: [Text] = []

  process drop() every 10s { online = false }
  process watch() before call { require online else fail Offline("The line is down") }
  process note() after call { add request.tool to calls }
}

world Phone {
  on: Bool = false
  battery: Float = 1.0

  process drain() every 1s { if on { battery = max(battery - 0.1, 0.0) } }
  process power() before call { require on or request.tool in [switch] else fail Off("The phone is off") }
}

world Telecom {
  carrier: Carrier
  phone: Phone
  log: [Text] = []

  process all() after call { add "{{ request.by }} {{ request.tool }} {{ answer }}" to log }
}

tool state() -> Text in Carrier { return if online then "up" else "down" }
tool switch() -> Text in Phone {
  on = not on
  return "Switched."
}
tool ring() -> Text in Phone { return "Ring." }
tool both() -> Text in Telecom { return "{{ carrier.online }} {{ phone.on }}" }

test "parts have their processes" in Telecom {
  expect ring() fails Off
  expect state() == "up"
  expect switch() == "Switched."
  expect both() == "true true"
  wait(9s)
  expect phone.battery < 0.5
  wait(1s)
  expect state() fails Offline
  expect ring() == "Ring."
  expect both() fails Offline
  expect log == ["test state up", "test switch Switched.", "test both true true", "test ring Ring."]
  expect carrier.calls == ["state", "both"]
}
"""


def test_each_sees_what_may_touch_it() -> None:
    compiled = nexlang.compile(FILE, {str(FILE): TEXT})
    assert compiled.diagnostics == []
    [result] = run_tests(bundle_of(compiled.program, compiled.data))
    assert result.problems == ()

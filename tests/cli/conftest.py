"""Running `nexc` inside the test's process: what it printed and its exit code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from nexlang.cli.guard import guarded


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Nexc = Callable[..., Done]


@pytest.fixture
def nexc(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Nexc:
    monkeypatch.setattr("nexlang.cli.guard.Interrupts.watch", lambda self: None)

    def run(*words: object) -> Done:
        try:
            code = guarded([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return run

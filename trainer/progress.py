"""What a run says while it goes: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

SHOWN = ("loss", "reward", "success", "stage")
EVERY = 10.0
"""Seconds between two plain lines of a phase."""


class Reporter(AbstractContextManager["Reporter"]):
    """Tells of phases and steps."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._phase = ""
        self._total = 0
        self._said = 0.0
        if self.console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bar = Progress(*columns, TextColumn("{task.fields[numbers]}"), console=self.console)

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def note(self, text: str) -> None:
        self.console.print(text, markup=False, soft_wrap=True)

    def phase(self, name: str, total: int, done: int = 0) -> None:
        """A phase of `total` steps begins, `done` of them already taken."""
        self._phase, self._total, self._said = name, total, 0.0
        if self._bar:
            self._task = self._bar.add_task(name, total=total, completed=done, numbers="")

    def step(self, row: Mapping[str, Any]) -> None:
        """A step was taken; `row` is its line of the metrics."""
        numbers = "  ".join(f"{key} {_number(row[key])}" for key in SHOWN if row.get(key) is not None)
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=row["step"], numbers=numbers)
        elif row["step"] == self._total or time.monotonic() - self._said >= EVERY:
            self._said = time.monotonic()
            self.note(f"{self._phase} {row['step']}/{self._total}  {numbers}  {row['seconds']:.1f} s a step")


def _number(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)

"""Ctrl-C at any moment: while libraries are imported, while a step runs, while a checkpoint is written."""

from __future__ import annotations

import signal
from contextlib import AbstractContextManager
from types import FrameType, TracebackType
from typing import Any, Self


class Interrupt(AbstractContextManager["Interrupt"]):
    """Ctrl-C ends the run at once; where a library swallows the exception, the next step raises it again."""

    def __init__(self) -> None:
        self.seen = False
        self._before: Any = None

    def __enter__(self) -> Self:
        try:
            self._before = signal.signal(signal.SIGINT, self._strike)
        except ValueError:  # not the main thread: somebody else answers for signals
            self._before = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        if self.seen and kind is not None and not issubclass(kind, KeyboardInterrupt):
            raise KeyboardInterrupt from error

    def check(self) -> None:
        if self.seen:
            raise KeyboardInterrupt

    def _strike(self, number: int, frame: FrameType | None) -> None:
        self.seen = True
        if callable(self._before):
            self._before(number, frame)
        raise KeyboardInterrupt

"""Lanes shared out among processes: the same steps as one batch of them all gives, whatever their number."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from nexlang.worlds.batch.lanes import Batch, Steps
from nexlang.worlds.setting import Setting


class Pool:
    """`count` lanes in `workers` processes. `make` opens the environment in each: a function of a module's top level.

    Close it, or use it in a `with`. What a process raises is raised here.
    """

    def __init__(
        self, make: Callable[[], Setting], count: int, workers: int, *, seed: int = 0, tabulated: bool | None = None
    ) -> None:
        if not 1 <= workers <= count:
            raise ValueError(f"{count} lanes for {workers} processes")
        self.count = count
        self._parts = [(count * part // workers, count * (part + 1) // workers) for part in range(workers)]
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for first, end in self._parts:
            here, there = context.Pipe()
            options = {"seed": seed, "tabulated": tabulated, "first": first, "total": count}
            process = context.Process(target=_work, args=(there, make, end - first, options), daemon=True)
            process.start()
            there.close()
            self._pipes.append(here)
            self._processes.append(process)

    def reset(self) -> Any:
        """Begin the first episode of each lane: their observations."""
        return _joined(self._asked([None] * len(self._pipes)))

    def step(self, actions: Any) -> Steps:
        """One call in each lane."""
        if len(actions) != self.count:
            raise ValueError(f"{len(actions)} actions for {self.count} lanes")
        parts: list[Steps] = self._asked([actions[first:end] for first, end in self._parts])
        results = {
            first + lane: result
            for (first, _), part in zip(self._parts, parts, strict=True)
            for lane, result in part.results.items()
        }

        def column(name: str) -> Any:
            return _joined([getattr(part, name) for part in parts])

        return Steps(column("observations"), column("rewards"), column("ended"), column("truncated"), results)

    def close(self) -> None:
        """End the processes."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join()
        self._pipes, self._processes = [], []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _asked(self, questions: Sequence[Any]) -> list[Any]:
        for pipe, question in zip(self._pipes, questions, strict=True):
            pipe.send(question)
        answers = [pipe.recv() for pipe in self._pipes]
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers


def _work(pipe: Connection, make: Callable[[], Setting], count: int, options: Mapping[str, Any]) -> None:
    """One process: a batch that is reset and stepped until nobody asks any more."""
    batch: Batch | None = None
    while True:
        try:
            actions = pipe.recv()
        except EOFError:
            return
        try:
            batch = batch or Batch(make(), count, **options)
            answer: Any = batch.reset() if actions is None else batch.step(actions)
            if isinstance(answer, Steps):
                answer.observations = _plain(answer.observations)
            else:
                answer = _plain(answer)
        except Exception as error:
            answer = error
        pipe.send(answer)


def _plain(observations: Any) -> Any:
    """Observations as another process can have them: columns that are taken, records as data."""
    from nexlang.worlds.batch.stepping import shown

    if isinstance(observations, list):
        return [shown(one) for one in observations]
    return {name: observations[name] for name in observations}


def _joined(parts: Sequence[Any]) -> Any:
    """The columns of all processes, in the order of the lanes."""
    if isinstance(parts[0], list):
        return [item for part in parts for item in part]
    import numpy as np

    if isinstance(parts[0], Mapping):
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return np.concatenate(parts)

"""What generated code offers the episodes: one `EnvironmentCode` an environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any
Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class EnvironmentCode:
    """The functions that the compiler makes of an `environment`; README.md says what each takes and gives."""

    name: str
    load_task: Callable[[Json], Any]
    dump_task: Callable[[Any], Json]
    actors: Mapping[str, Function]
    all_tasks: Function | None = None
    split: Function | None = None
    setup: Function | None = None
    solution: Function | None = None
    measures: Mapping[str, Function] = field(default_factory=dict)
    success: Function | None = None
    stop: Function | None = None
    stages: tuple[Function | None, ...] = ()

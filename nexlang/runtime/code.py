"""What generated code offers the runtime, and what it may use of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from nexlang.runtime.messages import Json, Reply

if TYPE_CHECKING:
    from nexlang.runtime.run import Ask

T = TypeVar("T")
Flow = Generator["Ask", Reply, T]
"""A running agent: yields what it wants to ask a model, is sent the reply, returns its result."""


class _Pass:
    """What a rule agent returns in whose turn no rule holds."""

    def __repr__(self) -> str:
        return "PASS"


PASS: Final = _Pass()


class AgentFailure(Exception):
    """An agent ends without a result. `code` is the failure's code, empty where none was given."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class AgentCode:
    """The functions that the compiler makes of one agent. Values are run-time values, `Json` is plain data."""

    name: str
    load: Callable[[Json], tuple[Any, ...]]
    dump: Callable[..., Json]
    load_result: Callable[[Json], Any]
    dump_result: Callable[[Any], Json]
    body: Callable[..., Flow[Any]] | None = None
    prompt: Callable[..., Mapping[str, Json]] | None = None
    turn: Callable[..., Mapping[str, Json]] | None = None
    fixed: Mapping[str, Callable[..., Mapping[str, Any]]] = field(default_factory=dict)

"""The seams of the runtime: what compiled agents offer it, what hosts them, and how a run ends early.

Only shapes stand here. Compiled packages and the world engine have them without this module knowing either.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from nexlang.runtime.messages import Json, Reply

if TYPE_CHECKING:
    from nexlang.runtime.run import Ask

T = TypeVar("T")
Flow = Generator["Ask", Reply, T]
"""A running agent: yields what it wants to ask a model, is sent the reply, returns its result. On a stage where all act
together it yields a `Pause` before and after its calls as well, which never leaves its episode."""


class Pause(Enum):
    """Where an agent waits for the others: it has decided on calls, or has made them."""

    DECIDED = "decided"
    MADE = "made"


class AgentFailure(Exception):
    """An agent ends without a result. `code` is the failure's code, or one of the runtime's: `limit`, `format`."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class OutOfBudget(AgentFailure):
    """A limit of the agent is reached."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "limit")


class ModelFailure(Exception):
    """A client got no reply: no network, a refused key, a server's error. Nobody's policy is to blame."""


class Curtain(Exception):
    """The host ends everything that runs: its stop condition holds."""


class Codec(Protocol):
    """JSON to typed value and back; `decode` raises the library's `mismatch`."""

    def decode(self, value: Json, /) -> Any: ...
    def encode(self, value: Any, /) -> Json: ...


class AgentCode(Protocol):
    """A compiled agent. `body(run, *arguments)` is a generator function for rule and flow agents, else `None`.

    `fixed` gives, by the name of what the agent holds, the arguments that its parent fixes. `memory` are the program's
    own policies, in their order: from the agent's arguments and its messages to those that its model still reads.
    """

    @property
    def parameters(self) -> Mapping[str, Codec]: ...
    @property
    def result(self) -> Codec: ...
    @property
    def body(self) -> Callable[..., Any] | None: ...
    @property
    def fixed(self) -> Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]: ...
    @property
    def memory(self) -> Sequence[Callable[[Mapping[str, Any], list[Any]], Sequence[Any]]]: ...


class ToolCode(Protocol):
    """A compiled tool: its parameters in order."""

    @property
    def parameters(self) -> Mapping[str, Codec]: ...


class Answer(Protocol):
    """What a tool call gave: the text that an agent sees, the typed value, the failure's code."""

    @property
    def error(self) -> bool: ...
    @property
    def text(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def code(self) -> str: ...
    @property
    def message(self) -> str: ...


class Host(Protocol):
    """The world that agents act on. `call` never raises for what a caller or a tool did wrong."""

    @property
    def ctx(self) -> Any: ...

    def call(self, tool: str, arguments: Mapping[str, Json], by: str) -> Answer:
        """One transaction, logged under the name of who acts."""
        ...

    @property
    def elapsed(self) -> float:
        """Simulated milliseconds since everything began."""
        ...

    def wait(self, ms: float) -> None:
        """Let simulated time pass."""
        ...

    def refuse(self, tool: str, arguments: Mapping[str, Json], by: str, message: str, code: str) -> None:
        """Log a call that could not be made at all."""
        ...

    def checkpoint(self) -> None:
        """Raises `Curtain` where everything is to end now; called after each call."""
        ...

    def chance(self, path: str) -> Any:
        """A fresh stream of chance for one run of an agent."""
        ...

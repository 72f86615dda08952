"""What a model still sees of a long conversation."""

from __future__ import annotations

from collections.abc import Sequence

from nexlang.runtime.messages import Message


def window(messages: Sequence[Message], turns: int) -> tuple[list[Message], int]:
    """The system message and the last `turns` turns; and the index of the first message that stays.

    A turn is a message of the assistant with what follows it, so no tool result is cut off from its call. What stands
    before the first turn stays in front of the rest.
    """
    starts = [i for i, message in enumerate(messages) if message["role"] == "assistant"]
    if len(starts) <= turns:
        return list(messages), 0
    first = starts[-turns] if turns else len(messages)
    return [*messages[: starts[0]], *messages[first:]], first

"""Asking the world outside: what an extern tool's code calls, and who may answer it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from nexlang.worlds.engine.codecs import as_codec, plain
from nexlang.worlds.engine.failures import ExternRefused, Mismatch

if TYPE_CHECKING:
    from nexlang.worlds.engine.context import Context


class Externs(Protocol):
    """Answers externs. One belongs to one episode: it may count how often it was asked."""

    def answer(self, extern: str, arguments: Mapping[str, Any]) -> Any:
        """The answer to JSON arguments, as JSON or typed already.

        Raises `ToolFailure` where the extern fails, `ExternRefused` where there is nobody to ask.
        """
        ...

    def fork(self) -> Externs:
        """Who answers in a fork of the episode: the same to the same questions, counted apart."""
        ...


def ask(ctx: Context[Any], extern: str, result: Any, arguments: Mapping[str, Any]) -> Any:
    """What an extern answers, as its declared type; `result` is a codec, a record class or `None`."""
    if ctx.externs is None:
        raise ExternRefused(extern, f"extern {extern} is asked, and nothing here answers it")
    value = ctx.externs.answer(extern, {name: plain(argument) for name, argument in arguments.items()})
    if result is None:
        return None
    try:
        return as_codec(result).decode(value)
    except Mismatch as mismatch:
        raise ExternRefused(extern, f"NEX0824: extern {extern} answered what it does not declare: {mismatch}") from None

"""What happens at the edges of every command: interrupts, closed pipes, refusals and our own mistakes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

from nexlang.cli import Mistakes, Refused

INTERRUPTED = 130
PIPE = 141
INTERNAL = 70
# What the rooms raise for bundles, tasks and models that are not as they should be: by name, so none is imported here.
MENDABLE = {
    "nexlang.bundle.errors.BundleError",
    "nexlang.runtime.code.AgentFailure",
    "nexlang.runtime.code.ModelFailure",
    "nexlang.worlds.engine.failures.ProcessFailure",
    "nexlang.worlds.tasks.TaskError",
}


class Escaped(Exception):
    """Carries out of Typer what it would answer itself."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class Ended(Exception):
    """Carries a command's exit code out of Typer, so that what Typer ends itself can be told from it."""

    def __init__(self, code: int) -> None:
        self.code = code


class Interrupts:
    """Remembers a Ctrl-C: a library that is being imported may turn the exception into another."""

    def __init__(self) -> None:
        self.seen = False
        self.watch()

    def watch(self) -> None:
        with suppress(ValueError):  # not the main thread: somebody else answers for signals
            signal.signal(signal.SIGINT, self.strike)

    def strike(self, _number: int, _frame: FrameType | None) -> None:
        self.seen = True
        raise KeyboardInterrupt


def guarded(words: Sequence[str]) -> int:
    """The exit code of a command line; nothing escapes but `SystemExit`."""
    interrupts = Interrupts()
    try:
        code = dispatch(words)
        sys.stdout.flush()
        return code
    except Escaped as escaped:
        return answer(escaped.error, interrupts)
    except (Exception, KeyboardInterrupt) as error:
        return answer(error, interrupts)


def leave(code: int, at_once: bool = False) -> None:
    """End the process.

    After a Ctrl-C at once: CPython would end by the signal where it struck inside an `exec`. So too where nothing is
    left but to take a large tree apart.
    """
    if code == INTERRUPTED or at_once:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    raise SystemExit(code)


def dispatch(words: Sequence[str]) -> int:
    from nexlang.cli.quick import quick

    code = quick(words)
    if code is None:
        from nexlang.cli.app import run

        code = run(words)
    return code


def answer(error: BaseException, interrupts: Interrupts) -> int:
    if interrupts.seen or isinstance(error, KeyboardInterrupt):
        return say("interrupted", INTERRUPTED)
    if isinstance(error, BrokenPipeError):
        return closed_pipe()
    if isinstance(error, Mistakes):
        return mistaken(error)
    if is_refusal(error):
        return say(refusal(error), 1)
    return internal(error)


def is_refusal(error: BaseException) -> bool:
    """Whether it is the user's to mend; an OSError is about a file that the user named."""
    if isinstance(error, Refused | OSError) or getattr(error, "user_fault", False) is True:
        return True
    return any(f"{kind.__module__}.{kind.__qualname__}" in MENDABLE for kind in type(error).__mro__)


def mistaken(error: Mistakes) -> int:
    from nexlang.cli.common import show

    show(error.diagnostics, error.sources, sys.stderr)
    return 1


def refusal(error: BaseException) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def say(text: str, code: int) -> int:
    sys.stderr.write(f"nexc: {text}\n")
    return code


def closed_pipe() -> int:
    """The reader went away (`nexc … | head`): end quietly, the interpreter's last flush included."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE


def internal(error: BaseException) -> int:
    if os.environ.get("NEXC_DEBUG"):
        import traceback

        traceback.print_exception(error)
    first = str(error).partition("\n")[0][:200]
    return say(
        f"internal error ({type(error).__name__}: {first}). This is a mistake in nexc, not in your program: "
        "please report it, with what the same command prints under NEXC_DEBUG=1.",
        INTERNAL,
    )

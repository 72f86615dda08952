"""The `nexc` command.

Each command is one module here with a function `command(...) -> int | None` in Typer's style: its result is
the exit code (0 good, 1 the user's input is at fault, 2 usage). `nexlang.cli.app.COMMANDS` names the modules;
only the one that was asked for is imported. A command raises `Refused` for what the user can mend; an
exception class of any room with `user_fault = True` is answered in the same way (one line, exit code 1).
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nexlang.diagnostics import Diagnostic, Source


class Refused(Exception):
    """The user's input is at fault; the message says how, in their terms."""


class Mistakes(Exception):
    """A program cannot be used because of what its diagnostics say; `sources` are those that they point into."""

    def __init__(self, diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source]) -> None:
        super().__init__(f"{len(diagnostics)} diagnostics")
        self.diagnostics = diagnostics
        self.sources = sources


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `nexc` and exit. `--version` answers before anything heavy is imported."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words == ["--version"]:
        from nexlang import __version__

        sys.stdout.write(f"nexc {__version__}\n")
        return
    from nexlang.cli.guard import guarded, leave

    short = words[:1] in (["check"], ["compile"], ["fmt"])
    if short:
        gc.disable()  # from before the imports on: looking for garbage in them is a tenth of such a run
    leave(guarded(words), at_once=short)

"""The `nexc` command.

Each command is one module here with a function `command(...) -> int | None` in Typer's style: its result is
the exit code (0 good, 1 the user's input is at fault, 2 usage). `nexlang.cli.app.COMMANDS` names the modules;
only the one that was asked for is imported. A command raises `Refused` for what the user can mend; an
exception class of any room with `user_fault = True` is answered in the same way (one line, exit code 1).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


class Refused(Exception):
    """The user's input is at fault; the message says how, in their terms."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `nexc` and exit. `--version` answers before anything heavy is imported."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words == ["--version"]:
        from nexlang import __version__

        sys.stdout.write(f"nexc {__version__}\n")
        return
    from nexlang.cli.guard import guarded

    raise SystemExit(guarded(words))

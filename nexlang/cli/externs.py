"""The options of commands that run programs: which capabilities they have, and what externs answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from nexlang.bundle import Bundle
    from nexlang.runtime.externs import Answers

ALLOW = typer.Option(
    [],
    "--allow",
    metavar="CAPABILITY",
    help="A capability that externs may use: network, network:HOST, process, python:MODULE. Give it once for each.",
)
EXTERNS = typer.Option(None, "--externs", help="What externs answer: a recording, JSON Lines. It needs no capability.")
RECORD = typer.Option(None, "--record", help="Write what allowed externs answer to this file, for --externs.")


@contextmanager
def answering(
    held: Bundle, allow: Sequence[str], recording: Path | None, record: Path | None = None
) -> Iterator[Answers]:
    """Who answers the externs of a bundle. Raises `NotReady` for a wrong allowance or recording."""
    from nexlang.runtime.externs import answered

    answers = answered(held.program, held.package.tools, recording, allow)
    if record is None:
        yield answers
        return
    with open(record, "w", encoding="utf-8") as file:
        answers.log = file
        yield answers

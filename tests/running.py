"""Running `nexc` inside the test's process, as the command line does but for its answer to mistakes."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass

from nexlang.cli import app


@dataclass(frozen=True)
class Result:
    """`exception` is what the command refused with, which the command line would make one line of."""

    exit_code: int
    output: str
    exception: BaseException | None = None


def invoke(*words: object) -> Result:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            code = app.run([str(word) for word in words])
        except Exception as error:
            return Result(1, out.getvalue(), error)
    return Result(code, out.getvalue())


def run(*words: object) -> str:
    """What a command prints that must succeed."""
    result = invoke(*words)
    assert result.exit_code == 0, f"{words}\n{result.output[-3000:]}\n{result.exception!r}"
    return result.output

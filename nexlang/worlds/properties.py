"""Tests `for all`: values made of their types, made small again where the test does not hold for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nexlang.diagnostics.codes_run import MISSING_EXTRA, said
from nexlang.ir.lookup import Lookup
from nexlang.ir.model import TestValues
from nexlang.worlds.engine import Mismatch, Problem, Test
from nexlang.worlds.engine.codecs import as_codec
from nexlang.worlds.tasks import TaskError
from nexlang.worlds.testing import TestResult

if TYPE_CHECKING:
    from nexlang.worlds.testing import Playing


_MOST_REFUSED = 20
"""Values that conditions may refuse for each that they let through."""


class Wrong(Exception):
    """The test does not hold for the values that were tried."""


def hold(playing: Playing, cases: TestValues, test: Test, seed: int, runs: int) -> TestResult:
    """Try a test with up to `runs` values. Raises `TaskError` where hypothesis is not installed."""
    try:
        import hypothesis
    except ModuleNotFoundError:
        raise TaskError(said(MISSING_EXTRA, what="a test `for all`", extra="test")) from None
    from nexlang.worlds.generating import Values

    search = _Search(playing, test)
    values = Values(Lookup(playing.program))
    strategy = values.record({value.name: values.of(value.type, value.refine) for value in cases.values})
    tried = hypothesis.seed(seed)(hypothesis.given(strategy)(search.attempt))
    settings = hypothesis.settings(
        max_examples=runs, database=None, deadline=None, report_multiple_bugs=False, print_blob=False,
        suppress_health_check=list(hypothesis.HealthCheck), verbosity=hypothesis.Verbosity.quiet,
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
    )  # fmt: skip
    try:
        settings(tried)()
    except Wrong:
        pass
    except hypothesis.errors.Unsatisfiable:
        pass
    return search.result(seed, runs)


class _Search:
    """What is known while values are tried. The last one that is found wrong is the smallest."""

    def __init__(self, playing: Playing, test: Test) -> None:
        self.playing = playing
        self.test = test
        self.runs = self.refused = 0
        self.example: dict[str, Any] | None = None
        self.problems: Sequence[Problem] = ()

    def attempt(self, made: dict[str, Any]) -> None:
        import hypothesis

        try:
            values = [as_codec(codec).decode(made[name]) for name, codec in self.test.values.items()]
        except Mismatch:
            self.refused += 1
            hypothesis.reject()
        self.runs += self.example is None
        problems = self.playing.problems(self.test, values)
        if problems:
            self.example, self.problems = made, problems
            raise Wrong

    def result(self, seed: int, wanted: int) -> TestResult:
        test = self.test
        problems = tuple(self.problems)
        if self.runs < wanted and not problems and self.refused >= _MOST_REFUSED * self.runs:
            found = f"only {self.runs} of {self.runs + self.refused} values" if self.runs else "none of the values"
            detail = f"{found} that were made meet the conditions on them: bound their parts with `where`"
            problems = (Problem(test.line, test.title, detail),)
        return TestResult(test.title, test.file, test.line, problems, self.example, seed, self.runs)

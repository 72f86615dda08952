"""Running a program's `test` blocks: once each, once a row, or for many values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nexlang.diagnostics.codes_run import UNSCRIPTED_MODEL, said
from nexlang.ir.model import Program, TestValues
from nexlang.runtime.code import AgentFailure, ModelFailure
from nexlang.runtime.drive import drive
from nexlang.runtime.externs import Answers
from nexlang.runtime.library import Library
from nexlang.runtime.messages import Reply, ToolCall
from nexlang.runtime.perform import perform
from nexlang.runtime.prompts import shown
from nexlang.runtime.run import Ask, Stage
from nexlang.worlds.engine import Call, Package, Problem, ProcessFailure, Test, TestRun, Timeline, World
from nexlang.worlds.engine.codecs import plain
from nexlang.worlds.engine.differences import brief
from nexlang.worlds.engine.externs import Externs
from nexlang.worlds.engine.failures import ExternRefused
from nexlang.worlds.engine.session import FAILURES, failed
from nexlang.worlds.engine.testing import AgentFailed, Line, Stopped
from nexlang.worlds.setting import Pack, library_of
from nexlang.worlds.solo import Nowhere, Solo

RUNS = 100
"""How many values a test `for all` is tried with, unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test, or one row of one: where it stands and what did not hold.

    `example` are the values of a test `for all` that it does not hold for, made as small as it could be; `seed` makes
    them again.
    """

    title: str
    file: str
    line: int
    problems: tuple[Problem, ...]
    example: Mapping[str, Any] | None = None
    seed: int | None = None
    runs: int = 1

    __test__ = False

    @property
    def passed(self) -> bool:
        return not self.problems

    def lines(self) -> list[str]:
        """The test and its problems, as a terminal shows them."""
        mark = "ok  " if self.passed else "FAIL"
        tried = f", {self.runs} runs" if self.seed is not None and self.passed else ""
        lines = [f"{mark} {self.title}  ({self.file}:{self.line}{tried})"]
        if self.example is not None:
            lines += [f"     {name} = {brief(value)}" for name, value in self.example.items()]
            lines.append(f"     found with --seed {self.seed}, after {self.runs} runs")
        for problem in self.problems:
            lines.append(f"     {self.file}:{problem.line}: {problem.text}")
            lines += [f"       {line}" for line in problem.detail.splitlines()]
        return lines

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "title": self.title, "file": self.file, "line": self.line, "passed": self.passed,
            "problems": [asdict(problem) for problem in self.problems],
        }  # fmt: skip
        if self.seed is not None:
            found |= {"seed": self.seed, "runs": self.runs}
        return found if self.example is None else found | {"example": plain(dict(self.example))}


def run_tests(
    bundle: Pack, only: str = "", seed: int = 0, runs: int = RUNS, answers: Answers | None = None
) -> list[TestResult]:
    """Run the tests whose title contains `only`, those `for all` with `runs` values that follow from the seed.

    `answers` are those of the externs that a test's script says nothing of.
    """
    playing = Playing(bundle.program, bundle.package, bundle.world, answers)
    pairs = zip(bundle.program.tests, bundle.package.tests, strict=True)
    return [result for spec, test in pairs for result in playing.results(spec.cases, test, seed, runs, only)]


@dataclass
class Playing:
    """A program whose tests are run; each run has a fresh world and a script of its own."""

    program: Program
    package: Package
    world: Callable[[str], World]
    answers: Answers | None = None
    _library: Library | None = None

    @property
    def library(self) -> Library:
        if self._library is None:
            self._library = library_of(self.program, self.package)
        return self._library

    def results(self, cases: object, test: Test, seed: int, runs: int, only: str = "") -> Iterator[TestResult]:
        """What a test gives: one result, or one for each row. Only a test whose title holds `only` is run."""
        if test.rows is not None:
            yield from self.rows(test, only)
        elif only not in test.title:
            return
        elif isinstance(cases, TestValues):
            from nexlang.worlds.properties import hold

            yield hold(self, cases, test, seed, runs)
        else:
            yield self.one(test, test.title, ())

    def rows(self, test: Test, only: str) -> Iterator[TestResult]:
        """A result for each row; a title that does not name the row shows it behind."""
        assert test.rows is not None
        run = self.run(test)
        try:
            titled = [(self.row_title(test, run, values), values) for values in test.rows(run)]
        except FAILURES as error:
            problem = f'stopped: its rows cannot be made: "{failed(error).message}"'
            yield TestResult(test.title, test.file, test.line, (Problem(test.line, test.title, problem),))
            return
        for title, values in titled:
            if only in title:
                yield self.one(test, title, values)

    def row_title(self, test: Test, run: TestRun, values: tuple[Any, ...]) -> str:
        if test.shown is not None:
            return test.shown(run, *values)
        return f"{test.title} ({', '.join(brief(value) for value in values)})"

    def run(self, test: Test) -> TestRun:
        """A fresh run: the environment's world and clock, or the world that the test names, as it begins empty."""
        if test.environment is not None:
            world, clock = self.world(test.environment), self.package.environments[test.environment].new_clock()
            return TestRun(world, self, Timeline(world, clock, externs=self._externs()))
        empty = test.world.load({}) if test.world is not None else None
        return TestRun(empty, self, Timeline(empty, externs=self._externs()) if empty is not None else None)

    def _externs(self) -> Externs | None:
        return self.answers.begin() if self.answers is not None else None

    def one(self, test: Test, title: str, values: Sequence[Any]) -> TestResult:
        """One run."""
        return TestResult(title, test.file, test.line, tuple(self.problems(test, values)))

    def problems(self, test: Test, values: Sequence[Any]) -> list[Problem]:
        """What does not hold in one run."""
        run = self.run(test)
        try:
            test.body(run, *values)
            run.unsaid()
        except Stopped as stopped:
            run.problems.append(Problem(run.at or test.line, test.title, f"stopped: {stopped.message}"))
        except ProcessFailure as failure:
            run.problems.append(Problem(run.at or test.line, test.title, f"stopped: {failure}"))
        except ExternRefused as refused:
            run.problems.append(Problem(run.at or test.line, test.title, f"stopped: {refused}"))
        except FAILURES as error:
            problem = f'stopped: a statement failed with "{failed(error).message}"'
            run.problems.append(Problem(run.at or test.line, test.title, problem))
        return run.problems

    # ---- agents

    def ask(self, run: TestRun, agent: str, arguments: Mapping[str, Any]) -> Any:
        """Run an agent on the test's world; its models say what the test's scripts say."""
        library = self.library
        solo = Solo(library, library.agents[agent], run.timeline or Timeline(Nowhere.load({})))
        script = Script(run, library)
        try:
            return drive(perform(Stage(library, solo), agent, arguments, agent), script)
        except AgentFailure as failure:
            raise AgentFailed(failure.message, failure.code) from failure
        except ModelFailure as failure:
            raise (script.stopped or AgentFailed(str(failure), "model")) from failure


class Script:
    """The client of a test: each model says what the test's script has next for it."""

    def __init__(self, run: TestRun, library: Library) -> None:
        self.stopped: Stopped | None = None
        self._run = run
        self._library = library

    def complete(self, asks: Sequence[Ask]) -> list[Reply | ModelFailure]:
        return [self._one(ask) for ask in asks]

    def _one(self, ask: Ask) -> Reply | ModelFailure:
        line = self._run.next_line("model", ask.agent, ask.model)
        if line is None:
            self.stopped = Stopped(said(UNSCRIPTED_MODEL, agent=ask.agent, model=ask.model))
            return ModelFailure(self.stopped.message)
        return ModelFailure(str(line.value)) if line.code is not None else reply_of(line)


def reply_of(line: Line) -> Reply:
    """A text as it stands, a call or calls as calls, everything else as its JSON."""
    value = line.value
    calls = [value] if isinstance(value, Call) else value
    if isinstance(calls, (list, tuple)) and calls and all(isinstance(call, Call) for call in calls):
        return Reply(calls=tuple(ToolCall(call.tool, dict(call.arguments)) for call in calls))
    return Reply(value if isinstance(value, str) else shown(plain(value)))


def summary(results: Sequence[TestResult]) -> str:
    """`7 of 8 tests passed`."""
    passed = sum(result.passed for result in results)
    return f"{passed} of {len(results)} {'test' if len(results) == 1 else 'tests'} passed"

"""Running a program's `test` blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nexlang.worlds.engine import Package, Problem, Test, TestRun, ToolFailure, World
from nexlang.worlds.engine.session import arithmetic


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test: where it stands and what did not hold."""

    title: str
    file: str
    line: int
    problems: tuple[Problem, ...]

    __test__ = False

    @property
    def passed(self) -> bool:
        return not self.problems

    def lines(self) -> list[str]:
        """The test and its problems, as a terminal shows them."""
        mark = "ok  " if self.passed else "FAIL"
        shown = [f"{mark} {self.title}  ({self.file}:{self.line})"]
        for problem in self.problems:
            shown += [f"     {self.file}:{problem.line}: expect {problem.text}", f"       {problem.detail}"]
        return shown

    def to_json(self) -> dict[str, Any]:
        problems = [asdict(problem) for problem in self.problems]
        return {
            "title": self.title, "file": self.file, "line": self.line, "passed": self.passed, "problems": problems,
        }  # fmt: skip


def run_tests(package: Package, world: Callable[[str], World], only: str = "") -> list[TestResult]:
    """Run the tests whose title contains `only`; `world` gives the fresh world of an environment by its name."""
    return [run_test(test, world) for test in package.tests if only in test.title]


def run_test(test: Test, world: Callable[[str], World]) -> TestResult:
    run = TestRun(world(test.environment) if test.environment else None)
    problems: list[Problem] = run.problems
    try:
        test.body(run)
    except ToolFailure as failure:
        problems.append(Problem(test.line, test.title, f'stopped: a statement failed with "{failure.message}"'))
    except ArithmeticError as error:
        problems.append(Problem(test.line, test.title, f"stopped: {arithmetic(error)}"))
    except IndexError:
        problems.append(Problem(test.line, test.title, "stopped: a list has no such position"))
    return TestResult(test.title, test.file, test.line, tuple(problems))


def summary(results: Sequence[TestResult]) -> str:
    """`7 of 8 tests passed`."""
    passed = sum(result.passed for result in results)
    return f"{passed} of {len(results)} {'test' if len(results) == 1 else 'tests'} passed"

"""What goes wrong inside a program's code, as opposed to inside ours."""

from __future__ import annotations


class ToolFailure(Exception):
    """A tool said no: `message` is what the agent observes, `code` the name in `fail Code("…")` or empty."""

    def __init__(self, message: str, code: str = "") -> None:
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return self.message


class OutOfFuel(ToolFailure):
    """The body did more work than its fuel allows."""

    def __init__(self) -> None:
        super().__init__("The call did more work than it is allowed to", "out_of_fuel")


class ProcessFailure(Exception):
    """A process failed, `at` so many milliseconds: the world is wrong, whoever acted in it."""

    def __init__(self, process: str, at: float, problem: str) -> None:
        super().__init__(f"process {process} failed at {at / 1000:g} s: {problem}")
        self.process = process
        self.at = at
        self.problem = problem


class ExternRefused(Exception):
    """An extern cannot be asked, or answers what it does not declare: nobody's policy is to blame."""

    user_fault = True

    def __init__(self, extern: str, problem: str) -> None:
        super().__init__(problem)
        self.extern = extern


class Mismatch(Exception):
    """A JSON value that does not fit its type. `str()` gives `path: problem`; the path grows on the way out."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = ""

    def at(self, step: str) -> Mismatch:
        """The same problem seen from one level up; `step` is `.name`, `[3]` or `["key"]`."""
        self.path = step + self.path
        return self

    def __str__(self) -> str:
        path = self.path.removeprefix(".")
        return f"{path}: {self.problem}" if path else self.problem

"""What is wrong with a bundle, by name."""

from __future__ import annotations

from pathlib import Path

from nexlang.diagnostics import Code, Diagnostic, Span


class BundleError(ValueError):
    """A bundle that cannot be written, read or trusted; `diagnostic` says why, with a code and a page."""

    def __init__(self, code: Code, path: Path | str, **values: object) -> None:
        self.diagnostic: Diagnostic = code.at(Span(str(path), 0, 0), path=path, **values)
        super().__init__(f"{self.diagnostic.code}: {self.diagnostic.message}")

    @property
    def code(self) -> str:
        return self.diagnostic.code

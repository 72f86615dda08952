"""Reading `nex.toml`: its shape, and where in it a mistake is."""

from __future__ import annotations

import re
import tomllib
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from nexlang.packages.model import Dependency, Manifest

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is no key that nex.toml has",
    "string_type": "should be a text",
    "model_type": "should be a table",
    "dict_type": "should be a table",
}
_PATTERNS = {
    "name": "should be a name in small letters, such as `shop`",
    "version": "should be three numbers, such as `0.1.0`",
    "rev": "should be the whole hash of a commit, forty hexadecimal digits",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PackagePart(_Part):
    name: Name
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    edition: str


class DependencyPart(_Part):
    path: Annotated[str, Field(min_length=1)] | None = None
    git: Annotated[str, Field(min_length=1)] | None = None
    rev: Annotated[str, Field(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")] | None = None

    @model_validator(mode="after")
    def one_source(self) -> DependencyPart:
        if (self.path is None) == (self.git is None):
            raise ValueError("has either a `path` or a `git` address")
        if self.git is not None and self.rev is None:
            raise ValueError('needs the commit: `rev = "…"`')
        if self.path is not None and self.rev is not None:
            raise ValueError("has a `rev`, which only `git` does")
        return self


class ManifestPart(_Part):
    package: PackagePart
    dependencies: dict[Name, DependencyPart] = {}


class Wrong(Exception):
    """What is wrong with a manifest: the place of it and the problem."""

    def __init__(self, start: int, end: int, problem: str) -> None:
        super().__init__(problem)
        self.start, self.end, self.problem = start, end, problem


def parse(text: str) -> Manifest:
    """The manifest that a text is. Raises `Wrong` for the first mistake in it."""
    try:
        made = ManifestPart.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _syntax(text, error) from None
    except ValidationError as error:
        raise _shape(text, error.errors()[0]) from None
    found = {name: Dependency(one.path or "", one.git or "", one.rev or "") for name, one in made.dependencies.items()}
    return Manifest(made.package.name, made.package.version, made.package.edition, found)


def _syntax(text: str, error: tomllib.TOMLDecodeError) -> Wrong:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    at = len(text)
    if found:
        lines = text.splitlines(keepends=True)
        at = sum(len(line) for line in lines[: int(found[1]) - 1]) + int(found[2]) - 1
    reason = str(error).partition(" (at ")[0]
    return Wrong(at, min(at + 1, len(text)), f"is not TOML: {reason[:1].lower()}{reason[1:]}")


def _shape(text: str, error: Any) -> Wrong:
    keys = [str(part) for part in error["loc"] if part != "[key]"]
    last = keys[-1] if keys else ""
    problem = _WORDS.get(error["type"]) or _PATTERNS.get(last, error["msg"].removeprefix("Value error, "))
    if error["type"] == "string_pattern_mismatch" and "dependencies" in keys[:1] and last not in _PATTERNS:
        problem = _PATTERNS["name"]
    start, end = place(text, keys)
    return Wrong(start, end, f"is wrong: `{'.'.join(keys)}` {problem}")


def place(text: str, keys: list[str]) -> tuple[int, int]:
    """Where the deepest of these keys that there is stands."""
    at, found = 0, (0, 0)
    for key in keys:
        match = re.compile(rf"(?<![\w.\"#-]){re.escape(key)}(?![\w-])").search(text, at)
        if match is None:
            break
        at, found = match.end(), match.span()
    return found

"""A bundle in memory: everything after the compiler works from this alone."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from nexlang import __version__
from nexlang.bundle.errors import BundleError
from nexlang.bundle.loading import load_package
from nexlang.bundle.manifest import IR, MANIFEST, TOOLS, Manifest
from nexlang.bundle.reading import read_files
from nexlang.bundle.writing import contents
from nexlang.codegen import generate, package_name
from nexlang.diagnostics.codes_bundle import BAD_BUNDLE_DATA, BAD_IR, FOREIGN_CODE, NO_ENTRY
from nexlang.ir.model import Environment, Program, TaskFile, TaskGenerator, Train
from nexlang.worlds.engine.chance import Chance
from nexlang.worlds.engine.context import Context
from nexlang.worlds.engine.failures import Mismatch, ToolFailure
from nexlang.worlds.engine.package import Package
from nexlang.worlds.engine.state import World

E = TypeVar("E", Environment, Train)


class Bundle:
    """`path` is where it came from, for messages. Worlds are decoded once and forked; nothing here changes."""

    def __init__(self, path: Path, manifest: Manifest, files: dict[str, bytes], program: Program) -> None:
        self.path = path
        self.manifest = manifest
        self.files = files
        self.program = program
        self.name = program.name
        self._worlds: dict[str, World] = {}

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the manifest, and so of all that it names."""
        return hashlib.sha256(self.files[MANIFEST]).hexdigest()

    @cached_property
    def sources(self) -> dict[str, str]:
        """The package, generated from the program. Raises BundleError."""
        try:
            return generate(self.program)
        except (ValueError, RecursionError) as error:
            raise BundleError(BAD_IR, self.path, reason=str(error)) from error

    @cached_property
    def package(self) -> Package:
        """The package, running. Raises BundleError where the program, which may come from anyone, does not load."""
        try:
            return load_package(package_name(self.program.name), self.sources)
        except BundleError:
            raise
        except Exception as error:
            raise BundleError(BAD_IR, self.path, reason=f"{type(error).__name__}: {error}") from error

    def tool_schemas(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.files[TOOLS])
        return found

    def data(self, name: str) -> bytes:
        """A data file, by the path that the program names it with."""
        return self.files[f"data/{name}"]

    # ---- entries

    def environment(self, name: str | None = None) -> Environment:
        """An environment's declaration; without a name the only one, or the first."""
        return _entry(self.path, "environment", name, self.program.environments)

    def train(self, name: str | None = None) -> Train:
        """A run's declaration; without a name the only one, or the first."""
        return _entry(self.path, "run", name, self.program.trains)

    # ---- worlds and tasks

    def world(self, environment: str | None = None) -> World:
        """The environment's world as its data says, in microseconds after the first time. Raises BundleError."""
        base = self._worlds.get(environment or "")
        if base is None:
            spec = self.environment(environment)
            base = self._worlds.get(spec.name) or self._decoded(spec)
            self._worlds |= {spec.name: base, environment or "": base}
        return base.fork()

    def _decoded(self, spec: Environment) -> World:
        made = self.package.environments[spec.name].world
        value = {} if spec.world_data is None else self._json(spec.world_data, self.data(spec.world_data))
        try:
            return made.load(value)
        except Mismatch as error:
            raise BundleError(BAD_BUNDLE_DATA, self.path, name=spec.world_data, reason=str(error)) from error

    def tasks(self, environment: str | None = None, seed: int = 0) -> list[Any]:
        """Every task of the environment, typed. `seed` is that of generated tasks. Raises BundleError."""
        spec = self.environment(environment)
        made = self.package.environments[spec.name]
        try:
            match spec.tasks:
                case TaskFile(path=path):
                    lines = self.data(path).decode().splitlines()
                    rows = [self._json(path, line.encode()) for line in lines if line.strip()]
                    return [made.task.decode(row) for row in rows]
                case TaskGenerator(count=count):
                    streams = (Chance.stream(seed, f"{spec.name}.tasks", i) for i in range(count))
                    return [made.generate(Context(self.world(spec.name)), dice) for dice in streams]
            return list(made.tasks(Context(self.world(spec.name))))
        except (Mismatch, ToolFailure) as error:
            raise BundleError(BAD_BUNDLE_DATA, self.path, name=f"{spec.name}.tasks", reason=str(error)) from error

    def _json(self, name: str, content: bytes) -> Any:
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise BundleError(BAD_BUNDLE_DATA, self.path, name=name, reason="it is no JSON") from error


def _entry(path: Path, kind: str, name: str | None, entries: list[E]) -> E:
    for entry in entries:
        if name is None or entry.name == name:
            return entry
    known = ", ".join(f"`{entry.name}`" for entry in entries) or "none"
    raise BundleError(NO_ENTRY, path, kind=kind, name=name or "", known=known)


def open_bundle(path: str | Path) -> Bundle:
    """Read and verify a bundle, a folder or a `.nexb` file. Raises BundleError."""
    where = Path(path)
    manifest, files = read_files(where)
    bundle = Bundle(where, manifest, files, _program(where, files))
    if manifest.nexlang == __version__:
        _hold_to_program(bundle)
    return bundle


def _hold_to_program(bundle: Bundle) -> None:
    """The package in the bundle is what its program compiles to. Another release may write it differently."""
    package = f"{package_name(bundle.name)}/"
    held = {name for name in bundle.files if name.startswith(package)}
    for name in sorted(held | set(bundle.sources)):
        if bundle.files.get(name) != bundle.sources.get(name, "").encode():
            raise BundleError(FOREIGN_CODE, bundle.path, name=name)


def _program(path: Path, files: dict[str, bytes]) -> Program:
    try:
        return Program.model_validate_json(files.get(IR, b""))
    except (ValidationError, RecursionError) as error:
        reason = "it is nested too deeply"
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            reason = f"{'.'.join(str(part) for part in first['loc'][:6])}: {first['msg']}"
        raise BundleError(BAD_IR, path, reason=reason) from error


def bundle_of(program: Program, data: dict[str, bytes], path: str | Path = "<memory>") -> Bundle:
    """A bundle of a program just compiled, without a file."""
    files = contents(program, data)
    return Bundle(Path(path), Manifest.model_validate_json(files[MANIFEST]), files, program)

"""Writing a bundle: the same program gives the same bytes, and nothing half-written is ever seen."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from nexlang import __version__
from nexlang.bundle.errors import BundleError
from nexlang.bundle.manifest import IR, MANIFEST, SCHEMA, TOOLS, EntryPoints, FileEntry, Manifest, as_json
from nexlang.codegen import generate
from nexlang.diagnostics.codes_bundle import NOT_REPLACED, NOT_WRITTEN
from nexlang.ir.capabilities import scope_of
from nexlang.ir.model import IR_VERSION, Program
from nexlang.ir.schema import schema
from nexlang.ir.schemas import callables
from nexlang.ir.strict import strict

_EPOCH = (1980, 1, 1, 0, 0, 0)


def contents(program: Program, data: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every file of the program's bundle, by path, in order."""
    files = {IR: as_json(program, in_order=True)}
    files[SCHEMA] = as_json(schema())
    files[TOOLS] = as_json(_schemas(program))
    files |= {path: text.encode() for path, text in generate(program).items()}
    files |= {f"data/{name}": content for name, content in data.items()}
    manifest = manifest_of(program, files)
    return dict(sorted({**files, MANIFEST: manifest.text()}.items()))


def _schemas(program: Program) -> list[dict[str, object]]:
    tools = {function.name for function in program.functions if function.kind == "tool"}
    return [strict(schema) for name, schema in callables(program).items() if name in tools]


def manifest_of(program: Program, files: Mapping[str, bytes]) -> Manifest:
    entry = EntryPoints(
        agents=[agent.name for agent in program.agents],
        environments=[environment.name for environment in program.environments],
        trains=[train.name for train in program.trains],
        tests=len(program.tests),
    )
    listed = {
        path: FileEntry(size=len(content), sha256=hashlib.sha256(content).hexdigest())
        for path, content in sorted(files.items())
    }
    return Manifest(
        name=program.name, package=program.package, nexlang=__version__, ir=IR_VERSION,
        capabilities=capabilities(program), entry=entry, files=listed,
    )  # fmt: skip


def capabilities(program: Program) -> list[str]:
    """What a run must allow by name so that the program's externs can be asked; `python` with its module."""
    found: set[str] = set()
    for function in program.functions:
        if function.extern is not None:
            scope = scope_of(function.extern.source, function.extern.address)
            found |= {f"python:{scope}" if name == "python" else name for name in function.extern.needs}
            found |= {f"python:{scope}"} if function.extern.source == "python" else set()
    return sorted(found)


def write_bundle(program: Program, data: Mapping[str, bytes], out: Path, as_zip: bool = False) -> Path:
    """Write the bundle to the folder (or `.nexb` file) `out`, replacing only a bundle. Raises BundleError."""
    files = contents(program, data)
    target = out.absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if as_zip:
            _write_zip(files, target)
        else:
            _write_folder(files, target)
    except OSError as error:
        raise BundleError(NOT_WRITTEN, out, reason=(error.strerror or str(error)).lower()) from error
    return out


def _write_zip(files: Mapping[str, bytes], target: Path) -> None:
    if target.exists() and not (target.is_file() and zipfile.is_zipfile(target)):
        raise BundleError(NOT_REPLACED, target)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as archive:
            for path, content in files.items():
                entry = zipfile.ZipInfo(path, _EPOCH)  # stored, not deflated: zlib's output differs between builds
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, content)
        Path(name).chmod(0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _write_folder(files: Mapping[str, bytes], target: Path) -> None:
    if target.is_symlink() or (target.exists() and not _replaceable(target)):
        raise BundleError(NOT_REPLACED, target)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for path, content in files.items():
            file = fresh / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        fresh.chmod(0o755)
        _swap(fresh, target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _replaceable(target: Path) -> bool:
    return target.is_dir() and ((target / MANIFEST).is_file() or not any(target.iterdir()))


def _swap(fresh: Path, target: Path) -> None:
    """Put `fresh` in the place of `target`; on failure the old one is put back."""
    if not target.exists():
        os.rename(fresh, target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    os.rename(target, old / "bundle")
    try:
        os.rename(fresh, target)
    except BaseException:
        os.rename(old / "bundle", target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)

"""Reading a bundle: every byte is held to the manifest, every path to the folder, before anything is used."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from nexlang.bundle.errors import BundleError
from nexlang.bundle.manifest import FORMAT, MANIFEST, MAX_BYTES, Manifest, is_safe
from nexlang.diagnostics.codes_bundle import (
    BUNDLE_TOO_LARGE,
    CHANGED_FILE,
    EXTRA_FILE,
    MISSING_FILE,
    NO_BUNDLE,
    UNKNOWN_FORMAT,
    UNSAFE_PATH,
)

_MEGABYTE = 1024 * 1024
Read = Callable[[str], bytes]


def read_files(path: Path) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest and every file of a bundle, verified. Raises BundleError."""
    try:
        if path.is_dir():
            return _read_folder(path)
        if path.is_file():
            return _read_zip(path)
    except OSError as error:
        raise BundleError(NO_BUNDLE, path, reason=(error.strerror or str(error)).lower()) from error
    raise BundleError(NO_BUNDLE, path, reason="there is no such file or folder")


# ---------------------------------------------------------------- folders


def _read_folder(path: Path) -> tuple[Manifest, dict[str, bytes]]:
    found = _folder_sizes(path)
    return _verified(path, found, lambda name: (path / name).read_bytes())


def _folder_sizes(root: Path) -> dict[str, int]:
    """The size of each file below, by its path; links are refused, and Python's own caches passed over."""
    found: dict[str, int] = {}
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name != "__pycache__")
        for name in [*names, *files]:
            file = Path(folder, name)
            status = file.lstat()
            shown = file.relative_to(root).as_posix()
            if stat.S_ISLNK(status.st_mode):
                raise BundleError(UNSAFE_PATH, root, name=shown)
            if name in files:
                if not stat.S_ISREG(status.st_mode):
                    raise BundleError(EXTRA_FILE, root, name=shown)
                found[shown] = status.st_size
    return found


# ---------------------------------------------------------------- zip files


def _read_zip(path: Path) -> tuple[Manifest, dict[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            found: dict[str, int] = {}
            for entry in entries:
                if not is_safe(entry.filename) or stat.S_ISLNK(entry.external_attr >> 16):
                    raise BundleError(UNSAFE_PATH, path, name=entry.filename)
                if entry.filename in found:
                    raise BundleError(EXTRA_FILE, path, name=f"{entry.filename} (twice)")
                found[entry.filename] = entry.file_size
            return _verified(path, found, lambda name: _entry(archive, name, found[name]))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise BundleError(NO_BUNDLE, path, reason=str(error).lower() or "it is no zip file") from error


def _entry(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """At most what the entry says of itself: a zip that lies about its size does not fill the memory."""
    with archive.open(name) as file:
        return file.read(size + 1)


# ---------------------------------------------------------------- both


def _verified(path: Path, found: dict[str, int], read: Read) -> tuple[Manifest, dict[str, bytes]]:
    if MANIFEST not in found:
        raise BundleError(NO_BUNDLE, path, reason=f"it holds no {MANIFEST}")
    if sum(found.values()) > MAX_BYTES:
        raise BundleError(BUNDLE_TOO_LARGE, path, limit=MAX_BYTES // _MEGABYTE)
    content = read(MANIFEST)
    manifest = _manifest(path, content)
    for name in sorted(manifest.files):
        if not is_safe(name):
            raise BundleError(UNSAFE_PATH, path, name=name)
        if name not in found:
            raise BundleError(MISSING_FILE, path, name=name)
    for name in sorted(found):
        if name != MANIFEST and name not in manifest.files:
            raise BundleError(EXTRA_FILE, path, name=name)
    files = {name: _file(path, name, manifest, read) for name in sorted(manifest.files)}
    return manifest, files | {MANIFEST: content}


def _manifest(path: Path, content: bytes) -> Manifest:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BundleError(NO_BUNDLE, path, reason=f"{MANIFEST} is no JSON") from error
    found = value.get("format") if isinstance(value, dict) else None
    if found != FORMAT:
        raise BundleError(UNKNOWN_FORMAT, path, found=json.dumps(found), known=FORMAT)
    try:
        return Manifest.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BundleError(NO_BUNDLE, path, reason=f"{MANIFEST}: {where}: {first['msg'].lower()}") from error


def _file(path: Path, name: str, manifest: Manifest, read: Read) -> bytes:
    content = read(name)
    entry = manifest.files[name]
    if len(content) != entry.size:
        raise BundleError(CHANGED_FILE, path, name=name, reason=f"{entry.size} bytes expected, {len(content)} found")
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise BundleError(CHANGED_FILE, path, name=name, reason="its SHA-256 differs")
    return content

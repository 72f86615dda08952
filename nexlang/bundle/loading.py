"""Running a program's package from text that this release generated, under a name of its own.

Packages of several bundles live side by side: each is imported under the digest of its program.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from nexlang.worlds.engine.package import Package

PREFIX = "_nex_"


class _Texts(MetaPathFinder, InspectLoader):
    """Finds and loads modules in a table of texts; knows nothing of files."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self.texts:
            return None
        return ModuleSpec(fullname, self, origin=f"<{fullname}>", is_package=self.is_package(fullname))

    def is_package(self, fullname: str) -> bool:
        return "." not in fullname

    def get_source(self, fullname: str) -> str:
        return self.texts[fullname]


_TEXTS = _Texts()


def load_package(name: str, texts: Mapping[str, str]) -> Package:
    """The package made of `<name>/*.py` texts; the same texts give the same modules."""
    digest = hashlib.sha256("\0".join(f"{path}\0{text}" for path, text in sorted(texts.items())).encode()).hexdigest()
    root = f"{PREFIX}{name}_{digest[:16]}"
    if _TEXTS not in sys.meta_path:
        sys.meta_path.append(_TEXTS)
    shorts = []
    for path, text in texts.items():
        short = path.removeprefix(f"{name}/").removesuffix(".py")
        _TEXTS.texts[root if short == "__init__" else f"{root}.{short}"] = text
        shorts.append(short)
    importlib.import_module(root)
    modules = [short for short in shorts if short != "__init__"]
    return Package.collect({short: importlib.import_module(f"{root}.{short}") for short in modules})

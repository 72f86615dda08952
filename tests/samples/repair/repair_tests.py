"""Stands in for pytest in a sandbox: runs the tests of a toy repository in this process."""

from __future__ import annotations

from types import ModuleType
from typing import Any
from unittest.mock import patch


def run(files: dict[str, str], only: list[str]) -> dict[str, Any]:
    """Every `test_…` function of every `test_….py`, over modules made from the files."""
    passed: list[str] = []
    failed: list[str] = []
    output: list[str] = []
    modules = {path.removesuffix(".py"): ModuleType(path.removesuffix(".py")) for path in files}
    with patch.dict("sys.modules", modules):
        for path, text in sorted(files.items()):
            try:
                exec(compile(text, path, "exec"), vars(modules[path.removesuffix(".py")]))
            except Exception as error:
                output.append(f"{path}: {error!r}")
        for name, module in modules.items():
            for test in [each for each in vars(module) if name.startswith("test_") and each.startswith("test_")]:
                if not only or test in only:
                    try:
                        vars(module)[test]()
                        passed.append(test)
                    except Exception as error:
                        failed.append(test)
                        output.append(f"{test}: {error!r}")
    return {"passed": passed, "failed": failed, "output": "\n".join(output)}

"""What all tests share: none of them reads or writes the cache of whoever runs them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("NEXLANG_CACHE")
    os.environ["NEXLANG_CACHE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["NEXLANG_CACHE"]
    else:
        os.environ["NEXLANG_CACHE"] = before

"""The trainer's tests run where its extra is installed, on the CPU, with two threads."""

from __future__ import annotations

import pytest

pytest.importorskip("trl")

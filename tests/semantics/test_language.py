"""What checked programs do: the program's own tests, run through the whole compiler."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LANGUAGE = Path(__file__).parent / "language.nex"


def test_the_program_s_own_tests_pass() -> None:
    done = subprocess.run([sys.executable, "-m", "nexlang", "test", str(LANGUAGE)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr

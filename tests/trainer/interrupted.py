"""Run by test_interrupt.py: a run long enough to be interrupted, with the exit codes of the command."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from nexlang.trainer.progress import Reporter
from nexlang.trainer.run import Training
from nexlang.trainer.store import Store
from tests.trainer.test_resume import REINFORCEMENT, plan
from tests.trainer.toy import Toy


def main(folder: str, resume: str) -> int:
    made = replace(plan(), reinforcement=replace(REINFORCEMENT, steps=25))
    try:
        Training(made, Toy(), Store(Path(folder)), Reporter(), "toy").go(resume == "resume")
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

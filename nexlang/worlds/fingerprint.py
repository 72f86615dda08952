"""A digest of many episodes: the same in every process, or the environment is not repeatable.

`python -m nexlang.worlds.fingerprint BUNDLE ENVIRONMENT SEED [RECORDING]` prints it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from nexlang.diagnostics.codes_run import NO_SECOND_PROCESS, said
from nexlang.runtime.externs import answered
from nexlang.worlds.policies import RANDOM, SOLUTION
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import TaskError
from nexlang.worlds.trials import played

TASKS = 50
"""Tasks that are played for the digest: the first ones."""


def fingerprint(setting: Setting, seed: int) -> str:
    """Play the first tasks by solution and at random; a hash of everything that happened."""
    digest = sha256()
    for task in setting.tasks[:TASKS]:
        for policy in (SOLUTION, RANDOM):
            try:
                outcome, world = played(setting, task, seed, policy, noise=1.0)
            except TaskError as error:
                digest.update(str(error).encode())
                continue
            digest.update(outcome.text().encode("utf-8", "surrogatepass"))
            digest.update((world.digest() if world is not None else "").encode())
    return digest.hexdigest()


def same_elsewhere(setting: Setting, bundle: Path, seed: int) -> bool:
    """Whether another process finds the same fingerprint, given the same answers of externs."""
    if not setting.answers.specs:
        return fingerprint(setting, seed) == elsewhere(bundle, setting.name, seed)
    with TemporaryDirectory() as folder:
        recording, log = Path(folder) / "externs.jsonl", setting.answers.log
        with open(recording, "w", encoding="utf-8") as setting.answers.log:
            here = fingerprint(setting, seed)
        setting.answers.log = log
        return here == elsewhere(bundle, setting.name, seed, recording)


def elsewhere(bundle: Path, environment: str, seed: int, recording: Path | None = None) -> str:
    """The fingerprint that another process with another hash seed finds; raises `TaskError` where it finds none."""
    settings = {**os.environ, "PYTHONHASHSEED": str(seed % 1000 + 1)}
    command = [sys.executable, "-m", "nexlang.worlds.fingerprint", str(bundle), environment, str(seed)]
    command += [str(recording)] if recording is not None else []
    done = subprocess.run(command, capture_output=True, text=True, env=settings, check=False)
    if done.returncode:
        raise TaskError(said(NO_SECOND_PROCESS, reason=done.stderr.strip()[-400:]))
    return done.stdout.strip()


def main(arguments: list[str]) -> None:
    from nexlang.bundle import open_bundle

    path, environment, seed, *recording = arguments
    bundle = open_bundle(Path(path))
    answers = answered(bundle.program, bundle.package.tools, Path(recording[0]) if recording else None)
    setting = Setting.of(bundle, environment, int(seed), answers)
    sys.stdout.write(fingerprint(setting, int(seed)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])

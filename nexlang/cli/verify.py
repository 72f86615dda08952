"""`nexc verify`: proof that a bundle is whole and that its environments can be trained on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nexlang.cli.common import Format, counted, out, out_json, waiting
from nexlang.cli.externs import ALLOW, EXTERNS, RECORD, answering
from nexlang.cli.opening import on_disk

if TYPE_CHECKING:
    from nexlang.bundle import Bundle
    from nexlang.runtime.externs import Answers
    from nexlang.worlds.verify import Verification


def command(
    bundle: Path = typer.Argument(..., help="A bundle, or a .nex file."),
    environment: str = typer.Option("", "--environment", "-e", help="Only this environment."),
    seed: int = typer.Option(0, help="The seed of chance."),
    states: int = typer.Option(20_000, min=0, help="Explore tasks of no more states than this altogether; 0: none."),
    search: int = typer.Option(1000, min=0, help="Search so many episodes for what is rewarded and should not be."),
    exploits: Path | None = typer.Option(None, help="Write what the search finds to this file, for nexc replay."),
    allow: list[str] = ALLOW,
    externs: Path | None = EXTERNS,
    record: Path | None = RECORD,
    format: Format = typer.Option(Format.text, help="How to answer."),
) -> int:
    """Verify a bundle: every byte against its manifest, every task by its solution, every reward against others."""
    from nexlang.bundle import open_bundle

    with on_disk(bundle) as path:
        held = open_bundle(path)
        names = [environment] if environment else [one.name for one in held.program.environments]
        with answering(held, allow, externs, record) as answers:
            proofs = [prove(held, path, name, seed, answers, states, search) for name in names]
    if exploits is not None:
        found = [one.text() + "\n" for proof in proofs if proof.search for one in proof.search.found]
        exploits.write_text("".join(found), encoding="utf-8")
    if format is Format.json:
        out_json({"files": len(held.files), "environments": [proof.to_json() for proof in proofs]})
    else:
        out(f"{bundle}: {counted(len(held.files), 'file')} as the manifest says")
        out("\n".join(line for proof in proofs for line in proof.lines()))
    return int(not all(proof.ok for proof in proofs))


def prove(held: Bundle, path: Path, name: str, seed: int, answers: Answers, states: int, search: int) -> Verification:
    from nexlang.worlds.fingerprint import same_elsewhere
    from nexlang.worlds.setting import Setting
    from nexlang.worlds.verify import verify

    setting = Setting.of(held, name, seed, answers)
    with waiting(f"verifying {setting.name}: {counted(len(setting.tasks), 'task')}"):
        proof = verify(setting, seed, states, search)
        proof.repeatable = same_elsewhere(setting, path, seed)
        if not proof.repeatable:
            proof.problems.append("the same seed gives other episodes in another process")
    return proof

"""`nexc train`: move the weights of a model by a bundle's `train` block."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from nexlang.cli.common import note

if TYPE_CHECKING:
    import typer

INTERRUPTED = 130


def command(
    bundle: Annotated[Path, typer.Argument(help="A bundle: a folder, or a .nexb file.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder of the run, made if need be.")],
    model: Annotated[
        str | None,
        typer.Option(help="A folder, a .gguf file, a name on the hub, or `tiny`, in place of the block's `base`."),
    ] = None,
    steps: Annotated[int | None, typer.Option(help="Steps at most in each phase.", min=1)] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same weights.")] = 0,
    run: Annotated[str | None, typer.Option(help="Which `train` block, where there are several.")] = None,
    externs: Annotated[Path | None, typer.Option(help="What externs answer: a recording, JSON Lines.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in the folder.")] = False,
) -> int:
    """Train a model on a bundle."""
    from nexlang.trainer.run import train

    try:
        made = train(bundle, output, run=run, model=model, steps=steps, seed=seed, resume=resume, externs=externs)
    except KeyboardInterrupt:
        note(f"nexc: interrupted; the same command with --resume goes on in {output}")
        return INTERRUPTED
    note(f"the trained model is in {made}")
    return 0

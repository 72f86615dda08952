"""`nexc run`: run one agent once, by itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from nexlang.cli import Refused
from nexlang.cli.common import Format, note, out, out_json
from nexlang.cli.externs import ALLOW, EXTERNS, RECORD, answering
from nexlang.cli.opening import opened

if TYPE_CHECKING:
    from nexlang.ir.model import Program
    from nexlang.runtime.code import ModelFailure
    from nexlang.runtime.drive import Client
    from nexlang.runtime.messages import Reply
    from nexlang.runtime.run import Ask


def command(
    program: Path = typer.Argument(..., help="A bundle, or a .nex file."),
    agent: str = typer.Argument(..., help="The agent's name."),
    input: str = typer.Option(
        "{}", "--input", "-i", help="Its arguments: a JSON object, @FILE, or - for standard input."
    ),
    model: str = typer.Option(
        "", help="Who answers: a model's folder, file or name. By default the program's endpoints."
    ),
    environment: str | None = typer.Option(None, "--environment", "-e", help="Whose world it acts on."),
    seed: int = typer.Option(0, help="The seed of chance."),
    allow: list[str] = ALLOW,
    externs: Path | None = EXTERNS,
    record: Path | None = RECORD,
    format: Format = typer.Option(Format.text, help="How to answer."),
) -> int:
    """Run an agent once on the world as its data says it, and print its result."""
    from nexlang.worlds.solo import Solo

    held = opened(program)
    with answering(held, allow, externs, record) as answers:
        solo = Solo.of(held, agent, environment, seed, answers)
        arguments = solo.arguments(json_object(input))
        value = solo.run(arguments, Answering(held.program, model, seed))
    if format is Format.json:
        out_json(solo.to_json(value))
    else:
        for call in solo.calls:
            note(f"{call.by}: {call.tool}({json.dumps(dict(call.arguments), ensure_ascii=False)[1:-1]})")
        out(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2))
    return 0


def json_object(text: str) -> dict[str, Any]:
    try:
        if text == "-":
            text = sys.stdin.read()
        elif text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8")
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"--input is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise Refused('--input wants a JSON object of the agent\'s arguments, such as {"topic": "bees"}')
    return value


class Answering:
    """Who answers is settled when somebody is asked: an agent that asks nobody needs no model and no key."""

    def __init__(self, program: Program, model: str, seed: int) -> None:
        self.program, self.model, self.seed = program, model, seed

    def complete(self, asks: Sequence[Ask]) -> list[Reply | ModelFailure]:
        return self.client.complete(asks)

    @cached_property
    def client(self) -> Client:
        """A model in this process, or the endpoints that the program names."""
        from nexlang.evaluate.policies import endpoints, reply_limits
        from nexlang.runtime.clients.local import LocalModel, load_model

        if not self.model:
            return endpoints(self.program)
        return LocalModel(load_model(self.model), seed=self.seed, limits=reply_limits(self.program))

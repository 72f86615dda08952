"""The table of commands, and a Typer application that imports only the one that was asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import typer

from nexlang.cli.common import out
from nexlang.cli.guard import INTERRUPTED, Ended, Escaped, say


class Entry(NamedTuple):
    module: str
    summary: str


COMMANDS = {
    "check": Entry("check", "Check programs and say what is wrong with them."),
    "fmt": Entry("fmt", "Format programs in place."),
    "explain": Entry("explain", "Explain a diagnostic's code, or a declaration of a program."),
    "diff": Entry("diff", "Compare two versions of a program: what changed, and whom it breaks."),
    "describe": Entry("describe", "Describe a name of the language, its library or a program."),
    "doc": Entry("doc", "Document a program, as Markdown or HTML."),
    "graph": Entry("graph", "Draw a program: its agents, its state, what touches what."),
    "compile": Entry("compile", "Compile a program to a bundle."),
    "test": Entry("test", "Run the test blocks of programs."),
    "verify": Entry("verify", "Verify a bundle: its bytes, its tasks, its rewards."),
    "run": Entry("run", "Run an agent once."),
    "eval": Entry("eval", "Score a policy on a bundle's tasks."),
    "difficulty": Entry("difficulty", "Measure how hard each task of a bundle is."),
    "train": Entry("train", "Train a model on a bundle."),
    "replay": Entry("replay", "Replay recorded tool calls in fresh worlds."),
    "synth": Entry("synth", "Write a program from a description."),
    "new": Entry("new", "Start a project."),
    "lock": Entry("lock", "Write nex.lock: the packages that nex.toml names, pinned."),
    "fetch": Entry("fetch", "Bring here the packages from git that nex.lock pins."),
    "migrate": Entry("migrate", "Bring programs to a new edition of the language."),
    "import": Entry("import_", "Bring in what other tools wrote."),
}


def run(words: Sequence[str]) -> int:
    """The exit code of one command line. What Typer answers itself, help and usage, ends with `SystemExit`."""
    wanted = next((word for word in words if not word.startswith("-")), None)
    if wanted is not None and wanted not in COMMANDS:
        return say(unknown(wanted), 2)
    try:
        application(wanted)(args=list(words), prog_name="nexc")
    except Ended as ended:
        return ended.code
    except SystemExit as left:
        if left.code == INTERRUPTED:  # Typer's silent answer to a Ctrl-C while it reads the command line
            raise KeyboardInterrupt from left
        raise
    return 0


def unknown(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, n=1)
    hint = f"; did you mean `nexc {near[0]}`?" if near else ". `nexc --help` lists them."
    return f"there is no command `{word}`{hint}"


def application(wanted: str | None) -> typer.Typer:
    """The application with the wanted command in it, or with every command's summary for `--help`."""
    app = typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Check, compile, run and train what is written in .nex.",
    )
    app.callback()(top)
    for name, entry in COMMANDS.items():
        if wanted is None:
            app.command(name, help=entry.summary)(nothing)
        elif wanted == name:
            app.command(name)(escaping(loaded(entry.module)))
    return app


def loaded(name: str) -> Callable[..., int | None]:
    """The function of a command. Those that `quick` runs do without Typer, so their annotations get it here."""
    module = import_module(f"nexlang.cli.{name}")
    vars(module).setdefault("typer", typer)
    command: Callable[..., int | None] = module.command
    return command


def show_version(wanted: bool) -> None:
    if wanted:
        from nexlang import __version__

        out(f"nexc {__version__}")
        raise typer.Exit()


def top(
    version: bool = typer.Option(
        False, "--version", callback=show_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    """Options of `nexc` itself."""


def nothing() -> None:
    """Stands for a command whose module is not loaded: it is listed, never run."""


def escaping(function: Callable[..., int | None]) -> Callable[..., Any]:
    """The command with its exit code, and what Typer would answer in its own way, carried past Typer."""

    @functools.wraps(function)
    def inner(*arguments: Any, **options: Any) -> None:
        try:
            code = function(*arguments, **options)
        except (KeyboardInterrupt, OSError, EOFError) as error:
            raise Escaped(error) from error
        raise Ended(code or 0)

    return inner

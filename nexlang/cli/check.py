"""`nexc check`: everything that is wrong with programs, before anything runs, and the fixes for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from nexlang.cli import Refused
from nexlang.cli.common import Report, counted, failed, nex_files, note, out, out_json, show

if TYPE_CHECKING:
    import typer

    from nexlang.cache import Answer
    from nexlang.cli.fixes import Mended
    from nexlang.compiler import Compilation
    from nexlang.diagnostics import Diagnostic


def command(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders with .nex files in them.")],
    format: Annotated[Report, typer.Option(help="How to answer.")] = Report.text,
    fix: Annotated[bool, typer.Option("--fix", help="Make the fixes that are surely what was meant.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix or --diff: the other fixes too; look at what they do.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what the fixes would change.")] = False,
    rewards: Annotated[
        bool, typer.Option("--rewards", help="Say too what each reward of an environment can be, from least to most.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Check everything anew, and keep nothing of what was found.")
    ] = False,
) -> int:
    """Check programs and say what is wrong with them; with --fix, mend what can be mended."""
    if unsafe_fixes and not (fix or diff):
        raise Refused("--unsafe-fixes says which fixes are made: it goes with --fix or --diff")
    if diff and format is not Report.text:
        raise Refused("--diff answers with a patch, so it takes no --format")
    if fix or diff:
        return fixed(paths, format, unsafe_fixes, diff)
    if rewards and format is not Report.text:
        raise Refused("--rewards answers in text, so it takes no --format")
    from nexlang.cache import check, default_folder

    checked = check(paths, None if no_cache else default_folder())
    report(checked, format)
    if not checked.diagnostics and format is Report.text:
        note(f"{counted(len(nex_files(paths)), 'file')} checked, nothing wrong")
    if rewards and not failed(checked.diagnostics):
        show_rewards(paths)
    return int(failed(checked.diagnostics))


def show_rewards(paths: list[Path]) -> None:
    """The ranges of all rewards, environment by environment."""
    import nexlang
    from nexlang.explain.rewards import reward_lines

    program = nexlang.compile(paths).program
    for environment in program.environments if program is not None else ():
        out(environment.name)
        for line in reward_lines(environment):
            out(f"  {line}")


def report(checked: Compilation | Answer, format: Report) -> None:
    """The diagnostics on standard output, in the form that was asked for."""
    found, sources = checked.diagnostics, checked.sources
    if format is Report.json:
        from nexlang.diagnostics.render_json import render_json

        out_json(render_json(found, sources))
    elif format is Report.sarif:
        from nexlang import __version__
        from nexlang.diagnostics.render_sarif import render_sarif

        out_json(render_sarif(found, sources, __version__))
    elif format is Report.github:
        from nexlang.diagnostics.render_github import render_github

        out(render_github(found, sources))
    elif found:
        show(found, sources)
        if hint := mendable(found):
            out(hint)


def mendable(found: Sequence[Diagnostic]) -> str:
    """How many of them `--fix` mends, and how many more with `--unsafe-fixes`."""
    from nexlang.diagnostics.fixing import offered

    safe = sum(offered(each) is not None for each in found)
    more = sum(offered(each, unsafe=True) is not None for each in found) - safe
    if not safe:
        return f"{more:,} can be mended with `--fix --unsafe-fixes`" if more else ""
    return f"{safe:,} can be mended with `--fix`" + (f", {more:,} more with `--unsafe-fixes`" if more else "")


def fixed(paths: list[Path], format: Report, unsafe: bool, diff: bool) -> int:
    """Make the fixes, or show them, and say what is left."""
    from nexlang.cli.fixes import mend, write

    mended = mend(paths, nex_files(paths), unsafe)
    if diff:
        for name, text in mended.texts.items():
            out(difference(name, mended.before[name], text))
    else:
        write(mended.texts, mended.before)
        report(mended.left, format)
    if diff or format is Report.text:
        note(told(mended, unsafe, diff))
    return int(failed(mended.left.diagnostics) or (diff and bool(mended.texts)))


def difference(name: str, before: str, after: str) -> str:
    from difflib import unified_diff

    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return "".join(unified_diff(*lines, fromfile=name, tofile=f"{name} (mended)"))


def told(mended: Mended, unsafe: bool, dry: bool) -> str:
    """`3 fixes made in 1 file, 2 mistakes left (1 with --unsafe-fixes)`."""
    from nexlang.diagnostics.fixing import offered

    done = "would be made" if dry else "made"
    parts = [f"{counted(mended.made, 'fix') if mended.made == 1 else f'{mended.made:,} fixes'} {done}"]
    if mended.texts:
        parts[0] += f" in {counted(len(mended.texts), 'file')}"
    left = mended.left.diagnostics
    more = 0 if unsafe else sum(offered(found, unsafe=True) is not None for found in left)
    parts.append(f"{counted(len(left), 'mistake')} left" if left else "nothing wrong" + (" then" if dry else " now"))
    return ", ".join(parts) + (f" ({more:,} can be mended with --unsafe-fixes)" if more else "")

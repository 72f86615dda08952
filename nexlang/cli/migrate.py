"""`nexc migrate`: programs brought to an edition of the language."""

from __future__ import annotations

from pathlib import Path

import typer

from nexlang.cli import Refused
from nexlang.cli.common import counted, failed, nex_files, note, out, show


def command(
    paths: list[Path] = typer.Argument(..., help="Files, or folders with .nex files in them."),
    to: str = typer.Option("", "--to", help="The edition; the newest where nothing is said."),
    diff: bool = typer.Option(False, "--diff", help="Write nothing; show what would change."),
) -> int:
    """Bring programs to a new edition: what it asks of them is mended where the meaning stays the same."""
    import nexlang
    from nexlang.cli.check import difference
    from nexlang.cli.fixes import write
    from nexlang.explain.editions import MIGRATIONS, NEWEST, migrated

    edition = to or NEWEST
    if edition not in MIGRATIONS:
        raise Refused(f"there is no edition {edition}; there is {', '.join(MIGRATIONS)}")
    files = nex_files(paths)
    done = migrated(paths, [str(file) for file in files], edition)
    manifests = changed_manifests(files, edition)
    if diff:
        for name, text in done.texts.items():
            out(difference(name, done.before[name], text))
        for path, (old, new) in manifests.items():
            out(difference(str(path), old, new))
        return int(bool(done.texts or manifests))
    write(done.texts, done.before)
    for path, (_, new) in manifests.items():
        path.write_text(new, encoding="utf-8")
    left = nexlang.compile(paths) if manifests else done.left
    if failed(left.diagnostics):
        show([found for found in left.diagnostics if found.severity == "error"], left.sources)
    note(told(done.made, [*done.texts, *map(str, manifests)], edition))
    return int(failed(left.diagnostics))


def changed_manifests(files: list[Path], edition: str) -> dict[Path, tuple[str, str]]:
    """The `nex.toml`s of the files' packages that name another edition, as they are and as they become."""
    from nexlang.explain.editions import manifest
    from nexlang.packages.model import MANIFEST

    above = [[folder / MANIFEST for folder in file.absolute().parents] for file in files]
    nearest = [next((path for path in paths if path.is_file()), None) for paths in above]
    texts = {path: path.read_text(encoding="utf-8") for path in dict.fromkeys(nearest) if path is not None}
    made = {path: (text, manifest(text, edition)) for path, text in texts.items()}
    return {path: (old, new) for path, (old, new) in made.items() if old != new}


def told(made: int, files: list[str], edition: str) -> str:
    if not files:
        return f"nothing to do: all of it is of edition {edition} already"
    places = counted(made, "place")
    return f"{places} brought to edition {edition} in {counted(len(files), 'file')}: {', '.join(files)}"

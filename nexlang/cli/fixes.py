"""`nexc check --fix`: fixes are made and what they lead to is checked again, until there is nothing more to make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nexlang.cli import Refused

if TYPE_CHECKING:
    from nexlang.compiler import Compilation
    from nexlang.diagnostics.fixing import Chosen

# A fix may uncover the next; two that undo one another would go on for ever.
MOST_ROUNDS = 25
BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Mended:
    """`texts` are the new texts by path, only those that changed; `left` is what checking them says."""

    left: Compilation
    before: dict[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    made: int = 0


def mend(paths: Sequence[Path], files: Sequence[Path], unsafe: bool) -> Mended:
    """The texts of the named files with all fixes made that can be; nothing is written."""
    import nexlang

    named = {str(file) for file in files}
    checked = nexlang.compile(paths)
    before = {name: source.text for name, source in checked.sources.items() if name in named}
    mended = Mended(checked, before)
    seen = [dict(before)]
    for _ in range(MOST_ROUNDS):
        done = _round(paths, mended, unsafe)
        if done is None or done[1] in seen:
            break
        mended.left, texts, made = done
        mended.made += made
        mended.texts = {name: text for name, text in texts.items() if text != before[name]}
        seen.append(texts)
    return mended


def _round(paths: Sequence[Path], mended: Mended, unsafe: bool) -> tuple[Compilation, dict[str, str], int] | None:
    """All fixes that go together, checked again; one by one where together they leave a text that is no program."""
    from nexlang.diagnostics.fixing import choose

    chosen = choose(mended.left.diagnostics, mended.before.keys(), unsafe)
    texts = {**mended.before, **mended.texts}
    together = _tried(paths, mended.left, texts, chosen)
    if together is not None or len(chosen) < 2:
        return together
    return next(filter(None, (_tried(paths, mended.left, texts, [one]) for one in chosen)), None)


def _tried(
    paths: Sequence[Path], left: Compilation, texts: dict[str, str], chosen: Sequence[Chosen]
) -> tuple[Compilation, dict[str, str], int] | None:
    import nexlang
    from nexlang.diagnostics.fixing import applied

    if not chosen:
        return None
    after = {**texts, **applied(chosen, texts)}
    checked = nexlang.compile(paths, after)
    return (checked, after, len(chosen)) if unreadable(checked) <= unreadable(left) else None


def unreadable(checked: Compilation) -> int:
    """How many mistakes are about the text itself."""
    return sum(found.code < "NEX0190" for found in checked.diagnostics)


def write(texts: Mapping[str, str], before: Mapping[str, str]) -> None:
    """Each file as a whole or not at all, with the line ends and the byte order mark that it had."""
    from nexlang.cli.fmt import replace
    from nexlang.diagnostics.loading import decode

    for name, text in texts.items():
        data = Path(name).read_bytes()
        now = decode(data, name)
        if getattr(now, "text", None) != before[name]:
            raise Refused(f"{name}: the file was changed by another program meanwhile; nothing was written to it")
        replace(Path(name), encoded(text, data))


def encoded(text: str, old: bytes) -> bytes:
    """A text's bytes in the manner of the file's old ones: an unchanged line keeps its end."""
    if b"\r" not in old:
        body = text.encode()
    else:
        from difflib import SequenceMatcher

        lines = text.splitlines(keepends=True)
        written = old.removeprefix(BOM).decode().splitlines(keepends=True)
        plain = [line.rstrip("\r\n") + "\n" if line[-1:] in "\r\n" else line for line in written]
        usual = "\r\n" if old.count(b"\r\n") * 2 > old.count(b"\n") else "\n"
        ends = [usual] * len(lines)
        for block in SequenceMatcher(None, plain, lines, autojunk=False).get_matching_blocks():
            for at in range(block.size):
                line = written[block.a + at]
                ends[block.b + at] = line[len(line.rstrip("\r\n")) :]
        body = "".join(line.rstrip("\n") + end for line, end in zip(lines, ends, strict=True)).encode()
    return (BOM if old.startswith(BOM) else b"") + body

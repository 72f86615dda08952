"""Property 12: a small core, and a library on top that is written in the language itself."""

from __future__ import annotations

from pathlib import Path

import nexlang
from nexlang.syntax import nodes as n
from nexlang.syntax import walk
from tests.syntax.trees import ROOT, source, tree

STDLIB = ROOT / "stdlib"
EXPECTED = {
    "reward measures": ["rewards.nex"],
    "conversation": ["conversation.nex"],
    "collections, numbers and texts": ["lists.nex", "numbers.nex", "text.nex"],
    "personas": ["personas.nex"],
    "memory policies": ["memory.nex"],
    "domain kits": ["kits/files.nex", "kits/inventory.nex", "kits/store.nex", "kits/tickets.nex"],
}


def test_the_library_is_written_in_the_language() -> None:
    files = [path for path in STDLIB.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.suffix for path in files} <= {".nex", ".md", ".py"}
    assert [path for path in files if path.suffix == ".py" and path.read_text("utf-8").strip()] == []


def test_what_the_library_is_for_is_in_it() -> None:
    missing = [file for files in EXPECTED.values() for file in files if not (STDLIB / file).is_file()]
    assert not missing


def test_everything_public_in_it_is_described() -> None:
    silent = [
        f"{path.relative_to(STDLIB)}: {decl.name.name}"
        for path in sorted(STDLIB.rglob("*.nex"))
        for decl in tree(source(path).text).decls
        if isinstance(decl, n.FunctionDecl | n.AgentDecl) and not decl.doc
    ]
    assert not silent


def test_modules_of_the_library_need_nothing_but_the_library() -> None:
    for path in sorted(STDLIB.rglob("*.nex")):
        uses = [use.path.name for use in walk(tree(source(path).text)) if isinstance(use, n.Use)]
        assert all(name.startswith("std.") for name in uses), path
        assert nexlang.compile(path).ok


def test_a_library_function_has_no_privilege(tmp_path: Path) -> None:
    """The same text under another package's name means the same."""
    text = (STDLIB / "rewards.nex").read_text(encoding="utf-8").replace("package std.rewards", "package mine.rewards")
    mine = nexlang.compile("rewards.nex", {"rewards.nex": text}).program
    theirs = nexlang.compile(STDLIB / "rewards.nex").program
    assert [function.body for function in mine.functions] == [function.body for function in theirs.functions]

"""The table of docs/architecture.md is what the contracts in pyproject.toml hold."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROW = re.compile(r"^\| `([\w.]+)` \| [^|]+ \|([^|]*)\|$", re.MULTILINE)
# What is not held by a contract of its own: `cli` may import all, `interop` is described in words.
LOOSE = {"cli", "interop"}


def contracts() -> dict[str, set[str]]:
    """What each room may not import, by room."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    held = project["tool"]["importlinter"]["contracts"]
    return {c["source_modules"][0].removeprefix("nexlang."): {short(m) for m in c["forbidden_modules"]} for c in held}


def short(module: str) -> str:
    return module.removeprefix("nexlang.")


def rooms() -> dict[str, set[str]]:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return {name: set(re.findall(r"`([\w.]+)`", allowed)) for name, allowed in ROW.findall(text)}


def test_every_room_is_in_the_table_and_has_a_contract() -> None:
    folders = {path.parent.name for path in (ROOT / "nexlang").glob("*/__init__.py")}
    assert folders <= set(rooms())
    assert set(rooms()) - {"cli"} == set(contracts())


def test_allowed_and_forbidden_are_all_there_is() -> None:
    everything = set(rooms()) - {"worlds.engine"}
    for name, forbidden in contracts().items():
        if name in LOOSE:
            continue
        allowed = {each for each in rooms()[name] if "." not in each}
        rest = everything - allowed - {name.split(".")[0]} - ({name} if name == "worlds.engine" else set())
        assert forbidden == rest, name

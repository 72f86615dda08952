"""From names of the program to names of Python: the same name, unless Python or generated code needs it."""

from __future__ import annotations

import builtins
import keyword
import re

from nexlang.worlds.engine import builtins as functions
from nexlang.worlds.engine import moments, sequences

_FUNCTIONS = (*vars(functions), *vars(moments), *vars(sequences))
ENGINE = frozenset(name for name in _FUNCTIONS if not name.startswith("_"))
"""The engine's functions, which generated modules import by name."""

_OWN = frozenset({
    "ctx", "run", "scope", "measures", "self", "made", "case_of", "task", "role", "stage", "dice", "args", "test",
    "with_text", "with_by", "ask", "plain", "partial",
    "cast", "define", "define_processes", "define_world", "table", "slot", "tool", "toolbox", "agent", "check", "kept",
    "pure", "default",
    "list_of", "map_of", "optional", "one_of", "enum", "union", "refined", "alias",
    "l", "O", "I", "Any", "Mapping", "Sequence", "TypeAlias",
})  # fmt: skip
_CLASSES = frozenset({
    "Call", "CallCodec", "Chance", "Context", "Environment", "Failure", "Flow", "Mapping", "Measures", "Message",
    "Play", "Record", "Run", "Scope", "Sequence", "Table", "Test", "TestRun", "ToolFailure", "TypeAlias", "World",
    "BOOL", "CALL", "CONSTANTS", "DURATION", "FAILURE", "FLOAT", "INT", "JSON", "MESSAGE", "NONE", "TEXT", "TOOLS",
    "DATE", "DECIMAL", "TIME", "TIME_OF_DAY", "Date", "Decimal", "Time", "TimeOfDay", "AGENTS", "ENVIRONMENTS", "TESTS",
})  # fmt: skip
"""What generated modules import or define by capitalised names."""
_RECORD = frozenset({
    "l", "O", "I", "self", "_codec", "_copy", "_checked", "_fields", "_json", "_plain", "_tag", "_text", "_with",
})  # fmt: skip
_WORLD = frozenset(
    {"load", "snapshot", "restore", "fork", "diff", "digest", "encode", "_journal", "_tables", "_plain_slots", "_names",
     "_load_slot", "_processes"}
)  # fmt: skip
_PYTHON = frozenset(keyword.kwlist) | frozenset(name for name in dir(builtins) if not name.startswith("_"))
_KEYWORDS = frozenset(keyword.kwlist)
_GLOBAL = _PYTHON | _OWN | ENGINE
_LOCAL = _GLOBAL - {"task", "role", "stage", "dice"}
_TYPE = _PYTHON | _OWN | _CLASSES
_FIELD = _KEYWORDS | _RECORD
_SLOT = _KEYWORDS | _WORLD


def package_name(name: str) -> str:
    """The folder of a program's package: one that Python can import, and that is no other folder of a bundle."""
    return _spared(name, _KEYWORDS | {"data", "schema"})


def field_name(name: str) -> str:
    """A record's attribute."""
    return _spared(name, _FIELD)


def slot_name(name: str) -> str:
    """A world's attribute."""
    return _spared(name, _SLOT)


def type_name(name: str) -> str:
    """A record, world or other declared type."""
    return _spared(name, _TYPE)


def global_name(name: str) -> str:
    """A function, constant or agent's body."""
    return _spared(name, _GLOBAL)


def local_name(name: str, taken: frozenset[str]) -> str:
    """A parameter or local; `taken` are the names of the module's own globals."""
    return _spared(name, _LOCAL, taken)


def upper_name(name: str) -> str:
    """`OrderId` → `ORDER_ID`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def snake_name(name: str) -> str:
    """`HelpDesk` → `help_desk`."""
    return upper_name(name).lower()


def _spared(name: str, reserved: frozenset[str], more: frozenset[str] = frozenset()) -> str:
    """The name, with one more `_` at its end where it, or it without its last ones, is reserved: never two for one."""
    if name.startswith("__"):
        raise ValueError(f"`{name}` cannot be a name in generated code: it begins with two underscores")
    bare = name.rstrip("_")
    return f"{name}_" if bare in reserved or bare in more or not name.strip("_") else name

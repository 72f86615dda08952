"""Capabilities and where externs get their answers: names that the checker, the runtime and a bundle agree on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nexlang.ir.options import Option

CAPABILITIES: Mapping[str, str] = {
    "network": "Reach other machines.",
    "files": "Read or write files outside the world.",
    "process": "Start processes.",
    "python": "Call Python in this process.",
    "devices": "Move or sense things outside the computer.",
}

SOURCES: Mapping[str, str] = {
    "python": 'A function: `"package.module:function"`.',
    "mcp": "A tool of an MCP server, by the server's name.",
    "http": 'An operation of an OpenAPI description: `"https://api.example.com/openapi.json#search"`.',
    "sandbox": "A command in an isolated process, by its image.",
}

USUAL: Mapping[str, str] = {"python": "python", "mcp": "network", "http": "network", "sandbox": "process"}
"""The capability that an extern of each source most likely needs."""

_REPEATABLE = Option("bool", "Asking again does no harm, so it may be asked after a write.", False)
_TIME = Option("duration", "How long one answer may take.", above=0)
_MEMORY = re.compile(r"[1-9][0-9]*(KB|MB|GB)\Z")

OPTIONS: Mapping[str, Mapping[str, Option]] = {
    "python": {"repeatable": _REPEATABLE},
    "mcp": {"time": _TIME, "repeatable": _REPEATABLE},
    "http": {"time": _TIME, "repeatable": _REPEATABLE},
    "sandbox": {
        "command": Option("text", "What is run in the sandbox."),
        "time": Option("duration", "How long the command may take by the clock, 30 s by default.", above=0),
        "memory": Option("text", 'Memory that the command may use, 512 MB by default: `"512MB"`.'),
        "processes": Option("int", "Processes and threads that the command may have at once.", 64, low=1, high=1000),
        "repeatable": _REPEATABLE,
    },
}
"""The options of an extern, by its source."""


DIRECT: Mapping[str, str] = {"files": "{Text: Text}", "arguments": "[Text]", "input": "Text"}
"""Parameters of a sandbox's command that mean more than JSON to read, and their types."""

RUN_FIELDS = frozenset({"exit_code", "output", "errors"})
"""A record of these and no others, as the result of a sandbox's command, is what the run left."""

_IMAGE = re.compile(r"system|python(:[0-9]+\.[0-9]+)?")


def address_problem(source: str, address: str) -> str | None:
    """Why an address cannot be this source's, as the end of a sentence; `None` where it can."""
    if source == "python":
        module, colon, function = address.partition(":")
        whole = colon and function.isidentifier() and all(part.isidentifier() for part in module.split("."))
        return None if whole else 'it is `"package.module:function"`'
    if source == "sandbox":
        return None if _IMAGE.fullmatch(address) else 'it is `"python"`, `"python:3.12"` or `"system"`'
    if source == "http" and not re.match(r"https?://[^/\s]+", address):
        return "it begins with `https://` and a host"
    return None if address.strip() == address and address else "it is empty or has blanks around it"


def memory_problem(text: str) -> str | None:
    return None if _MEMORY.match(text) else 'is written like "512MB"'


def command_problem(text: str) -> str | None:
    """Why a text is no command line, as the end of a sentence."""
    import shlex

    try:
        return None if shlex.split(text) else "names a program"
    except ValueError:
        return "has a quote that is not closed"


def scope_of(source: str, address: str) -> str:
    """What an allowance may be narrowed to: a Python module, a host, a server, an image."""
    if source == "python":
        return address.partition(":")[0]
    if source == "http":
        return re.sub(r"https?://([^/:\s]+).*", r"\1", address)
    return address

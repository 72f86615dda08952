"""The program as data: what the compiler hands to everything after it.

Every name is resolved, every place made explicit, every type known. The models are strict: an unknown key, a name
that is no identifier or a foreign version is refused. `Program.model_json_schema()` is the published format.
"""

from __future__ import annotations

from typing import Literal

from nexlang.ir.declarations import *
from nexlang.ir.expressions import *
from nexlang.ir.statements import *
from nexlang.ir.types import *

IR_VERSION: Literal[1] = 1


class Program(Model):
    """A whole checked program. `files` are the sources, relative to the program's folder, in order of name."""

    ir: Literal[1] = IR_VERSION
    name: Identifier
    package: str
    edition: str
    files: list[str]
    records: list[Record] = []
    enums: list[Enum] = []
    unions: list[Union] = []
    aliases: list[Alias] = []
    constants: list[Constant] = []
    worlds: list[World] = []
    functions: list[Function] = []
    models: list[ModelSpec] = []
    agents: list[Agent] = []
    environments: list[Environment] = []
    trains: list[Train] = []
    tests: list[Test] = []

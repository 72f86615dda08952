"""The one way from a program to its Python package."""

from __future__ import annotations

from nexlang.codegen.modules import Functions, Module, Tools, Types, Worlds, docstring
from nexlang.codegen.names import package_name
from nexlang.codegen.play import Agents, Environments
from nexlang.codegen.processes import Processes
from nexlang.codegen.tests import Tests
from nexlang.codegen.trees import nodes
from nexlang.ir.lookup import Lookup
from nexlang.ir.model import CallFn, Program, Scalar

MODULES: tuple[type[Module], ...] = (Types, Worlds, Functions, Tools, Processes, Agents, Environments, Tests)


def generate(program: Program) -> dict[str, str]:
    """The package's files by path, `<package_name>/<module>.py`; a module that would be empty is left out.

    The same program gives the same text. Raises `ValueError` for a program that no checker lets through.
    """
    try:
        return _generated(program)
    except (AssertionError, AttributeError, KeyError, StopIteration, TypeError) as problem:
        raise ValueError(f"the program names what it does not declare: {problem}") from problem


def _generated(program: Program) -> dict[str, str]:
    look = Lookup(program)
    found = [node for node in nodes(program) if isinstance(node, (CallFn, Scalar))]
    called = frozenset(node.name for node in found if isinstance(node, CallFn))
    data_calls = any(node.kind == "call" for node in found if isinstance(node, Scalar))
    folder = package_name(program.name)
    files = {f"{folder}/__init__.py": "\n".join(docstring(f"{program.package}, compiled.", 0)) + "\n"}
    for kind in MODULES:
        module = kind(look, called, data_calls)
        module.build()
        text = module.render()
        if text:
            files[f"{folder}/{kind.home}.py"] = text
    return files

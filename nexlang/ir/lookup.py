"""A program's declarations by name, and what follows from them about types."""

from __future__ import annotations

from functools import cached_property

from nexlang.ir.model import (
    Agent,
    Alias,
    Constant,
    Enum,
    Environment,
    Function,
    ModelSpec,
    NamedType,
    Program,
    Record,
    RecordField,
    Train,
    Type,
    Union,
    World,
    WorldSlot,
)


class Lookup:
    """Each kind of declaration as a dict; a name that is not there raises `KeyError`."""

    def __init__(self, program: Program) -> None:
        self.program = program

    @cached_property
    def records(self) -> dict[str, Record]:
        return {item.name: item for item in self.program.records}

    @cached_property
    def enums(self) -> dict[str, Enum]:
        return {item.name: item for item in self.program.enums}

    @cached_property
    def unions(self) -> dict[str, Union]:
        return {item.name: item for item in self.program.unions}

    @cached_property
    def aliases(self) -> dict[str, Alias]:
        return {item.name: item for item in self.program.aliases}

    @cached_property
    def constants(self) -> dict[str, Constant]:
        return {item.name: item for item in self.program.constants}

    @cached_property
    def worlds(self) -> dict[str, World]:
        return {item.name: item for item in self.program.worlds}

    @cached_property
    def functions(self) -> dict[str, Function]:
        return {item.name: item for item in self.program.functions}

    @cached_property
    def tools(self) -> dict[str, Function]:
        return {item.name: item for item in self.program.functions if item.kind == "tool"}

    @cached_property
    def models(self) -> dict[str, ModelSpec]:
        return {item.name: item for item in self.program.models}

    @cached_property
    def agents(self) -> dict[str, Agent]:
        return {item.name: item for item in self.program.agents}

    @cached_property
    def environments(self) -> dict[str, Environment]:
        return {item.name: item for item in self.program.environments}

    @cached_property
    def trains(self) -> dict[str, Train]:
        return {item.name: item for item in self.program.trains}

    def field(self, record: str, name: str) -> RecordField:
        return next(field for field in self.records[record].fields if field.name == name)

    def slot(self, world: str, name: str) -> WorldSlot:
        return next(slot for slot in self.worlds[world].slots if slot.name == name)

    def bare(self, of: Type) -> Type:
        """The type behind aliases."""
        while isinstance(of, NamedType) and of.kind == "alias":
            of = self.aliases[of.name].type
        return of

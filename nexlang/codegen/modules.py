"""The modules of a generated package: types, worlds, functions, tools, agents, environments, tests."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from nexlang.codegen import blocks, imports
from nexlang.codegen import layout as py
from nexlang.codegen.codecs import Codecs
from nexlang.codegen.expressions import Surroundings
from nexlang.codegen.layout import WIDTH, Atom
from nexlang.codegen.names import field_name, global_name, local_name, slot_name, type_name
from nexlang.codegen.statements import Body, names_in
from nexlang.codegen.text import escaped, literal
from nexlang.codegen.trees import acts
from nexlang.codegen.types import ENGINE, Annotations
from nexlang.ir import model as ir
from nexlang.ir.lookup import Lookup

Declared = ir.Declared | ir.Test


@cache
def templates() -> Environment:
    loader = PackageLoader("nexlang.codegen", "templates")
    return Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)


class Module:
    """One generated module while it is written: its parts, and what they import. `home` is its name in the package."""

    home = ""
    title = ""

    def __init__(self, look: Lookup, called: frozenset[str] = frozenset(), data_calls: bool = False) -> None:
        """`called` are the functions that others call; with `data_calls` calls occur as data."""
        self.look = look
        self.called = called
        self.data_calls = data_calls
        self.uses: set[tuple[str, str]] = set()
        self.parts: list[tuple[bool, str]] = []
        self.annotations = Annotations(look, self.uses)
        self.codecs = Codecs(look, self.uses, home=self.home == "types")
        names = (*look.functions, *look.constants)
        self.taken = frozenset(name for name in names if name)

    def use(self, name: str, module: str = ENGINE) -> str:
        self.uses.add((module, name))
        return name

    def add(self, lines: Sequence[str] | str, apart: bool = True) -> None:
        """A part of the module; `apart` by two empty lines, as classes and functions are."""
        self.parts.append((apart, lines if isinstance(lines, str) else "\n".join(lines)))

    def render(self) -> str:
        """The module's text, or nothing where it has no parts."""
        if not self.parts:
            return ""
        own = f".{self.home}"
        sections = imports.sections(use for use in self.uses if use[0] != own)
        before = [False, *(apart for apart, _ in self.parts)]
        parts = [
            {"gap": "\n\n" if apart or loose else "\n" if first else "", "text": text}
            for (apart, text), loose, first in zip(self.parts, before, [True] + [False] * len(before), strict=False)
        ]
        return templates().get_template("module.py.j2").render(title=self.title, sections=sections, parts=parts)

    def build(self) -> None:
        """Add the parts."""
        raise NotImplementedError

    # ------------------------------------------------------------ pieces

    def surroundings(
        self, world: str | None, ctx: str = "ctx", named: Mapping[str, py.Expr] | None = None
    ) -> Surroundings:
        return Surroundings(self.look, self.uses, world, ctx, named, self.taken)

    def source(self, of: Declared) -> str:
        """Where a declaration stands; a file's name is text that anybody may have chosen."""
        return f"# {re.sub(r'[^A-Za-z0-9_./ -]', '_', of.file)}:{of.line}"

    def signature(self, name: str, params: Sequence[str], result: str, indent: int = 0) -> list[str]:
        call = py.Call(Atom(name), [Atom(param) for param in params])
        return py.lay_out("def ", call, f" -> {result}:", indent)

    def function(
        self, name: str, params: Sequence[str], result: str, body: Sequence[str], doc: str = "", indent: int = 0
    ) -> list[str]:
        """A function's lines; `body` is indented already."""
        text = docstring(doc, indent + 4) if doc else []
        only_pass = [line.strip() for line in body] == ["pass"]
        return [*self.signature(name, params, result, indent), *text, *([] if text and only_pass else body)]

    def parameter(self, param: ir.Parameter) -> str:
        return f"{local_name(param.name, self.taken)}: {self.annotations.of(param.type)}"

    def context(self, world: str | None) -> str:
        """The annotation of the context of a body in a world."""
        self.use("Context")
        if world is None:
            return f"ctx: Context[{self.use('Any', 'typing')}]"
        return f"ctx: Context[{self.use(type_name(world), '.worlds')}]"

    def assignment(self, head: str, value: py.Expr, apart: bool = False) -> None:
        self.add(py.lay_out(head, value), apart)


def docstring(doc: str, indent: int) -> list[str]:
    """A docstring's lines, wrapped; the text ends in no quote or backslash."""
    pad = " " * indent
    width = WIDTH - indent
    text = [wrapped for line in doc.strip().splitlines() for wrapped in (_wrap(line, width - 7) or [""])]
    text = [escaped(line, "").replace('"""', '\\"\\"\\"') for line in text]
    if len(text) == 1:
        space = " " if text[0].endswith('"') else ""
        return [f'{pad}"""{text[0]}{space}"""']
    return [f'{pad}"""{text[0]}', *(f"{pad}{line}".rstrip() for line in text[1:]), f'{pad}"""']


def _wrap(line: str, width: int) -> list[str]:
    return textwrap.wrap(line.strip(), width, break_on_hyphens=False)


def described(function: ir.Function) -> str:
    """A function's own description, without the lines about its parameters."""
    names = {f"{param.name}:" for param in function.params}
    lines = [line for line in function.doc.splitlines() if not line.strip().startswith(tuple(names) or ("\0",))]
    return "\n".join(lines).strip()


# ---------------------------------------------------------------- types and worlds


class Types(Module):
    """Records as slotted classes, names of types, and what JSON must be to become them."""

    home = "types"
    title = "The program's types."

    def build(self) -> None:
        program = self.look.program
        for record in program.records:
            self.record(record)
        for name in self._ordered():
            self.named(name)
        if self.data_calls:
            self.assignment("CALL = ", py.Call(Atom(self.use("CallCodec", f"{ENGINE}.session")), []))
        for name in self._ordered():
            self.codec(name)
        for record in program.records:
            self.define(record)

    def record(self, record: ir.Record) -> None:
        fields = [f"    {field_name(field.name)}: {self.annotations.of(field.type)}" for field in record.fields]
        doc = docstring(record.doc, 4) if record.doc else []
        head = [self.source(record), f"class {type_name(record.name)}({self.use('Record')}):"]
        gap = [""] if doc and fields else []
        self.add([*head, *doc, *gap, *(fields or ([] if doc else ["    pass"]))])

    def _ordered(self) -> list[str]:
        """Enums, aliases and unions, what they are made of first."""
        done: list[str] = []

        def visit(type: ir.Type) -> None:
            for name in names_in(type):
                if name in self.look.aliases and name not in done:
                    visit(self.look.aliases[name].type)
                if name not in done and name not in self.look.records:
                    done.append(name)

        for enum in self.look.enums:
            visit(ir.NamedType(kind="enum", name=enum))
        for union in self.look.unions:
            visit(ir.NamedType(kind="union", name=union))
        for alias in self.look.aliases:
            visit(ir.NamedType(kind="alias", name=alias))
        return done

    def named(self, name: str) -> None:
        self.use("TypeAlias", "typing")
        if name in self.look.unions:
            cases = list(dict.fromkeys(self.look.unions[name].cases.values()))
            members: list[py.Expr] = [Atom(type_name(case)) for case in cases]
            of = py.Chain(py.PRODUCT, members, ["|"] * (len(members) - 1)) if len(members) > 1 else members[0]
        elif name in self.look.enums:
            of = Atom("str")
        else:
            of = Atom(self.annotations.of(self.look.aliases[name].type))
        self.assignment(f"{type_name(name)}: TypeAlias = ", of)

    def codec(self, name: str) -> None:
        head = f"{self.codecs.names[name]} = "
        if name in self.look.enums:
            values = [Atom(literal(value)) for value in self.look.enums[name].cases.values()]
            items: list[py.Expr] = [Atom(literal(name)), *values]
            self.assignment(head, py.Call(self.codecs.use("enum"), items))
        elif name in self.look.unions:
            union = self.look.unions[name]
            cases: list[py.Expr] = [
                py.Entry(Atom(literal(tag)), Atom(type_name(case))) for tag, case in union.cases.items()
            ]
            items = [Atom(literal(name)), Atom(literal(union.tag)), py.Display("{", cases, "}")]
            self.assignment(head, py.Call(self.codecs.use("union"), items))
        else:
            alias = self.look.aliases[name]
            base = self.codecs.of(alias.type)
            if alias.refine is None:
                made: py.Expr = py.Call(self.codecs.use("alias"), [Atom(literal(name)), base])
            else:
                made = self.codecs.refined(base, alias.refine, name)
            self.assignment(head, made)

    def define(self, record: ir.Record) -> None:
        fields: list[py.Expr] = [
            py.Entry(Atom(literal(field.name)), self.codecs.field(field.type, field.refine, field.default))
            for field in record.fields
        ]
        items: list[py.Expr] = [Atom(type_name(record.name)), py.Display("{", fields, "}")]
        if record.tag is not None:
            items.append(py.Keyword("tag", py.Display("(", [Atom(literal(part)) for part in record.tag], ")")))
        if record.require:
            items.append(py.Keyword("require", py.Display("[", [self.require(record, r) for r in record.require], "]")))
        self.assignment("", py.Call(Atom(self.use("define")), items))

    def require(self, record: ir.Record, refine: ir.Refinement) -> py.Expr:
        assert refine.condition is not None
        named: dict[str, py.Expr] = {f.name: Atom(f"it.{field_name(f.name)}") for f in record.fields}
        holds = self.codecs.function("it", refine.condition, named)
        return py.Display("(", [holds, Atom(literal(refine.text))], ")")


class Worlds(Module):
    """Worlds as classes with a slot for each table and value."""

    home = "worlds"
    title = "The program's worlds."

    def build(self) -> None:
        for world in self.look.program.worlds:
            slots = [f"    {slot_name(slot.name)}: {self.annotations.of(slot.type)}" for slot in world.slots]
            doc = docstring(world.doc, 4) if world.doc else []
            head = [self.source(world), f"class {type_name(world.name)}({self.use('World')}):"]
            self.add([*head, *doc, *([""] if doc and slots else []), *(slots or ([] if doc else ["    pass"]))])
        for world in self.look.program.worlds:
            entries: list[py.Expr] = [py.Entry(Atom(literal(slot.name)), self.slot(slot)) for slot in world.slots]
            items: list[py.Expr] = [Atom(type_name(world.name)), py.Display("{", entries, "}")]
            self.assignment("", py.Call(Atom(self.use("define_world", f"{ENGINE}.state")), items))

    def slot(self, slot: ir.WorldSlot) -> py.Expr:
        if isinstance(slot.type, ir.TableType):
            return self.codecs.of(slot.type)
        if isinstance(slot.type, ir.NamedType) and slot.type.kind == "world":
            return Atom(type_name(slot.type.name))
        default = slot.default
        if default is None and isinstance(self.look.bare(slot.type), ir.OptionalType):
            default = ir.Lit(value=None)
        made = [] if default is None else [self.codecs.function("", default, {})]
        return py.Call(Atom(self.use("slot", f"{ENGINE}.state")), [self.codecs.of(slot.type), *made])


# ---------------------------------------------------------------- functions and tools


class Functions(Module):
    """Functions and constants."""

    home = "functions"
    title = "The program's functions and constants."

    def build(self) -> None:
        for function in self.look.program.functions:
            if function.kind == "fn":
                self.body(function)
        self.constants()

    def body(self, function: ir.Function) -> None:
        around = self.surroundings(function.world)
        body = Body(around, function.body)
        body.result = function.result
        for param in function.params:
            body.infer.locals[param.name] = param.type
        stmts = [*self.checks(function, body), *body.statements(function.body)]
        params = [self.context(function.world), *(self.parameter(param) for param in function.params)]
        result = "None" if function.result is None else self.annotations.of(function.result)
        name = global_name(function.name)
        lines = self.function(name, params, result, blocks.write(stmts, 4), described(function))
        self.add([self.source(function), *lines])

    def checks(self, function: ir.Function, body: Body) -> list[blocks.Stmt]:
        """What calls from other bodies must be held to: refinements of parameters, and the number of calls."""
        if function.name not in self.called:
            return []
        made: list[blocks.Stmt] = []
        if any(isinstance(node, ir.CallFn) for node in acts(function.body)):
            made.append(blocks.Simple("", Atom("ctx.burn(1)")))
        for param in function.params:
            if body.is_refined(param):
                name = local_name(param.name, self.taken)
                items = [self.codecs.of(param.type, param.refine), Atom(name), Atom(literal(param.name))]
                made.append(blocks.Simple("", py.Call(Atom(self.use("check", f"{ENGINE}.records")), items)))
        return made

    def constants(self) -> None:
        constants = self.look.program.constants
        made: list[tuple[str, py.Expr]] = []
        for constant in constants:
            value = Body(self.surroundings(None)).expr(constant.value)
            made.append((f"{global_name(constant.name)}: {self.annotations.of(constant.type)} = ", value))
        if any("ctx" in value.flat() for _, value in made):
            self.assignment("ctx = ", py.Call(Atom(self.use("pure")), []))
        for constant, (head, value) in zip(constants, made, strict=True):
            self.add([self.source(constant), *py.lay_out(head, value)], apart=False)
        entries: list[py.Expr] = [
            py.Entry(Atom(literal(constant.name)), Atom(global_name(constant.name))) for constant in constants
        ]
        if entries:
            self.assignment("CONSTANTS = ", py.Display("{", entries, "}"))


class Tools(Functions):
    """Tools, and the table through which they are called."""

    home = "tools"
    title = "The program's tools."

    def build(self) -> None:
        tools = [function for function in self.look.program.functions if function.kind == "tool"]
        for function in tools:
            self.extern(function) if function.extern else self.body(function)
        if not tools:
            return
        calls = Atom("None")
        if self.data_calls:
            calls = Atom(self.use("CALL", ".types"))
        entries: list[py.Expr] = [calls, *(self.entry(function) for function in tools)]
        self.assignment("TOOLS = ", py.Call(Atom(self.use("toolbox", f"{ENGINE}.session")), entries))

    def extern(self, function: ir.Function) -> None:
        """A tool whose answers come from outside."""
        taken = self.taken
        given: list[py.Expr] = [
            py.Entry(Atom(literal(param.name)), Atom(local_name(param.name, taken))) for param in function.params
        ]
        codec = Atom("None") if function.result is None else self.codecs.of(function.result)
        items = [Atom("ctx"), Atom(literal(function.name)), codec, py.Display("{", given, "}")]
        asked: py.Expr = py.Call(Atom(self.use("ask", f"{ENGINE}.externs")), items)
        result = "None" if function.result is None else self.annotations.of(function.result)
        if result not in ("Any", "None"):
            asked = py.Call(Atom(self.use("cast", "typing")), [Atom(result), asked])
        stmt = blocks.Simple("" if result == "None" else "return ", asked)
        params = [self.context(None), *(self.parameter(param) for param in function.params)]
        lines = self.function(global_name(function.name), params, result, blocks.write([stmt], 4), described(function))
        self.add([self.source(function), *lines])

    def entry(self, function: ir.Function) -> py.Expr:
        params: list[py.Expr] = [
            py.Entry(Atom(literal(param.name)), self.codecs.field(param.type, param.refine, param.default))
            for param in function.params
        ]
        world = Atom("None") if function.world is None else Atom(self.use(type_name(function.world), ".worlds"))
        result = Atom("None") if function.result is None else self.codecs.of(function.result)
        items: list[py.Expr] = [Atom(literal(function.name)), Atom(global_name(function.name)), world]
        tool = Atom(self.use("tool", f"{ENGINE}.session"))
        return py.Call(tool, [*items, py.Display("{", params, "}"), result])

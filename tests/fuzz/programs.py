"""Programs that mean something: each expression is made for the type that is wanted, so most of them check."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

SCALARS = ("Int", "Float", "Text", "Bool")
WORDS = ("red", "green", "blue", "open", "closed", "ready", "late")


class Function(NamedTuple):
    name: str
    params: list[tuple[str, str]]
    result: str


class Maker:
    """One program. Types are written as in the language: `Int`, `[Text]`, `Int?`, or the name of a record or enum."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.enums: dict[str, list[str]] = {}
        self.records: dict[str, list[tuple[str, str]]] = {}
        self.functions: list[Function] = []
        self.parts: list[str] = []
        self.count = 0

    def program(self) -> str:
        rng = self.rng
        for _ in range(rng.randint(1, 3)):
            self.enum()
        for _ in range(rng.randint(1, 3)):
            self.record()
        for _ in range(rng.randint(1, 6)):
            self.function()
        self.world()
        for _ in range(rng.randint(0, 3)):
            self.test()
        return "\n".join(self.parts)

    def fresh(self, stem: str) -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def type(self, deep: int = 1) -> str:
        found = [*SCALARS, *SCALARS, *self.enums, *self.records]
        if deep:
            found += [f"[{self.type(0)}]", f"{self.type(0)}?", f"{{Text: {self.type(0)}}}"]
        return self.rng.choice(found)

    # ---- declarations

    def enum(self) -> None:
        name = self.fresh("Kind")
        cases = self.rng.sample(WORDS, self.rng.randint(1, 4))
        self.enums[name] = cases
        written = [f'{case} = "{case} one"' if self.rng.random() < 0.2 else case for case in cases]
        self.parts.append(f"enum {name} {{ {', '.join(written)} }}\n")

    def record(self) -> None:
        name = self.fresh("Thing")
        fields = [("id", "Text"), *((f"f{i}", self.type()) for i in range(self.rng.randint(1, 4)))]
        lines = "".join(f"  {field}: {kind}{self.refined(kind)}\n" for field, kind in fields)
        self.records[name] = fields
        self.parts.append(f"## A thing.\nrecord {name} {{\n{lines}}}\n")

    def refined(self, kind: str) -> str:
        if kind == "Int" and self.rng.random() < 0.2:
            return " where it >= 0"
        return ""

    def function(self) -> None:
        params = [(f"p{i}", self.type()) for i in range(self.rng.randint(0, 3))]
        result = self.type()
        name = self.fresh("compute")
        known = dict(params)
        body = self.block(known, 2, result)
        self.functions.append(Function(name, params, result))
        written = ", ".join(f"{param}: {kind}" for param, kind in params)
        self.parts.append(f"fn {name}({written}) -> {result} {{\n{body}}}\n")

    def world(self) -> None:
        rng = self.rng
        record = rng.choice(list(self.records))
        name = self.fresh("Place")
        self.parts.append(f"world {name} {{\n  things: table {record} by id\n  total: Int = 0\n}}\n")
        for _ in range(rng.randint(1, 3)):
            kind = self.type(0)
            body = '  let thing = things[key] else fail "None has {{ key }}"\n'
            known = {"key": "Text", "extra": kind, "thing": record, "total": "Int"}
            body += self.statements(known, 1)
            for field, of in self.records[record]:
                if field != "id" and rng.random() < 0.4:
                    body += f"  thing.{field} = {self.expr(of, known, 1)}\n"
            body += "  total += 1\n"
            body += f"  return {self.expr('Text', known, 1)}\n"
            tool = self.fresh("change")
            self.parts.append(f"tool {tool}(key: Text, extra: {kind}) -> Text in {name} {{\n{body}}}\n")

    def test(self) -> None:
        if not self.functions:
            return
        one = self.rng.choice(self.functions)
        arguments = ", ".join(self.expr(kind, {}, 1) for _, kind in one.params)
        call = f"{one.name}({arguments})"
        self.parts.append(f'test "{self.fresh("case ")}" {{\n  expect {call} == {call}\n}}\n')

    # ---- statements

    def block(self, known: dict[str, str], deep: int, result: str) -> str:
        known = dict(known)
        body = self.statements(known, deep)
        return body + f"  return {self.expr(result, known, 2)}\n"

    def statements(self, known: dict[str, str], deep: int) -> str:
        return "".join(self.statement(known, deep) for _ in range(self.rng.randint(0, 3)))

    def statement(self, known: dict[str, str], deep: int) -> str:
        kind = self.rng.choice(["let", "let", "var", "if", "for"])
        if kind == "let":
            name, of = self.fresh("v"), self.type()
            value = self.expr(of, known, 2)
            if value[0] in "[{" or value == "none" or value in WORDS:
                return ""
            known[name] = of
            return f"  let {name} = {value}\n"
        if kind == "var":
            name, of = self.fresh("v"), self.rng.choice(SCALARS)
            value = self.expr(of, known, 2)
            known[name] = of
            return f"  var {name}: {of} = {value}\n  {name} = {self.expr(of, known, 1)}\n"
        if not deep:
            return ""
        if kind == "if":
            inside = self.statements(dict(known), deep - 1)
            return f"  if {self.expr('Bool', known, 2)} {{\n{inside}  }}\n"
        name = self.fresh("i")
        inside = self.statements(known | {name: "Int"}, deep - 1)
        return f"  for {name} in range({self.rng.randint(0, 4)}) {{\n{inside}  }}\n"

    # ---- expressions

    def expr(self, kind: str, known: dict[str, str], deep: int) -> str:
        rng = self.rng
        places = [name for name, of in known.items() if of == kind]
        places += [
            f"{name}.{field}"
            for name, of in known.items()
            for field, inner in self.records.get(of, ())
            if inner == kind
        ]
        if places and rng.random() < 0.4:
            return rng.choice(places)
        calls = [each for each in self.functions if each.result == kind]
        if calls and deep and rng.random() < 0.3:
            one = rng.choice(calls)
            return f"{one.name}({', '.join(self.expr(of, known, deep - 1) for _, of in one.params)})"
        if deep and rng.random() < 0.15:
            inner = (self.expr(each, known, deep - 1) for each in ("Bool", kind, kind))
            return "(if {} then {} else {})".format(*inner)
        return self.value(kind, known, deep)

    def value(self, kind: str, known: dict[str, str], deep: int) -> str:
        if kind.endswith("?"):
            return "none" if self.rng.random() < 0.3 else self.expr(kind[:-1], known, deep)
        if kind.startswith("["):
            return self.list(kind[1:-1], known, deep)
        if kind.startswith("{"):
            inner = kind.partition(": ")[2][:-1]
            keys = self.rng.sample(["a", "b c", "d"], self.rng.randint(0, 2))
            return "{" + ", ".join(f'"{key}": {self.expr(inner, known, 0)}' for key in keys) + "}"
        if kind in self.enums:
            return f"{kind}.{self.rng.choice(self.enums[kind])}"
        if kind in self.records:
            fields = ", ".join(f"{field}: {self.field(of, known, deep)}" for field, of in self.records[kind])
            return f"{kind}({fields})"
        act: Callable[[dict[str, str], int], str] = getattr(self, f"make_{kind.lower()}")
        return act(known, max(deep - 1, 0))

    def field(self, of: str, known: dict[str, str], deep: int) -> str:
        return str(self.rng.randint(0, 9)) if of == "Int" else self.expr(of, known, max(deep - 1, 0))

    def list(self, inner: str, known: dict[str, str], deep: int) -> str:
        if deep and self.rng.random() < 0.3:
            name = self.fresh("x")
            element = self.expr(inner, known | {name: "Int"}, deep - 1)
            condition = f" if {self.expr('Bool', known | {name: 'Int'}, 0)}" if self.rng.random() < 0.4 else ""
            return f"[{element} for {name} in range({self.rng.randint(0, 3)}){condition}]"
        return "[" + ", ".join(self.expr(inner, known, 0) for _ in range(self.rng.randint(0, 3))) + "]"

    def make_int(self, known: dict[str, str], deep: int) -> str:
        rng = self.rng
        if not deep:
            return str(rng.choice([0, 1, 2, 7, 100, 1_000_000]))
        left, right = self.expr("Int", known, deep), self.expr("Int", known, deep)
        texts = self.expr("Text", known, deep)
        return rng.choice(
            [f"({left} {rng.choice('+-*')} {right})", f"mod({left}, 3)", f"abs({left})", f"len({texts})", f"-({left})"]
        )

    def make_float(self, known: dict[str, str], deep: int) -> str:
        if not deep:
            return self.rng.choice(["0.0", "1.5", "2.25", "1e3"])
        left, right = self.expr("Float", known, deep), self.expr("Float", known, deep)
        return self.rng.choice(
            [f"({left} {self.rng.choice('+-*')} {right})", f"round({left}, 2)", f"max({left}, {right})"]
        )

    def make_text(self, known: dict[str, str], deep: int) -> str:
        if not deep:
            return self.rng.choice(['"a"', '"x y"', '""', '"é \\"q\\""'])
        inner = self.rng.choice(["Int", "Text", "Bool"])
        text = self.expr(inner, known, 0)
        return self.rng.choice(
            [f'"v: {{{{ {text} }}}}"' if '"' not in text else '"plain"', f"lower({self.expr('Text', known, 0)})"]
        )

    def make_bool(self, known: dict[str, str], deep: int) -> str:
        rng = self.rng
        if not deep:
            return rng.choice(["true", "false"])
        of = rng.choice(["Int", "Text", "Float"])
        left, right = self.expr(of, known, deep - 1), self.expr(of, known, deep - 1)
        bools = self.expr("Bool", known, deep - 1), self.expr("Bool", known, deep - 1)
        signs = ["==", "!="] if of == "Text" else ["==", "<", ">=", "!="]
        return rng.choice([f"({left} {rng.choice(signs)} {right})", f"({bools[0]} and {bools[1]})", f"not {bools[0]}"])


def program(rng: random.Random) -> str:
    return Maker(rng).program()

"""What all checks share: the program's declarations, reporting, and the words for types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from nexlang.diagnostics import Code, Diagnostic, Span
from nexlang.diagnostics.codes_later import NOT_YET
from nexlang.diagnostics.codes_types import TYPE_MISMATCH
from nexlang.diagnostics.model import Applicability
from nexlang.diagnostics.removing import left_out
from nexlang.diagnostics.suggest import suggest, surely
from nexlang.semantics import symbols as s
from nexlang.semantics.moments import made_decimal, suggest_moment
from nexlang.semantics.scope import Reporter, Typed
from nexlang.semantics.types import (
    DECIMAL,
    ERROR,
    FLOAT,
    INT,
    MOMENTS,
    Alias,
    Core,
    Enum,
    Optional,
    Type,
    base,
    fits,
    opened,
)
from nexlang.syntax import nodes as n

Named = TypeVar("Named", bound=s.Info)
KINDS: dict[type[s.Info], str] = {
    s.RecordInfo: "a record",
    s.EnumInfo: "an enum",
    s.UnionInfo: "a union",
    s.AliasInfo: "a type",
    s.WorldInfo: "a world",
    s.ConstInfo: "a constant",
    s.FunctionInfo: "a function",
    s.ModelInfo: "a model",
    s.AgentInfo: "an agent",
    s.EnvironmentInfo: "an environment",
    s.TrainInfo: "a training run",
    s.MakerInfo: "a maker of models",
}


def kind_of(info: s.Info) -> str:
    if isinstance(info, s.FunctionInfo) and info.kind == "tool":
        return "a tool"
    return KINDS[type(info)]


def listed(names: Iterable[str], last: str = "and") -> str:
    """`a`, `b` and `c`."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


class Checker:
    """The state of one check: all modules of the program, and what was found wrong."""

    def __init__(self) -> None:
        self.reporter = Reporter()
        self.modules: dict[str, s.ModuleInfo] = {}
        self.module: s.ModuleInfo
        self.wide = False

    # ---- reporting

    def span(self, node: n.Node) -> Span:
        return Span(self.module.source.path, node.start, node.end)

    def report(self, code: Code, node: n.Node | Span, **values: object) -> Diagnostic:
        span = node if isinstance(node, Span) else self.span(node)
        return self.reporter.add(code.at(span, **values))

    def not_yet(self, node: n.Node, what: str) -> None:
        """Refuse what the language has and this release does not do; `what` ends in a verb: `processes are`."""
        self.report(NOT_YET, node, what=what)

    def did_you_mean(self, diagnostic: Diagnostic, name: str, candidates: Iterable[str]) -> Diagnostic:
        """Add the fix for a misspelt name, where one is near."""
        near = suggest(name, candidates)
        if near is not None:
            diagnostic.replace("a name like it exists", near, "safe" if surely(name, near) else "unsafe")
            self.module.touched.add(near)
        return diagnostic

    def left_out(self, diagnostic: Diagnostic, node: n.Node, applicability: Applicability = "unsafe") -> Diagnostic:
        """Add the fix that takes a node out of the text."""
        return left_out(diagnostic, self.module.source.text, node.start, node.end, applicability)

    def text(self, node: n.Node) -> str:
        """The source of a node."""
        return self.module.source.text[node.start : node.end]

    def line(self, node: n.Node) -> int:
        return self.module.source.position(node.start)[0]

    # ---- names

    def visible(self, *kinds: type[s.Info]) -> list[str]:
        """The names that the current module sees of some kinds; what is found then depends on all declarations."""
        self.wide = True
        found = {**self.module.declared, **self.module.used}
        return [name for name, info in found.items() if not kinds or isinstance(info, kinds)]

    def named(self, name: n.Ident | n.Name, kind: type[Named], code: Code) -> Named | None:
        """The declaration of a kind that a name must mean; reports what it means instead, or what is like it."""
        info = self.module.lookup(name.name)
        if isinstance(info, kind):
            return info
        if name.name in self.module.refused:
            return None
        diagnostic = self.report(code, name, name=name.name)
        if info is not None:
            diagnostic.advise(f"`{name.name}` is {kind_of(info)}")
        else:
            self.did_you_mean(diagnostic, name.name, self.visible(kind))
        return None

    # ---- fitting

    def coerce(self, node: n.Node, value: Typed, expected: Type) -> Core:
        """The value's core form as `expected`; reports what does not fit."""
        if opened(value.type) is INT and base(_inner(expected)) is FLOAT:
            return {"kind": "to_float", "of": value.core} if value.core["kind"] != "lit" else _float(value.core)
        if opened(value.type) is INT and base(_inner(expected)) is DECIMAL:
            return made_decimal(value.core)
        if fits(value.type, expected):
            return value.core
        if isinstance(value.type, Optional) and fits(value.type.item, expected):
            self.may_be_none(node, value.type)
            return value.core
        diagnostic = self.report(TYPE_MISMATCH, node, expected=words(expected), actual=words(value.type))
        if base(_inner(expected)) is INT and value.type is FLOAT:
            diagnostic.advise("`round(x)`, `floor(x)` and `ceil(x)` make an Int of a Float")
        elif base(_inner(expected)) in MOMENTS or {base(_inner(expected)), base(value.type)} == {DECIMAL, FLOAT}:
            suggest_moment(diagnostic, self.text(node), value, base(_inner(expected)))
        elif isinstance(base(_inner(expected)), Enum):
            diagnostic.advise(f"the cases are {listed(base(_inner(expected)).info.cases)}")  # type: ignore[attr-defined]
        return value.core

    def or_none(self, typed: Typed) -> Typed:
        """A call in an agent's body as an optional; defined by `Calls`."""
        raise AssertionError("defined by Calls")

    def may_be_none(self, node: n.Node, type: Type) -> None:
        """Report an optional used as if it were not; defined by `Expressions`."""
        raise AssertionError("defined by Expressions")


def _inner(type: Type) -> Type:
    type = base(type)
    return type.item if isinstance(type, Optional) else type


def _float(core: Core) -> Core:
    return {"kind": "lit", "value": float(core["value"])}


def words(type: Type) -> str:
    """A type in a message: `Text`, `OrderId (a Text)`."""
    if isinstance(type, Alias) and not isinstance(base(type), Enum):
        return f"`{type}` ({base(type)})"
    return "none" if str(type) == "none" else f"`{type}`"


def unwrap_advice(text: str) -> str:
    shown = text if len(text) <= 40 and "\n" not in text else "…"
    return f'take the value out with `let x = {shown} else fail "…"`, `if let x = {shown}`, or give another with `??`'


POISON = Typed(ERROR, {"kind": "lit", "value": None})

"""Properties: `key: value` in agents, environments, stages and runs, held to a table of what there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from nexlang.diagnostics.codes_agents import (
    BAD_PROPERTY,
    DUPLICATE_PROPERTY,
    MISSING_PROPERTY,
    UNKNOWN_PROPERTY,
)
from nexlang.diagnostics.suggest import suggest
from nexlang.ir.options import Option
from nexlang.semantics.checker import listed
from nexlang.semantics.constants import NotConstant, evaluate
from nexlang.semantics.declarations import Declarations
from nexlang.syntax import nodes as n

if TYPE_CHECKING:
    from nexlang.diagnostics import Span

Literal = bool | int | float | str


class Properties(Declarations):
    def props(self, props: Iterable[n.Prop], known: Iterable[str], owner: str) -> dict[str, n.Prop]:
        """The properties by name; unknown and repeated ones are reported; a misspelt one counts as what it meant."""
        found: dict[str, n.Prop] = {}
        props, names = list(props), list(known)
        absent = [name for name in names if all(prop.key.name != name for prop in props)]
        for prop in props:
            key = prop.key.name
            if key not in names:
                self.unknown_property(prop, key, owner, names)
                meant = suggest(key, absent)
                if meant is not None:
                    found[meant] = prop
            elif key in found:
                diagnostic = self.report(DUPLICATE_PROPERTY, prop.key, name=key)
                self.left_out(diagnostic.label(self.span(found[key].key), "first here"), prop)
            else:
                found[key] = prop
        return found

    def unknown_property(self, prop: n.Prop, key: str, owner: str, names: list[str]) -> None:
        diagnostic = self.did_you_mean(self.report(UNKNOWN_PROPERTY, prop.key, owner=owner, name=key), key, names)
        if not diagnostic.fixes:
            self.left_out(diagnostic, prop)

    def missing(self, at: n.Node | Span, owner: str, names: list[str]) -> None:
        if names:
            self.report(MISSING_PROPERTY, at, owner=owner, missing=listed(names))

    def bad(self, node: n.Node, name: str, problem: str) -> None:
        self.report(BAD_PROPERTY, node, name=name, problem=problem)

    def options(
        self, pairs: Iterable[tuple[n.Ident, n.Expr]], table: Mapping[str, Option], owner: str
    ) -> dict[str, Literal]:
        """Literal options held to their table."""
        found: dict[str, Literal] = {}
        for key, value in pairs:
            option = table.get(key.name)
            if option is None:
                diagnostic = self.report(UNKNOWN_PROPERTY, key, owner=owner, name=key.name)
                self.did_you_mean(diagnostic, key.name, table)
            elif key.name in found:
                self.report(DUPLICATE_PROPERTY, key, name=key.name)
            else:
                literal = self.literal(value, option)
                problem = "must be a literal" if literal is None else option.problem(literal)
                if problem is not None:
                    diagnostic = self.report(BAD_PROPERTY, value, name=key.name, problem=problem)
                    if isinstance(literal, str) and option.type == "name":
                        self.did_you_mean(diagnostic, literal, option.choices)
                elif literal is not None:
                    found[key.name] = float(literal) if option.type in ("float", "duration") else literal
        return found

    def literal(self, node: n.Expr, option: Option | None = None) -> Literal | None:
        """The value of a literal expression (`-0.5`, `2m`, `70%`, `"text"`, `true`, a bare name for a choice)."""
        if isinstance(node, n.Name):
            if node.name in ("true", "false"):
                return node.name == "true"
            return node.name if option is not None and option.type == "name" else None
        if isinstance(node, n.Str):
            core = self.x_Str(node, None).core
            return str(core["value"]) if core["kind"] == "lit" else None
        if isinstance(node, n.Num | n.Percent | n.DurationLit | n.Unary | n.Binary):
            if isinstance(node, n.DurationLit) and option is not None and option.type != "duration":
                return "a duration"
            if isinstance(node, n.Num) and option is not None and option.type == "duration":
                return "a number"
            return self.number_literal(node)
        return None

    def number_literal(self, node: n.Expr) -> Literal | None:
        self.body = self.const_body()
        try:
            value = evaluate(self.expr(node).core, {})
        except NotConstant:
            return None
        return value if isinstance(value, bool | int | float | str) else None

    def mapping_pairs(self, node: n.Expr, name: str) -> list[tuple[n.Ident, n.Expr]]:
        if not isinstance(node, n.Mapping):
            self.bad(node, name, "is written in braces: `{ key: value }`")
            return []
        return [(pair.key, pair.value) for pair in node.pairs]

    def prop_pairs(self, props: Iterable[n.Prop]) -> list[tuple[n.Ident, n.Expr]]:
        return [(prop.key, prop.value.expr) for prop in props]

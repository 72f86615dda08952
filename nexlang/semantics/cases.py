"""Cases of unions, enums and literals: `is` and `as`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nexlang.diagnostics.codes_types import (
    NOT_A_UNION,
    WRONG_CASE,
)
from nexlang.diagnostics.suggest import suggest
from nexlang.semantics import symbols as s
from nexlang.semantics.checker import POISON, listed, words
from nexlang.semantics.expressions import Expressions
from nexlang.semantics.literals import lit, with_optional
from nexlang.semantics.scope import Place, Typed
from nexlang.semantics.types import (
    BOOL,
    ERROR,
    TEXT,
    Core,
    Enum,
    Literal,
    Optional,
    Record,
    Type,
    Union,
    literal_text,
)
from nexlang.syntax import nodes as n


class Cases(Expressions):
    def x_Is(self, node: n.Is, expected: Type | None) -> Typed:
        of = self.expr(node.of)
        found = self.case_test(of.type, node.case, "is")
        if found is None:
            return Typed(BOOL, lit(False))
        test, name = found
        return Typed(BOOL, {"kind": "is_case", "of": of.core, "test": test, "name": name})

    def x_As(self, node: n.As, expected: Type | None) -> Typed:
        of = self.expr(node.of)
        found = self.case_test(of.type, n.CaseName(node.case.start, node.case.end, node.case.name, False), "as")
        if found is None:
            return POISON
        if found[0] != "record":
            self.report(NOT_A_UNION, node.of, what="as", type=words(of.type))
            return POISON
        info = self.case_record(of.type, node.case.name)
        core = {"kind": "as_case", "of": of.core, "record": found[1]}
        return Typed(Optional(Record(info)), core, self.cast(of.place, found[1]))

    def cast(self, place: Place | None, record: str) -> Place | None:
        if place is None or not place.steps:
            return None
        casts: list[Core | None] = [*place.cast[:-1], {"kind": "as_case", "record": record}]
        return Place(place.slot, place.root, place.key, place.is_row, place.steps, casts)

    def case_record(self, type: Type, name: str) -> s.RecordInfo:
        union = with_optional(type)
        assert isinstance(union, Union)
        return next(case for case in union.info.cases.values() if case.name == name)

    def case_test(self, type: Type, case: n.CaseName, what: str) -> tuple[str, Any] | None:
        """The core test of one case (`record`, `value`, `failure`) and its name; None where it was reported."""
        wanted = with_optional(type)
        match wanted:
            case Union(info):
                names = {record.name: record.core_name for record in info.cases.values()}
                if case.name in names and not case.quoted:
                    return "record", names[case.name]
                if not info.broken:
                    self.wrong_case(case, info.name, names)
            case Enum(info):
                if case.name in info.cases and not case.quoted:
                    return "value", info.cases[case.name]
                self.wrong_case(case, info.name, info.cases)
            case Literal(values):
                text = f'"{case.name}"' if case.quoted else case.name
                known = {literal_text(value): value for value in values}
                if text in known:
                    return "value", known[text]
                texts = [str(value) for value in values]
                self.wrong_case(case, str(wanted), texts, quoted=wanted.of is TEXT)
            case _ if wanted is not ERROR:
                self.report(NOT_A_UNION, case, what=what, type=words(type))
        return None

    def wrong_case(
        self, case: n.CaseName, owner: str, names: Sequence[str] | dict[str, str], quoted: bool = False
    ) -> None:
        diagnostic = self.report(WRONG_CASE, case, name=case.name, type=owner if quoted else f"`{owner}`")
        near = case.name if case.name in names else suggest(case.name, names)
        if near is not None:
            diagnostic.replace("a case like it exists", f'"{near}"' if quoted else near)
        else:
            diagnostic.advise(f"the cases are {listed(names)}")

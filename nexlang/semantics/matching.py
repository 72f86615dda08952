"""`match`: which cases there are, what each binds, and that none is left out."""

from __future__ import annotations

from typing import Any

from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics.codes_types import DUPLICATE_CASE, MISSING_CASES, NOT_A_UNION, WRONG_CASE
from nexlang.semantics.checker import listed, words
from nexlang.semantics.literals import with_optional
from nexlang.semantics.scope import Place, Typed
from nexlang.semantics.statements import Statements
from nexlang.semantics.types import ERROR, FAILURE, Core, Enum, Literal, Optional, Record, Type, Union, base
from nexlang.semantics.types import literal_text as shown_literal
from nexlang.syntax import nodes as n


class Matching(Statements):
    def s_Match(self, node: n.Match, into: list[Core]) -> bool | None:
        typed = self.alone(node.subject)
        outcome = typed.acts
        if outcome:
            typed.core["handled"] = True
        subject, place = self.subject(node, typed, outcome)
        core: Core = {"kind": "match", "line": self.line(node), "subject": subject, "cases": [], "otherwise": None}
        handled: dict[Any, n.Node] = {}
        ends = []
        for case in node.cases:
            case_core, ended = self.case(case, typed, outcome, place, handled)
            ends.append(ended)
            if case_core is not None:
                core["cases"].append(case_core)
        if node.otherwise is not None:
            core["otherwise"] = []
            ends.append(self.block(node.otherwise.body, core["otherwise"]))
        else:
            self.complete(node, typed.type, outcome, handled)
        into.append(core)
        return all(ends) and bool(ends)

    def subject(self, node: n.Match, typed: Typed, outcome: bool) -> tuple[Core, Place | None]:
        """The local that holds what is matched; bound before the match where it has no name."""
        if typed.core["kind"] == "local" and not outcome:
            return typed.core, typed.place
        name = self.body.fresh("subject")
        type = self.core_type(typed.type)
        if outcome:
            type = {"kind": "outcome", "item": type}
        held = self.stable_place(typed.place, self.body.before) if typed.place is not None else None
        self.body.before.append(
            {"kind": "let", "line": self.line(node), "name": name, "type": type, "value": typed.core}
        )
        self.refresh_after_call(typed.core, node, self.body.before)
        return {"kind": "local", "name": name}, held

    def case(
        self, case: n.Case, typed: Typed, outcome: bool, place: Place | None, handled: dict[Any, n.Node]
    ) -> tuple[Core | None, bool]:
        tests, types = [], []
        for name in case.names:
            found = self.outcome_case(name, typed.type) if outcome else self.plain_case(name, typed.type)
            if found is None:
                continue
            test, core_name, type = found
            if core_name in handled:
                diagnostic = self.report(DUPLICATE_CASE, name, name=name.name)
                diagnostic.label(self.span(handled[core_name]), "handled here")
                self.left_out(diagnostic, name if len(case.names) > 1 else case)
            handled[core_name] = name
            tests.append((test, core_name))
            types.append(type)
        self.body.frames.append({})
        binding = None
        if case.binding is not None:
            type = types[0] if len(types) == 1 else (typed.type if types else ERROR)
            binding = self.body.declare(case.binding.name, type, "let", case.binding)
            if place is not None and len(tests) == 1 and tests[0][0] == "record" and not outcome:
                binding.place = self.cast(place, tests[0][1])
        body: list[Core] = []
        ended = self.block(case.block.body, body)
        self.body.frames.pop()
        if not tests:
            return None, ended
        core: Core = {"test": tests[0][0], "names": [name for _, name in tests], "body": body}
        core["binding"] = binding.core_name if binding is not None else None
        return core, ended

    def plain_case(self, name: n.CaseName, type: Type) -> tuple[str, Any, Type] | None:
        found = self.case_test(type, name, "match")
        if found is None:
            return None
        wanted = with_optional(type)
        inner: Type = wanted or ERROR
        if found[0] == "record":
            inner = Record(self.case_record(type, name.name))
        return *found, inner

    def outcome_case(self, name: n.CaseName, type: Type) -> tuple[str, Any, Type] | None:
        """A case of what an act gives: `Failure`, or its result by the name of its type."""
        if name.name == "Failure":
            return "failure", "Failure", FAILURE
        if str(base(type)) == name.name and isinstance(base(type), Record):
            info = base(type).info  # type: ignore[attr-defined]
            return "record", info.core_name, type
        if isinstance(with_optional(type), Union | Enum | Literal):
            return self.plain_case(name, type)
        if base(type) is ERROR:
            return None
        diagnostic = self.report(WRONG_CASE, name, name=name.name, type=f"{words(type)} or `Failure`")
        record = [str(base(type))] if isinstance(base(type), Record) else []
        self.did_you_mean(diagnostic, name.name, ["Failure", *record])
        diagnostic.advise("the result itself is the `else`, or a record by its name")
        return None

    def complete(self, node: n.Match, type: Type, outcome: bool, handled: dict[Any, n.Node]) -> None:
        """Every case is there, or the missing ones are named."""
        wanted = base(type)
        needed: dict[Any, str] = {"Failure": "Failure"} if outcome else {}
        match wanted:
            case Union(info):
                needed |= {record.core_name: record.name for record in info.cases.values()}
            case Enum(info):
                needed |= {value: name for name, value in info.cases.items()}
            case Literal(values):
                needed |= {value: shown_literal(value) for value in values}
            case Record(info) if outcome:
                needed[info.core_name] = info.name
            case Optional() if isinstance(with_optional(wanted), Union | Enum | Literal):
                self.missing_cases(node, ["else"], "`none`")
                return
            case _:
                if wanted is not ERROR and not outcome:
                    self.report(NOT_A_UNION, node.subject, what="match", type=words(type))
                    return
                if outcome and wanted is not ERROR:
                    needed["else"] = "else"
        missing = [shown for name, shown in needed.items() if name not in handled]
        if missing and wanted is not ERROR and not self.had_wrong_case(node):
            self.missing_cases(node, missing)

    def had_wrong_case(self, node: n.Match) -> bool:
        """Whether a case was reported as none: then a missing one is the same mistake."""
        inside = (n.CaseName,)
        spans = {self.span(name) for case in node.cases for name in case.names if isinstance(name, inside)}
        return any(d.span in spans and d.code != DUPLICATE_CASE.id for d in self.reporter.diagnostics[-8:])

    def missing_cases(self, node: n.Match, missing: list[str], named: str = "") -> None:
        at = Span(self.module.source.path, node.start, node.start + len("match"))
        diagnostic = self.report(MISSING_CASES, at, missing=named or listed(missing))
        column = self.module.source.position(node.start)[1] - 1
        indent = " " * column
        heads = [name if name == "else" else f"is {name}" for name in missing]
        if "\n" in self.text(node):
            cases = "".join(f"  {head} {{ }}\n{indent}" for head in heads)
        else:
            cases = "".join(f"{head} {{ }} " for head in heads)
        end = Span(self.module.source.path, node.end - 1, node.end - 1)
        diagnostic.fix("add the missing cases", Edit(end, cases), applicability="unsafe")

"""Statements of the program as statements of Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import BaseModel

from nexlang.codegen import layout as py
from nexlang.codegen.blocks import Branch, Loop, Simple, Stmt
from nexlang.codegen.expectations import Expectations
from nexlang.codegen.expressions import Surroundings
from nexlang.codegen.layout import COMPARE, Atom
from nexlang.codegen.names import field_name, slot_name
from nexlang.codegen.text import constant, literal
from nexlang.codegen.trees import acts, nodes
from nexlang.codegen.types import ENGINE
from nexlang.ir import model as ir

NONE = Atom("None")


class Body(Expectations):
    """One body's statements. `s_<kind>` writes the statement of that kind."""

    def __init__(self, around: Surroundings, body: Sequence[BaseModel] = ()) -> None:
        super().__init__(around)
        self.gives = False
        self.result: ir.Type | None = None
        named = [each for each in acts(body) if isinstance(each, (ir.Local, ir.RowRoot, ir.LocalRoot, ir.Set))]
        self.read = {each.name for each in named if not isinstance(each, ir.Set)}
        self.assigned = {each.name for each in named if isinstance(each, (ir.Set, ir.LocalRoot))}

    def statements(self, body: Sequence[BaseModel]) -> list[Stmt]:
        made: list[Stmt] = []
        index = 0
        while index < len(body):
            stmt = body[index]
            if isinstance(stmt, ir.Write):
                run = self.together(stmt, body[index + 1 :])
                made += self.write(run)
                index += len(run)
                continue
            method: Callable[[BaseModel], list[Stmt]] = getattr(self, f"s_{getattr(stmt, 'kind')}")  # noqa: B009
            made += method(stmt)
            index += 1
        return made

    def target(self, name: str) -> str:
        """A new local; one that is never read is marked so."""
        return self.local(name) if name in self.read else f"_{name.lstrip('_')}"

    # ------------------------------------------------------------ names

    def s_let(self, stmt: ir.Let) -> list[Stmt]:
        value = self.expr(stmt.value)
        if stmt.orelse is None:
            value = self.kept(value, stmt.value, stmt.type, stmt.name)
        self.infer.locals[stmt.name] = stmt.type
        if stmt.orelse is not None:
            return self.let_else(stmt, value)
        if stmt.name not in self.read and stmt.name not in self.assigned:
            return [Simple(f"{self.target(stmt.name)} = ", value)]
        declared = ""
        if stmt.name in self.assigned and not self.is_place(stmt) and not self.is_plain(stmt):
            declared = f": {self.annotation(stmt.type)}"
        return [Simple(f"{self.local(stmt.name)}{declared} = ", value)]

    def is_place(self, stmt: ir.Let) -> bool:
        """Whether the local is a row, whose type its value tells."""
        return isinstance(stmt.value, ir.IndexOf) and stmt.value.container == "table"

    def is_plain(self, stmt: ir.Let) -> bool:
        """Whether the value's type is the declared one, with nothing to add."""
        made = self.infer.bare(stmt.value)
        return isinstance(made, ir.Scalar) and made == self.look.bare(stmt.type) and made.kind != "json"

    def let_else(self, stmt: ir.Let, value: py.Expr) -> list[Stmt]:
        assert stmt.orelse is not None
        used = stmt.name in self.read
        name = self.local(stmt.name) if used else self.fresh("value")
        held: py.Expr = Atom(name)
        made: list[Stmt] = [Simple(f"{name} = ", value)] if used else []
        test = self.absent(held if used else value, stmt.optional)
        return [*made, Branch([(test, self.statements([stmt.orelse]))])]

    def absent(self, value: py.Expr, optional: str) -> py.Expr:
        if optional == "outcome":
            return py.Call(Atom("isinstance"), [value, self.use("Failure", ENGINE)])
        return py.Chain(COMPARE, [value, NONE], ["is"])

    def s_set(self, stmt: ir.Set) -> list[Stmt]:
        value = self.expr(stmt.value)
        if isinstance(stmt.value, ir.IndexOf) and stmt.value.container == "table":
            declared = self.infer.locals.get(stmt.name)
            if declared is not None and not isinstance(self.look.bare(declared), ir.OptionalType):
                value = py.Subscript(self.expr(stmt.value.of), self.expr(stmt.value.key))
        value = self.kept(value, stmt.value, self.infer.locals.get(stmt.name), stmt.name)
        return [Simple(f"{self.local(stmt.name)} = ", value)]

    # ------------------------------------------------------------ ends

    def s_return(self, stmt: ir.Return) -> list[Stmt]:
        if stmt.value is None:
            return [Simple("return None" if self.gives else "return", None)]
        return [Simple("return ", self.kept(self.expr(stmt.value), stmt.value, self.result, "the result"))]

    def s_fail(self, stmt: ir.Failing) -> list[Stmt]:
        before, self.paid = self.paid, False
        items = [self.expr(stmt.message), *([Atom(literal(stmt.code))] if stmt.code else [])]
        self.paid = before
        return [Simple("raise ", py.Call(self.use("ToolFailure", ENGINE), items))]

    def s_require(self, stmt: ir.Require) -> list[Stmt]:
        return [Branch([(self.negated(stmt.condition), self.s_fail(stmt.failure))])]

    def s_do(self, stmt: ir.Do) -> list[Stmt]:
        if isinstance(stmt.call, ir.Act):
            return [Simple("yield from ", self.act(stmt.call))]
        if isinstance(stmt.call, ir.Builtin) and stmt.call.name == "play":
            return [Simple("yield from ", self.played(stmt.call))]
        if isinstance(stmt.call, ir.Builtin) and stmt.call.name == "wait" and not self.in_test:
            return [Simple("yield from ", self.expr(stmt.call))]
        return [Simple("", self.expr(stmt.call))]

    # ------------------------------------------------------------ branches

    def s_for(self, stmt: ir.For) -> list[Stmt]:
        _, source = self.clause(stmt.clause)
        target = ", ".join(self.target(name) for name in stmt.clause.names)
        condition = self.expr(stmt.condition) if stmt.condition is not None else None
        outer = self.entered(stmt)
        body = self.statements(stmt.body)
        self.looped = outer
        if condition is not None:
            body = [Branch([(condition, body)])] if body else []
        return [Loop(target, source, body)] if body else []

    def s_if(self, stmt: ir.If) -> list[Stmt]:
        before: list[Stmt] = []
        condition = self.expr(stmt.condition)
        if stmt.binding is not None:
            held: py.Expr = condition
            if stmt.binding in self.read:
                held = Atom(self.local(stmt.binding))
                before = [Simple(f"{held.flat()} = ", condition)]
            outcome = isinstance(stmt.condition, ir.Act) and not stmt.condition.absent
            self.infer.locals[stmt.binding] = stmt.type
            absent = self.absent(held, "outcome" if outcome else "optional")
            condition = py.Prefix("not ", absent) if outcome else py.Chain(COMPARE, [held, NONE], ["is not"])
        then, otherwise = self.statements(stmt.then), self.statements(stmt.otherwise)
        if not then and otherwise and stmt.binding is None:
            return [*before, Branch([(self.negated(stmt.condition), otherwise)])]
        return [*before, Branch([(condition, then)], otherwise)]

    def s_match(self, stmt: ir.Match) -> list[Stmt]:
        subject = self.expr(stmt.subject)
        arms: list[tuple[py.Expr, list[Stmt]]] = []
        whole = stmt.otherwise is None or self.is_complete(stmt)
        otherwise: list[Stmt] = []
        for index, case in enumerate(stmt.cases):
            last = whole and index == len(stmt.cases) - 1
            body = [*self.bound(case, stmt.subject, subject), *self.statements(case.body)]
            if last:
                otherwise = body
            else:
                arms.append((self.case_test(case, subject), body))
        if not stmt.cases or not whole:
            otherwise = self.statements(stmt.otherwise or [])
        return [Branch(arms, otherwise)] if arms else otherwise

    def bound(self, case: ir.Case, subject: ir.Local, value: py.Expr) -> list[Stmt]:
        """Give a case's value its name: the subject's own where neither is assigned."""
        if case.binding is None or case.binding not in self.read:
            return []
        single = case.test == "record" and len(case.names) == 1
        failure = ir.Scalar(kind="failure") if case.test == "failure" else self.infer.locals.get(subject.name)
        self.infer.locals[case.binding] = ir.NamedType(kind="record", name=str(case.names[0])) if single else failure
        if case.binding not in self.assigned and subject.name not in self.assigned:
            self.around.named[case.binding] = value
            return []
        return [Simple(f"{self.local(case.binding)} = ", value)]

    def case_test(self, case: ir.Case, subject: py.Expr) -> py.Expr:
        if case.test == "value":
            values = [constant(name) for name in case.names]
            if len(values) == 1:
                if isinstance(case.names[0], bool):
                    return py.Chain(COMPARE, [subject, values[0]], ["is"])
                return py.Chain(COMPARE, [subject, values[0]], ["=="])
            return py.Chain(COMPARE, [subject, py.Display("(", list(values), ")")], ["in"])
        kinds: list[py.Expr] = [
            self.use("Failure", ENGINE) if case.test == "failure" else self.record(str(name)) for name in case.names
        ]
        kind = kinds[0] if len(kinds) == 1 else py.Display("(", kinds, ")")
        return py.Call(Atom("isinstance"), [subject, kind])

    def is_complete(self, stmt: ir.Match) -> bool:
        """Whether the cases leave nothing for `else`."""
        type = self.infer.bare(stmt.subject)
        wanted: set[str] = set()
        if isinstance(type, ir.OutcomeType):
            wanted, type = {"Failure"}, self.look.bare(type.item)
        if not isinstance(type, ir.NamedType) or type.kind not in ("union", "record"):
            return False
        wanted |= set(self.look.unions[type.name].cases.values()) if type.kind == "union" else {type.name}
        return wanted <= {name for case in stmt.cases for name in case.names}

    # ------------------------------------------------------------ writes

    def s_add_row(self, stmt: ir.AddRow) -> list[Stmt]:
        return [Simple("", py.Call(Atom(f"{self.table(stmt.table)}.add"), [self.expr(stmt.value)]))]

    def s_remove_row(self, stmt: ir.RemoveRow) -> list[Stmt]:
        return [Simple("", py.Call(Atom(f"{self.table(stmt.table)}.remove"), [self.expr(stmt.key)]))]

    def table(self, name: str) -> str:
        return f"{self.around.ctx}.world.{'.'.join(slot_name(part) for part in name.split('.'))}"

    def slot_type(self, path: str) -> ir.Type | None:
        """The type of a slot of the body's world, or of a part of it."""
        expr: ir.Expr | None = None
        for name in path.split("."):
            expr = ir.Slot(name=name, of=expr)
        assert expr is not None
        return self.infer.of(expr)

    def s_write(self, stmt: ir.Write) -> list[Stmt]:
        return self.write([stmt])

    def together(self, first: ir.Write, rest: Sequence[BaseModel]) -> list[ir.Write]:
        """The writes that can share one copy of a row: their values read only the row's own fields and locals."""
        run = [first]
        if not isinstance(first.root, ir.RowRoot):
            return run
        for stmt in rest:
            if not isinstance(stmt, ir.Write) or stmt.root != first.root or _reads_world(stmt, first.root.name):
                break
            run.append(stmt)
        return run

    def write(self, run: Sequence[ir.Write]) -> list[Stmt]:
        root = run[0].root
        made: list[Stmt] = []
        value = None
        if run[0].value is not None:
            value = self.expr(run[0].value)
            if any(self.writes(node) for node in acts([run[0].value])):
                name = self.fresh("value")
                made.append(Simple(f"{name} = ", value))
                value = Atom(name)
        if isinstance(root, ir.EntryRoot):
            assert value is not None
            call = py.Call(Atom(f"{self.table(root.table)}.replace"), [self.expr(root.key), value])
            return [*made, Simple("", call)]
        if isinstance(root, ir.RowRoot):
            return made + self.write_row(root, run, value)
        return made + self.write_value(root, run[0], value)

    def writes(self, node: BaseModel) -> bool:
        """Whether an expression calls what may change the world."""
        return isinstance(node, ir.CallFn) and bool(self.look.functions[node.name].effects.writes)

    def write_row(self, root: ir.RowRoot, run: Sequence[ir.Write], first: py.Expr | None) -> list[Stmt]:
        row = self.local(root.name)
        made: list[Stmt] = []
        if isinstance(first, Atom) and first.text.endswith("_") and any(self.writes(n) for n in acts(run[:1])):
            key = self.key_field(root.table)
            made.append(Simple(f"{row} = ", Atom(f"{self.table(root.table)}[{row}.{key}]")))
        made.append(Simple(f"{row} = ", Atom(f"{row}._copy()")))
        for index, stmt in enumerate(run):
            value = first if index == 0 else self.expr(stmt.value) if stmt.value is not None else None
            made += self.steps(row, stmt, value)
        record = self.row_record(root.table)
        checked = self.needs_check(record, [stmt.steps[0] for stmt in run if stmt.steps])
        put = Atom(f"{row}._checked()" if checked else row)
        return [*made, Simple("", py.Call(Atom(f"{self.table(root.table)}.put"), [put]))]

    def key_field(self, table: str) -> str:
        type = self.slot_type(table)
        assert isinstance(type, ir.TableType)
        return field_name(type.key)

    def row_record(self, table: str) -> str:
        type = self.slot_type(table)
        assert isinstance(type, ir.TableType)
        return type.record

    def needs_check(self, record: str, steps: Sequence[ir.PathStep]) -> bool:
        declared = self.look.records[record]
        names = [step.name for step in steps if isinstance(step, ir.FieldStep)]
        return bool(declared.require) or any(self.is_refined(self.look.field(record, name)) for name in names)

    def write_value(self, root: ir.SlotRoot | ir.LocalRoot, stmt: ir.Write, value: py.Expr | None) -> list[Stmt]:
        """Write to a slot or local that is no row."""
        if isinstance(root, ir.SlotRoot):
            held, type = self.table(root.name), self.slot_type(root.name)
        else:
            held, type = self.local(root.name), self.infer.locals.get(root.name)
        if not stmt.steps:
            assert value is not None and stmt.value is not None
            return [Simple(f"{held} = ", self.kept(value, stmt.value, type, root.name))]
        copy = self.copied(Atom(held), stmt.steps[0], type)
        name = self.fresh()
        made: list[Stmt] = [Simple(f"{name} = ", copy), *self.steps(name, stmt, value)]
        first = stmt.steps[0]
        checked = isinstance(first, ir.FieldStep) and self.needs_check(first.record, [first])
        new: py.Expr = Atom(f"{name}._checked()" if checked else name)
        if type is not None and self._refined_type(type):
            new = self.held(new, type, root.name)
        return [*made, Simple(f"{held} = ", new)]

    def steps(self, holder: str, stmt: ir.Write, value: py.Expr | None) -> list[Stmt]:
        """Copy what lies on the path below `holder`, itself a copy already, and change its end."""
        made: list[Stmt] = []
        checks: list[str] = []
        for step, below in zip(stmt.steps, stmt.steps[1:], strict=False):
            child, type = self.child(holder, step)
            name = self.fresh()
            made.append(Simple(f"{name} = {self.place(holder, step)} = ", self.copied(child, below, type)))
            if isinstance(below, ir.FieldStep) and self.needs_check(below.record, [below]):
                checks.append(name)
            holder = name
        made.append(self.end(holder, stmt.steps[-1], stmt.mode, value))
        return made + [Simple("", Atom(f"{name}._checked()")) for name in reversed(checks)]

    def end(self, holder: str, step: ir.PathStep, mode: str, value: py.Expr | None) -> Stmt:
        if mode == "remove":
            if isinstance(step, ir.KeyStep):
                popped = py.Call(Atom(f"{holder}.pop"), [self.expr(step.key), NONE])
                return Simple("", py.Call(self.use("present"), [popped, Atom('"entry to remove"')]))
            return Simple("del ", Atom(self.place(holder, step)))
        assert value is not None
        return Simple(f"{self.place(holder, step)} = ", value)

    def place(self, holder: str, step: ir.PathStep) -> str:
        """The step below a holder, as the target of an assignment."""
        match step:
            case ir.FieldStep():
                return f"{holder}.{field_name(step.name)}"
            case ir.KeyStep():
                return f"{holder}[{self.expr(step.key).flat()}]"
        return f"{holder}[{self.use('position').text}({holder}, {self.expr(step.index).flat()})]"

    def child(self, holder: str, step: ir.PathStep) -> tuple[py.Expr, ir.Type | None]:
        """What is below a holder now, and its type."""
        match step:
            case ir.FieldStep():
                return Atom(self.place(holder, step)), self.look.field(step.record, step.name).type
            case ir.KeyStep():
                return py.Call(Atom(f"{holder}.get"), [self.expr(step.key)]), None
        return py.Call(self.use("at"), [Atom(holder), self.expr(step.index)]), None

    def copied(self, value: py.Expr, below: ir.PathStep, type: ir.Type | None) -> py.Expr:
        """A copy that the step below may change."""
        bare = self.look.bare(type) if type is not None else None
        if isinstance(below, ir.FieldStep):
            if not (isinstance(bare, ir.NamedType) and bare.kind == "record"):
                value = py.Call(self.use("narrow"), [self.record(below.record), value])
            return py.Call(py.Member(value, "_copy"), [])
        if bare is None or isinstance(bare, ir.OptionalType):
            value = py.Call(self.use("present"), [value, Atom('"value on the path"')])
        return self.ctx("map_copy" if isinstance(below, ir.KeyStep) else "list_copy", value)


def _reads_world(stmt: ir.Write, row: str) -> bool:
    """Whether a value or key reads the world, or the row as a whole."""
    whole = ir.Local(name=row)
    fields = {id(node.of) for node in acts([stmt.value, stmt.steps]) if isinstance(node, ir.FieldOf)}
    return any(
        isinstance(node, (ir.Slot, ir.CallFn)) or (node == whole and id(node) not in fields)
        for node in acts([stmt.value, stmt.steps])
    )


def names_in(type: ir.Type) -> list[str]:
    """The declared types that a type names."""
    return [node.name for node in nodes(type) if isinstance(node, ir.NamedType)]

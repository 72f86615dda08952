"""Python statements as trees, written the way a linter would have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nexlang.codegen import layout as py
from nexlang.codegen.layout import AND, OR, Atom


@dataclass(slots=True)
class Simple:
    """`head expr`."""

    head: str
    expr: py.Expr | None = None


@dataclass(slots=True)
class Branch:
    """`if … elif … else …`."""

    arms: list[tuple[py.Expr, list[Stmt]]]
    otherwise: list[Stmt] = field(default_factory=list)


@dataclass(slots=True)
class Loop:
    target: str
    source: py.Expr
    body: list[Stmt]


Stmt = Simple | Branch | Loop


def write(body: Sequence[Stmt], indent: int) -> list[str]:
    """The lines of a block; an empty one is `pass`."""
    lines: list[str] = []
    for stmt in tidy(list(body)):
        lines += _lines(stmt, indent)
    return lines or [" " * indent + "pass"]


def _lines(stmt: Stmt, indent: int) -> list[str]:
    if isinstance(stmt, Simple):
        return [" " * indent + stmt.head] if stmt.expr is None else py.lay_out(stmt.head, stmt.expr, "", indent)
    if isinstance(stmt, Loop):
        head = py.lay_out(f"for {stmt.target} in ", stmt.source, ":", indent)
        return head + write(stmt.body, indent + py.INDENT)
    lines: list[str] = []
    for condition, body in stmt.arms:
        lines += py.lay_out("elif " if lines else "if ", condition, ":", indent)
        lines += write(body, indent + py.INDENT)
    if stmt.otherwise:
        lines += [" " * indent + "else:", *write(stmt.otherwise, indent + py.INDENT)]
    return lines


# ---------------------------------------------------------------- tidying


def tidy(body: list[Stmt]) -> list[Stmt]:
    made: list[Stmt] = []
    for stmt in body:
        if isinstance(stmt, Branch):
            made += _branch(stmt)
        elif isinstance(stmt, Loop):
            made.append(Loop(stmt.target, stmt.source, tidy(stmt.body)))
        else:
            made.append(stmt)
        if ends(made):
            break  # nothing after it is reached
    return _returned(made)


def _branch(stmt: Branch) -> list[Stmt]:
    arms = [(condition, tidy(body)) for condition, body in stmt.arms]
    otherwise = tidy(stmt.otherwise)
    if len(otherwise) == 1 and isinstance(otherwise[0], Branch):
        arms, otherwise = [*arms, *otherwise[0].arms], otherwise[0].otherwise
    for index, (condition, body) in enumerate(arms):
        if condition == Atom("True"):
            arms, otherwise = arms[:index], body
            break
    arms = [arm for arm in arms if arm[0] != Atom("False")]
    while arms and not arms[-1][1] and not otherwise:
        arms.pop()
    if not arms:
        return otherwise
    arms = _merged(arms)
    if len(arms) == 1 and not otherwise:
        return [_collapsed(*arms[0])]
    return [Branch(arms, otherwise)]


def _collapsed(condition: py.Expr, body: list[Stmt]) -> Stmt:
    """`if a: if b: …` as `if a and b: …`."""
    inner = body[0] if len(body) == 1 else None
    if isinstance(inner, Branch) and len(inner.arms) == 1 and not inner.otherwise:
        return Branch([(_joined(AND, "and", condition, inner.arms[0][0]), inner.arms[0][1])])
    return Branch([(condition, body)])


def _merged(arms: list[tuple[py.Expr, list[Stmt]]]) -> list[tuple[py.Expr, list[Stmt]]]:
    """Neighbours that do the same, as one."""
    made: list[tuple[py.Expr, list[Stmt]]] = []
    for condition, body in arms:
        if made and made[-1][1] == body:
            made[-1] = (_joined(OR, "or", made[-1][0], condition), body)
        else:
            made.append((condition, body))
    return made


def _joined(level: int, operator: str, left: py.Expr, right: py.Expr) -> py.Expr:
    kinds = [side.items for side in (left, right) if isinstance(side, py.Call) and side.of == Atom("isinstance")]
    if operator == "or" and len(kinds) == 2 and kinds[0][0] == kinds[1][0]:
        listed = [kind.items if isinstance(kind, py.Display) else [kind] for kind in (kinds[0][1], kinds[1][1])]
        return py.Call(Atom("isinstance"), [kinds[0][0], py.Display("(", [*listed[0], *listed[1]], ")")])
    if isinstance(right, py.Chain) and right.tight == level:
        return py.Chain(level, [left, *right.operands], [operator, *right.operators])
    return py.Chain(level, [left, right], [operator])


def _returned(body: list[Stmt]) -> list[Stmt]:
    """`if c: return True` and `return False` as `return c`, in a loop as `return any(…)`."""
    if body and isinstance(body[-1], Branch) and len(body[-1].arms) == 1:
        condition, then = body[-1].arms[0]
        found = _verdict(condition, then, body[-1].otherwise)
        return body if found is None else [*body[:-1], Simple("return ", found)]
    if len(body) < 2:
        return body
    first, last = body[-2], body[-1]
    if isinstance(first, Branch) and len(first.arms) == 1 and not first.otherwise:
        found = _verdict(*first.arms[0], [last])
        return body if found is None else [*body[:-2], Simple("return ", found)]
    if isinstance(first, Loop):
        found = _search(first, last)
        return body if found is None else [*body[:-2], Simple("return ", found)]
    return body


def _verdict(condition: py.Expr, then: list[Stmt], otherwise: list[Stmt]) -> py.Expr | None:
    values = (_returns(then), _returns(otherwise))
    if values == ("True", "False"):
        return condition
    return _not(condition) if values == ("False", "True") else None


def _search(loop: Loop, last: Stmt) -> py.Expr | None:
    inner = loop.body[0] if len(loop.body) == 1 else None
    if not isinstance(inner, Branch) or len(inner.arms) != 1 or inner.otherwise:
        return None
    condition, then = inner.arms[0]
    clauses = [py.For(loop.target, loop.source)]
    match _returns(then), _returns([last]):
        case "True", "False":
            return py.Call(Atom("any"), [py.Generator(condition, clauses)])
        case "False", "True":
            return py.Call(Atom("all"), [py.Generator(_not(condition), clauses)])
    return None


def _returns(body: list[Stmt]) -> str:
    only = body[0] if len(body) == 1 else None
    if isinstance(only, Simple) and only.head == "return " and isinstance(only.expr, Atom):
        return only.expr.text
    return ""


def _not(condition: py.Expr) -> py.Expr:
    """The opposite of a condition, for both of which Python has a spelling."""
    if isinstance(condition, py.Prefix) and condition.operator == "not ":
        return condition.of
    opposite = {"==": "!=", "!=": "==", "is": "is not", "is not": "is", "in": "not in", "not in": "in"}
    if isinstance(condition, py.Chain) and len(condition.operators) == 1 and condition.operators[0] in opposite:
        return py.Chain(condition.tight, condition.operands, [opposite[condition.operators[0]]])
    return py.Prefix("not ", condition)


def ends(body: Sequence[Stmt]) -> bool:
    """Whether control never passes the end of a block."""
    last = body[-1] if body else None
    if isinstance(last, Simple):
        return last.head.startswith(("return", "raise "))
    if isinstance(last, Branch):
        return bool(last.otherwise) and all(ends(arm) for _, arm in last.arms) and ends(last.otherwise)
    return False

"""The part of prompt checking that needs Jinja2's own parser: loops, conditions, filters.

Jinja2's tokens and nodes know only their line. The environment here numbers tokens by their offset instead, so every
node's `lineno` is the offset in the template at which it begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jinja2
from jinja2 import nodes as j
from jinja2.lexer import TokenStream

from nexlang.diagnostics import codes_prompts as codes
from nexlang.semantics import types as t
from nexlang.semantics.jinja_calls import Calls
from nexlang.semantics.jinja_conditions import absent, path, present
from nexlang.semantics.jinja_filters import FILTERS, is_plain, is_text
from nexlang.semantics.prompts import LOOP, Text, Typer


class _Located(jinja2.Environment):
    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        tokens = _offsets(self.lexer.tokeniter(source, name, filename, state), source)
        return TokenStream(self.lexer.wrap(tokens, name, filename), name, filename)


def _offsets(tokens: Iterator[tuple[int, str, str]], source: str) -> Iterator[tuple[int, str, str]]:
    """Tokens with their offsets for lines; `{%-` may have taken blanks between two of them away."""
    at = 0
    try:
        for _, kind, value in tokens:
            start = source.find(value, at)
            at = start + len(value)
            yield start, kind, value
    except jinja2.TemplateSyntaxError as error:
        error.lineno = at
        raise


_ENVIRONMENT = _Located(keep_trailing_newline=True)
_TAG = re.compile(r"\{%[-+]?\s*(\w+)")


def check(text: Text, typer: Typer) -> None:
    """Check a whole template; what is wrong is reported to `typer`."""
    try:
        tree = _ENVIRONMENT.parse(text.text)
    except jinja2.TemplateSyntaxError as error:
        _syntax(text.text, typer, error)
    except RecursionError:
        typer.report(codes.TEMPLATE_SYNTAX, (0, 1), reason="it is nested too deeply", caption="nested too deeply")
    else:
        _Checker(text.text, typer).statements(tree.body)


def _syntax(text: str, typer: Typer, error: jinja2.TemplateSyntaxError) -> None:
    unclosed = _unclosed(text, "end of template" in (error.message or ""))
    if unclosed is not None:
        first, last, what = unclosed
        typer.report(codes.TEMPLATE_SYNTAX, (first, last), reason=f"`{what}` is never closed", caption="not closed")
        return
    at = min(max(error.lineno, 0), max(len(text) - 1, 0))
    word = re.compile(r"\w+|\}\}|%\}|\S|$").search(text, at)
    first, last = word.span() if word else (at, at + 1)
    typer.report(codes.TEMPLATE_SYNTAX, (first, max(last, first + 1)), reason=_plain(error.message), caption="here")


def _plain(message: str | None) -> str:
    """Jinja2's message in our words."""
    text = (message or "it is no template").partition(". ")[0].rstrip(".")
    for theirs, ours in _WORDS.items():
        text = text.replace(theirs, ours)
    return re.sub(r" at \d+$", "", text[0].lower() + text[1:])


_WORDS = {
    "token ": "",
    "'end of print statement'": "`}}`",
    "'end of statement block'": "`%}`",
    "'begin of": "'",
    "Encountered": "",
    " unknown": "unknown",
}


def _unclosed(text: str, with_tags: bool) -> tuple[int, int, str] | None:
    """The innermost mark, or tag, that has no end."""
    mark = max((text.rfind(opener), opener, closer) for opener, closer in (("{{", "}}"), ("{%", "%}"), ("{#", "#}")))
    if mark[0] >= 0 and text.find(mark[2], mark[0]) < 0:
        return mark[0], mark[0] + 2, mark[1]
    if not with_tags:
        return None
    stack: list[re.Match[str]] = []
    for tag in _TAG.finditer(text):
        if tag[1].startswith("end"):
            del stack[-1:]
        elif tag[1] in ("if", "for", "raw", "macro", "block", "filter", "call", "with", "autoescape"):
            stack.append(tag)
    return (stack[-1].start(1), stack[-1].end(1), f"{{% {stack[-1][1]} %}}") if stack else None


_REFUSED: dict[type[j.Node], str] = {
    j.Macro: "macro",
    j.CallBlock: "call",
    j.FilterBlock: "filter",
    j.Assign: "set",
    j.AssignBlock: "set",
    j.Import: "import",
    j.FromImport: "from",
    j.Include: "include",
    j.Extends: "extends",
    j.Block: "block",
    j.With: "with",
    j.ScopedEvalContextModifier: "autoescape",
    j.Scope: "autoescape",
}
_SYMBOLS = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in"}


class _Checker(Calls):
    """Walks a template's nodes. `bound` are the loops' names, `known` the paths that a condition found not none."""

    def __init__(self, text: str, typer: Typer) -> None:
        self.text, self.typer = text, typer
        self.bound: list[dict[str, t.Type]] = []
        self.known: set[str] = set()

    # ---- statements

    def statements(self, nodes: list[Any]) -> None:
        for node in nodes:
            self.statement(node)

    def statement(self, node: Any) -> None:
        if isinstance(node, j.Output):
            for part in node.nodes:
                self.printed(part)
        elif isinstance(node, j.If):
            self._if(node)
        elif isinstance(node, j.For):
            self._for(node)
        else:
            name = _REFUSED.get(type(node), type(node).__name__.lower())
            self.typer.report(codes.PROMPT_TAG, self._word(node.lineno), name=name)

    def printed(self, node: Any) -> None:
        """What stands between `{{` and `}}`."""
        type = self.expression(node)
        if path(node):
            first, last = self._whole(node)
            self.typer.printed(type, (first, last), last)
        elif isinstance(node, j.Filter) and node.name in ("first", "last"):
            first, last = self._word(node.lineno)
            self.typer.printed(type, (first, last), last)

    def _if(self, node: j.If) -> None:
        self.expression(node.test)
        with self._knowing(present(node.test)):
            self.statements(node.body)
        with self._knowing(absent(node.test)):
            for other in node.elif_:
                self._if(other)
            self.statements(node.else_)

    def _for(self, node: j.For) -> None:
        names = self._targets(node, self.expression(node.iter))
        self.bound.append({**names, "loop": LOOP})
        with self._forgetting(names):
            if node.test is not None:
                self.expression(node.test)
            with self._knowing(present(node.test)):
                self.statements(node.body)
        self.bound.pop()
        self.statements(node.else_)

    def _targets(self, node: j.For, source: t.Type) -> dict[str, t.Type]:
        """The loop's names with their types."""
        names = [target.name for target in getattr(node.target, "items", [node.target])]
        gives = self._elements(node, source, len(names))
        return dict(zip(names, gives, strict=True))

    def _elements(self, node: j.For, source: t.Type, count: int) -> list[t.Type]:
        source = t.base(source)
        if isinstance(source, t.Optional):
            source = self.typer.optional(source, path(node.iter), self._whole(node.iter))
        found = _walked(source)
        if found is None:
            self.typer.report(codes.PROMPT_LOOP, self._whole(node.iter), type=f"`{source}`")
        elif found and len(found) != count:
            hint = "write `| items` behind the map" if isinstance(source, t.Map) else f"{len(found)} needed"
            values = {"name": "for", "reason": f"has {count} names for {len(found)}", "caption": hint}
            self.typer.report(codes.PROMPT_ARGUMENT, self._whole(node.iter), **values)
        return list(found) if found and len(found) == count else [t.ERROR] * count

    # ---- what conditions say

    @contextmanager
    def _knowing(self, paths: set[str]) -> Iterator[None]:
        before, self.known = self.known, self.known | paths
        yield
        self.known = before

    @contextmanager
    def _forgetting(self, names: dict[str, t.Type]) -> Iterator[None]:
        """A loop's name is another value than the one outside of it."""
        before = self.known
        self.known = {known for known in before if re.split(r"[.\[]", known)[0] not in names}
        yield
        self.known = before

    # ---- expressions

    def expression(self, node: Any) -> t.Type:
        make = getattr(self, f"_{type(node).__name__.lower()}", None)
        found: t.Type = make(node) if make is not None else self._other(node)
        if isinstance(found, t.Optional) and path(node) in self.known:
            return found.item
        return found

    def _other(self, node: Any) -> t.Type:
        if isinstance(node, j.BinExpr):
            return self._arithmetic(node)
        if isinstance(node, j.UnaryExpr):
            return self.expression(node.node)
        self.typer.report(codes.PROMPT_CALL, self._word(node.lineno), what="use this")
        return t.ERROR

    def _templatedata(self, node: j.TemplateData) -> t.Type:
        return t.TEXT

    def _const(self, node: j.Const) -> t.Type:
        if node.value is None:
            return t.NONE
        return {bool: t.BOOL, int: t.INT, float: t.FLOAT}.get(type(node.value), t.TEXT)

    def _name(self, node: j.Name) -> t.Type:
        for names in reversed(self.bound):
            if node.name in names:
                return names[node.name]
        return self.typer.name(node.name, node.lineno)

    def _getattr(self, node: j.Getattr) -> t.Type:
        of = self.expression(node.node)
        first = self._after(node.lineno)
        return self.typer.field(of, path(node.node), node.attr, first)

    def _getitem(self, node: j.Getitem) -> t.Type:
        of = t.base(self.expression(node.node))
        if isinstance(node.arg, j.Slice):
            return of
        key = node.arg.value if isinstance(node.arg, j.Const) else None
        if isinstance(of, t.Optional):
            return self.typer.optional(of, path(node.node), self._word(node.lineno))
        if isinstance(key, str) and not isinstance(of, (t.Map, t.Table)):
            return self.typer.field(of, path(node.node), key, node.arg.lineno + 1)
        return self._indexed(node, of, self.expression(node.arg))

    def _indexed(self, node: j.Getitem, of: t.Type, key: t.Type) -> t.Type:
        match of:
            case t.List(item):
                return item
            case t.Map(wanted, value):
                if key is not t.ERROR and not t.fits(key, wanted):
                    self._key(node, wanted, key)
                return t.Optional(value)
            case t.Table(record, _):
                return t.Optional(t.Record(record))
        if of in (t.ERROR, t.JSON, t.TEXT):
            return of
        values = {"name": "[…]", "reason": f"picks from a list or a map, not `{of}`", "caption": f"this is `{of}`"}
        self.typer.report(codes.PROMPT_ARGUMENT, self._word(node.lineno), **values)
        return t.ERROR

    def _key(self, node: j.Getitem, wanted: t.Type, key: t.Type) -> None:
        values = {"name": "[…]", "reason": f"takes `{wanted}` here, not `{key}`", "caption": f"this is `{key}`"}
        self.typer.report(codes.PROMPT_ARGUMENT, self._whole(node.arg), **values)

    def _call(self, node: j.Call) -> t.Type:
        target = node.node
        name = target.attr if isinstance(target, j.Getattr) else getattr(target, "name", "this")
        first = self._after(target.lineno) if isinstance(target, j.Getattr) else target.lineno
        diagnostic = self.typer.report(codes.PROMPT_CALL, self._word(first), what=f"call `{name}`")
        if isinstance(target, j.Getattr) and name in FILTERS:
            diagnostic.advise(f"write `{path(target.node) or '…'} | {name}`")
        else:
            diagnostic.advise("give the prompt the value it needs as a parameter")
        return t.ERROR

    def _condexpr(self, node: j.CondExpr) -> t.Type:
        self.expression(node.test)
        with self._knowing(present(node.test)):
            then = self.expression(node.expr1)
        if node.expr2 is None:
            return t.Optional(then)
        with self._knowing(absent(node.test)):
            return t.joined([then, self.expression(node.expr2)]) or t.JSON

    def _and(self, node: j.And) -> t.Type:
        self.expression(node.left)
        with self._knowing(present(node.left)):
            return self.expression(node.right)

    def _or(self, node: j.Or) -> t.Type:
        left = self.expression(node.left)
        with self._knowing(absent(node.left)):
            right = self.expression(node.right)
        return t.joined([left.item if isinstance(left, t.Optional) else left, right]) or t.JSON

    def _not(self, node: j.Not) -> t.Type:
        self.expression(node.node)
        return t.BOOL

    def _list(self, node: j.List) -> t.Type:
        return t.List(t.joined([self.expression(item) for item in node.items]) or t.JSON)

    def _tuple(self, node: j.Tuple) -> t.Type:
        return self._list(node)  # type: ignore[arg-type]

    def _dict(self, node: j.Dict) -> t.Type:
        for pair in node.items:
            self.expression(pair.value)
        return t.JSON

    def _concat(self, node: j.Concat) -> t.Type:
        for part in node.nodes:
            found = self.expression(part)
            if isinstance(found, t.Optional):
                self.typer.optional(found, path(part), self._whole(part))
            elif not is_plain(found):
                self._as_json(part, "~", found)
        return t.TEXT

    def _compare(self, node: j.Compare) -> t.Type:
        left = self.expression(node.expr)
        for operand in node.ops:
            right = self.expression(operand.expr)
            if operand.op in ("lt", "lteq", "gt", "gteq") and not _ordered(left, right):
                self._operands(node, _SYMBOLS[operand.op], left, right)
            left = right
        return t.BOOL

    def _arithmetic(self, node: Any) -> t.Type:
        left, right = self.expression(node.left), self.expression(node.right)
        for side, type in ((node.left, left), (node.right, right)):
            if isinstance(type, t.Optional):
                return self.typer.optional(type, path(side), self._whole(side))
        if t.ERROR in (left, right) or t.JSON in (left, right):
            return t.JSON
        if node.operator == "+" and is_text(left) and is_text(right):
            return t.TEXT
        if not (t.is_number(left) and t.is_number(right)):
            self._operands(node, node.operator, left, right)
            return t.ERROR
        return t.INT if t.base(left) is t.base(right) is t.INT and node.operator != "/" else t.FLOAT

    def _operands(self, node: Any, op: str, left: t.Type, right: t.Type) -> None:
        values = {"op": op, "left": f"`{left}`", "right": f"`{right}`"}
        first = node.expr if isinstance(node, j.Compare) else node.left
        diagnostic = self.typer.report(codes.PROMPT_OPERATOR, self._whole(first), **values)
        if op == "+":
            diagnostic.advise("`~` puts values of any type together as a text")

    # ---- positions

    def _word(self, at: int) -> tuple[int, int]:
        """The word or sign at an offset."""
        found = _WORD.match(self.text, at)
        return found.span(1) if found else (at, at + 1)

    def _after(self, dot: int) -> int:
        """The name behind a dot."""
        return self._word(dot + 1)[0]

    def _whole(self, node: Any) -> tuple[int, int]:
        """An expression from its first name to its last; its exact end is nowhere kept, so a path ends it."""
        first = node
        while (before := _before(first)) is not None:
            first = before
        found = _PATH.match(self.text, first.lineno)
        return found.span() if found else self._word(first.lineno)


_IS = re.compile(r"is\s+(?:not\s+)?(\w+)")
_WORD = re.compile(r"\s*(\w+|\S)")
_PATH = re.compile(r"\w+(?:\s*\.\s*\w+)*|\"[^\"]*\"|'[^']*'")


def _before(node: Any) -> Any:
    """What stands first in an expression that begins with another one."""
    if isinstance(node, (j.Getattr, j.Getitem, j.Call, j.Filter, j.Test)):
        return node.node
    if isinstance(node, j.BinExpr):
        return node.left
    return node.expr if isinstance(node, j.Compare) else None


def _walked(type: t.Type) -> tuple[t.Type, ...] | None:
    """What a loop's names hold; empty where nothing is known, None where there is nothing to walk."""
    match type:
        case t.List(item):
            return (item,)
        case t.Map(key, _):
            return (key,)
        case t.Table(record, _):
            return (t.Record(record),)
        case t.Pairs(first, second):
            return (first, second)
    return () if type in (t.ERROR, t.JSON) else None


def _ordered(left: t.Type, right: t.Type) -> bool:
    if {left, right} & {t.ERROR, t.JSON}:
        return True
    return (t.is_number(left) and t.is_number(right)) or (is_text(t.base(left)) and is_text(t.base(right)))

"""Messages that a program makes itself: `Message(by: …, text: …)`, and one with another text."""

from __future__ import annotations

from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics.codes_types import DUPLICATE_ARGUMENT, MISSING_FIELDS, POSITIONAL_FIELDS, UNKNOWN_FIELD
from nexlang.semantics.checker import listed
from nexlang.semantics.comprehensions import Comprehensions
from nexlang.semantics.expressions import MESSAGE_FIELDS
from nexlang.semantics.scope import Typed
from nexlang.semantics.types import ERROR, MESSAGE, TEXT, Core
from nexlang.syntax import nodes as n


class Messages(Comprehensions):
    def message(self, node: n.Call) -> Typed:
        """A new message: nobody has said it yet."""
        fields: dict[str, Core] = {}
        unnamed = [arg for arg in node.args if arg.name is None]
        for arg in node.args:
            self.message_field(arg, fields)
        if unnamed:
            diagnostic = self.report(POSITIONAL_FIELDS, unnamed[0], record="Message")
            left = [name for name in MESSAGE_FIELDS if name not in fields]
            places = [Span(diagnostic.span.file, arg.start, arg.start) for arg in unnamed]
            edits = [Edit(place, f"{name}: ") for place, name in zip(places, left, strict=False)]
            if len(unnamed) <= len(left):
                diagnostic.fix("name them in the order of the record", *edits, applicability="unsafe")
        elif missing := [name for name in MESSAGE_FIELDS if name not in fields]:
            self.report(MISSING_FIELDS, node.of, record="Message", missing=listed(missing))
        given = [fields.get(name) or self.lacking() for name in MESSAGE_FIELDS]
        return Typed(MESSAGE, self.builtin("message", given, MESSAGE))

    def lacking(self) -> Core:
        """What stands for a field that was reported."""
        return {"kind": "lit", "value": ""}

    def message_field(self, arg: n.Arg, fields: dict[str, Core]) -> None:
        if arg.name is None or arg.name.name not in MESSAGE_FIELDS:
            if arg.name is not None:
                diagnostic = self.report(UNKNOWN_FIELD, arg.name, type="Message", name=arg.name.name)
                self.did_you_mean(diagnostic, arg.name.name, MESSAGE_FIELDS)
            if not isinstance(arg.value, n.Comp):
                self.expr(arg.value, ERROR)
        elif arg.name.name in fields:
            self.left_out(self.report(DUPLICATE_ARGUMENT, arg, argument=arg.name.name), arg)
        else:
            fields[arg.name.name] = self.value(arg.value, TEXT)

    def other_message(self, node: n.With, of: Typed) -> Typed:
        """The same message with another text; said by somebody else it is another message."""
        fields: dict[str, Core] = {}
        for pair in node.changes.pairs:
            self.message_field(n.Arg(pair.start, pair.end, pair.key, pair.value), fields)
        core = of.core
        for name, value in fields.items():
            core = self.builtin(f"with_{name}", [core, value], MESSAGE)
        return Typed(MESSAGE, core)

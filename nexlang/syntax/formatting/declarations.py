"""How declarations and whole files look, and `format` itself."""

from __future__ import annotations

from collections.abc import Sequence

from nexlang.diagnostics import Diagnostic, Source
from nexlang.syntax import nodes as n
from nexlang.syntax.formatting.page import INDENT, fits, width_after
from nexlang.syntax.formatting.statements import Statements
from nexlang.syntax.parse import parse

# Members that may have a comma between them, so several can stand on one line.
LISTED = (n.EnumCase, n.UnionCase, n.Field, n.Invariant, n.Slot, n.Actor, n.Prop)


def lead(node: n.Decl) -> str:
    return "private " if node.private else ""


class Declarations(Statements):
    # ------------------------------------------------------------ shared parts

    def members(self, node: n.Node, items: Sequence[n.Node], indent: int, head: str, between: str = "") -> str:
        """`head { … }`: on one line, with commas, where it was written so and fits."""
        opening = self.text.index("{", self.header_end(node))
        listed = len(items) < 2 or all(isinstance(item, LISTED) for item in items)
        if listed and self.can_flat(node) and all(getattr(item, "doc", None) is None for item in items):
            flat = f"{head} {self.one_line_braces(items, ', ')}"
            if "\n" not in flat and fits(flat, indent):
                return flat
        end = self.text.rindex("}", node.start, node.end) + 1
        return f"{head} {self.braces(items, opening, end, indent, between)}"

    def header_end(self, node: n.Node) -> int:
        """A place behind the last name of a header, before its `{`."""
        named = (getattr(node, name, None) for name in ("tag", "for_actor", "base", "name"))
        tag = next((name for name in named if name is not None), None)
        return int(tag.end) if isinstance(tag, n.Ident) else node.start

    def typed(
        self,
        name: str,
        kind: n.TypeExpr,
        refine: n.Refinement | None,
        default: n.Expr | None,
        indent: int,
    ) -> str:
        text = f"{name}: "
        tail = len(self.flat(default)) + 3 if default else 0
        text += self.expr(kind, indent, indent + len(text), 0 if refine else tail)
        if refine:
            text += " " + self.expr(refine, indent, width_after(text, indent) + 1, tail)
        return text + (" = " + self.expr(default, indent, width_after(text, indent) + 3) if default else "")

    def flat_Param(self, node: n.Param) -> str:
        text = f"{node.name.name}: {self.flat(node.type)}"
        text += f" {self.flat(node.refine)}" if node.refine else ""
        return text + (f" = {self.flat(node.default)}" if node.default else "")

    def broken_Param(self, node: n.Param, indent: int, column: int, tail: int) -> str:
        return self.typed(node.name.name, node.type, node.refine, node.default, indent)

    def signature(self, start: int, params: list[n.Param], result: n.TypeExpr | None, rest: str, head: str) -> str:
        """`head(params) -> result rest`, the parameters a line each where they do not fit on one."""
        arrow = f" -> {self.flat(result)}" if result else ""
        end = params[-1].end if params else start
        flat = f"{head}({self.flats(params)}){arrow}{rest}"
        if (fits(flat, 0, 2) and not self.commented(start, end)) or not params:
            return flat
        lines = self.filled(params, INDENT) if not self.commented(start, end) else []
        lines = lines or self.sequence(params, start, end, INDENT, self.inner(0), ",", ",", False)
        return "\n".join([f"{head}(", *lines, f"){arrow}{rest}"])

    # ------------------------------------------------------------ data

    def put_EnumDecl(self, node: n.EnumDecl, indent: int) -> str:
        return self.members(node, node.cases, indent, f"{lead(node)}enum {node.name.name}", ",")

    def put_EnumCase(self, node: n.EnumCase, indent: int) -> str:
        return f"{node.name.name} = {self.flat(node.value)}" if node.value else node.name.name

    def put_UnionDecl(self, node: n.UnionDecl, indent: int) -> str:
        return self.members(node, node.cases, indent, f"{lead(node)}union {node.name.name} by {node.tag.name}")

    def put_UnionCase(self, node: n.UnionCase, indent: int) -> str:
        return self.keyed(node.tag.name, node.type, indent)

    def put_RecordDecl(self, node: n.RecordDecl, indent: int) -> str:
        return self.members(node, node.members, indent, f"{lead(node)}record {node.name.name}")

    def put_Field(self, node: n.Field, indent: int) -> str:
        return self.typed(node.name.name, node.type, node.refine, node.default, indent)

    def put_Invariant(self, node: n.Invariant, indent: int) -> str:
        return "require " + self.expr(node.condition, indent, indent + 8)

    def put_TypeDecl(self, node: n.TypeDecl, indent: int) -> str:
        text = f"{lead(node)}type {node.name.name} = "
        text += self.expr(node.type, indent, len(text))
        return f"{text} {self.expr(node.refine, indent, width_after(text, 0) + 1)}" if node.refine else text

    def put_ConstDecl(self, node: n.ConstDecl, indent: int) -> str:
        head = f"{lead(node)}let {node.name.name} = "
        return head + self.expr(node.value, indent, len(head))

    def flat_Value(self, node: n.Value) -> str:
        return self.flat(node.expr) + (f" from {self.flat(node.source)}" if node.source else "")

    def broken_Value(self, node: n.Value, indent: int, column: int, tail: int) -> str:
        text = self.expr(node.expr, indent, column, 0 if node.source else tail)
        return text + (f" from {self.flat(node.source)}" if node.source else "")

    # ------------------------------------------------------------ worlds and functions

    def put_WorldDecl(self, node: n.WorldDecl, indent: int) -> str:
        return self.members(node, node.members, indent, f"{lead(node)}world {node.name.name}")

    def put_Slot(self, node: n.Slot, indent: int) -> str:
        return self.typed(node.name.name, node.type, None, node.default, indent)

    def put_Process(self, node: n.Process, indent: int) -> str:
        when = f"every {self.flat(node.period)}" if node.period else node.trigger.replace("_", " ")
        head = f"process {node.name.name}({self.flats(node.params)}) {when} "
        return head + self.block(node.block, indent, indent + len(head))

    def put_FunctionDecl(self, node: n.FunctionDecl, indent: int) -> str:
        rest = f" in {node.world.name}" if node.world else ""
        rest += "".join(f" {effect.kind} {self.flats(effect.paths)}".rstrip() for effect in node.effects)
        head = self.signature(
            node.name.end, node.params, node.result, rest, f"{lead(node)}{node.kind} {node.name.name}"
        )
        return f"{head} {self.block(node.block, indent, width_after(head, 0) + 1)}"

    def put_ExternDecl(self, node: n.ExternDecl, indent: int) -> str:
        head = self.signature(node.name.end, node.params, node.result, "", f"{lead(node)}extern tool {node.name.name}")
        needs = f" needs {self.flats(node.needs)}" if node.needs else ""
        parts = [f"from {node.source.name} {self.flat(node.address)}{needs}"]
        if node.options:
            parts.append("with " + self.expr(node.options, indent + INDENT, indent + INDENT + 5))
        flat = " ".join([head, *parts])
        if "\n" not in self.text[node.name.end : node.end] and fits(flat, 0):
            return flat
        return "\n  ".join([head, *parts])

    def put_ModelDecl(self, node: n.ModelDecl, indent: int) -> str:
        head = f"{lead(node)}model {node.name.name} = "
        return head + self.expr(node.value, indent, len(head))

    # ------------------------------------------------------------ agents

    def put_AgentDecl(self, node: n.AgentDecl, indent: int) -> str:
        head = self.signature(node.name.end, node.params, node.result, "", f"{lead(node)}agent {node.name.name}")
        items: list[n.Node] = [*node.props, *node.rules, *node.body]
        if self.can_flat(node):
            between = "  " if node.rules or node.body else ", "
            flat = f"{head} {self.one_line_braces(items, between)}"
            if "\n" not in flat and fits(flat, 0):
                return flat
        after = (node.result or (node.params[-1] if node.params else node.name)).end
        return f"{head} {self.braces(items, self.text.index('{', after), node.end, indent)}"

    def put_DerivedDecl(self, node: n.DerivedDecl, indent: int) -> str:
        head = f"{lead(node)}{node.kind} {node.name.name} = {node.base.name} with"
        return self.members(node, node.members, indent, head)

    def put_Prop(self, node: n.Prop, indent: int) -> str:
        return self.keyed(node.key.name, node.value, indent)

    def put_When(self, node: n.When, indent: int) -> str:
        head = "otherwise" if node.condition is None else f"when {self.expr(node.condition, indent, indent + 5)}"
        fail = "fail " if isinstance(node.action, n.Fail) else ""
        action = node.action.failure if isinstance(node.action, n.Fail) else node.action
        return self.ending(head, f"=> {fail}".rstrip(), action, indent)

    # ------------------------------------------------------------ environments and runs

    def put_EnvironmentDecl(self, node: n.EnvironmentDecl, indent: int) -> str:
        return self.members(node, node.members, indent, f"{lead(node)}environment {node.name.name}")

    def put_Actors(self, node: n.Actors, indent: int) -> str:
        return self.members(node, node.actors, indent, "actors")

    def put_Actor(self, node: n.Actor, indent: int) -> str:
        return self.keyed(node.role.name, node.agent, indent)

    def put_Setup(self, node: n.Setup, indent: int) -> str:
        head = f"setup({self.flats(node.params)}) " if node.params else "setup "
        return head + self.block(node.block, indent, indent + len(head))

    def put_Stop(self, node: n.Stop, indent: int) -> str:
        return "stop when " + self.expr(node.condition, indent, indent + 10)

    def put_Dynamics(self, node: n.Dynamics, indent: int) -> str:
        return self.members(node, node.entries, indent, "dynamics")

    def put_DynamicsEntry(self, node: n.DynamicsEntry, indent: int) -> str:
        targets = self.flats(node.targets)
        if node.kind == "fault":
            rate = self.flat(node.rate) if node.rate else ""
            effect = " after effect" if node.after else ""
            return f"fault {self.flat(node.value)}: {rate} of calls to {targets}{effect}"
        return self.keyed(targets if node.kind == "default" else f"{node.kind} {targets}", node.value, indent)

    def put_Reward(self, node: n.Reward, indent: int) -> str:
        head = "reward" + (" each round" if node.each_round else "")
        head += f" for {node.for_actor.name}" if node.for_actor else ""
        return self.members(node, node.components, indent, head)

    def put_Component(self, node: n.Component, indent: int) -> str:
        weight = f" weight {self.flat(node.weight)}" if node.weight else ""
        return self.keyed(node.name.name, node.measure, indent, len(weight)) + weight

    def put_Curriculum(self, node: n.Curriculum, indent: int) -> str:
        return self.members(node, node.stages, indent, "curriculum")

    def put_Stage(self, node: n.Stage, indent: int) -> str:
        until = f" until {self.flat(node.until)}" if node.until else ""
        return self.members(node, node.props, indent, f"stage {node.name.name}") + until

    def put_TrainDecl(self, node: n.TrainDecl, indent: int) -> str:
        return self.members(node, node.members, indent, f"{lead(node)}train {node.name.name}")

    def put_Phase(self, node: n.Phase, indent: int) -> str:
        return self.members(node, node.props, indent, node.name.name)

    def put_TestDecl(self, node: n.TestDecl, indent: int) -> str:
        within = f" in {node.environment.name}" if node.environment else ""
        head = f"test {self.flat(node.title)}{within} "
        if isinstance(node.cases, n.Rows):
            head += f"for {self.flats(node.cases.names)} in "
            head += self.wrapped(node.cases.source, 1, indent, width_after(head, indent), 2, keep=False) + " "
        elif node.cases:
            head += self.any_values(node.cases, len(head)) + " "
        opening = self.text.index("{", (node.cases or node.environment or node.title).end)
        return head + self.block(n.Block(opening, node.end, node.body), indent, width_after(head, 0))

    def any_values(self, node: n.AnyValues, column: int) -> str:
        """The values of a property, a line each where they do not fit on one."""
        flat = f"for all {self.flats(node.values)}"
        if fits(flat, column, 2) and not self.commented(node.start, node.end):
            return flat
        lines = self.sequence(node.values, node.start, node.end, INDENT, self.inner(0), ",", "", False)
        return "\n".join(["for all", *lines])

    # ------------------------------------------------------------ files

    def put_Use(self, node: n.Use, indent: int) -> str:
        head = f"{'export ' if node.export else ''}use {node.path.name}"
        if not node.names:
            return head
        flat = f"{head} {{ {self.flats(node.names)} }}"
        if fits(flat, 0) and not self.commented(node.start, node.end):
            return flat
        lines = self.filled(node.names, INDENT) if not self.commented(node.start, node.end) else []
        lines = lines or self.sequence(node.names, node.path.end, node.end - 1, INDENT, self.flat, ",", ",", False)
        return "\n".join([f"{head} {{", *lines, "}"])

    def module(self, module: n.Module) -> str:
        lines = self.opening(module)
        top = max(module.package.end if module.package else 0, self.comments[self.taken - 1].end if self.taken else 0)
        uses = module.uses[-1].end if module.uses else top
        end = max(uses, top)
        for items, start, stop in ((module.uses, top, end), (module.decls, end, len(self.text))):
            block = self.sequence(items, start, stop, 0, self.top_item, apart=True)
            apart = not lines or not block or (not items and not self.blank_between(start, self.comments[-1].start))
            lines += [*([] if apart else [""]), *block]
        return "\n".join(lines) + "\n" if lines else ""

    def opening(self, module: n.Module) -> list[str]:
        """What stands before the first `use`: comments, the file's doc, its package."""
        if not module.package:
            return []
        begin = module.doc.start if module.doc else self.text.rindex("package", 0, module.package.start)
        before = self.sequence([], 0, begin, 0, self.top_item)
        if before and self.blank_between(self.comments[self.taken - 1].end, begin):
            before.append("")
        stranded = [comment.text for comment in self.take(module.package.end)]
        after = self.trailing(module.package.end)
        return [*before, *self.doc(module.doc, 0), *stranded, f"package {module.package.name}{after}"]

    def top_item(self, node: n.Node) -> str:
        return self.item(node, 0)


def format_module(text: str, module: n.Module) -> str:
    """The text of a module without mistakes, laid out anew; `text` is what it was parsed from."""
    return Declarations(text, module).module(module)


class CannotFormat(ValueError):
    """The source has mistakes; `diagnostics` are all that `parse` found."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics = diagnostics


def format(source: Source) -> str:
    """The source laid out anew. Raises CannotFormat for one with syntax mistakes: nothing is skipped or guessed."""
    parsed = parse(source)
    errors = [found for found in parsed.diagnostics if found.severity == "error"]
    if errors:
        raise CannotFormat(errors)
    return format_module(source.text, parsed.module)

"""Text that reads well and means what cannot be."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import cast

from benchmarks.mistakes.ground import Edit, Ground, kind
from benchmarks.mistakes.names import agents, called, constructed, props
from nexlang.syntax import nodes as n

# A text that a suggestion may word as it likes.
ANY = '"…"'
NEEDED = {"model", "prompt", "world", "learns", "environment"}


def functions(ground: Ground) -> list[n.FunctionDecl]:
    return [node for node in ground.module.decls if isinstance(node, n.FunctionDecl)]


def own(ground: Ground) -> set[str]:
    """What is called by position with parameters that are declared here."""
    return {node.name.name for node in functions(ground)} | agents(ground)


def typed_args(ground: Ground) -> Iterator[tuple[n.Call, n.Arg]]:
    """Arguments whose type is written down in this file."""
    known = own(ground) | constructed(ground)
    for call in called(ground):
        if cast(n.Name, call.of).name in known:
            yield from ((call, arg) for arg in call.args)


@kind("a literal of another type", "0301", "0302", "0305")
def literals(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for _, arg in typed_args(ground):
        if isinstance(arg.value, n.Str) and not arg.value.multiline:
            yield Edit(arg.value.start, arg.value.end, "7", wanted=None)
        elif isinstance(arg.value, n.Num):
            yield Edit(arg.value.start, arg.value.end, '"seven"', wanted=None)


@kind("a missing match case", "0313")
def missing_case(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for match in cast("Iterator[n.Match]", ground.every(n.Match)):
        for case in match.cases if match.otherwise is None and len(match.cases) > 1 else ():
            start = ground.line_start(case.start)
            end = ground.line_end(case.end)
            if ground.text[start : case.start].strip() or ground.text[case.end : end].strip():
                continue
            left = ground.text[:start] + ground.text[end + 1 :]
            place = match.end - 1 - (end + 1 - start)
            names = [_shown(name) for name in case.names]
            ways = [f"is {', '.join(names)} {{ }}", " ".join(f"is {name} {{ }}" for name in names)]
            wanted = tuple(left[:place] + way + left[place:] for way in ways)
            yield Edit(start, end + 1, "", ((match.start - start, match.start - start + 5),), wanted)


def _shown(name: n.CaseName) -> str:
    return f'"{name.name}"' if name.quoted else name.name


@kind("a case that is handled twice", "0314")
def case_twice(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for case in cast("Iterator[n.Case]", ground.every(n.Case)):
        if case.binding is None:
            shown = _shown(case.names[0])
            at = case.names[-1].end
            yield Edit(at, at, f", {shown}", ((2, 2 + len(shown)),))


@kind("a missing argument", "0306", "0311")
def missing_argument(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for call, arg in typed_args(ground):
        if arg is call.args[-1] and cast(n.Name, call.of).name in own(ground) and len(call.args) > 1:
            start = call.args[-2].end
            yield Edit(start, arg.end, "", ((call.of.start - start, call.of.end - start),), None)


@kind("an argument too many", "0307")
def extra_argument(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for call in called(ground):
        by_position = call.args and all(arg.name is None for arg in call.args)
        if by_position and cast(n.Name, call.of).name in {node.name.name for node in functions(ground)}:
            yield Edit(call.args[-1].end, call.args[-1].end, ", 7", ((2, 3),))


@kind("an argument given twice", "0309", "0212")
def argument_twice(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for call, arg in typed_args(ground):
        if arg.name is not None and arg is call.args[-1]:
            text = ground.text[arg.start : arg.end]
            name = len(arg.name.name)
            yield Edit(arg.end, arg.end, f", {text}", ((2, 2 + len(text)), (2, 2 + name)))


@kind("a missing field", "0311")
def missing_field(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    records = [node for node in ground.module.decls if isinstance(node, n.RecordDecl)]
    plain = {
        (record.name.name, field.name.name)
        for record in records
        for field in record.fields
        if field.default is None and not isinstance(field.type, n.OptionalType)
    }
    for call in called(ground):
        for arg in call.args:
            name = cast(n.Name, call.of).name
            if arg.name is not None and (name, arg.name.name) in plain and len(call.args) > 1:
                last = arg is call.args[-1]
                start = call.args[-2].end if last else arg.start
                end = arg.end if last else call.args[call.args.index(arg) + 1].start
                yield Edit(start, end, "", ((call.of.start - start, call.of.end - start),), None)


@kind("a field without its name", "0334")
def unnamed_field(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    records = {node.name.name: node for node in ground.module.decls if isinstance(node, n.RecordDecl)}
    for call in called(ground):
        record = records.get(cast(n.Name, call.of).name)
        for at, arg in enumerate(call.args):
            if record is not None and arg.name is not None and at < len(record.fields):
                single = record.fields[at].name.name == arg.name.name and at == 0
                width = arg.value.end - arg.value.start
                yield Edit(arg.start, arg.value.start, "", ((0, width),), () if single else None)


@kind("a missing property", "0503")
def missing_property(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for decl in ground.module.decls:
        members = decl.props if isinstance(decl, n.AgentDecl) else getattr(decl, "members", [])
        for prop in members:
            if isinstance(prop, n.Prop) and prop.key.name in NEEDED and not isinstance(decl, n.DerivedDecl):
                name = cast(n.AgentDecl, decl).name
                start, end = ground.line_start(prop.start), ground.line_end(prop.end) + 1
                yield Edit(start, end, "", ((name.start - start, name.end - start),), None)


@kind("a property given twice", "0502")
def property_twice(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for prop in props(ground):
        start, end = ground.line_start(prop.start), ground.line_end(prop.end)
        line = ground.text[start:end]
        if line.strip() == ground.text[prop.start : prop.end] and "{" not in line:
            indent = prop.start - start
            places = ((1 + indent, 1 + indent + len(prop.key.name)), (1 + indent, 1 + len(line)))
            yield Edit(end, end, f"\n{line}", places)


@kind("a declaration that is there twice", "0201")
def declared_twice(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for decl in ground.module.decls:
        text = ground.text[decl.start : decl.end]
        if isinstance(decl, n.RecordDecl | n.EnumDecl | n.TypeDecl | n.ModelDecl) and "\n" not in text:
            name = decl.name.start - decl.start
            yield Edit(decl.end, decl.end, f"\n{text}", ((1 + name, 1 + name + len(decl.name.name)),), None)


@kind("a field that is declared twice", "0212")
def field_twice(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for record in ground.module.decls:
        if isinstance(record, n.RecordDecl) and record.fields and record.members[-1] is record.fields[-1]:
            field = record.fields[-1]
            text = ground.text[field.name.start : field.end]
            yield Edit(field.end, field.end, f", {text}", ((2, 2 + len(field.name.name)), (2, 2 + len(text))))


@kind("no return at the end", "0326")
def no_return(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for function in functions(ground):
        last = function.block.body[-1] if function.block.body else None
        if isinstance(last, n.Return) and function.result is not None and len(function.block.body) > 1:
            start, end = ground.line_start(last.start), ground.line_end(last.end) + 1
            if ground.text[start : last.start].strip() == "" and ground.text[last.end : end].strip() == "":
                at = function.block.end - 1 - (end - start) - start
                yield Edit(start, end, "", ((at, at + 1),), None)


@kind("an optional taken as a value", "0303", "0407")
def optional(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    """Marked where the value is first used as one."""
    for function in functions(ground):
        for let in function.block.body:
            if not (isinstance(let, n.Let) and let.orelse and isinstance(let.value, n.Index)):
                continue
            use = _first_field(ground, let, function.block.end)
            if use is not None:
                cut = let.end - let.value.end
                at = use - cut - let.value.end
                wanted = ground.text[: let.value.end] + f" else fail {ANY}" + ground.text[let.end :]
                yield Edit(let.value.end, let.end, "", ((at, at + len(let.name.name)),), (wanted,))


def _first_field(ground: Ground, let: n.Let, end: int) -> int | None:
    """Where a field of the name is first read or written; None where the name is used in another way before."""
    for node in sorted(ground.every(n.Name), key=lambda node: node.start):
        if let.end < node.start < end and cast(n.Name, node).name == let.name.name:
            return node.start if ground.text[node.end : node.end + 1] == "." else None
    return None


@kind("an assignment to a let", "0401")
def assigned(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for let in cast("Iterator[n.Let]", ground.every(n.Let)):
        line = ground.line_start(let.start)
        indent = let.start - line
        name = let.name.name
        if ground.text[line : let.start].strip() == "" and ground.line_end(let.end) == let.end and not let.orelse:
            yield Edit(
                let.end, let.end, f"\n{' ' * indent}{name} = {name}", ((1 + indent, 1 + indent + len(name)),), None
            )


@kind("recursion", "0410")
def recursion(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for function in functions(ground):
        if function.kind == "fn" and function.world is None and function.params and function.block.body:
            first = function.block.body[0]
            line = ground.line_start(first.start)
            if ground.text[line : first.start].strip() == "":
                indent = " " * (first.start - line)
                arguments = ", ".join(param.name.name for param in function.params)
                new = f"let again = {function.name.name}({arguments})\n{indent}"
                yield Edit(first.start, first.start, new, ((12, 12 + len(function.name.name)),), None)


@kind("a delegation cycle", "0505")
def cycle(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    models = [
        node for node in ground.module.decls if isinstance(node, n.AgentDecl) and not node.rules and not node.body
    ]
    for agent in models:
        held = next((prop for prop in agent.props if prop.key.name == "delegates"), None)
        if held is not None and isinstance(held.value.expr, n.ListLit) and held.value.expr.items:
            at = held.value.expr.items[-1].end
            yield Edit(at, at, f", {agent.name.name}", ((2, 2 + len(agent.name.name)),))
        elif held is None:
            prompt = next(prop for prop in agent.props if prop.key.name in ("prompt", "model"))
            new = f"delegates: [{agent.name.name}]\n  "
            yield Edit(prompt.start, prompt.start, new, ((12, 12 + len(agent.name.name)),), None)


@kind("a tool or delegate held twice", "0508")
def held_twice(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for prop in props(ground):
        if prop.key.name in ("tools", "delegates") and isinstance(prop.value.expr, n.ListLit):
            for item in prop.value.expr.items:
                text = ground.text[item.start : item.end]
                at = prop.value.expr.items[-1].end
                yield Edit(at, at, f", {text}", ((2, 2 + len(text)),))


@kind("a condition that is none", "0301", "0302")
def condition(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for node in cast("Iterator[n.Require]", ground.every(n.Require)):
        if isinstance(node.condition, n.Compare) and isinstance(node.condition.operands[0], n.Attr):
            first = node.condition.operands[0]
            yield Edit(first.end, node.condition.end, "", ((first.start - first.end, 0),), None)


@kind("a number and a text together", "0302", "0301")
def operands(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for node in cast("Iterator[n.Binary]", ground.every(n.Binary)):
        if node.op in "+-*/" and isinstance(node.right, n.Num):
            width = len('"one"')
            left = node.left.start - node.right.start
            between = (node.left.end - node.right.start, node.left.end - node.right.start)
            op = ground.text.index(node.op, node.left.end) - node.right.start
            yield Edit(
                node.right.start, node.right.end, '"one"', ((0, width), (left, width), (op, op + 1), between), None
            )


@kind("a comparison that never holds", "0321", "0305", "0301")
def unrelated(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for node in cast("Iterator[n.Compare]", ground.every(n.Compare)):
        last = node.operands[-1]
        if node.ops in (["=="], ["!="]) and isinstance(last, n.Str | n.Num):
            new = "7" if isinstance(last, n.Str) else '"seven"'
            yield Edit(last.start, last.end, new, ((0, len(new)), (node.start - last.start, len(new))), None)


@kind("a literal that breaks its pattern", "0322")
def pattern(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    aliases = {
        node.name.name
        for node in ground.module.decls
        if isinstance(node, n.TypeDecl) and node.refine is not None and node.refine.pattern is not None
    }
    takes = {node.name.name: node.params for node in functions(ground)}
    for call in called(ground):
        params = takes.get(cast(n.Name, call.of).name, [])
        for param, arg in zip(params, call.args, strict=False):
            named = isinstance(param.type, n.NamedType) and param.type.name in aliases
            if named and arg.name is None and isinstance(arg.value, n.Str) and "{{" not in arg.value.raw:
                yield Edit(arg.value.start, arg.value.end, '"?!"', wanted=None)


@kind("an agent given the wrong record", "0301")
def wrong_record(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for actors in cast("Iterator[n.Actors]", ground.every(n.Actors)):
        for actor in actors.actors:
            for arg in actor.agent.args if isinstance(actor.agent, n.Call) else ():
                yield Edit(arg.value.start, arg.value.end, "world", wanted=None)


@kind("a reward that reads what is not there", "0312", "0205", "0206", "0420")
def reward(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for part in cast("Iterator[n.Reward]", ground.every(n.Reward)):
        for component in part.components:
            start, end = component.measure.start, component.measure.end
            yield Edit(start, end, "task.happiness", ((5, 14),), None)
            yield Edit(start, end, "happiness", wanted=None)
            yield Edit(start, end, "world.happiness > 1", ((6, 15),), None)


@kind("an unknown property", "0501")
def unknown_property(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for prop in props(ground):
        start = ground.line_start(prop.start)
        if ground.text[start : prop.start].strip() == "":
            yield Edit(prop.start, prop.start, f"colour: 3\n{ground.text[start : prop.start]}", ((0, 6),))


@kind("an unknown case", "0304", "0315", "0305", "0205")
def unknown_case(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for case in cast("Iterator[n.CaseName]", ground.every(n.CaseName)):
        new = '"sideways"' if case.quoted else ("sideways" if case.name.islower() else "Sideways")
        yield Edit(case.start, case.end, new, wanted=None)


@kind("a statement after the return", "0327")
def unreachable(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for function in functions(ground):
        last = function.block.body[-1] if function.block.body else None
        line = ground.line_start(last.start) if last else 0
        if isinstance(last, n.Return) and ground.text[line : last.start].strip() == "":
            text = ground.text[last.start : last.end]
            indent = last.start - line
            yield Edit(last.end, last.end, f"\n{' ' * indent}{text}", ((1 + indent, 1 + indent + len(text)),))


@kind("a value that nobody uses", "0332")
def unused(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for let in cast("Iterator[n.Let]", ground.every(n.Let)):
        line = ground.line_start(let.start)
        if ground.text[line : let.start].strip() == "":
            new = f'lower("Some Text")\n{ground.text[line : let.start]}'
            yield Edit(let.start, let.start, new, ((0, 18),))


@kind("a name in another style", "0202")
def style(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for decl in ground.module.decls[:6]:
        new = rng.choice(["record the_end { a: Int }\n\n", "enum colours { loud, quiet }\n\n"])
        word = new.split()[1]
        at = new.index(word)
        right = "".join(part.capitalize() for part in word.split("_"))
        text = ground.text[: decl.start] + new.replace(word, right) + ground.text[decl.start :]
        yield Edit(decl.start, decl.start, new, ((at, at + len(word)),), (text,))


@kind("else for what is always there", "0328")
def needless_else(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for let in cast("Iterator[n.Let]", ground.every(n.Let)):
        if let.orelse is None and isinstance(let.value, n.Num | n.Str | n.ListLit | n.ListComp):
            yield Edit(let.end, let.end, ' else fail "no"', ((let.value.start - let.end, 0), (1, 15)))


@kind("a key that is assigned", "0405")
def key(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    keys = {table.key.name for table in cast("Iterator[n.TableType]", ground.every(n.TableType))}
    for assign in cast("Iterator[n.Assign]", ground.every(n.Assign)):
        target = assign.target
        if isinstance(target, n.Attr) and isinstance(target.of, n.Name) and assign.op == "=" and len(keys) == 1:
            (name,) = keys
            yield Edit(target.name.start, assign.value.end, f'{name} = "x"', ((0, len(name)),), None)

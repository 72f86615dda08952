"""What people write who think of another language."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import cast

from benchmarks.mistakes.ground import Edit, Ground, kind
from nexlang.syntax import nodes as n

WORDS = {"and": "&&", "or": "||"}
TYPES = {"Text": ("string", "str", "String"), "Int": ("int", "integer"), "Float": ("float", "double")}
DECLARES = {"fn": ("def", "func", "function"), "record": ("class", "struct"), "match": ("switch",), "fail": ("throw",)}
TYPES |= {"Bool": ("boolean", "bool")}


@kind("&& and || for and and or", "0115")
def operators(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for token in ground.tokens:
        if token.kind == "name" and token.text in WORDS:
            yield Edit(token.start, token.end, WORDS[token.text])


@kind("! for not", "0115")
def bang(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for node in cast("Iterator[n.Unary]", ground.every(n.Unary)):
        if node.op == "not":
            yield Edit(node.start, node.of.start, "!")


@kind("single quotes", "0113")
def quotes(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for text in cast("Iterator[n.Str]", ground.every(n.Str)):
        if not text.multiline and not set("'\\\"{") & set(text.raw) and text.raw:
            yield Edit(text.start, text.end, f"'{text.raw}'")


@kind("// for #", "0114")
def comments(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for comment in ground.module.comments:
        yield Edit(comment.start, comment.start + 1, "//")


@kind("a semicolon", "0116")
def semicolons(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for each in (n.Let, n.Return, n.Assign):
        for node in ground.every(each):
            if ground.line_end(node.end) == node.end:
                yield Edit(node.end, node.end, ";")


@kind("f before a text", "0118")
def prefixes(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for text in cast("Iterator[n.Str]", ground.every(n.Str)):
        if not text.multiline and "{{" in text.raw:
            yield Edit(text.start, text.start, "f")


@kind("a type of another language", "0204")
def types(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for node in cast("Iterator[n.NamedType]", ground.every(n.NamedType)):
        if node.name in TYPES:
            yield Edit(node.start, node.end, rng.choice(TYPES[node.name]))


@kind("a word of another language", "0125")
def words(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for token in ground.tokens:
        if token.kind == "name" and token.text in DECLARES and (token.first or token.text == "fail"):
            if ground.tokens[ground.tokens.index(token) - 1].text == "else":
                continue
            yield Edit(token.start, token.end, rng.choice(DECLARES[token.text]))


@kind("a type on a let", "0127")
def typed_let(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for let in cast("Iterator[n.Let]", ground.every(n.Let)):
        yield Edit(let.name.end, let.name.end, ": Text")


@kind("a method", "0335")
def methods(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for call in cast("Iterator[n.Call]", ground.every(n.Call)):
        plain = [arg for arg in call.args if arg.name is None and not isinstance(arg.value, n.Comp)]
        simple = plain and isinstance(plain[0].value, n.Name | n.Attr)
        if isinstance(call.of, n.Name) and call.of.name.islower() and simple and len(plain) == len(call.args):
            subject = ground.text[plain[0].start : plain[0].end]
            rest = ground.text[plain[1].start : plain[-1].end] if len(plain) > 1 else ""
            if call.of.name in (
                "contains",
                "lower",
                "upper",
                "len",
                "count",
                "round",
                "trim",
                "split",
                "join",
                "starts_with",
            ):
                yield Edit(call.start, call.end, f"{subject}.{call.of.name}({rest})")


@kind("Python's constants", "0205")
def constants(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for node in cast("Iterator[n.Name]", ground.every(n.Name)):
        if node.name in ("true", "false", "none"):
            yield Edit(node.start, node.end, node.name.capitalize())


@kind("else if as elif", "0125")
def elif_(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for match in re.finditer(r"else if(?= )", ground.text):
        yield Edit(match.start(), match.end(), "elif")


@kind("a block after a colon", "0104", "0126", "0108")
def colons(ground: Ground, rng: random.Random) -> Iterator[Edit]:
    for each in (n.If, n.For, n.FunctionDecl):
        for node in ground.every(each):
            block = node.then if isinstance(node, n.If) else cast("n.For | n.FunctionDecl", node).block
            first = ground.text[block.start]
            if first == "{" and ground.text[block.start - 1] == " " and ground.line_end(block.start) == block.start + 1:
                yield Edit(block.start - 1, block.start + 1, ":")

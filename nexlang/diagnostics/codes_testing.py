"""Tests in the language: what cannot be scripted or compared (NEX059x)."""

from nexlang.diagnostics.registry import code

NOTHING_TO_COMPARE = code(
    "NEX0590", "nothing-to-compare", "`unchanged` compares `world` or a path of it", "not a path of the world"
)
UNSCRIPTED = code("NEX0591", "unscripted", "`{name}` {what}, so a test writes no script for it", "nothing to script")
WRONG_SCRIPT = code("NEX0592", "wrong-script", "no model can say {type}", "this is {type}")

"""Prompts: templates that do not parse, or that do not fit the values they are given (NEX051x)."""

from nexlang.diagnostics.registry import code

TEMPLATE_SYNTAX = code("NEX0510", "template-syntax", "the template cannot be read: {reason}", "{caption}")
PROMPT_NAME = code("NEX0511", "prompt-name", "the prompt has no variable `{name}`", "unknown variable")
PROMPT_FIELD = code("NEX0512", "prompt-field", "`{type}` has no field `{name}`", "unknown field")
PROMPT_OPTIONAL = code("NEX0513", "prompt-optional", "`{path}` may be none: its type is `{type}`", "may be none")
PROMPT_LOOP = code("NEX0514", "prompt-loop", "a prompt's `for` walks a list or a map, not {type}", "this is {type}")
PROMPT_FILTER = code("NEX0515", "prompt-filter", "prompts have no {what} `{name}`", "unknown {what}")
PROMPT_ARGUMENT = code("NEX0516", "prompt-argument", "`{name}` {reason}", "{caption}")
PROMPT_CALL = code("NEX0517", "prompt-call", "a prompt cannot {what}", "not in a prompt")
PROMPT_TAG = code("NEX0518", "prompt-tag", "`{{% {name} %}}` cannot be used in a prompt", "not in a prompt")
PROMPT_OPERATOR = code(
    "NEX0519", "prompt-operator", "`{op}` does not take {left} and {right}", "{left} and {right} do not go together"
)
RAW_RECORD = code(
    "NEX0529",
    "raw-record",
    "the prompt prints {what} as it is",
    "one line of JSON",
    severity="warning",
)

"""What a program is known to do before it runs: its effects, its budgets, the length of its prompts (NEX085x)."""

from nexlang.diagnostics.registry import code

LONG_PROMPT = code(
    "NEX0850",
    "long-prompt",
    "`{name}` begins with about {tokens:,} tokens, and `{model}` reads {context:,}",
    "{caption}",
    severity="warning",
)
WIDER_LIMIT = code(
    "NEX0851",
    "wider-limit",
    "`{child}` may use {own}, and `{parent}`, which runs it, only {above}",
    "never used up",
    severity="warning",
)
NO_SUCH_PATH = code("NEX0852", "no-such-path", "{of} has no `{name}` to read or write", "unknown name")
IMPURE = code("NEX0853", "impure", "`{name}` is not pure: it {what}", "says that it is pure")

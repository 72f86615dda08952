"""What the language names and this release does not do (NEX09xx)."""

from nexlang.diagnostics.registry import code

NOT_YET = code("NEX0901", "not-there-yet", "{what} not there yet", "not there yet")

"""Commands of externs, run by bubblewrap: without the network, in a root and a folder of their own, within limits."""

from nexlang.runtime.sandbox.answers import asked

__all__ = ["asked"]

"""The model that learns, as the client of its own episodes: the one that scores models, so both play alike."""

from nexlang.runtime.clients.threads import Policy

__all__ = ["Policy"]

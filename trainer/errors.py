"""What is the user's to mend."""

from __future__ import annotations

import importlib.util

NEEDED = ("torch", "transformers", "trl", "datasets", "accelerate")
EXTRA = "Training needs the extra: pip install 'nexlang[train]'"


class TrainError(Exception):
    """A run cannot begin or go on; the message says what to do, in one line."""

    user_fault = True


def require_extra() -> None:
    """Raises `TrainError` where the packages of the extra `[train]` are missing."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise TrainError(f"{EXTRA} (missing here: {', '.join(missing)})")

"""The JSON Schema of the IR, kept beside its models: making it takes longer than checking two thousand lines.

`python -m nexlang.ir.schema` writes it anew; what is kept counts only for the very models that it was made from.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KEPT = HERE / "ir.schema.json"
MODELS = ("declarations", "expressions", "model", "statements", "types")


def schema() -> dict[str, Any]:
    """The JSON Schema of a program."""
    try:
        kept = json.loads(KEPT.read_bytes())
        if kept["models"] == models():
            found: dict[str, Any] = kept["schema"]
            return found
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not there, or not as it was written: then it is made
    return made()


def made() -> dict[str, Any]:
    from nexlang.ir.model import Program

    return Program.model_json_schema()


def models() -> str:
    """The digest of the files that the schema follows from."""
    texts = [(HERE / f"{name}.py").read_text(encoding="utf-8") for name in MODELS]
    return blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()


def write() -> None:
    KEPT.write_text(json.dumps({"models": models(), "schema": made()}, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()

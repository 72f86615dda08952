"""Makes the data of the sample: bugs as Parquet, what pytest says of each state as a recording.

`python tests/samples/repair/make.py` writes both again; the tests of the toy repositories are really run.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

CLAMP = "def clamp(x, low, high):\n    return min(max(x, low), high)\n"
BUGS: list[dict[str, Any]] = [
    {
        "id": "median",
        "issue": "median([4, 1, 3, 2]) gives 3 where 2.5 is right.",
        "files": {
            "stats.py": "def median(xs):\n    xs = sorted(xs)\n    return xs[len(xs) // 2]\n",
            "test_stats.py": (
                "from stats import median\n\n\ndef test_odd():\n    assert median([3, 1, 2]) == 2\n\n\n"
                "def test_even():\n    assert median([4, 1, 3, 2]) == 2.5\n"
            ),
        },
        "must_pass": ["test_odd", "test_even"],
        "fix": {
            "stats.py": (
                "def median(xs):\n    xs = sorted(xs)\n    half = len(xs) // 2\n"
                "    return xs[half] if len(xs) % 2 else (xs[half - 1] + xs[half]) / 2\n"
            ),
        },
    },
    {
        "id": "clamp",
        "issue": "clamp(11, 0, 10) gives 0.",
        "files": {
            "bounds.py": "def clamp(x, low, high):\n    return max(min(x, low), high)\n",
            "test_bounds.py": (
                "from bounds import clamp\n\n\ndef test_inside():\n    assert clamp(5, 0, 10) == 5\n\n\n"
                "def test_above():\n    assert clamp(11, 0, 10) == 10\n"
            ),
        },
        "must_pass": ["test_inside", "test_above"],
        "fix": {"bounds.py": CLAMP},
    },
    {
        "id": "empty",
        "issue": "mean([]) raises where none is wanted.",
        "files": {
            "means.py": "def mean(xs):\n    return sum(xs) / len(xs)\n",
            "test_means.py": (
                "from means import mean\n\n\ndef test_mean():\n    assert mean([1, 2]) == 1.5\n\n\n"
                "def test_empty():\n    assert mean([]) is None\n"
            ),
        },
        "must_pass": ["test_mean", "test_empty"],
        "fix": {"means.py": "def mean(xs):\n    return sum(xs) / len(xs) if xs else None\n"},
    },
]
NOTHING = {"extern": "pytest", "answer": {"passed": [], "failed": ["collection"], "output": "not recorded"}}


def lines() -> list[dict[str, Any]]:
    """What pytest says of each repository before and after its fix, and of any other state."""
    from repair_tests import run

    found = []
    for bug in BUGS:
        for files in (bug["files"], {**bug["files"], **bug["fix"]}):
            found.append({"extern": "pytest", "arguments": {"files": files, "only": []}, "answer": run(files, [])})
    return [*found, NOTHING]


def main() -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    texts = arrow.map_(arrow.string(), arrow.string())
    kinds = {"id": arrow.string(), "issue": arrow.string(), "files": texts, "must_pass": arrow.list_(arrow.string())}
    schema = arrow.schema({**kinds, "fix": texts})
    parquet.write_table(arrow.Table.from_pylist(BUGS, schema=schema), DATA / "bugs.parquet")
    (DATA / "pytest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines()), encoding="utf-8")


if __name__ == "__main__":
    main()

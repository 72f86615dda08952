"""Makes the tasks: `python examples/repair/data/make.py` writes `bugs.jsonl`; the bytes stay the same.

With `--record` it also plays the environment in the sandbox and writes what its commands answered to `sandbox.jsonl`,
so that it can be verified where there is no bubblewrap.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

Bug = dict[str, Any]
DATA = Path(__file__).parent
REPOS = DATA.parent / "repos"
PROGRAM = DATA.parent / "repair.nex"
ELSE: dict[str, Any] = {
    "python": {"exit_code": 1, "output": "", "errors": "what these files do was not recorded"},
    "examine": [],
}
"""What a question is answered that was not recorded."""


def whole(repo: str) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((REPOS / repo).glob("*.py"))}


def breaking(repo: str, bug: Bug) -> list[dict[str, str]]:
    """The repository whole, and after each break."""
    states = [whole(repo)]
    for each in bug["breaks"]:
        text = states[-1][each["file"]]
        if text.count(each["right"]) != 1:
            raise ValueError(f"{repo}/{each['file']}: not there once: {each['right']}")
        states.append({**states[-1], each["file"]: text.replace(each["right"], each["wrong"])})
    return states


def printed(repo: str, code: str) -> str:
    """What the whole repository prints."""
    words = [sys.executable, "-B", "-c", code]
    return subprocess.run(words, cwd=REPOS / repo, capture_output=True, text=True, check=True).stdout


def passage(text: str, wanted: str) -> tuple[str, str]:
    """The edit between two texts: whole lines, so many of them that they occur once."""
    old, new = text.splitlines(True), wanted.splitlines(True)
    first = next(i for i, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1])
    tail = 0
    while tail < min(len(old), len(new)) - first and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    while text.count("".join(old[first : len(old) - tail]) or text) != 1 or first == len(old) - tail:
        first, tail = max(first - 1, 0), max(tail - 1, 0)
    return "".join(old[first : len(old) - tail]), "".join(new[first : len(new) - tail])


def call(tool: str, **arguments: Any) -> dict[str, Any]:
    return {"tool": tool, "arguments": arguments}


def actions(bug: Bug, states: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Look, run the tests, read, try the first case, mend one thing after the other, run them again, hand in."""
    files = [each["file"] for each in bug["breaks"]]
    steps = [call("list_files"), call("run_tests"), *(call("read_file", path=path) for path in dict.fromkeys(files))]
    steps.append(call("run_code", code=bug["cases"][0]))
    for path, broken, mended in reversed([*zip(files, states[1:], states, strict=False)]):
        old, new = passage(broken[path], mended[path])
        steps.append(call("edit_file", path=path, old=old, new=new))
    return [*steps, call("run_tests"), call("hand_in")]


def make() -> dict[str, str]:
    lines = []
    for repo, bug in tomllib.loads((DATA / "bugs.toml").read_text(encoding="utf-8")).items():
        states = breaking(repo, bug)
        cases = [{"code": code, "prints": printed(repo, code)} for code in bug["cases"]]
        task = {"id": repo, "issue": bug["issue"], "files": states[-1], "cases": cases}
        task |= {"actions": actions(bug, states), "split": bug["split"]}
        lines.append(json.dumps(task, ensure_ascii=False) + "\n")
    return {"bugs.jsonl": "".join(lines)}


def record() -> str:
    """What the sandbox answers when the environment is verified, each question once."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.jsonl"
        words = [sys.executable, "-m", "nexlang", "verify", str(PROGRAM), "--allow", "process", "--record", str(said)]
        subprocess.run(words, check=True)
        answers: dict[str, dict[str, Any]] = {}
        for line in said.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            row.pop("episode", None)
            answers.setdefault(json.dumps([row["extern"], row["arguments"]]), row)
    rows = [*answers.values(), *({"extern": name, "answer": answer} for name, answer in ELSE.items())]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


if __name__ == "__main__":
    for name, text in make().items():
        (DATA / name).write_text(text, encoding="utf-8")
    if "--record" in sys.argv:
        (DATA / "sandbox.jsonl").write_text(record(), encoding="utf-8")

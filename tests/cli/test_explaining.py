"""`nexc explain FILE:NAME`, `graph`, `doc`, `describe`, `diff` and `migrate`, as the command line runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Nexc

DESK = Path(__file__).parents[2] / "examples" / "desk" / "desk.nex"


def test_explain_a_name(nexc: Nexc) -> None:
    done = nexc("explain", f"{DESK}:refund")
    assert done.code == 0 and done.out.startswith("tool refund(id: RideId) -> Ride in Wheels\n")
    assert json.loads(nexc("explain", f"{DESK}:refund", "--format", "json").out)["effects"]["writes"]


def test_explain_a_file(nexc: Nexc) -> None:
    done = nexc("explain", DESK)
    assert done.code == 0 and "agent Lead(heard: Text) -> Text" in done.out


def test_explain_an_unknown_name(nexc: Nexc) -> None:
    done = nexc("explain", f"{DESK}:Leed")
    assert (done.code, done.out) == (1, "")
    assert done.err == f"nexc: {DESK} declares no `Leed`; did you mean `Lead`?\n"


def test_budget(nexc: Nexc) -> None:
    done = nexc("explain", DESK, "--budget")
    assert done.code == 0 and "most of it: Lead ×1 → Billing ×48" in done.out
    data = json.loads(nexc("explain", f"{DESK}:Lead", "--budget", "--format", "json").out)
    assert data["agents"][0]["model_calls"] == 150 and data["environments"] == []
    assert nexc("explain", "--budget").code == 1
    assert nexc("explain", f"{DESK}:refund", "--budget").code == 1


def test_a_program_with_mistakes_is_not_explained(nexc: Nexc, tmp_path: Path) -> None:
    path = tmp_path / "wrong.nex"
    path.write_text("record A { b: Nothing }\n", encoding="utf-8")
    for words in (("explain", f"{path}:A"), ("graph", path), ("doc", path), ("describe", path), ("diff", path, path)):
        done = nexc(*words)
        assert (done.code, done.out) == (1, "") and "error[NEX" in done.err


@pytest.mark.parametrize("format", ["svg", "mermaid", "json"])
def test_graph(nexc: Nexc, tmp_path: Path, format: str) -> None:
    shown = nexc("graph", DESK, "--format", format)
    assert shown.code == 0 and "Lead" in shown.out
    written = nexc("graph", DESK, "--format", format, "-o", tmp_path / "out")
    assert written.code == 0 and (tmp_path / "out").read_text(encoding="utf-8") == shown.out
    assert nexc("graph", DESK, "--below", "Nobody").code == 1


def test_doc(nexc: Nexc, tmp_path: Path) -> None:
    assert nexc("doc", DESK).out.startswith("# examples.desk\n")
    assert nexc("doc", DESK, "-o", tmp_path / "desk.html").code == 0
    assert (tmp_path / "desk.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_bundle_is_documented_like_its_source(nexc: Nexc, tmp_path: Path) -> None:
    assert nexc("compile", DESK, "-o", tmp_path / "desk.nexb").code == 0
    for words in (("doc",), ("graph",)):
        assert nexc(*words, tmp_path / "desk.nexb").out == nexc(*words, DESK).out
    assert nexc("explain", f"{tmp_path / 'desk.nexb'}:refund").out == nexc("explain", f"{DESK}:refund").out
    assert nexc("diff", tmp_path / "desk.nexb", DESK).code == 0


def test_describe(nexc: Nexc) -> None:
    assert "contains(Text, Text) -> Bool" in nexc("describe", "contains").out
    assert "fn words(text: Text) -> [Text]" in nexc("describe", "std.text").out
    assert nexc("describe", f"{DESK}:Rider").out.startswith("Rider: record (desk.nex:")
    assert "functions\n" in nexc("describe").out
    wrong = nexc("describe", "contans")
    assert wrong.code == 1 and "did you mean `contains`?" in wrong.err


def test_diff(nexc: Nexc, tmp_path: Path) -> None:
    old, new = tmp_path / "a.nex", tmp_path / "b.nex"
    old.write_text("fn twice(n: Int) -> Int { return n * 2 }\n", encoding="utf-8")
    new.write_text("fn twice(n: Float) -> Float { return n * 2.0 }\n", encoding="utf-8")
    done = nexc("diff", old, new)
    assert done.code == 1 and "fn twice: gives Float, not Int; breaks programs that use it" in done.out
    assert json.loads(nexc("diff", old, new, "--format", "json").out)["breaking"] == 2
    same = nexc("diff", old, old)
    assert (same.code, same.out, same.err) == (0, "", "nothing changed\n")


def test_migrate(nexc: Nexc, tmp_path: Path) -> None:
    path = tmp_path / "old.nex"
    text = (
        'use std.models { endpoint }\nmodel small = endpoint("m")\nrecord Order { id: Text }\n## Helps.\n'
        'agent Clerk(order: Order) -> Text {\n  model: small\n  prompt: "Help with {{ order }}"\n}\n'
    )
    path.write_text(text, encoding="utf-8")
    (tmp_path / "nex.toml").write_text('[package]\nname = "old"\nversion = "1.0.0"\nedition = "2020"\n')
    shown = nexc("migrate", path, "--diff")
    assert shown.code == 1 and '+  prompt: "Help with {{ order | json }}"' in shown.out
    assert path.read_text(encoding="utf-8") == text
    assert nexc("migrate", path).code == 0
    assert "{{ order | json }}" in path.read_text(encoding="utf-8")
    assert 'edition = "2026"' in (tmp_path / "nex.toml").read_text(encoding="utf-8")
    assert nexc("migrate", path).err == "nothing to do: all of it is of edition 2026 already\n"
    assert nexc("migrate", path, "--to", "1999").code == 1

"""Diagnostics for code scanners and for GitHub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nexlang.diagnostics import Diagnostic, Source, Span
from nexlang.diagnostics.model import Edit
from nexlang.diagnostics.render_github import render_github
from nexlang.diagnostics.render_sarif import render_sarif, uri
from tests.cli.conftest import Nexc, nexc

__all__ = ["nexc"]
SHAPE = json.loads((Path(__file__).parent / "sarif-2.1.0-shape.json").read_text(encoding="utf-8"))
"""The part of the published schema that `nexc` uses, with nothing else allowed."""
TEXT = "let a = 1\nlet ä = a,b\n"


def valid(log: dict[str, Any]) -> dict[str, Any]:
    jsonschema.validate(log, SHAPE)
    return log


def misspelt() -> Diagnostic:
    found = Diagnostic("NEX0205", "error", "there is no `b` here: 100%", Span("a b.nex", 20, 21), "unknown")
    found.label(Span("a b.nex", 4, 5), "declared here").advise("look\nup")
    found.fix("write `a`", Edit(Span("a b.nex", 20, 21), "a"))
    return found.fix("or so", Edit(Span("a b.nex", 20, 21), "c"), applicability="display")


def test_sarif_has_places_rules_labels_and_fixes() -> None:
    log = valid(render_sarif([misspelt()], {"a b.nex": Source("a b.nex", TEXT)}, "1.0"))
    (run,) = log["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    (result,) = run["results"]
    place = {"startLine": 2, "startColumn": 11, "endLine": 2, "endColumn": 12}
    assert (rule["id"], rule["name"], result["ruleIndex"], result["level"]) == ("NEX0205", "UnknownName", 0, "error")
    assert result["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "a%20b.nex"}, "region": place}
    assert result["relatedLocations"][0]["message"]["text"] == "declared here"
    assert result["message"]["text"] == "there is no `b` here: 100%\nlook\nup"
    (fix,) = result["fixes"]
    (replacement,) = fix["artifactChanges"][0]["replacements"]
    assert replacement == {"deletedRegion": place, "insertedContent": {"text": "a"}}


def test_sarif_of_nothing_is_a_log_too() -> None:
    assert valid(render_sarif([], {}, "1.0"))["runs"][0]["results"] == []


def test_sarif_of_a_file_that_is_not_there() -> None:
    found = Diagnostic("NEX0190", "error", "cannot be read", Span("none.nex", 0, 0))
    valid(render_sarif([found], {}, "1.0"))


def test_paths_as_uris() -> None:
    assert uri("/tmp/ä b.nex") == "file:///tmp/%C3%A4%20b.nex"
    assert uri("x/ä#.nex") == "x/%C3%A4%23.nex"


def test_github_escapes() -> None:
    (line,) = render_github([misspelt()], {"a b.nex": Source("a b.nex", TEXT)}).splitlines()
    assert line == (
        "::error file=a b.nex,line=2,endLine=2,title=NEX0205,col=11,endColumn=12"
        "::there is no `b` here: 100%25%0Alook%0Aup%0Awrite `a`"
    )


@pytest.mark.parametrize("format", ["sarif", "github"])
def test_the_command_answers_in_the_format(nexc: Nexc, tmp_path: Path, format: str) -> None:
    path = tmp_path / "a.nex"
    path.write_text("fn f() -> Int {\n  return x\n}\n")
    done = nexc("check", path, "--format", format)
    assert done.code == 1 and "NEX0205" in done.out and done.err == ""
    if format == "sarif":
        valid(json.loads(done.out))

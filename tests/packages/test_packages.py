"""Packages: by path, from git at a commit, locked, fetched, and held to what was locked."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import nexlang
from nexlang.packages.fetching import Unfetched, address
from nexlang.packages.manifest import Wrong, parse
from tests.running import invoke, run

MANIFEST = '[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2026"\n'


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path = path.with_suffix(".toml" if path.name == "nex" else ".nex")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def package(folder: Path, name: str, dependencies: str = "", **files: str) -> Path:
    manifest = MANIFEST.format(name=name) + (f"\n[dependencies]\n{dependencies}\n" if dependencies else "")
    return write(folder, nex=manifest, **files)


def git(*words: str, at: Path) -> str:
    named = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *named, *words], cwd=at, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def codes(path: Path) -> list[str]:
    return [found.code for found in nexlang.compile(path).diagnostics]


@pytest.fixture
def kit(tmp_path: Path) -> str:
    """A bare repository with a package in it; gives the commit."""
    source = package(
        tmp_path / "kit_source",
        "kit",
        'inner = { path = "inner" }',
        kit='package kit\nexport use kit.texts { shout }\nlet rules = Text from "data/rules.md"\n',
        texts="package kit.texts\nuse inner.marks { mark }\n"
        'fn shout(text: Text) -> Text { return "{{ upper(text) }}{{ mark() }}" }\n',
    )
    package(source / "inner", "inner", marks='package inner.marks\nfn mark() -> Text { return "!" }\n')
    (source / "data").mkdir()
    (source / "data" / "rules.md").write_text("be kind", encoding="utf-8")
    git("init", "--quiet", at=source)
    git("add", "-A", at=source)
    git("commit", "--quiet", "-m", "first", at=source)
    git("clone", "--quiet", "--bare", str(source), str(tmp_path / "kit.git"), at=tmp_path)
    return git("rev-parse", "HEAD", at=source)


@pytest.fixture
def shop(tmp_path: Path, kit: str) -> Path:
    """A project with a dependency beside it and one from git."""
    package(tmp_path / "tools", "tools", maths="package tools.maths\nfn twice(n: Int) -> Int { return n * 2 }\n")
    return package(
        tmp_path / "shop",
        "shop",
        f'tools = {{ path = "../tools" }}\nkit = {{ git = "../kit.git", rev = "{kit}" }}',
        desk="package shop.desk\nuse tools.maths { twice }\nuse kit { rules, shout }\nuse shop.parts.arm { reach }\n"
        'fn said() -> Text { return "{{ shout(rules) }}{{ twice(2) }}{{ reach() }}" }\n'
        'test "said" { expect said() == "BE KIND!46" }\n',
        parts__arm="package shop.parts.arm\nuse shop.base { three }\nfn reach() -> Int { return three() * 2 }\n",
        base="package shop.base\nfn three() -> Int { return 3 }\n",
    )


# ---------------------------------------------------------------- locking


def test_a_project_is_locked_checked_and_run(shop: Path) -> None:
    assert codes(shop / "desk.nex") == ["NEX0223"]
    run("lock", shop)
    assert codes(shop / "desk.nex") == []
    assert "1 of 1 test passed" in run("test", shop / "desk.nex")
    assert codes(shop / "parts" / "arm.nex") == []


def test_the_lock_is_the_same_each_time_and_says_when_it_is_old(shop: Path) -> None:
    run("lock", shop)
    lock = (shop / "nex.lock").read_bytes()
    shutil.rmtree(shop / ".nex")
    run("lock", shop)
    assert (shop / "nex.lock").read_bytes() == lock
    run("lock", shop, "--check")
    (shop / "nex.toml").write_text((shop / "nex.toml").read_text().replace("0.1.0", "0.2.0"))
    assert "NEX0832" in str(invoke("lock", shop, "--check").exception)
    assert (shop / "nex.lock").read_bytes() == lock


def test_what_is_not_there_is_fetched_and_held_to_the_lock(shop: Path) -> None:
    run("lock", shop)
    shutil.rmtree(shop / ".nex")
    assert codes(shop / "desk.nex") == ["NEX0223"]
    run("fetch", shop)
    assert codes(shop / "desk.nex") == []


@pytest.mark.parametrize("name", ["texts.nex", "data/rules.md", "inner/marks.nex"])
def test_a_file_that_was_changed_is_refused_and_fetched_again(shop: Path, name: str) -> None:
    run("lock", shop)
    (file,) = (shop / ".nex" / "packages").glob(f"*/{name}")
    file.write_text(file.read_text() + "\n", encoding="utf-8")
    assert codes(shop / "desk.nex") == ["NEX0225"]
    assert "1 fetched" in run("fetch", shop)
    assert codes(shop / "desk.nex") == []


def test_another_commit_needs_another_lock(shop: Path, tmp_path: Path, kit: str) -> None:
    run("lock", shop)
    source = tmp_path / "kit_source"
    write(source, more="package kit.more\nfn n() -> Int { return 1 }\n")
    git("add", "-A", at=source)
    git("commit", "--quiet", "-m", "second", at=source)
    git("push", "--quiet", str(tmp_path / "kit.git"), "HEAD", at=source)
    newer = git("rev-parse", "HEAD", at=source)
    (shop / "nex.toml").write_text((shop / "nex.toml").read_text().replace(kit, newer))
    assert codes(shop / "desk.nex") == ["NEX0223"]
    run("lock", shop)
    assert codes(shop / "desk.nex") == []
    pinned = json.loads((shop / "nex.lock").read_text())["packages"]["kit"]
    assert pinned["rev"] == newer and "more.nex" in pinned["files"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('rev = "' + "0" * 40 + '"', "git cannot fetch"),
        ('rev = "abc"', "the whole hash of a commit"),
        ('rev = "{kit}", branch = "main"', "is no key"),
    ],
)
def test_what_cannot_be_locked_is_said(shop: Path, kit: str, wrong: str, said: str) -> None:
    manifest = shop / "nex.toml"
    manifest.write_text(manifest.read_text().replace(f'rev = "{kit}"', wrong.replace("{kit}", kit)))
    result = invoke("lock", shop)
    assert result.exit_code == 1 and "NEX0831" in str(result.exception) and said in str(result.exception)
    assert not (shop / "nex.lock").exists()


def test_a_folder_without_a_manifest(tmp_path: Path) -> None:
    assert "NEX0833" in str(invoke("lock", tmp_path).exception)


@pytest.mark.parametrize("url", ["ext::sh -c touch", "--upload-pack=touch", "http://example.com/a", "git://a/b"])
def test_addresses_that_git_must_not_see(url: str, tmp_path: Path) -> None:
    with pytest.raises(Unfetched, match="no address"):
        address(url, tmp_path)


# ---------------------------------------------------------------- manifests


@pytest.mark.parametrize(
    ("text", "marked", "problem"),
    [
        ("", "", "`package` is missing"),
        ("[package\n", "\n", "is not TOML"),
        (MANIFEST.format(name="Shop"), "name", "`package.name` should be a name in small letters"),
        (MANIFEST.format(name="shop").replace("0.1.0", "1"), "version", "three numbers"),
        (MANIFEST.format(name="shop") + 'licence = "x"\n', "licence", "is no key that nex.toml has"),
        (MANIFEST.format(name="shop") + "[dependencies]\na = { }\n", "a", "either a `path` or a `git` address"),
        (MANIFEST.format(name="shop") + '[dependencies]\na = { git = "g" }\n', "a", "needs the commit"),
        (MANIFEST.format(name="shop") + '[dependencies]\na = { path = "g", rev = "0" }\n', "rev", "forty"),
        (MANIFEST.format(name="shop") + '[dependencies]\nBad = { path = "g" }\n', "Bad", "small letters"),
    ],
)
def test_mistakes_in_a_manifest_have_a_place(text: str, marked: str, problem: str) -> None:
    with pytest.raises(Wrong) as found:
        parse(text)
    assert text[found.value.start : found.value.end] == marked and problem in found.value.problem


def test_a_wrong_manifest_is_one_diagnostic_in_the_manifest(tmp_path: Path) -> None:
    write(tmp_path, nex="[package]\nname = 3\n", main="fn f() -> Int { return 1 }\n")
    (found,) = nexlang.compile(tmp_path / "main.nex").diagnostics
    assert found.code == "NEX0222" and found.span.file == str(tmp_path / "nex.toml")


# ---------------------------------------------------------------- boundaries


def test_tests_and_warnings_of_a_dependency_are_its_own(shop: Path, tmp_path: Path) -> None:
    run("lock", shop)
    write(
        tmp_path / "tools",
        maths="package tools.maths\nfn twice(n: Int) -> Int { let m = n  return n * 2 }\n"
        'test "wrong" { expect twice(1) == 3 }\n',
    )
    assert codes(shop / "desk.nex") == []
    assert "1 of 1 test passed" in run("test", shop / "desk.nex")
    assert codes(tmp_path / "tools" / "maths.nex") == ["NEX0230"]


def test_a_package_from_git_reaches_nothing_outside(tmp_path: Path, kit: str, shop: Path) -> None:
    source = tmp_path / "kit_source"
    manifest = source / "nex.toml"
    manifest.write_text(manifest.read_text().replace('"inner"', '"../tools"'))
    git("add", "-A", at=source)
    git("commit", "--quiet", "-m", "leaving", at=source)
    git("push", "--quiet", str(tmp_path / "kit.git"), "HEAD", at=source)
    newer = git("rev-parse", "HEAD", at=source)
    (shop / "nex.toml").write_text((shop / "nex.toml").read_text().replace(kit, newer))
    assert "leaves the checkout" in str(invoke("lock", shop).exception)


def test_a_check_with_a_lock_imports_no_library_for_packages(shop: Path) -> None:
    run("lock", shop)
    code = (
        "import sys, nexlang; made = nexlang.compile(sys.argv[1]); assert not made.diagnostics, made.diagnostics;"
        "print([name for name in ('pydantic', 'tomllib', 'subprocess', 'tarfile') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(shop / "desk.nex")], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize(
    ("old", "new"), [('"kit": {\n      "git"', '"../../kit": {\n      "git"'), ("{kit}", "../../../../../../tmp")]
)
def test_a_lock_names_no_folder_elsewhere(shop: Path, kit: str, old: str, new: str) -> None:
    run("lock", shop)
    lock = shop / "nex.lock"
    text = lock.read_text()
    assert old.replace("{kit}", kit) in text
    lock.write_text(text.replace(old.replace("{kit}", kit), new))
    assert "NEX0832" in str(invoke("fetch", shop).exception)
    assert codes(shop / "desk.nex") == ["NEX0223"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"lock": 2}', '{"lock": 1, "manifests": []}', "\x00"])
def test_a_lock_that_cannot_be_read_is_none(shop: Path, text: str) -> None:
    (shop / "nex.lock").write_text(text)
    assert codes(shop / "desk.nex") == ["NEX0223"]
    run("lock", shop)
    assert codes(shop / "desk.nex") == []

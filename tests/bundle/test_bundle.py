"""A bundle is the same bytes for the same input, and is refused by name where it is anything else."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nexlang.bundle import BundleError, open_bundle, write_bundle
from nexlang.bundle.manifest import MANIFEST, is_safe
from nexlang.compiler import compile
from nexlang.worlds.engine.session import Session
from tests.bundle.conftest import write_program


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def refused(path: Path) -> str:
    with pytest.raises(BundleError) as caught:
        open_bundle(path)
    return caught.value.code


def change_manifest(bundle: Path, **values: object) -> None:
    manifest = json.loads((bundle / MANIFEST).read_text())
    (bundle / MANIFEST).write_text(json.dumps(manifest | values))


def rehash(bundle: Path, name: str) -> None:
    """Make the manifest agree with a file that was changed, as someone with intent would."""
    content = (bundle / name).read_bytes()
    manifest = json.loads((bundle / MANIFEST).read_text())
    manifest["files"][name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (bundle / MANIFEST).write_text(json.dumps(manifest))


def test_a_bundle_holds_what_it_names(bundle: Path) -> None:
    names = set(tree(bundle))
    assert {"manifest.json", "ir.json", "schema/ir.schema.json", "tools.json", "data/data/house.json"} <= names
    assert {"counter/__init__.py", "counter/types.py", "counter/tools.py"} <= names
    tools = json.loads((bundle / "tools.json").read_text())
    assert [tool["function"]["name"] for tool in tools] == ["enter"]


def test_a_bundle_runs(bundle: Path) -> None:
    opened = open_bundle(bundle)
    world = opened.world("Day")
    answer = Session(opened.package.tools, world).call("enter", {"gate": "south"})
    assert json.loads(answer.text) == {"id": "south", "count": 3, "note": None}
    assert world.diff(since=opened.world("Day")) == [{"path": ["gates", "south", "count"], "value": 3}]
    assert [task.gate for task in opened.tasks("Day")] == ["north", "south"]


def test_the_bytes_do_not_depend_on_folder_process_or_hash_seed(tmp_path: Path) -> None:
    made = []
    for i, seed in enumerate(("0", "12345")):
        source = write_program(tmp_path / f"in {i}" / "deep")
        script = (
            "import sys; from nexlang.compiler import compile; from nexlang.bundle import write_bundle; "
            "from pathlib import Path; c = compile(sys.argv[1]); "
            "write_bundle(c.program, c.data, Path(sys.argv[2])); "
            "write_bundle(c.program, c.data, Path(sys.argv[2] + '.nexb'), as_zip=True)"
        )
        out = tmp_path / f"out{i}"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", script, str(source), str(out)], check=True, env=environment)
        made.append((tree(out), Path(f"{out}.nexb").read_bytes()))
    assert made[0] == made[1]


def test_a_zip_holds_the_same(bundle: Path, program: Path, tmp_path: Path) -> None:
    compiled = compile(program)
    path = write_bundle(compiled.program, compiled.data, tmp_path / "b.nexb", as_zip=True)
    assert open_bundle(path).digest == open_bundle(bundle).digest


@pytest.mark.parametrize("name", ["data/data/house.json", "ir.json", "counter/tools.py", "tools.json"])
def test_a_changed_byte_is_refused(bundle: Path, name: str) -> None:
    content = bytearray((bundle / name).read_bytes())
    content[len(content) // 2] ^= 1
    (bundle / name).write_bytes(bytes(content))
    assert refused(bundle) == "NEX0702"


def test_a_changed_length_is_refused(bundle: Path) -> None:
    with (bundle / "data/data/house.json").open("a") as file:
        file.write(" ")
    assert refused(bundle) == "NEX0702"


def test_a_missing_and_an_extra_file_are_refused(bundle: Path) -> None:
    (bundle / "extra.py").write_text("")
    assert refused(bundle) == "NEX0704"
    (bundle / "extra.py").unlink()
    (bundle / "tools.json").unlink()
    assert refused(bundle) == "NEX0703"


def test_an_unknown_format_is_refused(bundle: Path) -> None:
    change_manifest(bundle, format=2)
    assert refused(bundle) == "NEX0705"


@pytest.mark.parametrize("name", ["../escape", "/etc/passwd", "a/../../b", "a\\b", "C:/x", ".", "a//b", ""])
def test_a_path_that_leaves_is_refused(bundle: Path, name: str) -> None:
    assert not is_safe(name)
    manifest = json.loads((bundle / MANIFEST).read_text())
    change_manifest(bundle, files=manifest["files"] | {name: {"size": 0, "sha256": "0" * 64}})
    assert refused(bundle) == "NEX0706"


def test_a_link_is_refused(bundle: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    shutil.copy(bundle / "data/data/house.json", secret)
    (bundle / "data/data/house.json").unlink()
    (bundle / "data/data/house.json").symlink_to(secret)
    assert refused(bundle) == "NEX0706"


def test_a_zip_that_leaves_is_refused(tmp_path: Path) -> None:
    for name in ("../x", "/x"):
        path = tmp_path / "b.nexb"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("manifest.json", "{}")
            archive.writestr(name, "x")
        assert refused(path) == "NEX0706"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("data/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert refused(path) == "NEX0706"


def test_python_that_the_program_does_not_make_is_refused(bundle: Path) -> None:
    with (bundle / "counter/tools.py").open("a") as file:
        file.write("\nraise SystemExit('this must never run')\n")
    rehash(bundle, "counter/tools.py")
    assert refused(bundle) == "NEX0709"


def test_another_release_runs_what_it_generates_itself(bundle: Path) -> None:
    with (bundle / "counter/tools.py").open("a") as file:
        file.write("\nraise SystemExit('this must never run')\n")
    rehash(bundle, "counter/tools.py")
    change_manifest(bundle, nexlang="0.0.1")
    opened = open_bundle(bundle)
    assert not Session(opened.package.tools, opened.world()).call("enter", {"gate": "north"}).error


def test_a_damaged_program_is_refused(bundle: Path) -> None:
    program = json.loads((bundle / "ir.json").read_text())
    program["functions"][0]["name"] = "enter(): pass\nimport os"
    (bundle / "ir.json").write_text(json.dumps(program))
    rehash(bundle, "ir.json")
    assert refused(bundle) == "NEX0708"


def test_data_that_does_not_fit_is_refused_when_it_is_used(bundle: Path) -> None:
    (bundle / "data/data/house.json").write_text('{"gates": {"north": {"id": "north", "count": -1}}}')
    rehash(bundle, "data/data/house.json")
    with pytest.raises(BundleError) as caught:
        open_bundle(bundle).world("Day")
    assert caught.value.code == "NEX0710"


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: p.write_text("no zip"), lambda p: None])
def test_what_is_no_bundle_is_refused(tmp_path: Path, make: object) -> None:
    make(tmp_path / "b")  # type: ignore[operator]
    assert refused(tmp_path / "b") == "NEX0701"


def test_only_a_bundle_is_replaced(program: Path, bundle: Path, tmp_path: Path) -> None:
    compiled = compile(program)
    write_bundle(compiled.program, compiled.data, bundle)
    thesis = tmp_path / "work"
    thesis.mkdir()
    (thesis / "thesis.tex").write_text("years of it")
    with pytest.raises(BundleError) as caught:
        write_bundle(compiled.program, compiled.data, thesis)
    assert caught.value.code == "NEX0711"
    assert (thesis / "thesis.tex").read_text() == "years of it"


def test_an_interrupted_write_leaves_nothing(
    program: Path, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = compile(program)
    before = tree(bundle)
    real = Path.write_bytes

    def interrupted(self: Path, content: bytes) -> int:
        if self.name == "tools.json":
            raise KeyboardInterrupt
        return real(self, content)

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_bundle(compiled.program, compiled.data, bundle)
    assert tree(bundle) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["build", "source"]


def test_two_bundles_live_side_by_side(program: Path, bundle: Path, tmp_path: Path) -> None:
    program.write_text(program.read_text().replace("found.count += 1", "found.count += 5"))
    compiled = compile(program)
    other = write_bundle(compiled.program, compiled.data, tmp_path / "other")
    results = []
    for path in (bundle, other):
        opened = open_bundle(path)
        world = opened.world("Day")
        results.append(Session(opened.package.tools, world).call("enter", {"gate": "north"}).value.count)
    assert results == [1, 5]

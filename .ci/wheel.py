"""Builds the distributions, looks into them, and runs the installed `nexc` outside the repository.

What must hold: a wheel made from the tree and one made from the sdist hold the same files; every file of every
room that ships is among them; at the top of site-packages there is `nexlang` and its dist-info and nothing else, for a
wheel and for an editable install; the installed command checks, compiles and verifies an example.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("nexlang", "trainer", "grammar", "stdlib")
EXAMPLE = ROOT / "examples" / "desk"


def call(*words: str | Path, where: Path) -> str:
    """Run a command that must succeed; its output."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run([str(w) for w in words], cwd=where, env=environment, text=True, capture_output=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def sources() -> list[str]:
    """The files of the tree, those that are yet to be committed among them."""
    names = call("git", "ls-files", "--cached", "--others", "--exclude-standard", where=ROOT).splitlines()
    return [name for name in names if (ROOT / name).exists()]


def shipped() -> set[str]:
    """The files that a wheel must hold, as their paths in it."""
    names = [name for name in sources() if name.split("/")[0] in ROOMS and not (ROOT / name).is_symlink()]
    return {name if name.startswith("nexlang/") else f"nexlang/{name}" for name in names}


def copied(work: Path) -> Path:
    """The tree without what older builds left in it."""
    tree = work / "source"
    for name in sources():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tree / name, follow_symlinks=False)
    return tree


def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def built(work: Path) -> list[Path]:
    """A wheel from the tree, and one from the sdist."""
    tree = copied(work)
    for folder, options in (("tree", ["--wheel"]), ("sdist", [])):
        call(sys.executable, "-m", "build", *options, "-o", work / folder, tree, where=work)
    return [next((work / folder).glob("*.whl")) for folder in ("tree", "sdist")]


def look_inside(wheels: list[Path]) -> None:
    first, second = (contents(wheel) for wheel in wheels)
    expect(first == second, f"the sdist's wheel differs: {sorted(first ^ second)}")
    missing = shipped() - first
    expect(not missing, f"missing from the wheel: {sorted(missing)}")
    extra = {name for name in first - shipped() if ".dist-info/" not in name}
    expect(not extra, f"in the wheel but not in the tree: {sorted(extra)}")


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(otherwise)


def installed(work: Path, name: str, *what: str | Path) -> Path:
    """A clean environment with the project in it; answers with its bin folder."""
    home = work / name
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    site = Path(call(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", where=work).strip())
    before = set(os.listdir(site))
    call(python, "-m", "pip", "install", "--quiet", "--no-deps", *what, where=work)
    added = {entry for entry in set(os.listdir(site)) - before if "nexlang" not in entry and entry != "__pycache__"}
    expect(not added, f"{name}: beside nexlang, site-packages got {sorted(added)}")
    call(python, "-c", "import nexlang, importlib.util as u; assert not u.find_spec('trainer')", where=work)
    call(python, "-m", "pip", "install", "--quiet", *what, where=work)
    return home / "bin"


def use(binaries: Path, work: Path) -> None:
    """The installed command on a copy of the example, away from the repository."""
    print(call(binaries / "nexc", "--version", where=work).strip())
    if not EXAMPLE.exists():
        return
    example = work / f"example-{binaries.parent.name}"
    shutil.copytree(EXAMPLE, example)
    call(binaries / "nexc", "check", ".", where=example)
    call(binaries / "nexc", "fmt", "--check", ".", where=example)
    call(binaries / "nexc", "compile", "desk.nex", "-o", "bundle", where=example)
    call(binaries / "nexc", "verify", "bundle", where=example)
    call(binaries / "nexc", "synth", "a help desk for a shop", where=example)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        wheels = built(work)
        look_inside(wheels)
        use(installed(work, "wheel", wheels[0]), work)
        use(installed(work, "editable", "-e", work / "source"), work)
    print("the wheel, the sdist and the editable install are whole")


if __name__ == "__main__":
    main()

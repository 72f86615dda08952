"""Prints a constraint for each core dependency: exactly the lower bound that pyproject.toml names."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
for requirement in project["dependencies"]:
    print(re.sub(r">=([0-9.]+).*", r"==\1.*", requirement))

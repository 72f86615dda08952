"""English → `.nex`, without a model: what a description asks for is looked up in a lexicon, or refused by name.

`lexicon` the words and what they stand for · `plan` the typed plan · `reading` description → plan · `kits` a domain
kit's source, cut and renamed to the plan · `data/` rows and requests · `agents` the tree and its stand-ins ·
`program` the whole source · `project` files, checked before they are written · `scaffold` what `nexc new` makes.
"""

from __future__ import annotations

from nexlang.synth.plan import Plan, Unserved
from nexlang.synth.project import Project, build, write
from nexlang.synth.reading import read

__all__ = ["Plan", "Project", "Unserved", "build", "read", "write"]

"""Modules and packages: what is private, circles, `nex.toml` and `nex.lock` (NEX0222 to NEX0239)."""

from nexlang.diagnostics.registry import code

BAD_MANIFEST = code("NEX0222", "bad-manifest", "`{path}` {problem}", "{problem}")
NOT_LOCKED = code("NEX0223", "not-locked", "the package `{name}` is not here: {reason}", "not here")
PACKAGE_CONFLICT = code(
    "NEX0224", "package-conflict", "two packages are called `{name}`: {first} and {second}", "another `{name}`"
)
CHANGED_PACKAGE = code(
    "NEX0225", "changed-package", "`{file}` of the package `{name}` is not what `nex.lock` says", "changed"
)
UNKNOWN_EDITION = code(
    "NEX0226", "unknown-edition", "there is no edition `{edition}`; this release knows {known}", "unknown edition"
)
OTHER_PACKAGE_NAME = code(
    "NEX0227",
    "other-package-name",
    "the package at {where} is called `{actual}`, not `{name}`",
    "its own name is `{actual}`",
)
PRIVATE_NAME = code("NEX0228", "private-name", "`{name}` is private to `{module}`", "private there")
IMPORT_CYCLE = code("NEX0229", "import-cycle", "`{name}` uses itself: {path}", "closes the circle")
UNUSED_LOCAL = code("NEX0230", "unused-name", "nothing uses `{name}`", "not used", severity="warning")
UNUSED_PARAMETER = code(
    "NEX0231", "unused-parameter", "{what} does not use its parameter `{name}`", "not used", severity="warning"
)
UNUSED_PRIVATE = code(
    "NEX0232", "unused-private", "`{name}` is private and not used here", "not used", severity="warning"
)
SHADOWED = code("NEX0233", "shadowed", "`{name}` hides {what}", "hides {what}", severity="warning")

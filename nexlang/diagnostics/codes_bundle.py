"""NEX07xx: bundles that cannot be written, read or trusted."""

from nexlang.diagnostics.registry import code

NO_BUNDLE = code("NEX0701", "no-bundle", "`{path}` is no bundle: {reason}")
CHANGED_FILE = code("NEX0702", "changed-file", "`{name}` in the bundle is not what was written: {reason}")
MISSING_FILE = code("NEX0703", "missing-bundle-file", "the bundle lacks `{name}`")
EXTRA_FILE = code("NEX0704", "extra-file", "the bundle holds `{name}`, which its manifest does not name")
UNKNOWN_FORMAT = code(
    "NEX0705", "unknown-format", "the bundle has format {found}, and this release reads format {known}"
)
UNSAFE_PATH = code("NEX0706", "unsafe-path", "the bundle names `{name}`, which leaves its folder")
BUNDLE_TOO_LARGE = code("NEX0707", "bundle-too-large", "the bundle is larger than {limit} MB")
BAD_IR = code("NEX0708", "bad-ir", "the bundle's program is damaged: {reason}")
FOREIGN_CODE = code("NEX0709", "foreign-code", "`{name}` in the bundle is not what its program compiles to")
BAD_BUNDLE_DATA = code("NEX0710", "bad-bundle-data", "`{name}` in the bundle does not fit the program: {reason}")
NOT_REPLACED = code("NEX0711", "not-replaced", "`{path}` is there already and is no bundle, so it is left as it is")
NOT_WRITTEN = code("NEX0712", "not-written", "the bundle cannot be written to `{path}`: {reason}")
NO_ENTRY = code("NEX0713", "no-entry", "the bundle has no {kind} `{name}`; it has {known}")

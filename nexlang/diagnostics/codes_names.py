"""Names: declared twice, spelt wrong, not found, not used (NEX02xx)."""

from nexlang.diagnostics.registry import code

DUPLICATE_DECLARATION = code("NEX0201", "duplicate-declaration", "`{name}` is declared twice", "declared again here")
NAMING_STYLE = code(
    "NEX0202", "naming-style", "{what} names are {style}: `{name}` should be `{right}`", "should be `{right}`"
)
UNKNOWN_TYPE = code("NEX0204", "unknown-type", "there is no type `{name}`", "unknown type")
UNKNOWN_NAME = code("NEX0205", "unknown-name", "there is no `{name}` here", "unknown name")
UNKNOWN_FUNCTION = code("NEX0206", "unknown-function", "there is no function or tool `{name}`", "unknown function")
UNKNOWN_MODULE = code("NEX0208", "unknown-module", "there is no module `{name}`", "no file {looked}")
UNKNOWN_IMPORT = code("NEX0209", "unknown-import", "module `{module}` declares no `{name}`", "not declared there")
PACKAGE_MISMATCH = code(
    "NEX0210", "package-mismatch", "the file is used as `{used}` but calls itself `{package}`", "its own name"
)
DUPLICATE_NAME = code("NEX0212", "duplicate-name", "{what} `{name}` is there twice", "again here")
UNUSED_IMPORT = code("NEX0213", "unused-import", "`{name}` is imported but not used", "not used", severity="warning")
NOT_A_VALUE = code("NEX0214", "not-a-value", "`{name}` is {what}, not a value", "not a value")
NOT_A_TYPE = code("NEX0215", "not-a-type", "`{name}` is {what}, not a type", "not a type")
UNKNOWN_WORLD = code("NEX0216", "unknown-world", "there is no world `{name}`", "unknown world")
UNKNOWN_TOOL = code("NEX0217", "unknown-tool", "there is no tool `{name}`", "unknown tool")
UNKNOWN_AGENT = code("NEX0218", "unknown-agent", "there is no agent `{name}`", "unknown agent")
UNKNOWN_MODEL = code("NEX0219", "unknown-model", "there is no model `{name}`", "unknown model")
UNKNOWN_ENVIRONMENT = code("NEX0220", "unknown-environment", "there is no environment `{name}`", "unknown environment")
WHOLE_MODULE = code("NEX0221", "whole-module", "say which names of `{name}` are used", "name them in braces")

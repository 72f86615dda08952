"""NEX08xx: what stops a run before it begins: environments, tasks, policies, models."""

from nexlang.diagnostics.model import Code
from nexlang.diagnostics.registry import code

NO_ENVIRONMENT = code("NEX0801", "no-environment", "{program} has no environment")
WHICH_ENVIRONMENT = code("NEX0802", "which-environment", "{program} has several environments; name one of {known}")
UNKNOWN_ENVIRONMENT = code("NEX0803", "environment-not-found", "{program} has no environment {name}; it has {known}")
UNKNOWN_TASK = code("NEX0804", "task-not-found", "{environment} has no task {name}")
SAME_TASK = code("NEX0805", "same-task-id", "tasks {first} and {second} of {environment} have the same id, {name}")
UNSORTED_TASK = code("NEX0806", "unsorted-task", "task {name} of {environment} cannot be sorted: {reason}")
NO_TASK = code("NEX0807", "no-task-to-play", "{environment} has no task{where}")
UNKNOWN_POLICY = code(
    "NEX0808",
    "policy-not-found",
    "there is no policy {name}: take solution, noop, random, endpoint, {agents}, or a model's path",
)
NO_STAND_IN = code("NEX0809", "no-stand-in", "{name} {plays}; {environment} wants an agent that plays {learner}")
NO_SOLUTION = code("NEX0810", "no-solution", "{environment} has no `solution`")
FAILING_SOLUTION = code("NEX0811", "failing-solution", "the solution of task {task} fails: {reason}")
ASKS_A_MODEL = code("NEX0812", "asks-a-model", "{name} asks a model: name the model's path, or endpoint")
MISSING_EXTRA = code("NEX0813", "missing-extra", "{what} needs the extra `{extra}`: pip install 'nexlang[{extra}]'")
MISSING_KEY = code("NEX0814", "missing-key", "set {key} to ask a model; {server} names a server other than OpenAI's")
MODEL_NOT_LOADED = code("NEX0815", "model-not-loaded", "the model {name} cannot be loaded: {reason}")
NO_SECOND_PROCESS = code("NEX0816", "no-second-process", "a second process cannot play the environment: {reason}")


NO_MARKS = code("NEX0817", "no-marks", "the tokenizer of {name} lacks {mark}, which ends a turn: train the model first")
UNSCRIPTED_MODEL = code(
    "NEX0830",
    "unscripted-model",
    "{agent} asks {model}, and the test has nothing (more) for it: `model {model} says …`",
)
NOT_FETCHED = code("NEX0831", "not-fetched", "{reason}")
OLD_LOCK = code("NEX0832", "old-lock", "{path} is not there or not up to date; run `nexc lock`")
NO_MANIFEST = code("NEX0833", "no-manifest", "there is no nex.toml in {folder} or above it")
NOT_STEPPED = code("NEX0885", "not-stepped", "{environment} cannot be stepped from outside: {reason}")
NOT_TABULATED = code("NEX0886", "not-tabulated", "the steps of {environment} cannot be kept in a table: {reason}")
LEAKING = code(
    "NEX0871",
    "made-task-in-two-splits",
    "task {first} of {environment}, in the split {split}, is task {second} of {other} but for its id",
)


def said(code: Code, **values: object) -> str:
    """The message with its code, as an exception says it."""
    return f"{code.id}: {code.message.format(**values)}"

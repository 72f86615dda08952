"""Externs, capabilities and grants (NEX0573–NEX0589), and what stops a run that asks an extern (NEX0818–NEX0829,
NEX0890–NEX0899)."""

from nexlang.diagnostics.registry import code

UNKNOWN_SOURCE = code("NEX0573", "unknown-extern-source", "nothing answers from `{name}`", "no source of answers")
BAD_ADDRESS = code("NEX0574", "bad-extern-address", "`{address}` is no address for `{source}`: {problem}", "{problem}")
UNKNOWN_CAPABILITY = code("NEX0575", "unknown-capability", "there is no capability `{name}`", "unknown capability")
NO_CAPABILITY = code("NEX0576", "no-capability", "extern `{name}` names no capability", "needs one")
LATE_EXTERN = code(
    "NEX0577", "extern-after-write", "`{name}` is asked after a write: a failure takes back the write only", "too late"
)
EXTERN_NOT_HERE = code("NEX0578", "extern-not-here", "`{name}` asks {extern}, which {where} cannot", "asks an extern")
NOT_GRANTED = code(
    "NEX0579", "not-granted", "`{parent}` does not grant {missing}, which `{child}` needs", "not granted"
)
NO_SUCH_GRANT = code("NEX0580", "no-such-grant", "`{of}` has no `{name}` to be written", "nothing of this name")
IDLE_GRANT = code(
    "NEX0581", "idle-grant", "nothing below `{agent}` needs `{name}`", "granted to nobody", severity="warning"
)
FLOW_RECURSION = code("NEX0582", "agent-recursion", "`{name}` calls itself: {path}", "closes the cycle")
UNKNOWN_ROLE = code("NEX0583", "unknown-role", "`{environment}` has no actor `{name}`", "no such role")
ROLE_LACKS = code("NEX0584", "role-lacks", "`{agent}`, who is `{role}`, does not hold `{name}`", "not the actor's")
BY_NOT_HERE = code(
    "NEX0585",
    "by-not-here",
    "`by` stands in solutions and in tests of an environment, not in {where}",
    "acts for nobody",
)

NOT_ANSWERED = code(
    "NEX0818",
    "extern-not-answered",
    "{who} asks {names}, and this run answers nothing: {way}",
)
NOT_ALLOWED = code("NEX0819", "capability-not-allowed", "extern {name} needs {missing}: allow it with {allow}")
BAD_RECORDING = code("NEX0820", "bad-recording", "{path}, line {line}: {problem}")
NOT_RECORDED = code("NEX0821", "not-recorded", "the recording has no answer of {name} to {arguments}")
BAD_PROVIDER = code("NEX0822", "bad-provider", "extern {name} cannot be asked: {reason}")
BAD_ALLOWANCE = code("NEX0823", "bad-allowance", "--allow {text}: {problem}")
BAD_ANSWER = code("NEX0824", "bad-answer", "extern {name} answered what it does not declare: {problem}")

SANDBOX_PARAMETER = code("NEX0890", "sandbox-parameter", "parameter `{name}` of a command {problem}", "{problem}")
NO_SANDBOX = code("NEX0891", "no-sandbox", "extern {name} cannot be run in a sandbox here: {reason}")
BROKEN_SANDBOX = code("NEX0892", "broken-sandbox", "the sandbox did not start the command of extern {name}: {reason}")

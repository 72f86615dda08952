"""An environment ready to play: everything that stays the same between its episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from nexlang.diagnostics.codes_run import NO_ENVIRONMENT, UNKNOWN_ENVIRONMENT, UNKNOWN_TASK, WHICH_ENVIRONMENT, said
from nexlang.ir import schemas
from nexlang.ir.model import Act, CallFn, Local, Program
from nexlang.ir.model import Environment as EnvironmentSpec
from nexlang.runtime.externs import Answers, externs_of
from nexlang.runtime.library import Library, nodes_of
from nexlang.runtime.signatures import type_text
from nexlang.worlds.arguments import keys_of, named_keys
from nexlang.worlds.engine import Environment, Failure, Message, Mismatch, Package, ToolFailure, World
from nexlang.worlds.engine.codecs import plain
from nexlang.worlds.engine.distributions import Dynamics
from nexlang.worlds.tasks import Task, TaskError, leaks, prepare


class Pack(Protocol):
    """What is needed of a bundle."""

    @property
    def program(self) -> Program: ...
    @property
    def package(self) -> Package: ...

    def world(self, environment: str) -> World: ...
    def tasks(self, environment: str, seed: int = 0) -> Sequence[Any]: ...


def library_of(program: Program, package: Package) -> Library:
    """A program and its compiled package as the runtime wants them."""
    results = {name: type_text(schema, {}) for name, schema in schemas.results(program).items()}
    constants = {name: plain(value) for name, value in package.constants.items()}
    return Library(
        program, package.agents, package.tools, schemas.callables(program), results, constants,
        Mismatch, ToolFailure, Failure, Message,
    )  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """`base` is the environment's world before any `setup`; `learner` the role that a policy plays."""

    library: Library
    package: Package
    environment: Environment[Any, Any]
    spec: EnvironmentSpec
    base: World
    tasks: tuple[Task, ...]
    answers: Answers = field(default_factory=Answers)

    @classmethod
    def of(cls, bundle: Pack, name: str | None = None, seed: int = 0, answers: Answers | None = None) -> Setting:
        """The environment `name`, or the only one; `answers` are those of its externs.

        Raises `TaskError` where there is no such one, `NotReady` where an extern of it has nobody to answer.
        """
        spec = environment_named(bundle.program, name)
        environment = bundle.package.environments[spec.name]
        tasks = prepare(environment, bundle.tasks(spec.name, seed=seed))
        library = library_of(bundle.program, bundle.package)
        answers = answers or Answers(externs_of(bundle.program))
        answers.ready(spec.name, asked(library, spec))
        return cls(library, bundle.package, environment, spec, bundle.world(spec.name), tasks, answers)

    @property
    def name(self) -> str:
        return self.spec.name

    @cached_property
    def learner(self) -> str:
        """The first actor that asks a model; the first of all where none does."""
        asking = [a.role for a in self.spec.actors if self.library.agents[a.agent].kind == "model"]
        return (asking or [a.role for a in self.spec.actors])[0]

    @cached_property
    def learner_agent(self) -> str:
        return next(actor.agent for actor in self.spec.actors if actor.role == self.learner)

    @cached_property
    def asking(self) -> tuple[str, ...]:
        """The roles that a policy answers for: all that ask a model, or else the learner."""
        asking = [a.role for a in self.spec.actors if self.library.agents[a.agent].kind == "model"]
        return tuple(asking) or (self.learner,)

    @cached_property
    def own_solution(self) -> bool:
        """Whether each actor has a solution of its own, because the solution reads `actor`."""
        return any(isinstance(node, Local) and node.name == "actor" for node in nodes_of(self.spec.solution))

    @cached_property
    def shared_solution(self) -> bool:
        """Whether more than the learner have a part in the solution: recorded calls say who made them."""
        return self.own_solution or not isinstance(self.spec.solution, Act)

    @cached_property
    def models_only(self) -> tuple[str, ...]:
        """The judges that nobody plays but a model."""
        agents, stand_ins = self.library.agents, self.library.stand_ins
        names = dict.fromkeys(judge.agent for judge in self.spec.judges)
        return tuple(name for name in names if agents[name].kind == "model" and name not in stand_ins)

    @cached_property
    def dynamics(self) -> Dynamics | None:
        """What happens to calls. Raises `TaskError` where a distribution cannot be."""
        try:
            return self.environment.dynamics()
        except (ToolFailure, ArithmeticError) as error:
            raise TaskError(f"the dynamics of {self.name}: {error}") from None

    @cached_property
    def weights(self) -> Mapping[str, float]:
        return {component.name: component.weight for component in self.spec.reward}

    @cached_property
    def leaks(self) -> list[str]:
        """What is wrong with its splits."""
        return leaks(self.name, self.spec.split, self.tasks)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Keys of the base's tables that are texts, some of each."""
        return tuple(keys_of(self.base))

    @cached_property
    def named_keys(self) -> Mapping[str, Sequence[Any]]:
        """Some keys of the base's tables by the name of their key."""
        return named_keys(self.base)

    @cached_property
    def reachable_tools(self) -> tuple[str, ...]:
        """The tools of the learner and its delegates, in the order of the tree."""
        return self.tools_of(self.learner)

    def tools_of(self, role: str) -> tuple[str, ...]:
        """The tools of an actor and its delegates, in the order of the tree."""
        agent = next(actor.agent for actor in self.spec.actors if actor.role == role)
        return tuple(self.library.reach(agent)[0])

    def reflexes(self, role: str) -> Sequence[str]:
        """Those that are asked before each call of `role`: the rule agents above it, where the first has priority."""
        return self._reflexes.get(role, ())

    @cached_property
    def _reflexes(self) -> Mapping[str, Sequence[str]]:
        if self.spec.turns != "by_priority":
            return {}
        agents, above = self.library.agents, list[str]()
        found: dict[str, Sequence[str]] = {}
        for one in self.spec.actors:
            found[one.role] = tuple(above)
            below = [agents[name] for name in (one.agent, *self.library.reach(one.agent)[1])]
            if agents[one.agent].kind == "rules" and all(agent.kind != "model" for agent in below):
                above.append(one.role)
        return found

    def task(self, id: str) -> Task:
        for task in self.tasks:
            if task.id == id:
                return task
        raise TaskError(said(UNKNOWN_TASK, environment=self.name, name=id))


def asked(library: Library, spec: EnvironmentSpec) -> list[str]:
    """The externs that episodes of an environment may ask: those of its actors, its setup and its solution."""
    functions = {function.name: function for function in library.program.functions}
    agents = [actor.agent for actor in spec.actors]
    if isinstance(spec.solution, Act):
        agents.append(spec.solution.name)
    tools = [tool for agent in agents for tool in library.reach(agent)[0]]
    called = [node.name for node in nodes_of(spec.setup) if isinstance(node, CallFn)]
    found = [name for function in [*tools, *called] for name in functions[function].effects.extern]
    return list(dict.fromkeys(found))


def environment_named(program: Program, name: str | None) -> EnvironmentSpec:
    names = [environment.name for environment in program.environments]
    if not names:
        raise TaskError(said(NO_ENVIRONMENT, program=program.name))
    if name is None and len(names) > 1:
        raise TaskError(said(WHICH_ENVIRONMENT, program=program.name, known=", ".join(names)))
    if name is not None and name not in names:
        raise TaskError(said(UNKNOWN_ENVIRONMENT, program=program.name, name=name, known=", ".join(names)))
    return program.environments[names.index(name) if name else 0]

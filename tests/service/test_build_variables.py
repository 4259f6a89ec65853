"""Build-time variables: given to the build, part of what a kept build is found by."""

import asyncio
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest
from anyio import fail_after

from models import (
    App,
    Artifact,
    CacheDecisionKind,
    Deployment,
    Environment,
    FailureClass,
    VariablePhase,
)
from services.build_logs import read_lines
from services.builder import Build, Builder, BuildRequest, Log
from services.builds import build_code
from services.ciphers import Cipher, SecretKeys
from services.comparing.comparison import compare
from services.comparing.forecast import forecast, read_content, read_inputs
from tests.support.apps import deployment_now, deployments_of, push, settle
from tests.support.callers import Caller
from tests.support.repositories import Repository
from tests.support.samples import HANDLER, WITH_HANDLER
from tests.support.variables import BOTH, BUILD, RUNTIME, put, remove

HANG_SECONDS = 300
NEEDS_TOKEN = b"""import os

print("the token is", os.environ["TOKEN"])


def handler(event):
    return event
"""


def decision(deployment: Deployment) -> tuple[CacheDecisionKind | None, str | None]:
    return deployment.cache_decision, deployment.cache_detail


async def build_log(caller: Caller, deployment: Deployment) -> str:
    async with caller.installation.database.moment() as session:
        lines = await read_lines(session, deployment_id=deployment.id, after=0)
    return "\n".join(line.text for line in lines)


async def test_a_build_is_given_its_own_environments_variables_and_never_says_them(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    repository.commit({"handler.py": NEEDS_TOKEN})
    await put(caller, dev, "TOKEN", "hunter2 of dev", BOTH)
    failed = await caller.release(dev, staging)
    await put(caller, staging, "TOKEN", "hunter2 of staging", RUNTIME)
    unseen = await settle(caller.installation, await caller.retry(failed))
    await put(caller, staging, "TOKEN", "hunter2 of staging", BOTH)
    retried = await settle(caller.installation, await caller.retry(unseen))

    assert failed.failure_class is unseen.failure_class is FailureClass.BUILD
    assert "TOKEN is set for run time only" not in (failed.failure_reason or "")
    assert "TOKEN is set for run time only" in (unseen.failure_reason or "")
    assert retried.succeeded, retried.failure_reason
    log = await build_log(caller, retried)
    assert "the token is ***" in log
    assert "hunter2" not in log


async def test_a_changed_build_variable_misses_the_cache_and_says_its_name(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    repository.commit(WITH_HANDLER)
    first = await caller.release(dev, staging)
    await put(caller, staging, "B", "hunter2", BUILD)
    await put(caller, staging, "A", "hunter2", RUNTIME)
    second = await caller.release(dev, staging)
    await put(caller, staging, "B", "hunter3", BUILD)
    repository.commit({"zeta.txt": b"1"})
    third = await caller.release(dev, staging)
    await remove(caller, staging, "B")
    repository.commit({"zeta.txt": None})
    fourth = await caller.release(dev, staging)

    assert decision(second) == (CacheDecisionKind.MISS_VARIABLES_CHANGED, "B")
    assert decision(third) == (CacheDecisionKind.MISS_CODE_CHANGED, "zeta.txt")
    assert decision(fourth) == (CacheDecisionKind.HIT, None)
    assert fourth.artifact_id == first.artifact_id
    assert "hunter" not in await build_log(caller, second)


async def test_environments_with_the_same_build_variables_share_a_build(
    caller: Caller,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    repository.commit(WITH_HANDLER)
    for environment in (staging, prod):
        await put(caller, environment, "A", "the same", BUILD)
    tested = await caller.release(dev, staging)
    shipped = await caller.release(staging, prod)
    await put(caller, prod, "A", "another", BUILD)
    changed = await caller.release(staging, prod)

    assert (decision(shipped), shipped.artifact_id) == (
        (CacheDecisionKind.HIT, None),
        tested.artifact_id,
    )
    assert decision(changed) == (CacheDecisionKind.MISS_VARIABLES_CHANGED, "A")


async def test_a_rollback_runs_its_kept_build_whatever_the_variables_say(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    repository.commit(WITH_HANDLER)
    first = await caller.release(dev, staging)
    await put(caller, staging, "A", "1", BUILD)
    second = await caller.release(dev, staging)
    back = await settle(caller.installation, await caller.roll_back(staging, 1))
    rebuilt = await settle(caller.installation, await caller.redeploy(staging))

    assert first.artifact_id != second.artifact_id
    assert back.artifact_id == first.artifact_id
    assert await variables_kept(caller, rebuilt) == ["A"]


async def variables_kept(caller: Caller, deployment: Deployment) -> list[str]:
    async with caller.installation.database.moment() as session:
        artifact = await session.get_one(Artifact, deployment.artifact_id)
    return list(artifact.variables)


async def test_a_forecast_is_made_with_the_targets_variables(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository, app: App
) -> None:
    repository.commit(WITH_HANDLER)
    await push(caller.installation, app)
    await caller.release(dev, staging)

    async def foretold() -> tuple[CacheDecisionKind, str | None]:
        async with caller.installation.database.moment() as session:
            comparison = await compare(
                session, principal=caller.principal, source_id=dev.id, target_id=staging.id
            )
            assert comparison is not None
            content = await read_content(session, comparison)
            inputs = await read_inputs(caller.installation, content)
            found = await forecast(session, comparison, inputs)
        return found.kind, found.detail

    await put(caller, dev, "OF_DEV", "1", BUILD)
    assert await foretold() == (CacheDecisionKind.HIT, None)
    await put(caller, staging, "OF_STAGING", "1", BUILD)
    assert await foretold() == (CacheDecisionKind.MISS_VARIABLES_CHANGED, "OF_STAGING")
    assert decision(await caller.release(dev, staging)) == (
        CacheDecisionKind.MISS_VARIABLES_CHANGED,
        "OF_STAGING",
    )


@dataclass
class PausedBuilder:
    """The real builder, which waits before it builds and notes what it was given."""

    builder: Builder
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    given: list[Mapping[str, str]] = field(default_factory=list[Mapping[str, str]])

    async def version(self, language: str) -> str:
        return await self.builder.version(language)

    async def build(self, request: BuildRequest, *, log: Log) -> Build:
        self.given.append(request.variables)
        self.asked.set()
        await self.goes_on.wait()
        return await self.builder.build(request, log=log)


async def test_what_decided_and_what_the_build_was_given_are_one_set(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    repository.commit(WITH_HANDLER)
    builder = PausedBuilder(caller.installation.builder)
    installation = replace(caller.installation, builder=builder)
    await put(caller, staging, "A", "before", BUILD)
    accepted = await caller.promote(dev, staging)
    with fail_after(HANG_SECONDS):
        building = asyncio.create_task(build_code(installation, accepted.id))
        await builder.asked.wait()
        await put(caller, staging, "A", "meanwhile", BUILD)
        builder.goes_on.set()
        await building
    first = await deployment_now(installation, accepted.id)
    await put(caller, staging, "A", "before", BUILD)
    again = await caller.release(dev, staging)

    assert builder.given == [{"A": "before"}]
    assert (decision(again), again.artifact_id) == (
        (CacheDecisionKind.HIT, None),
        first.artifact_id,
    )


async def test_a_missing_key_is_trouble_of_the_infrastructure_and_named(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    repository.commit(WITH_HANDLER)
    await put(caller, staging, "A", "1", BUILD)
    accepted = await caller.promote(dev, staging)
    keyless = replace(caller.installation, cipher=Cipher(SecretKeys(("another",))))
    failed = await settle(keyless, accepted)

    assert failed.failure_class is FailureClass.INFRASTRUCTURE
    assert "PINMARK_SECRET_KEY" in (failed.failure_reason or "")


@dataclass(frozen=True)
class State:
    """All that a build depends on, as a plain model has it."""

    code: Mapping[str, bytes]
    handler: str
    variables: Mapping[str, str]

    @property
    def key(self) -> str:
        code = {path: data.decode() for path, data in self.code.items()}
        return json.dumps([code, self.handler, dict(self.variables)], sort_keys=True)


def first_difference(one: Mapping[str, object], other: Mapping[str, object]) -> str | None:
    names = sorted(one.keys() | other.keys())
    return next((name for name in names if one.get(name) != other.get(name)), None)


@dataclass
class Play:
    """Edits an app at random and foretells from the model what the cache decides."""

    caller: Caller
    app: App
    dev: Environment
    repository: Repository
    draw: random.Random
    code: dict[str, bytes] = field(
        default_factory=lambda: {
            "README.md": b"A sample app.\n",
            "handler.py": HANDLER,
            "other/main.py": HANDLER,
        }
    )
    handler: str = "handler.py"
    variables: dict[str, tuple[str, VariablePhase]] = field(
        default_factory=dict[str, tuple[str, VariablePhase]]
    )
    built: set[str] = field(default_factory=set[str])
    before: State | None = None
    steps: int = 0

    async def edit(self) -> None:
        match self.draw.choice(["code", "variable", "variable", "handler", "content"]):
            case "code":
                path = self.draw.choice(["alpha.txt", "lib/beta.txt", "zeta.txt"])
                data = self.draw.choice([None, b"one", b"two"])
                self.code.pop(path, None)
                if data is not None:
                    self.code[path] = data
            case "variable":
                await self.edit_variable()
            case "handler":
                self.handler = self.draw.choice(["handler.py", "other/main.py"])
            case _:
                pass  # every step changes content

    async def edit_variable(self) -> None:
        name = self.draw.choice(["ALPHA", "BETA"])
        if name in self.variables and self.draw.random() < 0.3:
            del self.variables[name]
            return await remove(self.caller, self.dev, name)
        value = self.draw.choice(["one", "two"])
        phase = self.draw.choice([BUILD, BOTH, RUNTIME])
        self.variables[name] = value, phase
        await put(self.caller, self.dev, name, value, phase)

    def state(self) -> State:
        built_with = {
            name: value
            for name, (value, phase) in self.variables.items()
            if phase is not VariablePhase.RUNTIME
        }
        return State(dict(self.code), self.handler, built_with)

    def foretold(self, state: State) -> tuple[CacheDecisionKind, str | None]:
        if state.key in self.built:
            return CacheDecisionKind.HIT, None
        if self.before is None:
            return CacheDecisionKind.MISS_NO_PREVIOUS_BUILD, None
        path = first_difference(self.before.code, state.code)
        if path is not None:
            return CacheDecisionKind.MISS_CODE_CHANGED, path
        if self.before.handler != state.handler:
            return CacheDecisionKind.MISS_CODE_CHANGED, "agentmark.json"
        return CacheDecisionKind.MISS_VARIABLES_CHANGED, first_difference(
            self.before.variables, state.variables
        )

    async def step(self) -> CacheDecisionKind:
        for _ in range(self.draw.choice([1, 1, 2])):
            await self.edit()
        self.steps += 1
        present = [] if self.before is None else list(self.before.code)
        gone = dict.fromkeys(path for path in present if path not in self.code)
        configuration = {"version": "2.0.0", "agentmarkPath": ".", "handler": self.handler}
        self.repository.commit(
            {
                **gone,
                **self.code,
                "agentmark.json": json.dumps(configuration).encode(),
                "agentmark/step.md": f"Step {self.steps}\n".encode(),
            }
        )
        await push(self.caller.installation, self.app)
        deployment = (await deployments_of(self.caller.installation, self.dev))[-1]
        state = self.state()
        foretold = self.foretold(state)
        assert deployment.succeeded, deployment.failure_reason
        assert decision(deployment) == foretold
        self.built.add(state.key)
        self.before = state
        return foretold[0]


@pytest.mark.parametrize("seed", [2, pytest.param(10, marks=pytest.mark.long)])
async def test_the_cache_hits_exactly_when_it_should_and_names_the_first_difference(
    caller: Caller, app: App, dev: Environment, repository: Repository, seed: int
) -> None:
    play = Play(caller, app, dev, repository, random.Random(seed))
    with fail_after(HANG_SECONDS):
        decided = {await play.step() for _ in range(20)}

    assert decided == {
        CacheDecisionKind.HIT,
        CacheDecisionKind.MISS_NO_PREVIOUS_BUILD,
        CacheDecisionKind.MISS_CODE_CHANGED,
        CacheDecisionKind.MISS_VARIABLES_CHANGED,
    }

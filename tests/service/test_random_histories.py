"""Random histories, checked step by step against a plain model of what the rules say."""

import random
from collections.abc import Awaitable
from dataclasses import dataclass, field

import pytest

from models import Deployment, DeploymentKind, Environment
from services.errors import (
    AlreadyServing,
    DomainError,
    EnvironmentBusy,
    EnvironmentNotPinned,
    NotRetryable,
    VersionNotFound,
)
from tests.support.apps import deployments_of, fresh, settle
from tests.support.callers import Caller, fail

STEPS = 30


@dataclass
class Model:
    """What an environment must look like; ``retryable`` are the failed with no success since."""

    counter: int = 0
    pin: int | None = None
    in_flight: Deployment | None = None
    retryable: list[Deployment] = field(default_factory=list[Deployment])
    blocked: list[Deployment] = field(default_factory=list[Deployment])
    length: int = 0

    def accept(self, deployment: Deployment, *, version: int | None) -> None:
        assert deployment.version == version
        self.in_flight, self.length = deployment, self.length + 1

    def succeed(self) -> None:
        assert self.in_flight is not None
        self.pin = self.in_flight.version
        if self.in_flight.kind is DeploymentKind.PROMOTION:
            self.counter += 1
            assert self.pin == self.counter
        self.blocked += self.retryable
        self.retryable, self.in_flight = [], None

    def fail(self) -> None:
        assert self.in_flight is not None
        self.retryable.append(self.in_flight)
        self.in_flight = None


class Play:
    """Draws acts and compares each answer, and the environment after it, with the model."""

    def __init__(self, caller: Caller, source: Environment, target: Environment, seed: int) -> None:
        self.caller, self.source, self.target = caller, source, target
        self.model, self.draw = Model(), random.Random(seed)

    async def step(self) -> None:
        in_flight = self.model.in_flight
        if in_flight is not None and self.draw.random() < 0.7:
            await self.draw.choice([self.settle, self.settle, self.fail, self.cancel])(in_flight)
        else:
            await self.draw.choice([self.promote, self.roll_back, self.retry, self.redeploy])()
        await self.compare()

    async def settle(self, deployment: Deployment) -> None:
        assert (await settle(self.caller.installation, deployment)).succeeded
        self.model.succeed()

    async def fail(self, deployment: Deployment) -> None:
        await fail(self.caller.installation, deployment)
        self.model.fail()

    async def cancel(self, deployment: Deployment) -> None:
        await self.caller.cancel(deployment)
        self.model.fail()

    async def promote(self) -> None:
        expected = EnvironmentBusy if self.model.in_flight else None
        made = await self.ask(self.caller.promote(self.source, self.target), expected)
        if made is not None:
            self.model.accept(made, version=self.model.counter + 1)

    async def roll_back(self) -> None:
        version = self.draw.randint(0, self.model.counter + 1)
        expected: type[DomainError] | None = None
        if self.model.in_flight:
            expected = EnvironmentBusy
        elif version == self.model.pin:
            expected = AlreadyServing
        elif not 1 <= version <= self.model.counter:
            expected = VersionNotFound
        made = await self.ask(self.caller.roll_back(self.target, version), expected)
        if made is not None:
            self.model.accept(made, version=version)

    async def redeploy(self) -> None:
        expected: type[DomainError] | None = None
        if self.model.in_flight:
            expected = EnvironmentBusy
        elif self.model.pin is None:
            expected = EnvironmentNotPinned
        made = await self.ask(self.caller.redeploy(self.target), expected)
        if made is not None:
            self.model.accept(made, version=self.model.pin)

    async def retry(self) -> None:
        candidates = [*self.model.retryable, *self.model.blocked]
        if not candidates:
            return
        chosen = self.draw.choice(candidates)
        expected: type[DomainError] | None = None
        if self.model.in_flight:
            expected = EnvironmentBusy
        elif chosen in self.model.blocked:
            expected = NotRetryable
        made = await self.ask(self.caller.retry(chosen), expected)
        if made is not None:
            assert made.retry_of_id == chosen.id
            self.model.accept(made, version=chosen.version)

    async def ask(
        self, act: Awaitable[Deployment], expected: type[DomainError] | None
    ) -> Deployment | None:
        """The deployment an act made, or None once it was refused as expected."""
        if expected is None:
            return await act
        with pytest.raises(expected):
            await act
        return None

    async def compare(self) -> None:
        now = await fresh(self.caller.installation, self.target)
        model = self.model
        assert (now.current_version, now.pinned_version) == (model.counter, model.pin)
        assert now.deploying_id == (model.in_flight.id if model.in_flight else None)
        assert now.deployment_count == model.length


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_is_asked_in_whatever_order_the_rules_hold(
    caller: Caller, dev: Environment, staging: Environment, seed: int
) -> None:
    play = Play(caller, dev, staging, seed)
    for _ in range(STEPS):
        await play.step()

    history = await deployments_of(caller.installation, staging)
    promotions = [
        one.version for one in history if one.kind is DeploymentKind.PROMOTION and one.succeeded
    ]
    assert promotions == list(range(1, len(promotions) + 1))
    assert [one.ordinal for one in history] == list(range(1, len(history) + 1))

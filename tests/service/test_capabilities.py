"""What could be done now, and why not: never another answer than the act itself gives."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from models import App, Environment, EnvironmentState, Organization, Plan, Repository
from services import capabilities
from services.capabilities import Capability, OnEnvironment
from services.errors import DomainError
from services.installation import Installation
from services.principals import ALL_PERMISSIONS, Permission, Principal
from tests.support.apps import fresh
from tests.support.callers import Caller
from tests.support.keys import make_key
from tests.support.people import join


@dataclass
class Asked:
    """Somebody looking at an environment: what they are told, and what they meet."""

    caller: Caller
    app: App
    dev: Environment
    environment: Environment

    @property
    def on(self) -> OnEnvironment:
        return OnEnvironment(self.caller.principal, self.environment)

    async def repository(self) -> Repository | None:
        async with self.caller.installation.database.moment() as session:
            statement = select(Repository).where(col(Repository.app_id) == self.app.id)
            return (await session.exec(statement)).one_or_none()

    async def told(self) -> dict[str, Capability]:
        linked = await self.repository()
        async with self.caller.installation.database.moment() as session:
            return {
                "promote": self.on.promote(self.app, linked),
                "roll back": self.on.roll_back(),
                "redeploy": self.on.redeploy(self.app, linked),
                "delete": self.on.delete(),
                "key": await self.on.create_api_key(session),
            }

    def acts(self) -> dict[str, Callable[[], Awaitable[object]]]:
        caller, environment = self.caller, self.environment
        other = 1 if environment.pinned_version in (None, 2) else 2
        if environment.current_version == 1:
            other = 1
        return {
            "promote": lambda: caller.promote(self.dev, environment),
            "roll back": lambda: caller.roll_back(environment, other),
            "redeploy": lambda: caller.redeploy(environment),
            "delete": lambda: caller.delete(environment),
            "key": lambda: make_key(
                caller.installation,
                caller.principal,
                environment,
                permissions=("environment.read",),
            ),
        }


async def check(asked: Asked) -> dict[str, str | None]:
    """Compare what is refused with what was told; give the reasons."""
    told = await asked.told()
    for name, capability in told.items():
        if capability.allowed:
            continue
        if name == "roll back" and asked.environment.state is EnvironmentState.NO_PIN:
            continue  # the act is refused for the version that it names
        with pytest.raises(DomainError) as refusal:
            await asked.acts()[name]()
        assert capability.reason == refusal.value.message, name
    return {name: capability.reason for name, capability in told.items()}


async def test_a_reason_is_what_the_act_is_refused_with(
    caller: Caller,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
) -> None:
    async def reasons(environment: Environment, who: Caller = caller) -> dict[str, str | None]:
        now = await fresh(caller.installation, environment)
        return await check(Asked(who, app, dev, now))

    default = await reasons(dev)
    assert default["redeploy"] is None
    assert default["key"] is None
    assert default["promote"] == "dev tracks branch HEAD; it is never a target and has no versions."
    unpinned = await reasons(prod)
    assert {name for name, reason in unpinned.items() if reason} == {"roll back", "redeploy"}
    await caller.release(dev, staging)
    assert (await reasons(staging))["roll back"] == "staging already serves v1."
    await caller.release(dev, staging)
    assert not any((await reasons(staging)).values())
    in_flight = await caller.promote(dev, staging)
    busy = await reasons(staging)
    assert {name for name, reason in busy.items() if reason} == {
        "promote",
        "roll back",
        "redeploy",
        "delete",
    }
    await caller.cancel(in_flight)
    reader = caller.holding(*(ALL_PERMISSIONS - {Permission.ENVIRONMENT_PROMOTE}))
    assert (await reasons(staging, reader))["promote"] == (
        "This needs the permission environment.promote."
    )
    await caller.delete(prod)
    assert set((await reasons(prod)).values()) == {"No such environment."}


async def test_an_allowed_act_is_accepted(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    for name in ("promote", "roll back", "redeploy", "key", "delete"):
        if name == "roll back":
            await caller.release(dev, staging)
            await caller.release(dev, staging)
        asked = Asked(caller, app, dev, await fresh(caller.installation, staging))
        assert (await asked.told())[name].allowed, name
        made = await asked.acts()[name]()
        if name in {"promote", "roll back", "redeploy"}:
            now = await fresh(caller.installation, staging)
            assert now.deploying_id is not None
            await caller.cancel(made)  # pyright: ignore[reportArgumentType]  # a deployment


async def test_without_a_repository_nothing_is_promoted(caller: Caller) -> None:
    app = await caller.create_app("bare")
    staging = await caller.create_environment(app, "staging")
    async with caller.installation.database.moment() as session:
        statement = select(Environment).where(
            col(Environment.app_id) == app.id, col(Environment.is_default)
        )
        dev = (await session.exec(statement)).one()
    assert (await check(Asked(caller, app, dev, staging)))["promote"] is not None
    assert (await check(Asked(caller, app, dev, dev)))["redeploy"] is not None


async def test_the_plan_is_a_reason(installation: Installation, caller: Caller) -> None:
    app = await caller.create_app("one")
    staging = await caller.create_environment(app, "staging")
    for name in ("two", "three"):
        await caller.create_app(name)
    for number in range(5):
        await make_key(installation, caller.principal, staging, name=f"{number}")
    async with installation.database.transaction() as session:
        organization = (await session.exec(select(Organization))).one()
        organization.plan = Plan.FREE
        session.add(organization)
    async with installation.database.moment() as session:
        organization = (await session.exec(select(Organization))).one()
        create_app = await capabilities.create_app(session, caller.principal, organization)
        create_environment = await capabilities.create_environment(session, caller.principal, app)
        key = await OnEnvironment(caller.principal, staging).create_api_key(session)
    for capability, act in (
        (create_app, caller.create_app("four")),
        (create_environment, caller.create_environment(app, "prod")),
        (key, make_key(installation, caller.principal, staging)),
    ):
        assert capability.reason is not None
        with pytest.raises(DomainError) as refusal:
            await act
        assert capability.reason == refusal.value.message
        assert "Free plan" in capability.reason


async def test_a_role_is_a_reason(
    installation: Installation, owner: Principal, caller: Caller
) -> None:
    app = await caller.create_app("triage")
    reader = await (await join(installation, owner, "ada")).asks()
    async with installation.database.moment() as session:
        organization = (await session.exec(select(Organization))).one()
        denied = (
            await capabilities.create_app(session, reader, organization),
            await capabilities.create_environment(session, reader, app),
            capabilities.link_repository(reader, app),
            capabilities.manage_members(reader),
        )
        allowed = capabilities.manage_members(owner)
    assert [each.reason for each in denied] == [
        f"This needs the permission {name}."
        for name in ("app.insert", "environment.insert", "app.update", "member.write")
    ]
    assert allowed == Capability(True)

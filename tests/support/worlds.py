"""A standing world: apps and environments in every state that a rule asks about."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from anyio import to_thread
from sqlmodel import col, select

from models import App, Environment, Role
from models import Repository as RepositoryRow
from schema.ids import decode_id, encode_id
from services.apps import NewApp, create_app
from services.cancellations import Cancellation, cancel_deployment
from services.installation import Installation
from services.principals import Permission, Principal
from services.rights import owner_principal
from services.tokens import find_owner
from tests.support.apps import (
    environment_named,
    linked_app,
    make_environment,
    promoted,
    promoted_and_settled,
)
from tests.support.callers import Caller
from tests.support.keys import make_key, make_service_token
from tests.support.mutations import mutate
from tests.support.people import accept_link, deactivate, give_access, invite, make_role
from tests.support.repositories import Repository, make_repository
from tests.support.samples import FIRST_COMMIT, INVALID_CONTENT
from tests.support.servers import RunningServer
from tests.support.sessions import sign_in
from tests.support.variables import put


@dataclass
class World:
    """The world's server, and the global ids of what is in it.

    App ``triage``: ``staging`` serves v2 after v1, ``empty`` has no pin, ``busy`` is deploying,
    ``failed`` had one promotion, cancelled. ``staging`` has the variable ``TOKEN``. App ``bare``
    has no repository, the head of ``broken`` has invalid content, the repository of ``lost`` is
    gone; each has a ``target``.

    Beside the ``owner`` there are ``ada``, an admin, and ``bob``, who writes and has the role
    ``deployer`` in ``bare``; ``gone`` left, nobody has the role ``idle``, and one invitation is
    ``open``. ``tokens`` are theirs in plain.
    """

    server: RunningServer
    installation: Installation
    owner: Principal
    repositories: Path
    apps: dict[str, str] = field(default_factory=dict[str, str])
    environments: dict[str, str] = field(default_factory=dict[str, str])
    deployments: dict[str, str] = field(default_factory=dict[str, str])
    api_keys: dict[str, str] = field(default_factory=dict[str, str])
    variables: dict[str, str] = field(default_factory=dict[str, str])
    members: dict[str, str] = field(default_factory=dict[str, str])
    custom_roles: dict[str, str] = field(default_factory=dict[str, str])
    invitations: dict[str, str] = field(default_factory=dict[str, str])
    access_tokens: dict[str, str] = field(default_factory=dict[str, str])
    tokens: dict[str, str] = field(default_factory=dict[str, str])
    service_tokens: dict[str, str] = field(default_factory=dict[str, str])
    sessions: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def triage_id(self) -> UUID:
        found = decode_id("App", self.apps["triage"])
        assert found is not None
        return found

    async def app_row(self, name: str) -> App:
        async with self.installation.database.moment() as session:
            return await session.get_one(App, decode_id("App", self.apps[name]))

    async def repository_id(self, name: str) -> str:
        """The global id of the repository that an app follows."""
        async with self.installation.database.moment() as session:
            statement = select(RepositoryRow.id).where(
                col(RepositoryRow.app_id) == decode_id("App", self.apps[name])
            )
            return encode_id("Repository", (await session.exec(statement)).one())

    def member_id(self, name: str) -> UUID:
        found = decode_id("Member", self.members[name])
        assert found is not None
        return found

    def repository(self, name: str) -> Repository:
        """A repository of that name with one good commit."""
        repository = make_repository(self.repositories / f"{name}.git")
        repository.commit(FIRST_COMMIT)
        return repository

    def resolve(self, value: Any) -> Any:
        """``app:triage`` and the like as the id it stands for; anything else as it is."""
        match value.split(":", 1) if isinstance(value, str) else ():
            case ["app", name]:
                return self.apps[name]
            case ["environment", name]:
                return self.environments[name]
            case ["deployment", name]:
                return self.deployments[name]
            case ["api_key", name]:
                return self.api_keys[name]
            case ["variable", name]:
                return self.variables[name]
            case ["member", name]:
                return self.members[name]
            case ["custom_role", name]:
                return self.custom_roles[name]
            case ["invitation", name]:
                return self.invitations[name]
            case ["access_token", name]:
                return self.access_tokens[name]
            case ["service_token", name]:
                return self.service_tokens[name]
            case ["session", name]:
                return self.sessions[name]
            case ["repository", name]:
                return str(self.repositories / f"{name}.git")
            case _:
                return value

    async def attempt(
        self,
        mutation: str,
        input: dict[str, Any],
        *,
        more: str = "",
        token: str | None = None,
    ) -> dict[str, Any]:
        """What the mutation answers to the input, whose ids are written as for ``resolve``."""
        resolved = {name: self.resolve(value) for name, value in input.items()}
        return await mutate(self.server, mutation, resolved, more=more, token=token)

    async def linked(self, name: str) -> tuple[App, Repository]:
        repository = self.repository(name)
        app = await linked_app(self.installation, self.owner, repository, name=name)
        self.apps[name] = encode_id("App", app.id)
        await self.know(app, "dev")
        return app, repository

    async def make(self, app: App, name: str) -> Environment:
        await make_environment(self.installation, self.owner, app, name)
        return await self.know(app, name)

    async def know(self, app: App, name: str) -> Environment:
        environment = await environment_named(self.installation, app, name)
        self.environments[f"{app.name}/{name}"] = encode_id("Environment", environment.id)
        return environment


async def make_world(
    server: RunningServer, installation: Installation, repositories: Path
) -> World:
    await to_thread.run_sync(repositories.mkdir)
    async with installation.database.moment() as session:
        owner = owner_principal(await find_owner(session))
    world = World(server, installation, owner, repositories)
    app, repository = await world.linked("broken")
    repository.commit(INVALID_CONTENT)
    await world.make(app, "target")
    app, repository = await world.linked("lost")
    await to_thread.run_sync(shutil.rmtree, repository.path)
    await world.make(app, "target")
    bare = await _make_bare(world)
    await _make_people(world, bare)
    for name in ("ci", "nightly", "reports"):
        token = await make_service_token(installation, owner, name=name, role="READ")
        world.service_tokens[name] = encode_id("ServiceToken", token.row.id)
    await _make_triage(world)  # last: linking an app settles whatever is in flight
    return world


async def _make_triage(world: World) -> None:
    installation, owner = world.installation, world.owner
    app, _ = await world.linked("triage")
    dev, staging = await world.know(app, "dev"), await world.make(app, "staging")
    await world.make(app, "empty")
    busy, failed = await world.make(app, "busy"), await world.make(app, "failed")
    first = await promoted_and_settled(installation, owner, source=dev, target=staging)
    await promoted_and_settled(installation, owner, source=dev, target=staging)
    key = await make_key(installation, owner, staging, permissions=("template.read",))
    world.api_keys["staging"] = encode_id("ApiKey", key.row.id)
    flying = await promoted(installation, owner, source=dev, target=busy)
    cancelled = await promoted(installation, owner, source=dev, target=failed)
    async with installation.database.transaction() as session:
        request = Cancellation(deployment_id=cancelled.id)
        await cancel_deployment(session, principal=owner, request=request)
    variable = await put(Caller(installation, owner), staging, "TOKEN", "hunter2")
    world.variables["TOKEN"] = encode_id("EnvironmentVariable", variable.id)
    for name, deployment in (("settled", first), ("flying", flying), ("failed", cancelled)):
        world.deployments[name] = encode_id("Deployment", deployment.id)


async def _make_people(world: World, bare: App) -> None:
    installation, owner = world.installation, world.owner
    world.members["owner"] = encode_id("Member", owner.id)
    for name, role in (("ada", Role.ADMIN), ("bob", Role.WRITE), ("gone", Role.READ)):
        made = await invite(installation, owner, f"{name}@example.com", role)
        joined = await accept_link(installation, made.plaintext, name)
        world.members[name] = encode_id("Member", joined.member.id)
        world.access_tokens[name] = encode_id("AccessToken", joined.access_token.id)
        world.invitations[name] = encode_id("Invitation", made.row.id)
        world.tokens[name] = joined.plaintext
    for name in ("deployer", "idle"):
        made_role = await make_role(installation, owner, name, Permission.ENVIRONMENT_PROMOTE)
        world.custom_roles[name] = encode_id("CustomRole", made_role.id)
        if name == "deployer":
            await give_access(installation, owner, world.member_id("bob"), bare, made_role)
    for name in ("owner", "ada"):
        session_id = await sign_in(installation, world.member_id(name))
        world.sessions[name] = encode_id("SignInSession", session_id)
    await deactivate(installation, owner, world.member_id("gone"))
    opened = await invite(installation, owner, "open@example.com", Role.READ)
    world.invitations["open"] = encode_id("Invitation", opened.row.id)


async def _make_bare(world: World) -> App:
    async with world.installation.database.transaction() as session:
        app = await create_app(session, principal=world.owner, request=NewApp(name="bare"))
    world.apps["bare"] = encode_id("App", app.id)
    await world.know(app, "dev")
    await world.make(app, "target")
    return app

"""Two apps alike, a pair of environments in each, and one of everything that has an id.

``triage`` has ``staging``, whose keys the callers show, and ``prod``; ``orders`` has the same.
Every environment serves v1, has a deployment that failed and one in flight, so that whatever is
asked of it by those who may is refused for another reason and nothing changes.
"""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from anyio import to_thread
from sqlmodel import col, select

from models import (
    AccessToken,
    App,
    Artifact,
    AuditEntry,
    Deployment,
    Environment,
    EnvironmentVariable,
    Language,
    Record,
    Role,
    Runtime,
    RuntimeLogLine,
    RuntimeState,
    VariablePhase,
    utc_now,
)
from models import Repository as RepositoryRow
from schema.ids import encode_id
from services.api_keys import revoke_api_key
from services.installation import Installation
from services.invitations import revoke_invitation
from services.principals import Permission, Principal
from services.rights import owner_principal
from services.service_tokens import revoke_service_token
from services.tokens import find_owner
from tests.support.access.judging import ORGANIZATION, Place
from tests.support.apps import environment_named, linked_app, make_environment
from tests.support.callers import Caller
from tests.support.keys import make_key, make_service_token
from tests.support.people import act, deactivate, give_access, invite, join, make_role
from tests.support.repositories import make_repository
from tests.support.samples import FIRST_COMMIT
from tests.support.servers import RunningServer
from tests.support.sessions import sign_in
from tests.support.variables import put

APPS = ("triage", "orders")
ENVIRONMENTS = ("staging", "prod")
OWN = Place("triage", "staging")
SIBLING = Place("triage", "prod")
FOREIGN = Place("orders", "prod")
PLACES = (OWN, SIBLING, FOREIGN)

Things = dict[str, UUID]
"""By the name of their type, and a word more where there are several."""


@dataclass
class AccessWorld:
    server: RunningServer
    installation: Installation
    owner: Principal
    repositories: Path
    apps: dict[str, App] = field(default_factory=dict[str, App])
    environments: dict[Place, Environment] = field(default_factory=dict[Place, Environment])
    things: dict[Place, Things] = field(default_factory=dict[Place, Things])
    absent: dict[str, UUID] = field(default_factory=dict[str, UUID])
    moment: str = ""
    spares: int = 0

    def id(self, place: Place, thing: str, *, there: bool = True) -> str:
        """A global id; of nothing, though always the same, unless it is to be ``there``."""
        return self.encode(thing, self.identity(place, thing, there=there))

    def identity(self, place: Place, thing: str, *, there: bool = True) -> UUID:
        """What a global id encodes."""
        if there:
            return self.things[place][thing]
        return self.absent.setdefault(thing, uuid4())

    @staticmethod
    def encode(thing: str, identity: UUID) -> str:
        return encode_id(thing.split()[0], identity)

    async def spare_variable(self, place: Place) -> UUID:
        """A variable that may be deleted."""
        self.spares += 1
        variable = EnvironmentVariable(
            id=uuid4(),
            environment_id=self.environments[place].id,
            name=f"SPARE_{self.spares}",
            value=self.installation.cipher.encrypt("spare"),
            fingerprint=b"f" * 32,
            phase=VariablePhase.RUNTIME,
            size=5,
            **self.owner.actor.columns,
        )
        await self.add(variable)
        return variable.id

    async def add(self, *rows: Record | RuntimeLogLine) -> None:
        async with self.installation.database.transaction() as session:
            for row in rows:
                session.add(row)
                await session.flush()


async def make_access_world(
    server: RunningServer, installation: Installation, repositories: Path
) -> AccessWorld:
    await to_thread.run_sync(repositories.mkdir)
    async with installation.database.moment() as session:
        owner = owner_principal(await find_owner(session))
    world = AccessWorld(server, installation, owner, repositories)
    for name in APPS:
        repository = make_repository(repositories / f"{name}.git")
        repository.commit(FIRST_COMMIT)
        world.apps[name] = await linked_app(installation, owner, repository, name=name)
    for name in APPS:
        for environment in ENVIRONMENTS:
            await _furnish(world, Place(name, environment))
    await _make_people(world)
    world.moment = utc_now().isoformat()
    for place in world.environments:
        world.things[place] |= {
            name: thing
            for name, thing in world.things[ORGANIZATION].items()
            if name not in world.things[place]
        }
        other = next(each for each in ENVIRONMENTS if each != place.environment)
        pair = world.environments[Place(place.app, other)]
        world.things[place]["Environment other"] = pair.id
    return world


async def _furnish(world: AccessWorld, place: Place) -> None:
    installation, owner = world.installation, world.owner
    app, caller = world.apps[str(place.app)], Caller(installation, owner)
    dev = await environment_named(installation, app, "dev")
    environment = await make_environment(installation, owner, app, str(place.environment))
    settled = await caller.release(dev, environment)
    failed = await caller.cancel(await caller.promote(dev, environment))
    again = await caller.cancel(await caller.retry(failed))
    flying = await caller.promote(dev, environment)
    key = await make_key(installation, owner, environment, name="of the place")
    await act(
        installation,
        lambda session: revoke_api_key(session, principal=owner, api_key_id=key.row.id),
    )
    variable = await put(caller, environment, "TOKEN", "hunter2")
    world.environments[place] = environment
    world.things[place] = {
        "App": app.id,
        "Environment": environment.id,
        "Environment dev": dev.id,
        "Deployment": again.id,
        "Deployment settled": settled.id,
        "Deployment failed": failed.id,
        "Deployment flying": flying.id,
        "ApiKey": key.row.id,
        "EnvironmentVariable": variable.id,
        "EnvironmentVariable spare": variable.id,
        "Repository": await _repository(installation, app),
        "AuditEntry": await _entry(installation, environment.id),
    }
    await _make_runtime(world, app, environment, settled)
    await _make_those_of(world, place, app)


async def _make_runtime(
    world: AccessWorld, app: App, environment: Environment, deployment: Deployment
) -> None:
    """A runtime that has ended, and said one thing before."""
    artifact = Artifact(
        id=uuid4(),
        app_id=app.id,
        pinned=True,
        key="0" * 64,
        store_path="nowhere",
        digest="0" * 64,
        size=0,
        handler="handler.py",
        language=Language.PYTHON,
        inputs={},
    )
    assert deployment.snapshot_id is not None
    runtime = Runtime(
        id=uuid4(),
        app_id=app.id,
        environment_id=environment.id,
        deployment_id=deployment.id,
        snapshot_id=deployment.snapshot_id,
        artifact_id=artifact.id,
        state=RuntimeState.STOPPED,
        trial=False,
        ended_at=utc_now(),
    )
    said = RuntimeLogLine(
        environment_id=environment.id, seq=1, runtime_id=runtime.id, text="I ran."
    )
    await world.add(artifact, runtime, said)


async def _make_those_of(world: AccessWorld, place: Place, app: App) -> None:
    """A member and a service token that have to do with this app alone."""
    installation, owner = world.installation, world.owner
    member = await join(installation, owner, f"of-{place.app}-{place.environment}")
    await give_access(installation, owner, member.id, app, Role.WRITE)
    token = await make_service_token(
        installation, owner, name="of the app", role="READ", app_ids=(app.id,)
    )
    world.things[place]["Member"] = member.id
    world.things[place]["ServiceToken"] = token.row.id


async def _make_people(world: AccessWorld) -> None:
    """Those that acts are tried on: each is already what an act would make of it."""
    installation, owner = world.installation, world.owner
    active = await join(installation, owner, "active")
    left = await join(installation, owner, "left")
    await deactivate(installation, owner, left.id)
    role = await make_role(installation, owner, "in-use", Permission.APP_READ)
    offer = await invite(installation, owner, "custom@example.com", role)
    withdrawn = await invite(installation, owner, "withdrawn@example.com")
    await act(
        installation,
        lambda session: revoke_invitation(session, principal=owner, invitation_id=withdrawn.row.id),
    )
    token = await make_service_token(installation, owner, name="ended")
    await act(
        installation,
        lambda session: revoke_service_token(
            session, principal=owner, service_token_id=token.row.id
        ),
    )
    entry, access_token = await _of_nobody(installation, left.id)
    world.things[ORGANIZATION] = {
        "Member": active.id,
        "Member active": active.id,
        "Member left": left.id,
        "CustomRole": role.id,
        "Invitation": offer.row.id,
        "Invitation withdrawn": withdrawn.row.id,
        "ServiceToken": token.row.id,
        "AccessToken": access_token,
        "AuditEntry": entry,
        "SignInSession": await sign_in(installation, active.id),
    }


async def _of_nobody(installation: Installation, member_id: UUID) -> tuple[UUID, UUID]:
    """An entry of the audit that belongs to no app, and the revoked token of a member."""
    async with installation.database.moment() as session:
        entries = select(AuditEntry.id).where(col(AuditEntry.app_id).is_(None)).limit(1)
        tokens = select(AccessToken.id).where(col(AccessToken.member_id) == member_id)
        return (await session.exec(entries)).one(), (await session.exec(tokens)).one()


async def _repository(installation: Installation, app: App) -> UUID:
    async with installation.database.moment() as session:
        statement = select(RepositoryRow.id).where(col(RepositoryRow.app_id) == app.id)
        return (await session.exec(statement)).one()


async def _entry(installation: Installation, environment_id: UUID) -> UUID:
    async with installation.database.moment() as session:
        statement = select(AuditEntry.id).where(
            col(AuditEntry.environment_id) == environment_id,
            col(AuditEntry.action) == "environment.create",
        )
        return (await session.exec(statement)).one()

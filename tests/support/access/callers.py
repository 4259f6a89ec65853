"""Everybody who may ask: members in each role, service tokens, and keys of every scope."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from anyio import sleep

from models import (
    CustomRole,
    Role,
    SignInSession,
    utc_now,
)
from services.access_tokens import NewAccessToken, create_access_token, revoke_access_token
from services.api_keys import revoke_api_key
from services.principals import Permission
from services.rights import load_principal
from services.service_tokens import revoke_service_token
from tests.support.access.judging import Holder
from tests.support.access.rules import EVERYTHING, OF_THE_ORGANIZATION, PRESETS, ROLES
from tests.support.access.world import OWN, AccessWorld, Things
from tests.support.keys import make_key, make_service_token
from tests.support.people import Person, act, deactivate, give_access, join, make_role, member_now
from tests.support.sessions import sign_in

GRANTABLE = tuple(each for each in EVERYTHING.split() if each not in OF_THE_ORGANIZATION.split())
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Caller:
    """Somebody who asks; ``own`` are the things that are theirs."""

    holder: Holder
    token: str
    own: Things = field(default_factory=dict[str, UUID])

    @property
    def name(self) -> str:
        return self.holder.name

    @property
    def is_member(self) -> bool:
        return bool(self.own)


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def in_one_app(text: str) -> frozenset[str]:
    """What a role is good for in a single app."""
    return words(text) - words(OF_THE_ORGANIZATION)


@dataclass(frozen=True)
class Given:
    """A member: their role, or the permissions of a custom one, and what they have in an app."""

    name: str
    held: str
    in_apps: Mapping[str, str] = field(default_factory=dict[str, str])


MEMBERS = (
    Given("owner", "OWNER"),
    Given("admin", "ADMIN"),
    Given("writer", "WRITE"),
    Given("reader", "READ"),
    Given("releaser", "app.read environment.read environment.promote"),
    Given("watcher", "deployment.read"),
    Given("measurer", "metrics.read"),
    Given("raised-in-triage", "READ", {"triage": "ADMIN"}),
    Given("lowered-in-triage", "ADMIN", {"triage": "READ"}),
    Given("releases-orders", "READ", {"orders": "environment.read environment.promote"}),
    Given("audits-triage", "READ", {"triage": "app.read audit.read"}),
    Given("without-triage", "ADMIN", {"triage": ""}),
    Given("without-orders", "WRITE", {"orders": ""}),
    Given("makes-apps", "app.insert"),
    Given("manages-unseen", "member.write"),
    Given("manages-seen", "member.read member.write"),
)
SERVICES = (
    Given("service-everywhere", "ADMIN"),
    Given("service-reads", "READ"),
    Given("service-promotes", "environment.read environment.promote"),
    Given("service-audits", "audit.read"),
    Given("service-in-triage", "", {"triage": "READ"}),
    Given("service-in-orders", "", {"orders": "ADMIN"}),
    Given("service-writes-orders", "", {"orders": "environment.read variable.write"}),
)
NEVER_A_SERVICES = "member.write"


def keys() -> dict[str, frozenset[str]]:
    """Each preset; each permission alone, with what makes things seen, and all but it."""
    seen = words("app.read environment.read")
    found = {f"key-{preset}": words(held) for preset, held in PRESETS.items()}
    for each in GRANTABLE:
        found[f"key-{each}-alone"] = frozenset({each})
        found[f"key-{each}-seen"] = seen | {each}
        found[f"key-all-but-{each}"] = frozenset(GRANTABLE) - {each}
    return found


def everybody() -> list[str]:
    """The names of all callers, the plainest first."""
    return [*(each.name for each in (*MEMBERS, *SERVICES)), *keys()]


async def caller_named(world: AccessWorld, name: str) -> Caller:
    for given in MEMBERS:
        if given.name == name:
            return await _member(world, given)
    for given in SERVICES:
        if given.name == name:
            return await _service(world, given)
    return await _key(world, name, keys()[name])


async def _key(world: AccessWorld, name: str, held: frozenset[str]) -> Caller:
    made = await make_key(
        world.installation,
        world.owner,
        world.environments[OWN],
        name=name,
        permissions=tuple(held),
    )
    assert OWN.app is not None
    assert OWN.environment is not None
    return Caller(Holder(name, held, key_of=(OWN.app, OWN.environment)), made.plaintext)


async def _service(world: AccessWorld, given: Given) -> Caller:
    held = given.held or next(iter(given.in_apps.values()))
    app_ids = None if given.held else tuple(world.apps[app].id for app in given.in_apps)
    asked = {"role": held} if held in ROLES else {"permissions": tuple(held.split())}
    made = await make_service_token(
        world.installation, world.owner, name=given.name, app_ids=app_ids, **asked
    )
    may = words(ROLES.get(held, held)) - words(NEVER_A_SERVICES)
    everywhere = may if app_ids is None else NOTHING
    in_apps = {} if app_ids is None else dict.fromkeys(given.in_apps, may)
    return Caller(Holder(given.name, everywhere, in_apps), made.plaintext)


async def _member(world: AccessWorld, given: Given) -> Caller:
    if given.held == "OWNER":
        person = Person(world.installation, world.owner.id, world.server.token)
    else:
        role = await _role(world, given.name, given.held)
        person = await join(world.installation, world.owner, given.name, role)
    for app, held in given.in_apps.items():
        in_app = await _role(world, f"{given.name}-in-{app}", held) if held else None
        await give_access(world.installation, world.owner, person.id, world.apps[app], in_app)
    holder = Holder(
        given.name,
        words(ROLES.get(given.held, given.held)),
        {app: in_one_app(ROLES.get(held, held)) for app, held in given.in_apps.items()},
    )
    return Caller(holder, person.token, await _things_of(world, person))


async def _role(world: AccessWorld, name: str, held: str) -> Role | CustomRole:
    if held in ROLES:
        return Role(held)
    permissions = [Permission(each) for each in held.split()]
    return await make_role(world.installation, world.owner, f"role-of-{name}", *permissions)


async def _things_of(world: AccessWorld, person: Person) -> Things:
    """A member's own: themselves, a session that has ended, and a token that was revoked."""
    installation = world.installation
    member = await member_now(installation, person.id)
    async with installation.database.transaction() as session:
        principal = await load_principal(session, member)
        assert principal is not None
        made = await create_access_token(
            session,
            mint=installation.mint,
            pepper=installation.pepper,
            principal=principal,
            request=NewAccessToken(name="spare"),
        )
        await revoke_access_token(session, principal=principal, access_token_id=made.row.id)
    ended = await sign_in(installation, person.id)
    async with installation.database.transaction() as session:
        row = await session.get_one(SignInSession, ended)
        row.ended_at = utc_now()
        session.add(row)
    return {"Member": person.id, "AccessToken": made.row.id, "SignInSession": ended}


async def tokens_of_nobody(world: AccessWorld) -> AsyncGenerator[tuple[str, str | None]]:
    """What is shown by those who are nobody, or no more."""
    installation, owner = world.installation, world.owner
    yield "nothing", None
    yield "no token", "Bearer"
    yield "an unknown key", "sk_pinmark_" + "x" * 43
    yield "an unknown word", "hunter2"
    gone = await join(installation, owner, "no-more", Role.ADMIN)
    await deactivate(installation, owner, gone.id)
    yield "a member who was deactivated", gone.token
    environment = world.environments[OWN]
    soon = utc_now() + timedelta(seconds=0.3)
    revoked = await make_key(installation, owner, environment, name="revoked")
    expired = await make_key(installation, owner, environment, name="expired", expires_at=soon)
    await act(
        installation,
        lambda session: revoke_api_key(session, principal=owner, api_key_id=revoked.row.id),
    )
    yield "a revoked key", revoked.plaintext
    while utc_now() <= soon:
        await sleep(0.05)
    yield "an expired key", expired.plaintext
    service = await make_service_token(installation, owner, name="revoked")
    await act(
        installation,
        lambda session: revoke_service_token(
            session, principal=owner, service_token_id=service.row.id
        ),
    )
    yield "a revoked service token", service.plaintext

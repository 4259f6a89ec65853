"""Service tokens: for CI and other services, made within what their maker holds, shown once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import MAXIMUM_KEY_NAME, SHOWN_PREFIX, Role, ServiceToken, utc_now
from services import audit, doorbell
from services.access import find_app
from services.ciphers import Mint, Pepper
from services.errors import InvalidInput, NotFound, PermissionDenied
from services.idempotency import Repeatable, remember_answer
from services.inputs import check_expiry, check_label
from services.key_secrets import SERVICE_TOKEN, new_key
from services.made_before import find_made
from services.paging import Page, PageRequest, newest_first, read_page
from services.principals import ALL_PERMISSIONS, NOWHERE, Permission, Principal, require
from services.roles import permissions_of

HOLDABLE = ALL_PERMISSIONS - {Permission.MEMBER_WRITE}
"""What a token may hold: never what lets others in, whoever it leaks to."""
MAXIMUM_APPS = 100


@dataclass(frozen=True)
class NewServiceToken:
    """What a token is asked to be; ``app_ids`` None for every app, an id None for junk."""

    name: str
    role: str | None = None
    permissions: tuple[str, ...] = ()
    app_ids: tuple[UUID | None, ...] | None = None
    expires_at: datetime | None = None
    idempotency_key: str | None = None

    def repeatable(self) -> Repeatable:
        return Repeatable(
            "createServiceToken",
            self.idempotency_key,
            {
                "name": self.name,
                "role": self.role,
                "permissions": sorted(self.permissions),
                "apps": None if self.app_ids is None else sorted(map(str, self.app_ids)),
                "expiresAt": None if self.expires_at is None else self.expires_at.isoformat(),
            },
        )


@dataclass(frozen=True)
class MadeToken:
    """A service token, and the one time its plaintext is there."""

    row: ServiceToken
    plaintext: str


def principal_of_service(token: ServiceToken) -> Principal:
    held = _held(token.role, token.permissions)
    in_apps: Mapping[UUID, frozenset[Permission]] = (
        NOWHERE if token.app_ids is None else {app_id: held for app_id in token.app_ids}
    )
    return Principal(
        id=token.id,
        name=token.name,
        organization_id=token.organization_id,
        permissions=held if token.app_ids is None else frozenset(),
        in_apps=in_apps,
        is_service=True,
        good_until=token.expires_at,
    )


def _held(role: Role | None, permissions: Iterable[str]) -> frozenset[Permission]:
    named = frozenset(permission for permission in Permission if permission in set(permissions))
    return (named if role is None else permissions_of(role)) & HOLDABLE


async def create_service_token(
    session: AsyncSession,
    *,
    mint: Mint,
    pepper: Pepper,
    principal: Principal,
    request: NewServiceToken,
) -> MadeToken:
    """Make a token that may do no more than the principal itself, anywhere.

    Raises ``NotFound``, ``PermissionDenied``, ``InvalidInput`` and ``IdempotencyConflict``.
    """
    require(principal, Permission.MEMBER_WRITE)
    check_label("name", request.name, maximum=MAXIMUM_KEY_NAME)
    role, permissions = _check_held(request)
    app_ids = await _check_apps(session, principal, request.app_ids)
    _check_within(principal, request, _held(role, permissions), app_ids)
    made = await find_made(
        session,
        ServiceToken,
        mint=mint,
        pepper=pepper,
        principal=principal,
        request=request.repeatable(),
        kind=SERVICE_TOKEN,
    )
    if made is not None:
        return MadeToken(*made)
    plaintext = new_key(
        mint,
        principal_id=principal.id,
        idempotency_key=request.idempotency_key,
        kind=SERVICE_TOKEN,
    )
    actor = principal.actor
    row = ServiceToken(
        id=uuid4(),
        organization_id=principal.organization_id,
        name=request.name,
        prefix=plaintext[:SHOWN_PREFIX],
        digest=pepper.digest(plaintext),
        role=role,
        permissions=permissions,
        app_ids=app_ids,
        expires_at=check_expiry(request.expires_at),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
    )
    session.add(row)
    await session.flush()
    remember_answer(session, principal=principal, request=request.repeatable(), subject_id=row.id)
    _record(
        session,
        principal,
        row,
        "service_token.create",
        role=None if role is None else role.value,
        permissions=permissions,
        apps=None if app_ids is None else [str(app_id) for app_id in app_ids],
    )
    return MadeToken(row, plaintext)


def _check_held(request: NewServiceToken) -> tuple[Role | None, list[str]]:
    """The role or the permissions that are asked for: one of them, below owner, known by name."""
    if (request.role is None) == (not request.permissions):
        raise InvalidInput("permissions", "A service token needs a role or permissions, not both.")
    if request.role is not None:
        role = Role(request.role)
        if role is Role.OWNER:
            raise InvalidInput("role", "A service token is below owner.")
        return role, []
    known = {permission.value for permission in HOLDABLE}
    if not known.issuperset(request.permissions):
        raise InvalidInput(
            "permissions", "One of these is not a permission that a service token can hold."
        )
    return None, sorted(set(request.permissions))


async def _check_apps(
    session: AsyncSession, principal: Principal, asked: tuple[UUID | None, ...] | None
) -> list[UUID] | None:
    if asked is None:
        return None
    if not 0 < len(asked) <= MAXIMUM_APPS:
        raise InvalidInput("appIds", f"Name 1 to {MAXIMUM_APPS} apps, or leave them out for all.")
    for app_id in asked:
        await find_app(session, principal=principal, app_id=app_id, field="appIds")
    return sorted({app_id for app_id in asked if app_id is not None})


def _check_within(
    principal: Principal,
    request: NewServiceToken,
    held: frozenset[Permission],
    app_ids: list[UUID] | None,
) -> None:
    """Nobody grants more than they hold, in any app that the token would reach."""
    places: list[UUID | None] = [None, *principal.in_apps] if app_ids is None else [*app_ids]
    field = "role" if request.role is not None else "permissions"
    for permission in sorted(held):
        if not all(principal.can(permission, place) for place in places):
            raise PermissionDenied(permission.value, path=("input", field))


async def revoke_service_token(
    session: AsyncSession, *, principal: Principal, service_token_id: UUID | None
) -> ServiceToken:
    """End a token for good, at once and everywhere; one that is revoked stays as it is.

    Raises ``NotFound`` and ``PermissionDenied``.
    """
    row = (
        await session.get(ServiceToken, service_token_id, with_for_update=True)
        if service_token_id
        else None
    )
    if row is None or not can_see_service_token(principal, row):
        raise NotFound("service token", path=("input", "serviceTokenId"))
    require(principal, Permission.MEMBER_WRITE)
    if row.revoked_at is None:
        row.revoked_at = utc_now()
        session.add(row)
        doorbell.ring(session, doorbell.CREDENTIALS)
        _record(session, principal, row, "service_token.revoke")
    return row


def can_see_service_token(principal: Principal, row: ServiceToken) -> bool:
    return row.organization_id == principal.organization_id and principal.can(
        Permission.MEMBER_READ
    )


async def list_service_tokens(
    session: AsyncSession, *, principal: Principal, request: PageRequest
) -> Page[ServiceToken]:
    """The organization's tokens, newest first, the revoked ones too; or ``PermissionDenied``."""
    require(principal, Permission.MEMBER_READ)
    ordering = newest_first(ServiceToken, scope="servicetokens")
    statement = select(ServiceToken).where(
        col(ServiceToken.organization_id) == principal.organization_id
    )
    return await read_page(session, statement, ordering, request)


def _record(
    session: AsyncSession, principal: Principal, row: ServiceToken, action: str, **facts: Any
) -> None:
    audit.record(
        session,
        principal=principal,
        action=action,
        subject_id=row.id,
        name=row.name,
        prefix=row.prefix,
        **facts,
    )

"""API keys: made for one environment, shown once, ended for good."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    MAXIMUM_KEY_NAME,
    SHOWN_PREFIX,
    SYSTEM,
    Actor,
    ApiKey,
    App,
    AppEventKind,
    Environment,
    Organization,
    utc_now,
)
from services import audit, doorbell, events
from services.access import find_environment, lock_environment
from services.apps import default_environment_id
from services.ciphers import Mint, Pepper
from services.errors import ApiKeyLimit, NotFound
from services.granting import check_grant
from services.idempotency import Repeatable, remember_answer
from services.inputs import check_expiry, check_label
from services.key_secrets import API_KEY, new_key, runtime_key
from services.made_before import find_made
from services.paging import (
    Page,
    PageRequest,
    newest_first,
    read_page,
)
from services.principals import Permission, Principal, require, require_in

RUNTIME_PERMISSIONS = (
    Permission.DATASET_READ,
    Permission.SCORE_WRITE,
    Permission.TEMPLATE_READ,
    Permission.TRACE_INGEST,
)


@dataclass(frozen=True)
class NewApiKey:
    """What a key is asked to be; permissions are those of the preset and the ones named."""

    environment_id: UUID | None
    name: str
    permissions: tuple[str, ...] = ()
    preset: str | None = None
    expires_at: datetime | None = None
    idempotency_key: str | None = None

    def repeatable(self) -> Repeatable:
        return Repeatable(
            "createApiKey",
            self.idempotency_key,
            {
                "environment": str(self.environment_id),
                "name": self.name,
                "permissions": sorted(self.permissions),
                "preset": self.preset,
                "expiresAt": None if self.expires_at is None else self.expires_at.isoformat(),
            },
        )


@dataclass(frozen=True)
class MadeKey:
    """A key, and the one time its plaintext is there."""

    row: ApiKey
    plaintext: str


async def create_api_key(
    session: AsyncSession, *, mint: Mint, pepper: Pepper, principal: Principal, request: NewApiKey
) -> MadeKey:
    """Make a key of an environment, with permissions that the principal holds there itself.

    Raises ``NotFound``, ``PermissionDenied``, ``InvalidInput``, ``ApiKeyLimit`` and
    ``IdempotencyConflict``.
    """
    environment = await find_environment(
        session, principal=principal, environment_id=request.environment_id
    )
    require_in(principal, Permission.API_KEY_INSERT, environment)
    permissions = check_grant(
        principal, environment, preset=request.preset, names=request.permissions
    )
    check_label("name", request.name, maximum=MAXIMUM_KEY_NAME)
    made = await find_made(
        session,
        ApiKey,
        mint=mint,
        pepper=pepper,
        principal=principal,
        request=request.repeatable(),
        kind=API_KEY,
    )
    if made is not None:
        return MadeKey(*made)
    expires_at = check_expiry(request.expires_at)
    # The default environment stands for all of the app's keys: who holds it makes the next.
    await lock_environment(session, await default_environment_id(session, environment.app_id))
    await check_limit(session, environment.app_id)
    plaintext = new_key(mint, principal_id=principal.id, idempotency_key=request.idempotency_key)
    row = _row(environment, principal.actor, pepper, plaintext, request.name, permissions)
    row.expires_at = expires_at
    session.add(row)
    await session.flush()
    remember_answer(session, principal=principal, request=request.repeatable(), subject_id=row.id)
    _record(session, principal, row, "api_key.create", permissions=permissions)
    return MadeKey(row, plaintext)


def _row(
    environment: Environment,
    actor: Actor,
    pepper: Pepper,
    plaintext: str,
    name: str,
    permissions: list[str],
) -> ApiKey:
    return ApiKey(
        id=uuid4(),
        app_id=environment.app_id,
        environment_id=environment.id,
        name=name,
        prefix=plaintext[:SHOWN_PREFIX],
        digest=pepper.digest(plaintext),
        permissions=permissions,
        **actor.columns,
    )


async def check_limit(session: AsyncSession, app_id: UUID) -> None:
    """Refuse a key that the plan does not allow."""
    app = await session.get_one(App, app_id)
    plan = (await session.get_one(Organization, app.organization_id)).plan
    if plan.api_key_limit is None:
        return
    living = (
        select(func.count())
        .select_from(ApiKey)
        .where(
            col(ApiKey.app_id) == app_id,
            col(ApiKey.internal).is_(False),
            col(ApiKey.revoked_at).is_(None),
            col(ApiKey.expires_at).is_(None) | (col(ApiKey.expires_at) > utc_now()),
        )
    )
    current = (await session.exec(living)).one()
    if current >= plan.api_key_limit:
        raise ApiKeyLimit(plan.label, plan.api_key_limit, current)


async def revoke_api_key(
    session: AsyncSession, *, principal: Principal, api_key_id: UUID | None
) -> ApiKey:
    """End a key for good, at once and everywhere; one that is revoked stays as it is.

    Raises ``NotFound`` and ``PermissionDenied``.
    """
    row = await session.get(ApiKey, api_key_id, with_for_update=True) if api_key_id else None
    if row is None or row.internal or not can_see_key(principal, row):
        raise NotFound("API key", path=("input", "apiKeyId"))
    environment = await session.get_one(Environment, row.environment_id)
    require_in(principal, Permission.API_KEY_DELETE, environment)
    if row.revoked_at is None:
        row.revoked_at = utc_now()
        session.add(row)
        doorbell.ring(session, doorbell.CREDENTIALS)
        _record(session, principal, row, "api_key.revoke")
    return row


def can_see_key(principal: Principal, row: ApiKey) -> bool:
    """Keys are seen with their permission, by a key those of its own environment."""
    own = principal.key is None or principal.key.environment_id == row.environment_id
    return own and principal.can(Permission.API_KEY_READ, row.app_id)


async def revoke_all_of(session: AsyncSession, *, environment_id: UUID) -> int:
    """End the keys of an environment that is being deleted, its runtime's too; give how many
    of people's that were.
    """
    ended = await session.exec(
        update(ApiKey)
        .where(col(ApiKey.environment_id) == environment_id, col(ApiKey.revoked_at).is_(None))
        .values(revoked_at=utc_now())
        .returning(col(ApiKey.internal))
    )
    doorbell.ring(session, doorbell.CREDENTIALS)
    return sum(not internal for (internal,) in ended.all())


async def count_living(session: AsyncSession, *, environment_id: UUID) -> int:
    """How many keys of people end with the environment."""
    statement = (
        select(func.count())
        .select_from(ApiKey)
        .where(
            col(ApiKey.environment_id) == environment_id,
            col(ApiKey.internal).is_(False),
            col(ApiKey.revoked_at).is_(None),
        )
    )
    return (await session.exec(statement)).one()


async def list_api_keys(
    session: AsyncSession,
    *,
    principal: Principal,
    app_id: UUID,
    environment_id: UUID | None = None,
    request: PageRequest,
) -> Page[ApiKey]:
    """An app's keys, or those of one environment, newest first, the revoked ones too.

    Raises ``PermissionDenied``; a key is told of those of its own environment alone.
    """
    require(principal, Permission.API_KEY_READ, app_id=app_id)
    statement = select(ApiKey).where(col(ApiKey.app_id) == app_id, col(ApiKey.internal).is_(False))
    if environment_id is not None:
        statement = statement.where(col(ApiKey.environment_id) == environment_id)
    if principal.key is not None:
        statement = statement.where(col(ApiKey.environment_id) == principal.key.environment_id)
    ordering = newest_first(ApiKey, scope=f"apikeys:{(environment_id or app_id).hex}")
    return await read_page(session, statement, ordering, request)


async def ensure_runtime_key(
    session: AsyncSession, *, mint: Mint, pepper: Pepper, environment: Environment
) -> str:
    """The key that the environment's own handler reads its content with."""
    plaintext = runtime_key(mint, environment.id)
    if environment.deleted_at is not None:
        return plaintext  # it has ended with its environment
    permissions = [permission.value for permission in RUNTIME_PERMISSIONS]
    row = _row(environment, SYSTEM, pepper, plaintext, "runtime", permissions)
    row.internal = True
    # Two runtimes of the environment may start at once.
    await session.exec(insert(ApiKey).values(**row.model_dump()).on_conflict_do_nothing())
    return plaintext


def _record(
    session: AsyncSession,
    principal: Principal,
    row: ApiKey,
    action: str,
    *,
    permissions: list[str] | None = None,
) -> None:
    audit.record(
        session,
        principal=principal,
        action=action,
        subject_id=row.id,
        app_id=row.app_id,
        environment_id=row.environment_id,
        name=row.name,
        prefix=row.prefix,
        permissions=permissions,
    )
    events.append(
        session,
        app_id=row.app_id,
        kind=AppEventKind.API_KEYS_CHANGED,
        actor=principal.actor,
        environment_id=row.environment_id,
    )

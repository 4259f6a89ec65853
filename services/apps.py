"""Apps: making one makes its default environment with it."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import DEFAULT_ENVIRONMENT, App, AppEventKind, Environment, Organization
from services import audit, events
from services.access import can_see_app
from services.errors import AppLimit, NameTaken
from services.idempotency import Repeatable, find_answer, remember_answer
from services.inputs import check_name
from services.principals import Permission, Principal, require


@dataclass(frozen=True)
class NewApp:
    name: str
    idempotency_key: str | None = None

    def repeatable(self) -> Repeatable:
        return Repeatable("createApp", self.idempotency_key, {"name": self.name})


async def create_app(session: AsyncSession, *, principal: Principal, request: NewApp) -> App:
    """Make an app and its environment ``dev``.

    Raises ``InvalidName``, ``NameTaken``, ``PermissionDenied`` and ``AppLimit``.
    """
    require(principal, Permission.APP_INSERT)
    check_name(request.name)
    repeatable = request.repeatable()
    made = await find_answer(session, principal=principal, request=repeatable)
    if made is not None and can_see_app(principal, again := await session.get_one(App, made)):
        return again

    await _check_limit(session, principal)
    app = App(id=uuid4(), organization_id=principal.organization_id, name=request.name)
    await _insert(session, app)
    dev = Environment(id=uuid4(), app_id=app.id, name=DEFAULT_ENVIRONMENT, is_default=True)
    session.add(dev)
    await session.flush()
    remember_answer(session, principal=principal, request=repeatable, subject_id=app.id)
    audit.record(
        session,
        principal=principal,
        action="app.create",
        subject_id=app.id,
        app_id=app.id,
        after={"name": app.name},
    )
    events.append(
        session,
        app_id=app.id,
        kind=AppEventKind.APP_CREATED,
        actor=principal.actor,
        environment_id=dev.id,
    )
    return app


async def _check_limit(session: AsyncSession, principal: Principal) -> None:
    # Who holds the organization makes the next app; what refers to it is not held up.
    organization = await session.get_one(
        Organization, principal.organization_id, with_for_update={"key_share": True}
    )
    await check_limit(session, organization)


async def check_limit(session: AsyncSession, organization: Organization) -> None:
    """Refuse an app that the plan does not allow."""
    limit = organization.plan.app_limit
    if limit is None:
        return
    counted = select(func.count()).select_from(App).where(App.organization_id == organization.id)
    current = (await session.exec(counted)).one()
    if current >= limit:
        raise AppLimit(organization.plan.label, limit, current)


async def _insert(session: AsyncSession, app: App) -> None:
    taken = select(App.id).where(col(App.name) == app.name)
    if (await session.exec(taken)).one_or_none() is not None:
        raise NameTaken("app", app.name)
    try:
        async with session.begin_nested():
            session.add(app)
    except IntegrityError as error:  # made by another between the look and the insert
        raise NameTaken("app", app.name) from error


async def default_environment_id(session: AsyncSession, app_id: UUID) -> UUID:
    statement = select(Environment.id).where(
        col(Environment.app_id) == app_id, col(Environment.is_default)
    )
    return (await session.exec(statement)).one()

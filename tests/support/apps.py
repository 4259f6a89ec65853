"""Arranging apps and environments through the services, and doing a worker's work at once."""

from uuid import UUID

from sqlmodel import col, select

from models import App, Deployment, Environment, Event
from services import builds, file_syncs, heads
from services.apps import NewApp, create_app
from services.environments import NewEnvironment, create_environment
from services.installation import Installation
from services.principals import Principal
from services.promotions import Promotion, promote_environment
from services.repositories import Link, link_repository
from tests.support.repositories import Repository


async def linked_app(
    installation: Installation,
    owner: Principal,
    repository: Repository,
    *,
    name: str = "triage",
) -> App:
    """An app whose repository is linked and whose HEAD has deployed to dev."""
    async with installation.database.transaction() as session:
        app = await create_app(session, principal=owner, request=NewApp(name=name))
    link = Link(app_id=app.id, url=str(repository.path))
    await link_repository(installation, principal=owner, request=link)
    await settle_all(installation)
    return app


async def make_environment(
    installation: Installation, owner: Principal, app: App, name: str
) -> Environment:
    request = NewEnvironment(app_id=app.id, name=name)
    async with installation.database.transaction() as session:
        return await create_environment(session, principal=owner, request=request)


async def environment_named(installation: Installation, app: App, name: str) -> Environment:
    """A living environment as it is now."""
    async with installation.database.moment() as session:
        statement = select(Environment).where(
            col(Environment.app_id) == app.id,
            col(Environment.name) == name,
            col(Environment.deleted_at).is_(None),
        )
        return (await session.exec(statement)).one()


async def fresh(installation: Installation, environment: Environment) -> Environment:
    """The environment as it is now."""
    async with installation.database.moment() as session:
        return await session.get_one(Environment, environment.id)


async def deployment_now(installation: Installation, identity: UUID) -> Deployment:
    async with installation.database.moment() as session:
        return await session.get_one(Deployment, identity)


async def deployments_of(installation: Installation, environment: Environment) -> list[Deployment]:
    """Everything deployed into the environment, oldest first."""
    async with installation.database.moment() as session:
        statement = (
            select(Deployment)
            .where(col(Deployment.environment_id) == environment.id)
            .order_by(col(Deployment.ordinal))
        )
        return list((await session.exec(statement)).all())


async def events_of(installation: Installation, app: App) -> list[Event]:
    async with installation.database.moment() as session:
        statement = select(Event).where(col(Event.app_id) == app.id).order_by(col(Event.seq))
        return list((await session.exec(statement)).all())


async def push(installation: Installation, app: App) -> None:
    """Notice the repository's head, as the poll would, and deploy it to dev."""
    await heads.observe_head(installation, app.id)
    await settle_all(installation)


async def settle(installation: Installation, deployment: Deployment) -> Deployment:
    """Do what a worker would do for the deployment; give it as it then is."""
    if deployment.snapshot_id is None:
        await file_syncs.sync_files(installation, deployment.id)
    await builds.build_code(installation, deployment.id)
    return await deployment_now(installation, deployment.id)


async def settle_all(installation: Installation) -> None:
    """Do what a worker would do for every deployment in flight, in order."""
    async with installation.database.moment() as session:
        statement = (
            select(Deployment)
            .where(col(Deployment.settled_at).is_(None))
            .order_by(col(Deployment.environment_id), col(Deployment.ordinal))
        )
        unsettled = list((await session.exec(statement)).all())
    for deployment in unsettled:
        await settle(installation, deployment)


async def promoted(
    installation: Installation, owner: Principal, *, source: Environment, target: Environment
) -> Deployment:
    """A promotion that was accepted, not yet worked on."""
    request = Promotion(source_id=source.id, target_id=target.id)
    return await promote_environment(installation, principal=owner, request=request)


async def promoted_and_settled(
    installation: Installation, owner: Principal, *, source: Environment, target: Environment
) -> Deployment:
    deployment = await promoted(installation, owner, source=source, target=target)
    return await settle(installation, deployment)

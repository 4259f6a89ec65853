"""Reading the rows that a shape tells of beside its own: a few statements, however many items."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

import models
from pinmark.rest.shapes.deployments import Deployment
from pinmark.rest.shapes.environments import Environment, Surroundings
from services import lookups
from services.runtimes import records


async def deployments_shown(
    session: AsyncSession, rows: Sequence[models.Deployment]
) -> list[Deployment]:
    commits = await lookups.commits(session, [(row.app_id, row.commit_sha) for row in rows])
    repositories = await lookups.repositories_of(session, [row.app_id for row in rows])
    return [
        Deployment.of(row, commit, repository)
        for row, commit, repository in zip(rows, commits, repositories, strict=True)
    ]


async def environments_shown(
    session: AsyncSession, rows: Sequence[models.Environment]
) -> list[Environment]:
    beside = await surroundings(session, rows)
    return [Environment.of(row, each) for row, each in zip(rows, beside, strict=True)]


async def surroundings(
    session: AsyncSession, rows: Sequence[models.Environment]
) -> list[Surroundings]:
    identities = [row.id for row in rows]
    deployments = await _deployments_of(session, rows)
    newest = dict(zip(identities, await lookups.newest_unsettled(session, identities), strict=True))
    runtimes = await records.shown(session, identities)
    creators = await lookups.creators(session, identities)

    def in_flight(row: models.Environment) -> models.Deployment | None:
        return newest[row.id] if row.is_default or row.deploying_id is not None else None

    return [
        Surroundings(
            serving=_found(deployments, row.pinned_deployment_id or row.content_deployment_id),
            code=_found(deployments, row.pinned_deployment_id or row.code_deployment_id),
            in_flight=in_flight(row),
            runtime=runtime,
            created_by=creator,
        )
        for row, runtime, creator in zip(rows, runtimes, creators, strict=True)
    ]


async def _deployments_of(
    session: AsyncSession, rows: Sequence[models.Environment]
) -> dict[UUID, models.Deployment]:
    wanted = [
        identity
        for row in rows
        for identity in (
            row.pinned_deployment_id,
            row.content_deployment_id,
            row.code_deployment_id,
        )
        if identity is not None
    ]
    found = await lookups.rows_by_id(session, models.Deployment, wanted)
    return {row.id: row for row in found if row is not None}


def _found(
    deployments: dict[UUID, models.Deployment], identity: UUID | None
) -> models.Deployment | None:
    return None if identity is None else deployments[identity]

"""Reading many rows by key at once, for those who resolve lists."""

from collections.abc import Hashable, Sequence
from functools import cache
from typing import Any, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import (
    AuditEntry,
    Commit,
    Deployment,
    Environment,
    Record,
    Repository,
    SnapshotEntry,
)
from services.plain_rows import read_plainly

Row = TypeVar("Row", bound=Record)
CommitKey = tuple[UUID, str]
FileKey = tuple[UUID, str]
"""A deployment whose content is served, and a path of the repository."""


def among(name: str, type_: type[sa.types.TypeEngine[Any]]) -> sa.ColumnElement[Any]:
    """Any of so many values, in a statement that is the same however many they are."""
    return sa.any_(sa.bindparam(name, type_=ARRAY(type_)))


ASKED = (
    sa.func.unnest(
        sa.bindparam("apps", type_=ARRAY(sa.Uuid)), sa.bindparam("shas", type_=ARRAY(sa.String))
    )
    .table_valued(sa.column("app_id", sa.Uuid), sa.column("sha", sa.String), name="asked")
    .render_derived(name="asked")
)
COMMITS = select(Commit).join(
    ASKED, (col(Commit.app_id) == ASKED.c.app_id) & (col(Commit.sha) == ASKED.c.sha)
)
NEWEST_UNSETTLED = (
    select(Deployment)
    .where(
        col(Deployment.environment_id) == among("environments", sa.Uuid),
        col(Deployment.settled_at).is_(None),
    )
    .order_by(col(Deployment.environment_id), col(Deployment.ordinal).desc())
    .ext(distinct_on(col(Deployment.environment_id)))
)


@cache
def _by_id(table: Any) -> Any:
    return select(table).where(table.id == among("ids", sa.Uuid))


async def rows_by_id(
    session: AsyncSession, table: type[Row], identities: Sequence[UUID]
) -> list[Row | None]:
    """The rows in the order of ``identities``, None where there is none."""
    found = await read_plainly(
        session, table, _by_id(cast(Hashable, table)), {"ids": list(set(identities))}
    )
    rows = {row.id: row for row in found}
    return [rows.get(identity) for identity in identities]


async def repositories_of(
    session: AsyncSession, app_ids: Sequence[UUID]
) -> list[Repository | None]:
    found = await session.exec(select(Repository).where(col(Repository.app_id).in_(set(app_ids))))
    rows = {row.app_id: row for row in found.all()}
    return [rows.get(app_id) for app_id in app_ids]


async def commits(session: AsyncSession, keys: Sequence[CommitKey]) -> list[Commit | None]:
    asked = set(keys)
    values = {"apps": [app_id for app_id, _ in asked], "shas": [sha for _, sha in asked]}
    found = await read_plainly(session, Commit, COMMITS, values)
    rows = {(row.app_id, row.sha): row for row in found}
    return [rows.get(key) for key in keys]


async def files(session: AsyncSession, keys: Sequence[FileKey]) -> list[SnapshotEntry | None]:
    found = await session.exec(
        select(Deployment.id, SnapshotEntry)
        .join(SnapshotEntry, col(SnapshotEntry.snapshot_id) == col(Deployment.snapshot_id))
        .where(sa.tuple_(col(Deployment.id), col(SnapshotEntry.path)).in_(set(keys)))
    )
    rows = {(deployment_id, entry.path): entry for deployment_id, entry in found.all()}
    return [rows.get(key) for key in keys]


async def newest_unsettled(
    session: AsyncSession, environment_ids: Sequence[UUID]
) -> list[Deployment | None]:
    """Each environment's newest deployment in flight."""
    values = {"environments": list(set(environment_ids))}
    found = await read_plainly(session, Deployment, NEWEST_UNSETTLED, values)
    rows = {row.environment_id: row for row in found}
    return [rows.get(environment_id) for environment_id in environment_ids]


async def creators(session: AsyncSession, environment_ids: Sequence[UUID]) -> list[str | None]:
    """Who made each environment, by the name at the time: the default one came with its app."""
    own = (
        select(AuditEntry.actor_name)
        .where(
            col(AuditEntry.environment_id) == col(Environment.id),
            col(AuditEntry.action) == "environment.create",
        )
        .order_by(col(AuditEntry.seq))
        .limit(1)
    )
    of_the_app = (
        select(AuditEntry.actor_name)
        .where(
            col(AuditEntry.app_id) == col(Environment.app_id),
            col(AuditEntry.action) == "app.create",
        )
        .order_by(col(AuditEntry.seq))
        .limit(1)
    )
    creator = sa.case(
        (col(Environment.is_default), of_the_app.scalar_subquery()), else_=own.scalar_subquery()
    )
    statement = sa.select(col(Environment.id), creator).where(
        col(Environment.id).in_(set(environment_ids))
    )
    found = await (await session.connection()).execute(statement)
    names: dict[UUID, str | None] = {identity: name for identity, name in found.all()}
    return [names.get(identity) for identity in environment_ids]

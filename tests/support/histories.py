"""The whole history of an app, read by plain SQL rather than by the code that wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import anyio
import psycopg
from psycopg import sql
from psycopg.rows import class_row

LOOK_SECONDS = 0.05

Row = TypeVar("Row")


@dataclass(frozen=True)
class EnvironmentRow:
    id: UUID
    name: str
    is_default: bool
    current_version: int
    pinned_version: int | None
    pinned_deployment_id: UUID | None
    deploying_id: UUID | None


@dataclass(frozen=True)
class DeploymentRow:
    id: UUID
    environment_id: UUID
    ordinal: int
    kind: str
    pinned: bool
    version: int | None
    commit_sha: str
    note: str | None
    retry_of_id: UUID | None
    file_sync: str
    code_build: str
    failure_class: str | None
    created_at: datetime
    settled_at: datetime | None

    @property
    def succeeded(self) -> bool:
        return self.settled_at is not None and self.failure_class is None


@dataclass(frozen=True)
class EventRow:
    seq: int
    kind: str
    environment_id: UUID | None
    deployment_id: UUID | None
    file_sync: str | None
    code_build: str | None


@dataclass(frozen=True)
class ServingRow:
    environment_id: UUID
    ordinal: int
    deployment_id: UUID


@dataclass(frozen=True)
class History:
    """Everything that was kept of one app, at one moment."""

    environments: Sequence[EnvironmentRow]
    deployments: Sequence[DeploymentRow]
    events: Sequence[EventRow]
    servings: Sequence[ServingRow] = ()

    @property
    def unsettled(self) -> list[DeploymentRow]:
        return [each for each in self.deployments if each.settled_at is None]

    def of(self, environment: EnvironmentRow) -> list[DeploymentRow]:
        """Everything deployed into the environment, oldest first."""
        found = [each for each in self.deployments if each.environment_id == environment.id]
        return sorted(found, key=lambda each: each.ordinal)

    def events_of(self, deployment: DeploymentRow) -> list[EventRow]:
        return [event for event in self.events if event.deployment_id == deployment.id]

    def served_by(self, environment: EnvironmentRow) -> list[UUID]:
        """What the environment has served, one deployment after another."""
        found = [each for each in self.servings if each.environment_id == environment.id]
        return [each.deployment_id for each in sorted(found, key=lambda each: each.ordinal)]


_OF_APP = "WHERE app_id = %s"
_OF_ENVIRONMENTS = "WHERE environment_id IN (SELECT id FROM environment WHERE app_id = %s)"


async def read_history(url: str, app_id: UUID) -> History:
    async with await psycopg.AsyncConnection[Any].connect(url) as connection:
        await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        return History(
            await _read(connection, EnvironmentRow, "environment", _OF_APP, app_id),
            await _read(connection, DeploymentRow, "deployment", _OF_APP, app_id),
            await _read(connection, EventRow, "event", f"{_OF_APP} ORDER BY seq", app_id),
            await _read(connection, ServingRow, "serving", _OF_ENVIRONMENTS, app_id),
        )


async def _read(
    connection: psycopg.AsyncConnection[Any], row: type[Row], table: str, where: str, app_id: UUID
) -> list[Row]:
    columns = sql.SQL(", ").join(sql.Identifier(each.name) for each in fields(row))  # pyright: ignore[reportArgumentType]
    query = sql.SQL("SELECT {} FROM {} ").format(columns, sql.Identifier(table)) + sql.SQL(where)  # pyright: ignore[reportArgumentType]
    async with connection.cursor(row_factory=class_row(row)) as cursor:
        await cursor.execute(query, [app_id])
        return await cursor.fetchall()


async def settled_history(url: str, app_id: UUID) -> History:
    """The history of the app in the database at ``url``, once all of it has settled."""
    while True:
        history = await read_history(url, app_id)
        if not history.unsettled:
            return history
        await anyio.sleep(LOOK_SECONDS)

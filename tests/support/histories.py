"""The whole history of an installation, and what must be true of it after any fault."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

import anyio
from sqlmodel import col, select

from models import (
    AppEventKind,
    CodeBuildStatus,
    Deployment,
    DeploymentKind,
    Environment,
    Event,
    FileSyncStatus,
)
from services.database import Database, open_database

LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class History:
    """Everything that was kept of one app."""

    environments: Sequence[Environment]
    deployments: Sequence[Deployment]
    events: Sequence[Event]

    @property
    def unsettled(self) -> list[Deployment]:
        return [each for each in self.deployments if each.settled_at is None]

    def of(self, environment: Environment) -> list[Deployment]:
        """Everything deployed into the environment, oldest first."""
        found = [each for each in self.deployments if each.environment_id == environment.id]
        return sorted(found, key=lambda each: each.ordinal)

    def events_of(self, deployment: Deployment) -> list[Event]:
        return [event for event in self.events if event.deployment_id == deployment.id]


async def read_history(database: Database, app_id: UUID) -> History:
    async with database.moment() as session:
        return History(
            (
                await session.exec(select(Environment).where(col(Environment.app_id) == app_id))
            ).all(),
            (await session.exec(select(Deployment).where(col(Deployment.app_id) == app_id))).all(),
            (
                await session.exec(
                    select(Event).where(col(Event.app_id) == app_id).order_by(col(Event.seq))
                )
            ).all(),
        )


async def settled_history(url: str, app_id: UUID) -> History:
    """The history of the app in the database at ``url``, once all of it has settled."""
    async with open_database(url) as database:
        while True:
            history = await read_history(database, app_id)
            if not history.unsettled:
                return history
            await anyio.sleep(LOOK_SECONDS)


def assert_whole(history: History) -> None:
    """Events without a gap, each deployment settled exactly once, versions counted 1 to n."""
    assert [event.seq for event in history.events] == list(range(1, len(history.events) + 1))
    for deployment in history.deployments:
        _assert_told_once(history.events_of(deployment))
    for environment in history.environments:
        _assert_counted(environment, history.of(environment))


def _assert_told_once(events: Sequence[Event]) -> None:
    """Started first, settled last and once, its steps never going backwards."""
    kinds = [event.kind for event in events]
    assert kinds[0] is AppEventKind.DEPLOYMENT_STARTED
    assert kinds[1:-1] == [AppEventKind.DEPLOYMENT_PROGRESSED] * (len(kinds) - 2)
    assert kinds[-1] is AppEventKind.DEPLOYMENT_SETTLED
    for before, after in pairwise(events):
        assert before.file_sync is not None
        assert after.file_sync is not None
        assert before.code_build is not None
        assert after.code_build is not None
        assert _rank(before.file_sync) <= _rank(after.file_sync)
        assert _rank(before.code_build) <= _rank(after.code_build)
        assert (before.file_sync, before.code_build) != (after.file_sync, after.code_build)


def _rank(status: FileSyncStatus | CodeBuildStatus) -> int:
    if status.is_settled:
        return 2
    return 0 if status.value == "PENDING" else 1


def _assert_counted(environment: Environment, deployments: Sequence[Deployment]) -> None:
    assert [each.ordinal for each in deployments] == list(range(1, len(deployments) + 1))
    successes = [
        each.version
        for each in deployments
        if each.kind is DeploymentKind.PROMOTION and each.failure_class is None
    ]
    assert successes == list(range(1, len(successes) + 1))
    assert environment.current_version == len(successes)
    assert environment.pinned_version == (successes[-1] if successes else None)
    assert environment.deploying_id is None

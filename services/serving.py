"""What ran when: the intervals of what an environment served, written as it happens.

Writers hold the environment's row, so its intervals are written one after another.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Deployment, Environment, Serving, utc_now
from services.errors import InvalidInput
from services.paging import Ordering, Page, PageRequest, read_page

SMALLEST_STEP = timedelta(microseconds=1)


async def next_moment(session: AsyncSession, *, environment_id: UUID) -> datetime:
    """Now, or just past the present interval's start where the clock is behind that.

    Workers on several machines settle one environment, and clocks are set back: order is kept
    all the same.
    """
    statement = select(Serving.since).where(_present(environment_id))
    since = (await session.exec(statement)).one_or_none()
    now = utc_now()
    return now if since is None else max(now, since + SMALLEST_STEP)


async def begin(session: AsyncSession, *, deployment: Deployment, at: datetime) -> None:
    """From ``at`` on the deployment's environment serves it, and what it served has ended."""
    environment_id = deployment.environment_id
    await end(session, environment_id=environment_id, at=at)
    newest = select(sa.func.coalesce(sa.func.max(Serving.ordinal), 0)).where(
        col(Serving.environment_id) == environment_id
    )
    session.add(
        Serving(
            environment_id=environment_id,
            ordinal=(await session.exec(newest)).one() + 1,
            deployment_id=deployment.id,
            since=at,
        )
    )


async def end(session: AsyncSession, *, environment_id: UUID, at: datetime) -> None:
    """Whatever the environment serves, it serves until ``at``."""
    await session.exec(sa.update(Serving).where(_present(environment_id)).values(until=at))


def _present(environment_id: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(col(Serving.environment_id) == environment_id, col(Serving.until).is_(None))


async def serving_at(
    session: AsyncSession, *, environment: Environment, time: datetime
) -> Serving | None:
    """What the environment served at an instant: None before the first and after its deletion.

    Raises ``InvalidInput`` for an instant that has not been.
    """
    statement = select(Serving).where(
        col(Serving.environment_id) == environment.id,
        _period().op("@>")(_past("time", time)),
    )
    return (await session.exec(statement)).one_or_none()


async def list_servings(
    session: AsyncSession,
    *,
    environment: Environment,
    since: datetime | None,
    until: datetime | None,
    request: PageRequest,
) -> Page[Serving]:
    """The intervals that overlap [``since``, ``until``), newest first.

    Raises ``InvalidInput`` when a bound has not been or the two are the wrong way round.
    """
    since = None if since is None else _past("from", since)
    until = None if until is None else _past("to", until)
    if since is not None and until is not None and since > until:
        raise InvalidInput("from", "from is later than to.")
    statement = select(Serving).where(col(Serving.environment_id) == environment.id)
    if since is not None or until is not None:
        asked = sa.func.tstzrange(_timestamp(since), _timestamp(until))
        statement = statement.where(_period().op("&&")(asked))
    ordering = Ordering[Serving](
        scope=f"timeline:{environment.id.hex}",
        columns=[col(Serving.ordinal)],
        types=[int],
        key=lambda interval: [interval.ordinal],
        descending=True,
    )
    return await read_page(session, statement, ordering, request)


def _period() -> sa.Function[Any]:
    return sa.func.tstzrange(col(Serving.since), col(Serving.until))


def _timestamp(time: datetime | None) -> sa.Cast[datetime]:
    return sa.cast(time, sa.DateTime(timezone=True))


def _past(field: str, time: datetime) -> datetime:
    if time.tzinfo is None:
        raise InvalidInput(field, f"{field} needs an offset from UTC, such as Z.")
    try:
        time = time.astimezone(UTC)
    except OverflowError:
        raise InvalidInput(field, f"{field} is outside the years 1 to 9999.") from None
    if time > utc_now():
        raise InvalidInput(field, f"{field} has not been yet.")
    return time

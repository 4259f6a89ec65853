"""Following: what happened after a cursor, then whatever happens next, each once and in order.

The table is read, never the message that woke us, so nothing is lost, merged or repeated over
a reconnect. A read that comes up empty waits for a wake; the flag is cleared before the read.
Those who are woken at the same place read together.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from models import AppEventKind, BuildLogLine, Deployment, Event, RuntimeLogLine
from services import build_logs, cursors, events
from services.database import Database
from services.doorbell import app_topic, log_topic, runtime_log_topic, runtime_topic
from services.hub import ALONE, Audience, Hub
from services.runtimes import logs

Item = TypeVar("Item", bound=Event | BuildLogLine | RuntimeLogLine)


@dataclass(frozen=True)
class Batch(Generic[Item]):
    """What one read found; ``finished`` when nothing can come after it."""

    items: Sequence[Item]
    finished: bool


@dataclass(frozen=True)
class Source(Generic[Item]):
    """What can be followed: what wakes its followers, and what is read past a place."""

    topics: Sequence[str]
    subject: tuple[str, UUID]
    read: Callable[[AsyncSession, int], Awaitable[Batch[Item]]]
    cursor: Callable[[int], str]
    """The cursor of a place."""


async def follow_app(
    database: Database,
    hub: Hub,
    *,
    app_id: UUID,
    after: str | None,
    audience: Audience = ALONE,
) -> AsyncGenerator[Event]:
    """The app's events past the cursor, or from now on without one."""
    async with database.moment_in_turn() as session:
        newest = await events.newest_sequence(session, app_id=app_id)
    start = newest if after is None else cursors.decode_event(app_id, after, newest=newest)

    async def read(session: AsyncSession, seq: int) -> Batch[Event]:
        found = await events.read_app_events(session, app_id=app_id, after=seq)
        return Batch(found, finished=False)

    source = Source(
        [app_topic(app_id)],
        ("app", app_id),
        read,
        partial(cursors.encode_event, app_id),
    )
    async with aclosing(_follow(database, hub, source, start, audience)) as batches:
        async for batch in batches:
            for event in batch:
                yield event


async def follow_deployment(
    database: Database,
    hub: Hub,
    *,
    deployment: Deployment,
    after: str | None,
    audience: Audience = ALONE,
) -> AsyncGenerator[Event]:
    """The deployment's events from its first or past the cursor; ends once it has settled."""
    async with database.moment_in_turn() as session:
        newest = await events.newest_sequence(session, app_id=deployment.app_id)
    start = 0 if after is None else cursors.decode_event(deployment.app_id, after, newest=newest)

    async def read(session: AsyncSession, seq: int) -> Batch[Event]:
        found = await events.read_deployment_events(session, deployment_id=deployment.id, after=seq)
        if found:
            return Batch(found, found[-1].kind is AppEventKind.DEPLOYMENT_SETTLED)
        finished = await build_logs.is_finished(session, deployment_id=deployment.id)
        return Batch(found, finished)

    source = Source(
        [app_topic(deployment.app_id)],
        ("deployment", deployment.id),
        read,
        partial(cursors.encode_event, deployment.app_id),
    )
    async with aclosing(_follow(database, hub, source, start, audience)) as batches:
        async for batch in batches:
            for event in batch:
                yield event


async def follow_build_log(
    database: Database,
    hub: Hub,
    *,
    deployment_id: UUID,
    after: str | None,
    audience: Audience = ALONE,
) -> AsyncGenerator[Sequence[BuildLogLine]]:
    """The build's lines from the first or past the cursor, as they come; ends with the build."""
    async with database.moment_in_turn() as session:
        newest = await build_logs.newest_line(session, deployment_id=deployment_id)
    start = 0 if after is None else cursors.decode_line(deployment_id, after, newest=newest)

    async def read(session: AsyncSession, seq: int) -> Batch[BuildLogLine]:
        found = await build_logs.read_lines(session, deployment_id=deployment_id, after=seq)
        if found:
            return Batch(found, finished=False)
        finished = await build_logs.is_finished(session, deployment_id=deployment_id)
        return Batch(found, finished)

    source = Source(
        [log_topic(deployment_id)],
        ("log", deployment_id),
        read,
        partial(cursors.encode_line, deployment_id),
    )
    async with aclosing(_follow(database, hub, source, start, audience)) as batches:
        async for batch in batches:
            yield batch


@dataclass(frozen=True)
class RuntimeLines:
    """The next lines, and how many before them were let go since the last that was read."""

    lines: Sequence[RuntimeLogLine]
    omitted: int


async def follow_runtime_log(
    database: Database,
    hub: Hub,
    *,
    environment_id: UUID,
    after: str | None,
    audience: Audience = ALONE,
) -> AsyncGenerator[RuntimeLines]:
    """The kept lines from the oldest or past the cursor, as they come, whichever runtime printed
    them; ends with the environment.
    """
    async with database.moment_in_turn() as session:
        newest = await logs.newest_line(session, environment_id=environment_id)
    seen = 0
    if after is not None:
        seen = cursors.decode_runtime_line(environment_id, after, newest=newest)

    async def read(session: AsyncSession, seq: int) -> Batch[RuntimeLogLine]:
        found = await logs.read_lines(session, environment_id=environment_id, after=seq)
        if found:
            return Batch(found, finished=False)
        return Batch(found, await logs.is_finished(session, environment_id=environment_id))

    source = Source(
        [runtime_log_topic(environment_id), runtime_topic(environment_id)],
        ("runtime log", environment_id),
        read,
        partial(cursors.encode_runtime_line, environment_id),
    )
    async for batch in _follow(database, hub, source, seen, audience):
        yield RuntimeLines(batch, omitted=batch[0].seq - seen - 1)
        seen = batch[-1].seq


async def _after(
    read: Callable[[AsyncSession, int], Awaitable[Batch[Item]]], seq: int, session: AsyncSession
) -> Batch[Item]:
    return await read(session, seq)


async def _follow(
    database: Database, hub: Hub, source: Source[Item], seq: int, audience: Audience
) -> AsyncGenerator[Sequence[Item]]:
    with hub.following(source.topics, audience) as wake:
        waited = False
        while True:
            wake.clear()
            batch = await hub.reads.read(
                database.moment_in_turn, (*source.subject, seq), partial(_after, source.read, seq)
            )
            if batch.items:
                if waited and isinstance(batch.items[-1], Event):
                    hub.delivered(batch.items[-1].occurred_at, audience.size)
                yield batch.items
                seq = batch.items[-1].seq
            if batch.finished:
                return
            if not batch.items:
                audience.rest(source.cursor(seq))
                await wake.wait()
            waited = not batch.items

"""What Postgres is and allows: version, durability, rights, schema, notifications, clock, room."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import asyncpg

from pinmark.doctor.findings import Check, Finding, fail, ok, warn
from pinmark.embedded_postgres import NotDurableError, assert_durable
from pinmark.migrations import Standing, standing

TESTED, OLDEST = 18, 15
NEEDED_CONNECTIONS = 45
WORRYING_SECONDS, WRONG_SECONDS = 1.0, 30.0
PATIENCE_SECONDS = 5.0

RIGHTS = """
    SELECT has_schema_privilege(current_schema(), 'CREATE')
        AND has_schema_privilege(current_schema(), 'USAGE')
"""
ROOM = """
    SELECT current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')
"""


def checks_of(
    url: str, listen_url: str, connection: asyncpg.Connection
) -> Sequence[tuple[str, Check]]:
    async def version() -> Finding:
        return check_version(connection.get_server_version().major)

    async def durability() -> Finding:
        try:
            await asyncio.to_thread(assert_durable, url)
        except NotDurableError as error:
            return fail("durability", str(error), "the server does not start on it")
        return ok("durability", "fsync, full_page_writes and synchronous_commit are on")

    async def rights() -> Finding:
        if await connection.fetchval(RIGHTS):
            return ok("rights", "the role may create what migrations need")
        found = "the role may not create in its schema"
        return fail("rights", found, "GRANT CREATE, USAGE ON SCHEMA … TO the role of the URL")

    async def schema() -> Finding:
        return check_schema(await asyncio.to_thread(standing, url))

    async def notifications() -> Finding:
        return await check_notifications(listen_url)

    async def clock() -> Finding:
        before = datetime.now(UTC)
        theirs: datetime = await connection.fetchval("SELECT clock_timestamp()")
        ours = before + (datetime.now(UTC) - before) / 2
        return check_clock((theirs - ours).total_seconds())

    async def room() -> Finding:
        free: int = await connection.fetchval(ROOM)
        if free < NEEDED_CONNECTIONS:
            advice = f"a server with its worker takes up to {NEEDED_CONNECTIONS}"
            return warn("connections", f"{free} are free", advice)
        return ok("connections", f"{free} are free")

    return [
        ("version", version),
        ("durability", durability),
        ("rights", rights),
        ("schema", schema),
        ("notifications", notifications),
        ("clock", clock),
        ("connections", room),
    ]


def check_version(major: int) -> Finding:
    if major < OLDEST:
        return fail("version", f"Postgres {major}", f"use {OLDEST} or newer; {TESTED} is tested")
    if major != TESTED:
        return warn("version", f"Postgres {major}", f"{TESTED} is what the tests run on")
    return ok("version", f"Postgres {major}")


def check_schema(found: Standing) -> Finding:
    match found:
        case Standing.NEWEST:
            return ok("schema", "as this version needs it")
        case Standing.EMPTY:
            return warn("schema", "there is none yet", "`pinmark migrate`, or start the server")
        case Standing.BEHIND:
            return warn("schema", "of an older version", "`pinmark migrate`, or start the server")
        case Standing.UNKNOWN:
            advice = "run the version that made it, or restore a backup from before"
            return fail("schema", "of a newer version", advice)


async def check_notifications(url: str) -> Finding:
    """A round trip on one connection: a pooler before Postgres loses it."""
    arrived = asyncio.Event()
    connection = await asyncpg.connect(url, timeout=PATIENCE_SECONDS)
    try:
        await connection.add_listener("pinmark_doctor", _set(arrived))
        await connection.execute("SELECT pg_notify('pinmark_doctor', '')")
        async with asyncio.timeout(PATIENCE_SECONDS):
            await arrived.wait()
    except TimeoutError:
        advice = "set PINMARK_LISTEN_URL to a direct connection, not to a transaction pooler"
        return fail("notifications", "none arrived", advice)
    finally:
        await connection.close()
    return ok("notifications", "arrive")


def check_clock(seconds: float) -> Finding:
    found = f"Postgres is {abs(seconds):.1f} s {'ahead' if seconds > 0 else 'behind'}"
    if abs(seconds) > WRONG_SECONDS:
        return fail("clock", found, "sessions and tokens end at wrong times: run NTP on both")
    if abs(seconds) > WORRYING_SECONDS:
        return warn("clock", found, "run NTP on both machines")
    return ok("clock", found)


def _set(arrived: asyncio.Event) -> Callable[[object, int, str, object], None]:
    def hear(connection: object, process: int, channel: str, payload: object) -> None:
        arrived.set()

    return hear

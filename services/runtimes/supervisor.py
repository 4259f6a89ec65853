"""The supervisor: makes what runs follow what should run.

There is one per installation. It holds a session lock in Postgres on a connection of its own;
whoever else would supervise stands by, and takes over as soon as that connection ends, with the
process or without it. All that a supervisor runs ends with it. It looks when the doorbell rings
on that same connection, and every few seconds in case a ring was lost.
"""

import asyncio
import random
from uuid import UUID, uuid4

import asyncpg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.doorbell import CHANNEL, EVERYTHING, RUNTIMES
from services.hub import Wake
from services.installation import Installation
from services.runtimes import records, wanting
from services.runtimes.driver import RuntimeDriver, RuntimeUnavailable
from services.runtimes.keeper import Keeper

LOCK = "SELECT pg_try_advisory_lock(hashtextextended('pinmark.runtimes', 0))"
CONNECT_SECONDS = 5.0
STAND_BY_SECONDS = 0.5
SAFETY_POLL_SECONDS = 2.0
DATABASE_TROUBLE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    SQLAlchemyError,
)

log = structlog.get_logger()


class Supervisor:
    """Supervises the runtimes of the installation whose Postgres is at ``url``.

    The connection to ``url`` must reach Postgres itself: behind a transaction pooler there is no
    session to hold a lock.
    """

    def __init__(self, installation: Installation, driver: RuntimeDriver, url: str) -> None:
        self._installation = installation
        self._driver = driver
        self._url = url
        self._supervisor_id = uuid4()
        self._keepers: dict[UUID, tuple[Keeper, asyncio.Task[None]]] = {}
        self._wake = Wake()

    async def run(self) -> None:
        """Stand by, supervise, and stand by again when the lock is lost; until cancelled."""
        while True:
            try:
                await self._connect_and_hold()
            except (*DATABASE_TROUBLE, RuntimeUnavailable) as error:
                log.warning("runtimes are not supervised", error=str(error))
            await asyncio.sleep(STAND_BY_SECONDS * random.uniform(0.5, 1.5))

    async def _connect_and_hold(self) -> None:
        connection = await asyncpg.connect(
            self._url,
            timeout=CONNECT_SECONDS,
            server_settings={"application_name": "pinmark-supervisor"},
        )
        try:
            # Asked again and again: a blocked statement would hold back vacuum as long as it waits.
            while not await connection.fetchval(LOCK, timeout=CONNECT_SECONDS):  # noqa: ASYNC110
                await asyncio.sleep(STAND_BY_SECONDS)
            await self._supervise(connection)
        finally:
            connection.terminate()

    async def _supervise(self, connection: asyncpg.Connection) -> None:
        self._supervisor_id = uuid4()
        log.info("supervising runtimes", supervisor=str(self._supervisor_id))
        connection.add_termination_listener(self._connection_ended)
        await connection.add_listener(CHANNEL, self._rung)
        try:
            async with self._installation.database.transaction() as session:
                await records.take_over(session, self._supervisor_id)
            await self._driver.end_others()
            while not connection.is_closed():
                self._wake.clear()
                await self._reconcile()
                await self._wake.wait(at_most=SAFETY_POLL_SECONDS)
                await connection.execute("SELECT 1", timeout=CONNECT_SECONDS)
        finally:
            await self._end_all()

    def _connection_ended(self, connection: object) -> None:
        self._wake.set()

    def _rung(self, connection: object, process: int, channel: str, payload: object) -> None:
        if payload == EVERYTHING or RUNTIMES in str(payload).split(" "):
            self._wake.set()

    async def _reconcile(self) -> None:
        """Start what is wanted and not kept, release what is kept and not wanted."""
        async with self._installation.database.transaction() as session:
            standings = await records.standing(session)
            if await wanting.ask_for_missing(session, self._installation, standings):
                standings = await records.standing(session)
            wanted = {one.runtime.id for one in await wanting.wanted(session, standings)}
            for standing in standings:
                runtime = standing.runtime
                if runtime.id in self._keepers:
                    continue
                await records.claim(session, runtime.id, self._supervisor_id)
        for standing in standings:
            runtime = standing.runtime
            if runtime.id not in self._keepers:
                keeper = Keeper(
                    self._installation,
                    self._driver,
                    runtime=runtime,
                    supervisor_id=self._supervisor_id,
                )
                self._start(runtime.id, keeper)
            if runtime.id not in wanted:
                self._keepers[runtime.id][0].release()

    def _start(self, runtime_id: UUID, keeper: Keeper) -> None:
        task = asyncio.create_task(keeper.keep())
        self._keepers[runtime_id] = keeper, task
        task.add_done_callback(lambda ended: self._ended(runtime_id, ended))

    def _ended(self, runtime_id: UUID, task: asyncio.Task[None]) -> None:
        self._keepers.pop(runtime_id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("runtime's keeper failed", runtime=str(runtime_id), exc_info=error)

    async def _end_all(self) -> None:
        """End every process, and leave word of it if the database still listens."""
        tasks = [task for _, task in self._keepers.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            async with self._installation.database.transaction() as session:
                await records.let_go(session, self._supervisor_id)
        except DATABASE_TROUBLE as error:
            log.warning("the next supervisor has to find out", error=str(error))

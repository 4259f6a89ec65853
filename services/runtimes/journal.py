"""Writing a runtime's log as it prints, without ever holding it up."""

import asyncio
from types import TracebackType
from typing import Self
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.database import Database
from services.runtimes import logs
from services.waiting import wait_at_most

FLUSH_SECONDS = 0.2
WAITING_LINES = 1000

log = structlog.get_logger()


class RuntimeJournal:
    """Takes lines and keeps them in batches.

    A runtime that prints faster than lines can be kept loses the newest of them, and the log
    says how many: a call is never slowed down by its own log.
    """

    def __init__(self, database: Database, *, environment_id: UUID, runtime_id: UUID) -> None:
        self._database = database
        self._environment_id = environment_id
        self._runtime_id = runtime_id
        self._waiting: list[str] = []
        self._dropped = 0
        self._writing = asyncio.Lock()
        self._closing = asyncio.Event()
        self._flusher: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._flusher = asyncio.create_task(self._flush_regularly())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Told rather than cancelled: a batch half-way to the database would be lost.
        self._closing.set()
        assert self._flusher is not None
        await asyncio.shield(self._flusher)

    async def write(self, line: str) -> None:
        if len(self._waiting) < WAITING_LINES:
            self._waiting.append(line)
        else:
            self._dropped += 1

    async def flush(self) -> None:
        """Keep what waits; what the database would not take is tried again with the next."""
        async with self._writing:
            lines = list(self._waiting)
            if self._dropped:
                lines.append(f"({self._dropped} lines were dropped: too many at once)")
            if not lines:
                return
            taken, self._dropped = len(self._waiting), 0
            try:
                async with self._database.transaction() as session:
                    await logs.append_lines(
                        session,
                        environment_id=self._environment_id,
                        runtime_id=self._runtime_id,
                        lines=lines,
                    )
            except (OSError, SQLAlchemyError):
                log.exception("runtime log not kept", runtime=str(self._runtime_id))
            else:
                del self._waiting[:taken]

    async def _flush_regularly(self) -> None:
        while not self._closing.is_set():
            await wait_at_most(FLUSH_SECONDS, self._closing)
            await self.flush()

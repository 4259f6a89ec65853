"""Writing a build's log as it happens, in small batches, without holding the build up."""

import asyncio
from collections import deque
from types import TracebackType
from typing import Self

from services import build_logs
from services.database import Database
from services.settlement import Attempt
from services.waiting import wait_at_most

FLUSH_SECONDS = 0.1
BATCH_LINES = 200
EXPLAINING_LINES = 20


class BuildJournal:
    """Takes lines from a build and keeps them in batches; the block's end keeps the rest.

    A writer waits while a whole batch is unsaved, so memory stays bounded. When the attempt is
    lost, writing raises ``AttemptLost`` and nothing more is kept.
    """

    def __init__(self, database: Database, attempt: Attempt) -> None:
        self._database = database
        self._attempt = attempt
        self._unsaved: list[str] = []
        self._recent: deque[str] = deque(maxlen=EXPLAINING_LINES)
        self._saving = asyncio.Lock()
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
        await asyncio.gather(self._flusher, return_exceptions=True)
        if kind is None:
            await self._save()

    async def write(self, line: str) -> None:
        self._recent.append(line)
        self._unsaved.append(line)
        if len(self._unsaved) >= BATCH_LINES or (self._flusher and self._flusher.done()):
            await self._save()

    def explain(self, reason: str) -> str:
        """The reason in words, and the last lines that led to it."""
        return "\n".join([reason, *self._recent])

    async def _flush_regularly(self) -> None:
        while not self._closing.is_set():
            await wait_at_most(FLUSH_SECONDS, self._closing)
            await self._save()

    async def _save(self) -> None:
        async with self._saving:
            lines, self._unsaved = self._unsaved, []
            if not lines:
                return
            try:
                async with self._database.transaction() as session:
                    await build_logs.append_lines(session, self._attempt, lines)
            except BaseException:
                self._unsaved[:0] = lines  # kept for the next try; the reader sees each line once
                raise

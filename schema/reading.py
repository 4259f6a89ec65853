"""Reading for one answer: every query of an operation sees the same moment.

The session is opened on first use and one statement runs at a time; loaders gather what
sibling fields ask for into one statement each.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeVar
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession
from strawberry.dataloader import DataLoader

from models import (
    App,
    Commit,
    CustomRole,
    Deployment,
    Environment,
    Member,
    Organization,
    Record,
    Repository,
    Runtime,
    SnapshotEntry,
)
from services import blobs, lookups
from services.database import Database
from services.datasets import count_rows
from services.lookups import CommitKey, FileKey
from services.runtimes import records
from services.store import Store

Key = TypeVar("Key")
Found = TypeVar("Found")
Row = TypeVar("Row", bound=Record)


class AnswerOver(Exception):
    """A loader came too late: what it was to read for has been answered, or given up."""


class Reading:
    """One moment of the database and the loaders over it; closed when the answer is made.

    ``in_turn`` is for answers that one event makes for many: they wait for each other.
    """

    def __init__(self, database: Database, store: Store, *, in_turn: bool = False) -> None:
        self._moment = database.moment_in_turn if in_turn else database.moment
        self._store = store
        self._stack = AsyncExitStack()
        self._session: AsyncSession | None = None
        self._turn = asyncio.Lock()
        self._over = False
        self.apps = self._by_id(App)
        self.environments = self._by_id(Environment)
        self.deployments = self._by_id(Deployment)
        self.organizations = self._by_id(Organization)
        self.members = self._by_id(Member)
        self.custom_roles = self._by_id(CustomRole)
        self.repositories: DataLoader[UUID, Repository | None] = self._loader(
            lookups.repositories_of
        )
        self.commits: DataLoader[CommitKey, Commit | None] = self._loader(lookups.commits)
        self.runtimes: DataLoader[UUID, Runtime | None] = self._loader(records.shown)
        self.replacements: DataLoader[Runtime, Runtime | None] = DataLoader(
            load_fn=self._load_replacements, cache_key_fn=lambda runtime: runtime.id
        )
        self.newest_unsettled: DataLoader[UUID, Deployment | None] = self._loader(
            lookups.newest_unsettled
        )
        self.files: DataLoader[FileKey, SnapshotEntry | None] = self._loader(lookups.files)
        self.texts: DataLoader[bytes, str | None] = self._loader(blobs.read_texts)
        self.row_counts: DataLoader[bytes, int] = self._loader(self._count_rows)

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[AsyncSession]:
        """The moment's session, for one reader at a time."""
        async with self._turn:
            if self._over:
                raise AnswerOver
            if self._session is None:
                self._session = await self._stack.enter_async_context(self._moment())
            yield self._session

    async def close(self) -> None:
        """Give the connection back, once nobody is in the middle of a statement on it.

        A loader reads in a task of its own, which is not cancelled with the answer. Whoever
        closes may be cancelled too; the connection is given back all the same.
        """
        self._over = True
        if self._session is not None or self._turn.locked():
            await asyncio.shield(self._give_back())

    async def _give_back(self) -> None:
        async with self._turn:
            await self._stack.aclose()
            self._session = None

    async def _count_rows(self, session: AsyncSession, digests: Sequence[bytes]) -> list[int]:
        return await count_rows(session, self._store, digests)

    async def _load_replacements(self, runtimes: list[Runtime]) -> list[Runtime | None]:
        async with self.session() as session:
            return await records.replacements(session, runtimes)

    def _by_id(self, table: type[Row]) -> DataLoader[UUID, Row | None]:
        async def load(session: AsyncSession, keys: Sequence[UUID]) -> list[Row | None]:
            return await lookups.rows_by_id(session, table, keys)

        return self._loader(load)

    def _loader(
        self, load: Callable[[AsyncSession, Sequence[Key]], Awaitable[list[Found]]]
    ) -> DataLoader[Key, Found]:
        async def gather(keys: list[Key]) -> list[Found]:
            async with self.session() as session:
                return await load(session, keys)

        return DataLoader(load_fn=gather)

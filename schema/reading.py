"""Reading for one answer: every query of an operation sees the same moment.

The session is opened on first use and one statement runs at a time; loaders gather what
sibling fields ask for into one statement each.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import cached_property
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
from schema.loading import Loader
from services import blobs, lookups
from services.datasets import count_rows
from services.lookups import CommitKey, FileKey
from services.runtimes import records
from services.store import Store

Moment = Callable[[], AbstractAsyncContextManager[AsyncSession]]
Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")
Row = TypeVar("Row", bound=Record)


class AnswerOver(Exception):
    """A loader came too late: what it was to read for has been answered, or given up."""


class Reading:
    """One moment of the database and the loaders over it; closed when the answer is made."""

    def __init__(self, moment: Moment, store: Store) -> None:
        self._moment = moment
        self._store = store
        self._stack = AsyncExitStack()
        self._session: AsyncSession | None = None
        self._turn = asyncio.Lock()
        self._over = False

    # Most answers need two or three of these; each is made when it is first asked for.

    @cached_property
    def apps(self) -> Loader[UUID, App | None]:
        return self._by_id(App)

    @cached_property
    def environments(self) -> Loader[UUID, Environment | None]:
        return self._by_id(Environment)

    @cached_property
    def deployments(self) -> Loader[UUID, Deployment | None]:
        return self._by_id(Deployment)

    @cached_property
    def organizations(self) -> Loader[UUID, Organization | None]:
        return self._by_id(Organization)

    @cached_property
    def members(self) -> Loader[UUID, Member | None]:
        return self._by_id(Member)

    @cached_property
    def custom_roles(self) -> Loader[UUID, CustomRole | None]:
        return self._by_id(CustomRole)

    @cached_property
    def repositories(self) -> Loader[UUID, Repository | None]:
        return self._loader(lookups.repositories_of)

    @cached_property
    def commits(self) -> Loader[CommitKey, Commit | None]:
        return self._loader(lookups.commits)

    @cached_property
    def runtimes(self) -> Loader[UUID, Runtime | None]:
        return self._loader(records.shown)

    @cached_property
    def replacements(self) -> DataLoader[Runtime, Runtime | None]:
        return DataLoader(load_fn=self._load_replacements, cache_key_fn=lambda runtime: runtime.id)

    @cached_property
    def newest_unsettled(self) -> Loader[UUID, Deployment | None]:
        return self._loader(lookups.newest_unsettled)

    @cached_property
    def files(self) -> Loader[FileKey, SnapshotEntry | None]:
        return self._loader(lookups.files)

    @cached_property
    def texts(self) -> Loader[bytes, str | None]:
        return self._loader(blobs.read_texts)

    @cached_property
    def row_counts(self) -> Loader[bytes, int]:
        return self._loader(self._count_rows)

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

    def _by_id(self, table: type[Row]) -> Loader[UUID, Row | None]:
        async def load(session: AsyncSession, keys: Sequence[UUID]) -> list[Row | None]:
            return await lookups.rows_by_id(session, table, keys)

        return self._loader(load)

    def _loader(
        self, load: Callable[[AsyncSession, Sequence[Key]], Awaitable[list[Found]]]
    ) -> Loader[Key, Found]:
        async def gather(keys: list[Key]) -> list[Found]:
            async with self.session() as session:
                return await load(session, keys)

        return Loader(load_fn=gather)

"""Whether who opened a connection may still have it, for as long as it is open.

A connection that lives on outlives what its client showed: a key is revoked, a session ends, a
role is lowered. The doorbell rings for each of them in the transaction that made it so; what ends
by itself is known beforehand. Only while no bell can be heard is the database asked regularly.
"""

import asyncio
import random
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError

from models import utc_now
from pinmark.auth.credentials import Credential
from services.errors import DomainError
from services.hub import Wake
from services.principals import Principal

if TYPE_CHECKING:
    from pinmark.server_state import Server

WATCH_SECONDS = 60.0
DEAF_WATCH_SECONDS = 2.0  # while no bell can be heard
SPREAD_SECONDS = 0.5

log = structlog.get_logger()


class CredentialEnded(Exception):
    """What the client showed is good no more."""


class PermissionWithdrawn(Exception):
    """Who the client is may not have what it follows any more; the message says what is missing."""


class Follows(Protocol):
    """What goes on over a connection for as long as its principal may have it."""

    async def readmit(self, principal: Principal) -> None:
        """Go on as the principal is now, or raise why that cannot be."""
        ...


Following = Callable[[], Iterable[Follows]]
Ended = Callable[[Exception], None]


class Standing:
    """The principal of one connection, as it is now.

    ``ended`` is told ``CredentialEnded`` or ``PermissionWithdrawn``, or what else became of
    looking. Nothing is spent on it but a timer while nobody rings.
    """

    __slots__ = (
        "_again",
        "_credential",
        "_ended",
        "_following",
        "_looking",
        "_principal",
        "_server",
        "_timer",
    )

    def __init__(self, server: "Server", following: Following, ended: Ended) -> None:
        self._server = server
        self._following = following
        self._ended = ended
        self._credential: Credential = ""
        self._principal: Principal | None = None
        self._again = False
        self._looking: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def principal(self) -> Principal:
        assert self._principal is not None  # nothing runs before it has begun
        return self._principal

    async def begin(self, credential: Credential, *, address: str | None) -> bool:
        """Whether this is somebody; who, is ``principal`` from now on."""
        self._credential = credential
        self._principal = await self._recognise(address, noting=True)
        if self._principal is None:
            return False
        if self._again:
            self.look()
        else:
            self._look_later()
        return True

    def look(self) -> None:
        """Look soon whether all is still so."""
        if self._looking is not None or self._principal is None:
            self._again = True
        else:
            self._looking = asyncio.create_task(self._look())

    def end(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
        if self._looking is not None:
            self._looking.cancel()

    async def _look(self) -> None:
        try:
            await self._keep_true(self.principal)
        except Exception as end:
            self._ended(end)
        else:
            self._looking = None
            self._look_later()

    def _look_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._looks_again_in(), self.look)

    def _looks_again_in(self) -> float:
        if not self._server.wakeups.alive:
            return DEAF_WATCH_SECONDS
        if self.principal.good_until is None:
            return WATCH_SECONDS
        left = (self.principal.good_until - utc_now()).total_seconds()
        return min(max(left, 0.0), WATCH_SECONDS)

    async def _keep_true(self, known: Principal) -> None:
        """Keep ``principal`` true, and that of what is in hand, until no bell rang meanwhile."""
        while True:
            # All connections are woken at once; one after the other, most are remembered.
            await asyncio.sleep(random.uniform(0, SPREAD_SECONDS))
            self._again = False
            try:
                known = await self._readmit(known)
            except (OSError, SQLAlchemyError) as error:
                log.warning("a connection's principal could not be looked up", error=str(error))
                await asyncio.sleep(DEAF_WATCH_SECONDS)
            else:
                if not self._again:
                    return

    async def _readmit(self, known: Principal) -> Principal:
        principal = await self._recognise(noting=False)  # that a socket is open is no use
        if principal is None:
            raise CredentialEnded
        if replace(principal, request_id=known.request_id) == known:
            return known
        self._principal = principal
        for each in list(self._following()):
            try:
                await each.readmit(principal)
            except DomainError as refusal:
                raise PermissionWithdrawn(refusal.message) from None
        return principal

    async def _recognise(self, address: str | None = None, *, noting: bool) -> Principal | None:
        return await self._server.authenticate(
            self._credential, request_id=uuid4().hex, address=address, noting=noting
        )


class Standings:
    """The standing of every connection of this process."""

    def __init__(self, wake: Wake) -> None:
        self._wake = wake
        self._all: set[Standing] = set()

    async def watch(self) -> None:
        """Have all looked at whenever the bell rings for somebody's rights."""
        while True:
            await self._wake.wait(at_most=WATCH_SECONDS)
            if self._wake.is_set:
                self._wake.clear()
                for standing in self._all:
                    standing.look()

    @contextmanager
    def one(self, server: "Server", following: Following, ended: Ended) -> Generator[Standing]:
        """The standing of a connection that is being opened; no bell from here on is missed."""
        standing = Standing(server, following, ended)
        self._all.add(standing)
        try:
            yield standing
        finally:
            self._all.discard(standing)
            standing.end()

"""Whether who opened a connection may still have it, for as long as it is open.

A connection that lives on outlives what its client showed: a key is revoked, a session ends, a
role is lowered. The doorbell rings for each of them in the transaction that made it so; what ends
by itself is known beforehand. Only while no bell can be heard is the database asked regularly.
"""

import asyncio
import random
from collections.abc import Collection, Generator
from contextlib import contextmanager
from dataclasses import replace

import structlog
from sqlalchemy.exc import SQLAlchemyError

from models import utc_now
from pinmark.auth.credentials import Credential
from pinmark.server_state import Server, new_request_id
from schema.context import Context
from services.doorbell import CREDENTIALS
from services.errors import DomainError
from services.hub import Wake
from services.principals import Principal

WATCH_SECONDS = 60.0
DEAF_WATCH_SECONDS = 2.0  # while no bell can be heard
SPREAD_SECONDS = 0.5

log = structlog.get_logger()


class CredentialEnded(Exception):
    """What the client showed is good no more."""


class PermissionWithdrawn(Exception):
    """Who the client is may not have what it follows any more; the message says what is missing."""


class Standing:
    """The principal of one connection, as it is now."""

    def __init__(self, server: Server, wake: Wake) -> None:
        self._server = server
        self._wake = wake
        self._credential: Credential = ""
        self._principal: Principal | None = None

    @property
    def principal(self) -> Principal:
        assert self._principal is not None  # nothing runs before it has begun
        return self._principal

    async def begin(self, credential: Credential, *, address: str | None) -> bool:
        """Whether this is somebody; who, is ``principal`` from now on."""
        self._credential = credential
        self._principal = await self._recognise(address, noting=True)
        return self._principal is not None

    async def watch(self, contexts: Collection[Context]) -> None:
        """Keep ``principal`` true, and that of the operations in hand; ends by raising
        ``CredentialEnded`` or ``PermissionWithdrawn``.
        """
        while True:
            await self._wake.wait(at_most=self._looks_again_in())
            self._wake.clear()
            if self._principal is None:
                continue
            # All connections are woken at once; one after the other, most are remembered.
            await asyncio.sleep(random.uniform(0, SPREAD_SECONDS))
            try:
                await self._look_again(self._principal, contexts)
            except (OSError, SQLAlchemyError) as error:
                log.warning("a connection's principal could not be looked up", error=str(error))
                await asyncio.sleep(DEAF_WATCH_SECONDS)
                self._wake.set()

    def _looks_again_in(self) -> float:
        if self._principal is None or not self._server.wakeups.alive:
            return DEAF_WATCH_SECONDS
        if self._principal.good_until is None:
            return WATCH_SECONDS
        left = (self._principal.good_until - utc_now()).total_seconds()
        return min(max(left, 0.0), WATCH_SECONDS)

    async def _look_again(self, known: Principal, contexts: Collection[Context]) -> None:
        principal = await self._recognise(noting=False)  # that a socket is open is no use
        if principal is None:
            raise CredentialEnded
        if replace(principal, request_id=known.request_id) == known:
            return
        self._principal = principal
        for context in list(contexts):
            try:
                await context.readmit(principal)
            except DomainError as refusal:
                raise PermissionWithdrawn(refusal.message) from None

    async def _recognise(self, address: str | None = None, *, noting: bool) -> Principal | None:
        return await self._server.authenticate(
            self._credential, request_id=new_request_id(), address=address, noting=noting
        )


@contextmanager
def standing_at(server: Server) -> Generator[Standing]:
    """The standing of a connection that is being opened; no bell from here on is missed."""
    with server.wakeups.hub.following([CREDENTIALS]) as wake:
        yield Standing(server, wake)

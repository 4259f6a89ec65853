"""What every resolver is given: who asks, what the domain runs on, and a moment to read."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from uuid import UUID

import strawberry
from graphql import DocumentNode
from sqlmodel.ext.asyncio.session import AsyncSession

from schema.reading import Reading
from services.hub import ALONE, Audience, Hub
from services.installation import Installation
from services.principals import Principal


class Delivered(Protocol):
    """What a subscription delivers: it has a place in its stream."""

    cursor: str


Found = TypeVar("Found")
Delivery = TypeVar("Delivery", bound=Delivered)
_closing: set[asyncio.Future[None]] = set()
Admission = Callable[[AsyncSession, Principal], Awaitable[object]]


@dataclass(eq=False)
class Context:
    """One operation's surroundings.

    ``reading`` is the moment that the present answer is made of. A mutation or the next event
    of a subscription starts a new one, because the moment before it is past.
    """

    installation: Installation
    hub: Hub
    principal: Principal
    dashboard_url: str
    introspection: bool = True
    kind: str | None = None
    """What the document turned out to be: a query, a mutation, a subscription."""
    cost: int | None = None
    """What the document was weighed at; None for one that could not be."""
    good_document: DocumentNode | None = None
    """The document, once it is parsed, valid and within the limits."""
    seconds: float | None = None
    """How long the operation may take; None for as long as it likes."""
    limit: asyncio.Timeout | None = field(init=False, default=None)
    """What gives the operation up when its time is over."""
    is_late: bool = field(init=False, default=False)
    """The operation was given up because its time was over."""
    admission: Admission | None = None
    """What a subscription was let in by; asked again when what the principal may do changes."""
    audience: Audience = ALONE
    """Whom the answers of a subscription are made for."""
    received: str | None = None
    """The cursor that the client's side of the connection says it got last, if it says so."""
    place: str | None = field(init=False, default=None)
    """The cursor of what the present answer of a subscription delivers."""
    apps: set[UUID] = field(init=False, default_factory=set[UUID])
    """Which apps a query has looked into."""
    held: bool = field(init=False, default=True)
    """Whether one moment is held for reading, rather than found out to have been one."""
    reading: Reading = field(init=False)

    def __post_init__(self) -> None:
        self.reading = self._moment()

    async def renew(self, *, held: bool = True) -> None:
        """Leave the present moment; what is read from here on is newer."""
        await self.reading.close()
        self.held = held
        self.reading = self._moment()

    async def admit(self, find: Callable[[AsyncSession, Principal], Awaitable[Found]]) -> Found:
        """What a subscription follows, if the principal may; the refusal of ``find`` if not."""
        self.admission = find
        await self.renew()
        async with self.installation.database.moment_in_turn() as session:
            return await find(session, self.principal)

    async def readmit(self, principal: Principal) -> None:
        """Go on as the principal is now, or raise what ``admission`` refuses."""
        self.principal = principal
        if self.admission is not None:
            async with self.installation.database.moment() as session:
                await self.admission(session, principal)

    def begins_after(self, after: str | None) -> str | None:
        """Where a subscription begins. What was received last is newer than what the operation
        says, because the same operation is sent again to go on.
        """
        return self.received or after

    def at(self, delivery: Delivery) -> Delivery:
        """The same delivery; its place is known from here on."""
        self.audience.attend()
        self.place = delivery.cursor
        return delivery

    def without_end(self) -> None:
        """The operation follows something: there is no time within which it is over."""
        if self.limit is not None:
            self.limit.reschedule(None)

    async def close(self) -> None:
        """Give back what reading took; who was too late does not wait for what still reads."""
        if not self.is_late:
            await self.reading.close()
            return
        closing = asyncio.ensure_future(self.reading.close())
        _closing.add(closing)
        closing.add_done_callback(_closing.discard)

    def _moment(self) -> Reading:
        database = self.installation.database
        if not self.held:
            return Reading(database.statements, self.installation.store)
        moment = database.moment if self.admission is None else database.moment_in_turn
        return Reading(moment, self.installation.store)


Info = strawberry.Info[Context, None]

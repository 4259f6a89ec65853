"""What every resolver is given: who asks, what the domain runs on, and a moment to read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import strawberry
from sqlmodel.ext.asyncio.session import AsyncSession

from schema.reading import Reading
from services.hub import Hub
from services.installation import Installation
from services.principals import Principal

Found = TypeVar("Found")
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
    admission: Admission | None = None
    """What a subscription was let in by; asked again when what the principal may do changes."""
    reading: Reading = field(init=False)

    def __post_init__(self) -> None:
        self.reading = self._moment()

    async def renew(self) -> None:
        """Leave the present moment; what is read from here on is newer."""
        await self.reading.close()
        self.reading = self._moment()

    async def admit(self, find: Callable[[AsyncSession, Principal], Awaitable[Found]]) -> Found:
        """What a subscription follows, if the principal may; the refusal of ``find`` if not."""
        self.admission = find
        async with self.reading.session() as session:
            found = await find(session, self.principal)
        await self.renew()
        return found

    async def readmit(self, principal: Principal) -> None:
        """Go on as the principal is now, or raise what ``admission`` refuses."""
        self.principal = principal
        if self.admission is not None:
            async with self.installation.database.moment() as session:
                await self.admission(session, principal)

    async def close(self) -> None:
        await self.reading.close()

    def _moment(self) -> Reading:
        return Reading(self.installation.database, self.installation.store)


Info = strawberry.Info[Context, None]

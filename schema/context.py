"""What every resolver is given: who asks, what the domain runs on, and a moment to read."""

from dataclasses import dataclass, field

import strawberry

from schema.reading import Reading
from services.hub import Hub
from services.installation import Installation
from services.principals import Principal


@dataclass
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
    reading: Reading = field(init=False)

    def __post_init__(self) -> None:
        self.reading = self._moment()

    async def renew(self) -> None:
        """Leave the present moment; what is read from here on is newer."""
        await self.reading.close()
        self.reading = self._moment()

    async def close(self) -> None:
        await self.reading.close()

    def _moment(self) -> Reading:
        return Reading(self.installation.database, self.installation.store)


Info = strawberry.Info[Context, None]

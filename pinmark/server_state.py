"""What a running server holds, opened by its lifespan and borrowed by every request."""

from dataclasses import dataclass
from typing import TypedDict
from uuid import uuid4

from starlette.requests import HTTPConnection

from pinmark.notifications import Wakeups
from pinmark.settings import Settings
from schema.context import Context
from services.authentication import Authenticator
from services.installation import Installation
from services.principals import Principal


@dataclass(frozen=True)
class Server:
    """The parts of one server process."""

    settings: Settings
    installation: Installation
    wakeups: Wakeups
    authenticator: Authenticator

    async def authenticate(self, authorization: str, *, request_id: str) -> Principal | None:
        """The principal behind an ``Authorization`` value, with or without ``Bearer``."""
        scheme, _, rest = authorization.strip().partition(" ")
        token = rest.strip() if scheme.lower() == "bearer" else authorization.strip()
        return await self.authenticator.authenticate(token, request_id=request_id)

    def context(self, principal: Principal, *, base_url: str) -> Context:
        return Context(
            installation=self.installation,
            hub=self.wakeups.hub,
            principal=principal,
            dashboard_url=base_url.rstrip("/"),
            introspection=not self.settings.production,
        )


class State(TypedDict):
    """The lifespan's state."""

    server: Server


def server_of(connection: HTTPConnection) -> Server:
    return connection.state.server


def new_request_id() -> str:
    return uuid4().hex

"""What a running server holds, opened by its lifespan and borrowed by every request."""

import asyncio
from dataclasses import dataclass, field
from typing import TypedDict
from uuid import uuid4

from starlette.requests import HTTPConnection

from pinmark.notifications import Wakeups
from pinmark.refused_tokens import RefusedTokens
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
    refused_tokens: RefusedTokens = field(default_factory=RefusedTokens)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the server is told to stop; answers without an end of their own then end."""

    async def authenticate(
        self, authorization: str, *, request_id: str, address: str | None = None
    ) -> Principal | None:
        """The principal behind an ``Authorization`` value, with or without ``Bearer``.

        ``address`` is the caller's, for the audit of tokens that are not valid.
        """
        scheme, _, rest = authorization.strip().partition(" ")
        token = rest.strip() if scheme.lower() == "bearer" else authorization.strip()
        principal = await self.authenticator.authenticate(token, request_id=request_id)
        if principal is None and token:
            self.refused_tokens.note(request_id=request_id, address=address)
        return principal

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


def address_of(connection: HTTPConnection) -> str | None:
    """Where the request comes from: the client, or the proxy before us."""
    return None if connection.client is None else connection.client.host


def new_request_id() -> str:
    return uuid4().hex

"""What a running server holds, opened by its lifespan and borrowed by every request."""

from dataclasses import dataclass, field, replace
from typing import TypedDict
from uuid import uuid4

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import HTTPConnection
from structlog.contextvars import bind_contextvars

from pinmark.auth.credentials import Credential, SessionSecret
from pinmark.auth.oidc.fetching import ProviderFailed
from pinmark.auth.oidc.provider import Provider
from pinmark.auth.oidc.tokens import TokenRefused, ends_at, looks_like_jwt
from pinmark.fresh_answers import FreshAnswers
from pinmark.groups import Groups
from pinmark.metrics import Metrics
from pinmark.notifications import Wakeups
from pinmark.open_connections import OpenConnections
from pinmark.rate_limits import RateLimits
from pinmark.refused_tokens import RefusedTokens
from pinmark.repeated_requests import RepeatedRequests
from pinmark.settings import Settings
from pinmark.standing import Standings
from pinmark.stopping import Stopping
from schema.context import Context
from services.authentication import Authenticator, Recognised, Shown
from services.ciphers import Cipher
from services.database_revisions import DatabaseRevisions, Revision
from services.installation import Installation
from services.principals import Principal
from services.sessions import recognise_session
from services.sign_in import recognise_identity

log = structlog.get_logger()


@dataclass(frozen=True)
class Server:
    """The parts of one server process."""

    settings: Settings
    installation: Installation
    wakeups: Wakeups
    authenticator: Authenticator
    flows: Cipher
    """What seals the sign-ins that are under way."""
    limits: RateLimits
    connections: OpenConnections
    revisions: DatabaseRevisions
    answers: FreshAnswers
    groups: Groups
    standings: Standings
    repeated: RepeatedRequests
    provider: Provider | None = None
    metrics: Metrics = field(default_factory=Metrics)
    refused_tokens: RefusedTokens = field(default_factory=RefusedTokens)
    stopping: Stopping = field(default_factory=Stopping)
    """Set once the server is told to stop; what has no end of its own then ends in its turn."""

    async def authenticate(
        self,
        shown: Credential,
        *,
        request_id: str,
        address: str | None = None,
        noting: bool = True,
        revision: Revision | None = None,
    ) -> Principal | None:
        """The principal behind an ``Authorization`` value, with or without ``Bearer``, or behind
        a session; without ``noting``, to ask this is no use of it.

        ``address`` is the caller's, for the audit of what is not valid; ``revision`` the
        database's of now, at which nobody is taken for what they were at another.
        """
        principal = await self._recognise(shown, request_id, noting, revision)
        if principal is None and shown:
            self.refused_tokens.note(request_id=request_id, address=address)
        return principal

    async def _recognise(
        self, shown: Credential, request_id: str, noting: bool, revision: Revision | None
    ) -> Principal | None:
        if isinstance(shown, SessionSecret):
            return await self._by_session(shown.value, request_id, noting, revision)
        token = _token_of(shown)
        if self.provider is not None and looks_like_jwt(token):
            return await self._by_identity(self.provider, token, request_id, revision)
        return await self.authenticator.authenticate(
            token, request_id=request_id, noting=noting, revision=revision
        )

    def remembered_as(self, shown: Credential) -> Shown | None:
        """What the authenticator remembers a caller by; None where each request is verified."""
        if isinstance(shown, SessionSecret):
            return ("session", self.installation.pepper.digest(shown.value))
        token = _token_of(shown)
        if self.provider is not None and looks_like_jwt(token):
            return None
        return ("token", self.installation.pepper.digest(token))

    async def _by_session(
        self, secret: str, request_id: str, noting: bool, revision: Revision | None
    ) -> Principal | None:
        policy, pepper = self.installation.sessions, self.installation.pepper

        async def look(session: AsyncSession) -> Recognised | None:
            return await recognise_session(session, policy=policy, pepper=pepper, secret=secret)

        shown = ("session", pepper.digest(secret))
        return await self.authenticator.recall(
            shown, look, request_id=request_id, noting=noting, revision=revision
        )

    async def _by_identity(
        self, provider: Provider, token: str, request_id: str, revision: Revision | None
    ) -> Principal | None:
        """Who shows a token of the identity provider; its signature is verified each time."""
        try:
            claims = await provider.verify(token, audience=provider.client.audience)
        except (TokenRefused, ProviderFailed) as refused:
            log.info("a token was refused", reason=str(refused), request_id=request_id)
            return None
        issuer, subject = provider.client.issuer, claims["sub"]

        async def look(session: AsyncSession) -> Recognised | None:
            return await recognise_identity(session, issuer=issuer, subject=subject)

        shown = ("identity", self.installation.pepper.digest(subject))
        found = await self.authenticator.recall(
            shown, look, request_id=request_id, revision=revision
        )
        return None if found is None else replace(found, good_until=ends_at(claims))

    @property
    def keeps_answers(self) -> bool:
        return self.settings.kept_answers_mib > 0

    def context(self, principal: Principal, *, base_url: str) -> Context:
        return Context(
            installation=self.installation,
            hub=self.wakeups.hub,
            principal=principal,
            dashboard_url=base_url.rstrip("/"),
            introspection=not self.settings.production,
            seconds=self.settings.operation_seconds,
        )


class State(TypedDict):
    """The lifespan's state."""

    server: Server


def _token_of(authorization: str) -> str:
    """The token of an ``Authorization`` value, with or without ``Bearer``."""
    scheme, _, rest = authorization.strip().partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else authorization.strip()


def server_of(connection: HTTPConnection) -> Server:
    return connection.state.server


def address_of(connection: HTTPConnection) -> str | None:
    """Where the request comes from: the client, or the proxy before us."""
    return None if connection.client is None else connection.client.host


def new_request_id() -> str:
    """An id for the request that this task answers; whatever it logs from here on names it."""
    request_id = uuid4().hex
    bind_contextvars(request_id=request_id)
    return request_id

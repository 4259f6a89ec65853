"""The identity provider: what its discovery document says, and its keys, kept for a while.

Both are fetched when they are first needed, so the server starts while the provider is down. Keys
are fetched again for a token that names one not known yet, but not for each such token; while the
provider does not answer, the ones that are known go on being used for a day.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

import structlog

from pinmark.auth.oidc.fetching import Document, Fetcher, ProviderFailed, open_fetcher
from pinmark.auth.oidc.keys import SigningKey, key_for, signing_keys
from pinmark.auth.oidc.tokens import TokenRefused, read_header, verified_claims
from pinmark.settings import Settings, is_secure_url

FRESH_SECONDS = 3600.0
USABLE_SECONDS = 24 * 3600.0
PAUSE_SECONDS = 30.0  # between two fetches of what is known
RETRY_SECONDS = 1.0  # and of what is not
WELL_KNOWN = "/.well-known/openid-configuration"

log = structlog.get_logger()


@dataclass(frozen=True)
class Client:
    """What the provider knows this installation as."""

    issuer: str
    id: str
    secret: str | None
    scopes: str
    audience: str
    """Whom bearer tokens must be for."""


@dataclass(frozen=True)
class Discovery:
    """What is used of the provider's discovery document."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    posts_secret: bool
    """Whether the client's secret goes into the form instead of a header."""
    names_itself: bool
    """Whether its answers carry ``iss``."""

    @classmethod
    def of(cls, document: Document, *, issuer: str) -> "Discovery":
        if document.get("issuer") != issuer:
            raise ProviderFailed("the discovery document is another issuer's")
        methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return cls(
            authorization_endpoint=_url(document, "authorization_endpoint"),
            token_endpoint=_url(document, "token_endpoint"),
            jwks_uri=_url(document, "jwks_uri"),
            userinfo_endpoint=(
                _url(document, "userinfo_endpoint") if "userinfo_endpoint" in document else None
            ),
            posts_secret="client_secret_basic" not in methods,
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        )


def _url(document: Document, name: str) -> str:
    url = document.get(name)
    if not isinstance(url, str) or not is_secure_url(url):
        raise ProviderFailed(f"{name} of the discovery document is no address to go to")
    return url


class Kept:
    """A document of the provider's, fetched when it is needed and kept for a while."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._document: Document | None = None
        self._fetched = self._tried = float("-inf")
        self._turn = asyncio.Lock()

    async def get(self, url: str) -> Document:
        if self._document is not None and self._age < FRESH_SECONDS:
            return self._document  # without waiting for whoever fetches a newer one
        async with self._turn:
            if self._document is None or self._age >= FRESH_SECONDS:
                await self._fetch(url)
            if self._document is None or self._age >= USABLE_SECONDS:
                raise ProviderFailed(f"{url} did not answer lately")
            return self._document

    @property
    def _age(self) -> float:
        return monotonic() - self._fetched

    async def newer(self, url: str) -> Document:
        """The document, fetched again unless that was done a moment ago."""
        async with self._turn:
            await self._fetch(url)
        return await self.get(url)

    async def _fetch(self, url: str) -> None:
        pause = RETRY_SECONDS if self._document is None else PAUSE_SECONDS
        if monotonic() - self._tried < pause:
            return
        try:
            self._document = await self._fetcher.get(url)
            self._fetched = monotonic()
        except ProviderFailed as failed:
            log.warning("the identity provider failed", reason=str(failed))
        finally:
            self._tried = monotonic()


class Provider:
    """One provider, as the client that this installation is of it."""

    def __init__(self, client: Client, fetcher: Fetcher) -> None:
        self.client = client
        self.fetcher = fetcher
        self._discovery = Kept(fetcher)
        self._jwks = Kept(fetcher)

    async def discover(self) -> Discovery:
        """Raises ``ProviderFailed``."""
        document = await self._discovery.get(self.client.issuer.rstrip("/") + WELL_KNOWN)
        return Discovery.of(document, issuer=self.client.issuer)

    async def verify(self, token: str, *, audience: str) -> dict[str, Any]:
        """The claims of a token of this provider; raises ``TokenRefused``, ``ProviderFailed``."""
        header = read_header(token)
        key = await self._key(header.kid, header.algorithm)
        return verified_claims(
            token, header=header, key=key, issuer=self.client.issuer, audience=audience
        )

    async def _key(self, kid: str | None, algorithm: str) -> SigningKey:
        uri = (await self.discover()).jwks_uri
        known = signing_keys(await self._jwks.get(uri))
        key = key_for(known, kid=kid, algorithm=algorithm)
        if key is None:
            newer = signing_keys(await self._jwks.newer(uri))
            key = key_for(newer, kid=kid, algorithm=algorithm)
        if key is None:
            raise TokenRefused("it is signed with no known key")
        return key


@asynccontextmanager
async def open_provider(settings: Settings) -> AsyncGenerator[Provider | None]:
    """The provider that the settings name, if they name one."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        yield None
        return
    secret = settings.oidc_client_secret
    client = Client(
        issuer=settings.oidc_issuer,
        id=settings.oidc_client_id,
        secret=None if secret is None else secret.get_secret_value(),
        scopes=settings.oidc_scopes,
        audience=settings.oidc_audience or settings.oidc_client_id,
    )
    async with open_fetcher() as fetcher:
        yield Provider(client, fetcher)

"""One sign-in at the provider: going there, and what has to hold when the browser comes back.

What is known of a sign-in under way lies in the browser's cookie, encrypted: nothing is kept for
strangers, and only the browser that went can come back. What it comes back with is exchanged with
the PKCE verifier that never left us, so a code that was stolen on the way is of no use.
"""

import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from pinmark.auth.oidc.fetching import Document, ProviderFailed
from pinmark.auth.oidc.provider import Discovery, Provider
from pinmark.auth.oidc.tokens import TokenRefused, check_id_token, identity_of
from services.ciphers import Cipher, SecretUnreadable
from services.sign_in import Identity

LASTS = timedelta(minutes=10)
MAXIMUM_PARAMETER = 4096


class FlowBroken(Exception):
    """What came back is not what was begun; the message says why, for the log alone."""


@dataclass(frozen=True)
class Flow:
    """A sign-in under way."""

    following: str
    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def begin(cls, *, following: str, redirect_uri: str) -> "Flow":
        return cls(
            following=following,
            redirect_uri=redirect_uri,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
        )

    def sealed(self, cipher: Cipher) -> str:
        return cipher.encrypt(json.dumps(asdict(self))).decode()

    @classmethod
    def unsealed(cls, sealed: str, cipher: Cipher) -> "Flow":
        """The flow in a cookie; raises ``FlowBroken`` for one that we did not write lately."""
        try:
            return cls(**json.loads(cipher.decrypt(sealed.encode(), at_most=LASTS)))
        except SecretUnreadable:
            raise FlowBroken("the cookie is not ours, or too old") from None

    def address(self, provider: Provider, discovery: Discovery) -> str:
        """Where the browser goes to sign in."""
        challenge = urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": provider.client.id,
            "redirect_uri": self.redirect_uri,
            "scope": provider.client.scopes,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        parts = urlsplit(discovery.authorization_endpoint)
        query = "&".join(filter(None, (parts.query, urlencode(asked))))
        return urlunsplit(parts._replace(query=query, fragment=""))

    def check(self, provider: Provider, discovery: Discovery, came: Mapping[str, str]) -> str:
        """The code that the browser came back with, if this flow sent it there."""
        if not hmac.compare_digest(came.get("state", "").encode(), self.state.encode()):
            raise FlowBroken("the state is another sign-in's")
        issuer = came.get("iss")
        if issuer != provider.client.issuer and (issuer is not None or discovery.names_itself):
            raise FlowBroken("another provider answered")
        if "error" in came:
            raise FlowBroken(f"the provider answered {came['error']!r:.100}")
        code = came.get("code", "")
        if not 0 < len(code) <= MAXIMUM_PARAMETER:
            raise FlowBroken("there is no code")
        return code


async def identify(provider: Provider, discovery: Discovery, flow: Flow, code: str) -> Identity:
    """Whom the provider vouches for; raises ``ProviderFailed`` and ``TokenRefused``."""
    given = await _exchange(provider, discovery, flow, code)
    claims = await provider.verify(_text(given, "id_token"), audience=provider.client.id)
    check_id_token(claims, client_id=provider.client.id, nonce=flow.nonce)
    if "email" in claims or discovery.userinfo_endpoint is None:
        return identity_of(claims, told=claims)
    told = await provider.fetcher.get(
        discovery.userinfo_endpoint, bearer=_text(given, "access_token")
    )
    if told.get("sub") != claims["sub"]:
        raise TokenRefused("the user's data is another user's")
    return identity_of(claims, told=told)


async def _exchange(provider: Provider, discovery: Discovery, flow: Flow, code: str) -> Document:
    client = provider.client
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": flow.redirect_uri,
        "code_verifier": flow.verifier,
    }
    basic: tuple[str, str] | None = None
    if client.secret is not None and not discovery.posts_secret:
        basic = (_quoted(client.id), _quoted(client.secret))
    else:
        form["client_id"] = client.id
        if client.secret is not None:
            form["client_secret"] = client.secret
    return await provider.fetcher.post(discovery.token_endpoint, form, client=basic)


def _quoted(value: str) -> str:
    """As OAuth 2.0 wants it before it goes into a header: like a form's value."""
    return urlencode({"": value})[1:]


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise ProviderFailed(f"the provider's answer has no {name}")
    return value

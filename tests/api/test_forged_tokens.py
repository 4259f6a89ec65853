"""A provider's tokens that must not be believed, at sign-in and as bearer tokens of the API."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from time import time
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import update

from models import Member
from pinmark.auth.oidc import provider as provider_module
from pinmark.auth.oidc import tokens as tokens_module
from pinmark.settings import Settings
from services.installation import Installation
from services.principals import Principal
from tests.api.conftest import without_polling
from tests.support.forging_provider import (
    CLIENT,
    EC_KEY,
    OTHER_KEY,
    RSA_KEY,
    ForgingProvider,
    forge,
    forging_provider,
    jwk,
)
from tests.support.graphql_ws import open_socket, raw_socket
from tests.support.identity_provider import Browser, new_browser, parameters
from tests.support.people import owner_leaves
from tests.support.servers import RunningServer, running_server

VIEWER = "{ viewer { id name } }"
PUBLIC_PEM = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@dataclass
class Site:
    provider: ForgingProvider
    server: RunningServer
    installation: Installation

    async def bind(self, subject: str | None = "ada") -> None:
        """Let the owner be that subject of the provider."""
        issuer = None if subject is None else self.provider.issuer
        async with self.installation.database.transaction() as session:
            await session.exec(
                update(Member).values(issuer=issuer, subject=subject, email="ada@example.com")
            )
        self.server.parts.authenticator.forget()


@pytest.fixture
async def site(
    settings: Settings, database_url: str, installation: Installation
) -> AsyncGenerator[Site]:
    async with forging_provider() as provider:
        given = without_polling(settings).model_copy(
            update={"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT}
        )
        async with running_server(given, database_url, with_worker=False) as server:
            yield Site(provider, server, installation)


def hmac_forgery(claims: dict[str, Any]) -> str:
    """Signed with HMAC, the public key as the secret: what a careless verifier takes."""

    def encoded(part: bytes) -> bytes:
        return urlsafe_b64encode(part).rstrip(b"=")

    header = {"alg": "HS256", "typ": "JWT", "kid": "rsa"}
    signed = encoded(orjson.dumps(header)) + b"." + encoded(orjson.dumps(claims))
    return (signed + b"." + encoded(hmac.digest(PUBLIC_PEM, signed, "sha256"))).decode()


def changed_afterwards(claims: dict[str, Any]) -> str:
    head, _, tail = forge(claims).split(".")
    return ".".join((head, forge({**claims, "sub": "bob"}).split(".")[1], tail))


Forgery = Callable[[dict[str, Any]], str]
FORGERIES: dict[str, Forgery] = {
    "no signature": lambda claims: forge(claims, key=None, alg="none"),
    "HMAC with the public key": hmac_forgery,
    "another key under a known name": lambda claims: forge(claims, key=OTHER_KEY),
    "an unknown key": lambda claims: forge(claims, key=OTHER_KEY, kid="unknown"),
    "no name for the key": lambda claims: forge(claims, key=OTHER_KEY, kid=None),
    "a key of another type": lambda claims: forge(claims, key=EC_KEY, alg="ES256"),
    "changed afterwards": changed_afterwards,
    "the type of another token": lambda claims: forge(claims, typ="logout+jwt"),
}
NOW = int(time())
WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "expired": {"exp": NOW - 120},
    "without an end": {"exp": None},
    "without a beginning": {"iat": None},
    "from the future": {"iat": NOW + 3600, "exp": NOW + 7200},
    "not yet": {"nbf": NOW + 3600},
    "of another issuer": {"iss": "https://evil.example"},
    "of no issuer": {"iss": None},
    "for another audience": {"aud": "another"},
    "for several others": {"aud": ["another", "a third"]},
    "for nobody": {"aud": None},
    "about nobody": {"sub": None},
    "about an empty name": {"sub": ""},
    "ends at a word": {"exp": "tomorrow"},
    "ends at infinity": {"exp": 1e400},
}
WRONG_AT_SIGN_IN: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "a nonce that is no text": {"nonce": 1},
    "issued to another client": {"azp": "another"},
    "several audiences and nobody issued to": {"aud": [CLIENT, "another"]},
    "issued long ago": {"iat": NOW - 3600},
}


async def try_to_sign_in(site: Site, browser: Browser, make: Callable[[str], str]) -> int:
    """The status of coming back when the provider gives the token that ``make`` makes."""
    asked = parameters(await browser.leave())
    site.provider.token = {"id_token": make(asked["nonce"])}
    came = {"code": "c", "state": asked["state"]}
    return (await browser.open(f"/auth/callback?{urlencode(came)}")).status_code


async def test_no_forged_token_signs_anybody_in(site: Site) -> None:
    await site.bind()
    claims = site.provider.claims
    async with new_browser(site.server.base) as browser:
        for name, forgery in FORGERIES.items():
            status = await try_to_sign_in(site, browser, lambda n: forgery(claims(nonce=n)))  # noqa: B023  # called at once
            assert (name, status) == (name, 400)
        for name, wrong in {**WRONG_CLAIMS, **WRONG_AT_SIGN_IN}.items():
            status = await try_to_sign_in(
                site,
                browser,
                lambda nonce: forge(claims(**{"nonce": nonce, **wrong})),  # noqa: B023
            )
            assert (name, status) == (name, 400)
        assert await browser.session() is None
        assert await try_to_sign_in(site, browser, lambda n: forge(claims(nonce=n))) == 303
        assert await browser.session() is not None


async def test_no_forged_token_is_a_bearer_token(site: Site) -> None:
    await site.bind()
    claims = site.provider.claims
    tokens = {name: forgery(claims()) for name, forgery in FORGERIES.items()}
    tokens |= {name: forge(claims(**wrong)) for name, wrong in WRONG_CLAIMS.items()}
    tokens |= {
        "a stranger": forge(claims(sub="bob")),
        "too long": forge(claims(more="x" * 20_000)),
        "no JSON": "eyJ.eyJ.sig",
        "two dots": "eyJ..",
    }
    for name, token in tokens.items():
        answer = await site.server.graphql(VIEWER, token=token)
        code = answer["errors"][0]["extensions"]["code"]
        assert (name, code) == (name, "UNAUTHENTICATED")


async def test_a_good_token_is_the_members_on_every_edge(site: Site) -> None:
    await site.bind()
    good = forge(site.provider.claims())
    answer = await site.server.graphql(VIEWER, token=good)
    assert answer["data"]["viewer"]["name"] == "owner"
    async with open_socket(site.server.base, token=good) as socket:
        assert [each async for each in socket.run(VIEWER)] == [answer["data"]]
    executed = await site.server.client.post(
        "/v1/execute", json={"type": "x"}, headers={"Authorization": f"Bearer {good}"}
    )
    assert executed.json()["error"]["code"] == "missing_environment_id"
    several = forge(site.provider.claims(aud=["another", CLIENT], azp="another"))
    assert "data" in await site.server.graphql(VIEWER, token=several)


async def test_a_token_that_ends_takes_its_socket_along(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens_module, "LEEWAY_SECONDS", 0)
    await site.bind()
    ends = int(time()) + 3
    async with open_socket(site.server.base, token=forge(site.provider.claims(exp=ends))) as socket:
        assert await socket.close_code() == 4401
    assert time() >= ends


async def test_a_bearer_token_makes_no_member_and_binds_none(site: Site) -> None:
    await site.bind(None)
    answer = await site.server.graphql(VIEWER, token=forge(site.provider.claims()))
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_member_who_left_is_nobody_by_token_too(site: Site, owner: Principal) -> None:
    await site.bind()
    token = forge(site.provider.claims())
    assert "data" in await site.server.graphql(VIEWER, token=token)
    await owner_leaves(site.installation, owner)
    site.server.parts.authenticator.forget()
    assert "errors" in await site.server.graphql(VIEWER, token=token)


async def test_new_keys_are_found_and_unknown_ones_do_not_send_us_asking_each_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    await site.bind()
    await site.server.graphql(VIEWER, token=forge(site.provider.claims()))
    site.provider.keys = [jwk(OTHER_KEY, "new")]
    new = forge(site.provider.claims(), key=OTHER_KEY, kid="new")
    asked = site.provider.seen.count("jwks")
    for _ in range(3):
        await site.server.graphql(VIEWER, token=new)
    assert site.provider.seen.count("jwks") == asked
    monkeypatch.setattr(provider_module, "PAUSE_SECONDS", 0.0)  # as after that time
    assert "data" in await site.server.graphql(VIEWER, token=new)


async def test_the_providers_own_mistakes_lead_nobody_in(site: Site) -> None:
    await site.bind()
    claims, issuer = site.provider.claims, site.provider.issuer
    async with new_browser(site.server.base) as browser:

        async def with_userinfo(said: dict[str, Any]) -> int:
            site.provider.userinfo = said
            bare = {"email": None, "email_verified": None, "sub": "bob"}
            return await try_to_sign_in(
                site, browser, lambda nonce: forge(claims(nonce=nonce, **bare))
            )

        assert await with_userinfo({"sub": "ada", "email": "ada@example.com"}) == 400
        assert await with_userinfo({"sub": "bob", "email": "ada@example.com"}) == 403
        assert await with_userinfo({"sub": "bob", "more": "x" * 600_000}) == 502
        for token in ({}, {"id_token": None}, {"id_token": ["a"]}):
            asked = parameters(await browser.leave())
            site.provider.token = token
            came = {"code": "c", "state": asked["state"], "iss": issuer}
            answer = await browser.open(f"/auth/callback?{urlencode(came)}")
            assert answer.status_code == 502


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://another.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://another.example/token"},
        {"jwks_uri": None},
    ],
    ids=str,
)
async def test_a_discovery_document_that_is_not_the_issuers_is_not_followed(
    site: Site, wrong: dict[str, Any]
) -> None:
    site.provider.discovery = wrong
    assert (await site.server.client.get("/auth/sign-in")).status_code == 502


async def test_a_provider_that_names_itself_always_has_to(site: Site) -> None:
    site.provider.discovery = {"authorization_response_iss_parameter_supported": True}
    await site.bind()
    async with new_browser(site.server.base) as browser:
        status = await try_to_sign_in(
            site, browser, lambda nonce: forge(site.provider.claims(nonce=nonce))
        )
    assert status == 400
    assert "token" not in site.provider.seen


async def test_a_wrong_token_on_a_socket_is_unauthorized(site: Site) -> None:
    async with raw_socket(site.server.base) as socket:
        token = forge(site.provider.claims(), key=OTHER_KEY)
        await socket.send(
            {"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}}
        )
        await socket.connection.wait_closed()
        assert socket.connection.close_code == 4401

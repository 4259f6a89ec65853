"""Signing in at a real identity provider, and every way to get in that must not lead in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import httpx2
import pytest
from pydantic import SecretStr
from sqlalchemy import update
from sqlmodel import col, select

from models import AuditEntry, Invitation, Member, Role, SignInSession, utc_now
from pinmark.settings import Settings
from services.installation import Installation
from services.principals import Principal
from services.roles import permissions_of
from tests.api.conftest import without_polling
from tests.support.identity_provider import (
    SECRET,
    Browser,
    new_browser,
    parameters,
    running_provider,
)
from tests.support.people import owner_leaves
from tests.support.servers import RunningServer, running_server

VIEWER = "{ viewer { name } }"


@pytest.fixture(scope="session")
async def issuer() -> AsyncGenerator[str]:
    async with running_provider() as issuer:
        yield issuer


def as_client(settings: Settings, issuer: str, client: str = "pinmark") -> Settings:
    secret = SecretStr(SECRET) if client == "pinmark" else None
    return without_polling(settings).model_copy(
        update={"oidc_issuer": issuer, "oidc_client_id": client, "oidc_client_secret": secret}
    )


@dataclass(frozen=True)
class Place:
    """A server with an identity provider, and what is behind it."""

    server: RunningServer
    installation: Installation
    owner: Principal

    def browser(self) -> AsyncGenerator[Browser]:
        return new_browser(self.server.base)  # pyright: ignore[reportReturnType]

    async def invite(self, email: str, role: Role = Role.WRITE, *, days: int = 7) -> Invitation:
        invitation = Invitation(
            organization_id=self.owner.organization_id,
            email=email,
            role=role,
            digest=uuid4().bytes * 2,
            expires_at=utc_now() + timedelta(days=days),
            actor_kind=self.owner.actor_kind,
            actor_id=self.owner.id,
            actor_name=self.owner.name,
        )
        async with self.installation.database.transaction() as session:
            session.add(invitation)
        return invitation

    async def give_address(self, email: str) -> None:
        """Let the owner have an address."""
        async with self.installation.database.transaction() as session:
            await session.exec(update(Member).values(email=email))

    async def members(self) -> list[Member]:
        async with self.installation.database.moment() as session:
            statement = select(Member).order_by(col(Member.created_at))
            return list((await session.exec(statement)).all())

    async def count_sessions(self) -> int:
        async with self.installation.database.moment() as session:
            return len((await session.exec(select(SignInSession))).all())

    async def is_untouched(self) -> bool:
        """Whether there is the owner alone, without an identity, and no session."""
        members = await self.members()
        return [each.subject for each in members] == [None] and not await self.count_sessions()


@asynccontextmanager
async def place_of(
    settings: Settings, database_url: str, installation: Installation, owner: Principal
) -> AsyncGenerator[Place]:
    async with running_server(settings, database_url, with_worker=False) as server:
        yield Place(server, installation, owner)


@pytest.fixture
async def place(
    issuer: str,
    settings: Settings,
    database_url: str,
    installation: Installation,
    owner: Principal,
) -> AsyncGenerator[Place]:
    given = as_client(settings, issuer)
    async with place_of(given, database_url, installation, owner) as place:
        yield place


@pytest.fixture
async def browser(place: Place) -> AsyncGenerator[Browser]:
    async with new_browser(place.server.base) as browser:
        yield browser


async def test_an_invitation_for_a_verified_address_makes_a_member_once(
    place: Place, browser: Browser
) -> None:
    invitation = await place.invite("ada@example.com")
    answer = await browser.sign_in("ada", following="/graphiql")
    assert (answer.status_code, answer.headers["location"]) == (303, "/graphiql")
    viewer = await browser.session()
    assert viewer is not None
    assert (viewer["name"], viewer["email"]) == ("Ada Lovelace", "ada@example.com")
    assert viewer["permissions"] == sorted(permissions_of(Role.WRITE))
    _, ada = await place.members()
    assert (ada.subject, ada.role) == ("ada", Role.WRITE)
    async with place.installation.database.moment() as session:
        row = await session.get_one(Invitation, invitation.id)
        actions = (await session.exec(select(AuditEntry.action))).all()
    assert (row.member_id, row.accepted_at is not None) == (ada.id, True)
    assert set(actions) >= {"invitation.accept", "session.start"}

    async with new_browser(place.server.base) as second:
        await second.sign_in("ada")
        again = await second.session()
    assert again is not None
    assert again["id"] == viewer["id"]
    assert len(await place.members()) == 2


async def test_a_member_with_the_verified_address_gets_the_identity(
    place: Place, browser: Browser, issuer: str
) -> None:
    await place.give_address("ada@example.com")
    assert (await browser.sign_in("ada")).status_code == 303
    (owner,) = await place.members()
    assert (owner.issuer, owner.subject) == (issuer, "ada")


async def test_nobody_is_made_without_an_invitation(place: Place, browser: Browser) -> None:
    answer = await browser.sign_in("ada")
    assert answer.status_code == 403
    assert "No invitation" in answer.text
    assert await browser.session() is None
    assert await place.is_untouched()


@pytest.mark.parametrize("login", ["eve", "sly", "mute"])
async def test_an_address_that_is_not_verified_is_nobodys(
    place: Place, browser: Browser, login: str
) -> None:
    await place.give_address("owner@example.com")
    await place.invite("sly@example.com")
    assert (await browser.sign_in(login)).status_code == 403
    assert await place.is_untouched()


async def test_an_invitation_ends(place: Place, browser: Browser) -> None:
    await place.invite("ada@example.com", days=-1)
    assert (await browser.sign_in("ada")).status_code == 403
    assert await place.is_untouched()


async def test_an_identity_is_not_replaced_by_another_with_the_same_address(
    place: Place, browser: Browser, issuer: str
) -> None:
    await place.give_address("ada@example.com")
    async with place.installation.database.transaction() as session:
        await session.exec(update(Member).values(issuer=issuer, subject="who had it before"))
    assert (await browser.sign_in("ada")).status_code == 403
    (owner,) = await place.members()
    assert owner.subject == "who had it before"


async def test_a_member_who_left_stays_out(
    place: Place, browser: Browser, owner: Principal
) -> None:
    await place.give_address("ada@example.com")
    await browser.sign_in("ada")
    await owner_leaves(place.installation, owner)
    async with new_browser(place.server.base) as second:
        assert (await second.sign_in("ada")).status_code == 403


async def test_the_provider_is_asked_with_pkce_state_and_nonce(browser: Browser) -> None:
    first, second = parameters(await browser.leave()), parameters(await browser.leave())
    assert first["response_type"] == "code"
    assert first["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 43
        assert first[name] != second[name]
    (cookie,) = [each for each in browser.client.cookies.jar if each.name == "pinmark_sign_in"]
    assert cookie.value is not None
    for name in ("state", "nonce"):
        assert second[name] not in cookie.value


async def test_the_cookies_are_for_the_browser_alone(place: Place, browser: Browser) -> None:
    await place.give_address("ada@example.com")
    answer = await browser.sign_in("ada")
    given = {each.split("=")[0]: each.lower() for each in answer.headers.get_list("set-cookie")}
    assert set(given) == {"pinmark_session", "pinmark_sign_in"}
    for cookie in given.values():
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "path=/" in cookie
        assert "domain" not in cookie


@pytest.mark.parametrize("client", ["public", "elliptic"])
async def test_a_public_client_and_another_algorithm_will_do(
    issuer: str,
    settings: Settings,
    database_url: str,
    installation: Installation,
    owner: Principal,
    client: str,
) -> None:
    given = as_client(settings, issuer, client)
    async with place_of(given, database_url, installation, owner) as place:
        await place.give_address("ada@example.com")
        async with new_browser(place.server.base) as browser:
            assert (await browser.sign_in("ada")).status_code == 303
            assert await browser.session() is not None


async def refused(browser: Browser, place: Place, path: str) -> None:
    answer = await browser.open(path)
    assert answer.status_code == 400, answer.text
    assert "cannot be used" in answer.text
    assert await browser.session() is None
    assert await place.is_untouched()


async def test_what_another_browser_was_given_is_of_no_use(place: Place, browser: Browser) -> None:
    await place.give_address("ada@example.com")
    stolen = await browser.come_back("ada")
    async with new_browser(place.server.base) as thief:
        await refused(thief, place, stolen)  # with no sign-in of its own
        await thief.leave()
        await refused(thief, place, stolen)  # with one that was begun with another state


async def test_a_stolen_code_does_not_fit_into_another_sign_in(
    place: Place, browser: Browser
) -> None:
    await place.give_address("ada@example.com")
    code = parameters(await browser.come_back("ada"))["code"]
    async with new_browser(place.server.base) as thief:
        state = parameters(await thief.leave())["state"]
        answer = await thief.open(f"/auth/callback?{urlencode({'code': code, 'state': state})}")
        assert answer.status_code in {400, 502}  # the provider refuses it for its verifier
        assert await thief.session() is None
    assert await place.is_untouched()


async def test_the_same_way_back_is_not_taken_twice(place: Place, browser: Browser) -> None:
    await place.give_address("ada@example.com")
    path = await browser.come_back("ada")
    kept = browser.client.cookies["pinmark_sign_in"]
    assert (await browser.open(path)).status_code == 303
    async with new_browser(place.server.base) as second:
        second.client.cookies.set("pinmark_sign_in", kept)
        answer = await second.open(path)
        assert answer.status_code == 400
        assert await second.session() is None
    assert await place.count_sessions() == 1


async def test_a_changed_state_or_issuer_is_refused(place: Place, browser: Browser) -> None:
    await place.give_address("ada@example.com")
    for change in (
        {"state": "another"},
        {"iss": "https://evil.example"},
        {"iss": ""},
        {"code": ""},
    ):
        came = parameters(await browser.come_back("ada"))
        await refused(browser, place, f"/auth/callback?{urlencode(came | change)}")


async def test_the_provider_refuses_a_place_that_is_not_ours_to_go_back_to(
    place: Place, browser: Browser
) -> None:
    address = await browser.leave()
    asked = parameters(address) | {"redirect_uri": "https://evil.example/auth/callback"}
    answer = await browser.client.get(f"{address.partition('?')[0]}?{urlencode(asked)}")
    assert answer.status_code == 400


async def test_who_says_no_at_the_provider_is_told_so_here(place: Place, browser: Browser) -> None:
    state = parameters(await browser.leave())["state"]
    answer = {"error": "access_denied", "state": state}
    await refused(browser, place, f"/auth/callback?{urlencode(answer)}")


@pytest.mark.parametrize(
    "following",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", "/\n"],
)
async def test_one_never_ends_up_elsewhere(place: Place, browser: Browser, following: str) -> None:
    await place.give_address("ada@example.com")
    answer = await browser.sign_in("ada", following=following)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_a_cookie_that_is_not_ours_begins_nothing(place: Place, browser: Browser) -> None:
    path = await browser.come_back("ada")
    for forged in ("", "x", "a" * 4000):
        browser.client.cookies.clear()
        answer = await browser.client.get(
            browser.base + path, headers={"Cookie": f"pinmark_sign_in={forged}"}
        )
        assert answer.status_code == 400
    assert await place.is_untouched()


async def test_while_the_provider_is_down_there_is_a_page_that_says_so(
    settings: Settings, database_url: str, installation: Installation, owner: Principal
) -> None:
    given = as_client(settings, "http://127.0.0.1:9")
    async with (
        place_of(given, database_url, installation, owner) as place,
        httpx2.AsyncClient() as client,
    ):
        answer = await client.get(f"{place.server.base}/auth/sign-in")
        assert answer.status_code == 502
        assert "does not answer" in answer.text
        assert (await place.server.data(VIEWER))["viewer"]["name"] == "owner"


async def test_without_a_provider_there_is_a_page_that_says_so(idle_server: RunningServer) -> None:
    for path in ("/auth/sign-in", "/auth/callback?code=c&state=s"):
        answer = await idle_server.client.get(path)
        assert answer.status_code == 404
        assert "sign-in-link" in answer.text
    session = (await idle_server.client.get("/auth/session")).json()
    assert session == {"data": {"viewer": None, "sign_in_url": None}}

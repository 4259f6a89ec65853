"""Sessions of the dashboard: begun by a link, no use to other sites, ended by their member."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select
from websockets.asyncio.client import connect

from models import AuditEntry, Member, Role, SignInLink, SignInMethod, SignInSession, utc_now
from pinmark.settings import Settings
from schema.ids import encode_id
from services.installation import Installation
from services.principals import Principal
from services.sessions import recognise_session
from tests.api.conftest import without_polling
from tests.support.graphql_ws import GraphQLSocket
from tests.support.people import owner_leaves
from tests.support.servers import RunningServer, running_server
from tests.support.signing_in import ask, link_for, press, signed_in_secret

VIEWER = "{ viewer { name } }"
SESSIONS = "{ viewer { sessions { nodes { id isCurrent method userAgent endedAt } } } }"
END = 'mutation { endSession(input: {sessionId: "%s"}) { __typename } }'
END_OTHERS = """
mutation { endOtherSessions(input: {%s}) {
  __typename ... on EndOtherSessionsSuccess { endedCount } ... on UserError { code path }
} }
"""
OWNER = {"viewer": {"name": "owner"}}
AWAY = "https://evil.example"


@pytest.fixture
async def link(idle_server: RunningServer, installation: Installation) -> str:
    return await link_for(installation, idle_server.base)


@pytest.fixture
async def secret(idle_server: RunningServer, installation: Installation) -> str:
    return await signed_in_secret(idle_server, installation)


@pytest.fixture
async def browser(idle_server: RunningServer) -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=idle_server.base) as client:
        yield client


def code_of(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


async def test_a_link_is_used_by_its_button_and_once(
    idle_server: RunningServer, browser: httpx2.AsyncClient, link: str
) -> None:
    base = idle_server.base
    for _ in range(3):  # what opens links before people do uses none up
        page = await browser.get(link)
        assert page.status_code == 200
        assert "set-cookie" not in page.headers
    answer = await press(browser, link, origin=base)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    (cookie,) = answer.headers.get_list("set-cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    session = (await browser.get("/auth/session")).json()["data"]["viewer"]
    assert session["name"] == "owner"
    async with httpx2.AsyncClient() as second:
        again = await press(second, link, origin=base)
        assert again.status_code == 410
        assert not second.cookies


async def test_the_links_page_tells_nobody_anything(browser: httpx2.AsyncClient, link: str) -> None:
    page = await browser.get(link + '&next="><script>alert(1)</script>')
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "strict-origin"
    assert page.headers["cache-control"] == "no-store"
    forged = await browser.get("/auth/link", params={"token": '"><script>'})
    assert "<script" not in forged.text
    assert forged.status_code == 200  # whether it is good shows when the button is pressed


async def test_a_link_that_is_wrong_or_old_says_so(
    idle_server: RunningServer,
    browser: httpx2.AsyncClient,
    installation: Installation,
    link: str,
) -> None:
    async with installation.database.transaction() as session:
        row = (await session.exec(select(SignInLink))).all()[-1]
        old = SignInLink(
            member_id=row.member_id,
            digest=installation.pepper.digest("old"),
            expires_at=utc_now() - timedelta(seconds=1),
        )
        session.add(old)
    for token in ("old", "wrong", "", "é", "x" * 600, "a\0b"):
        answer = await press(browser, link, origin=idle_server.base, token=token)
        assert answer.status_code == 410
        assert "not good any more" in answer.text
    assert (await press(browser, link, origin=idle_server.base)).status_code == 303


@pytest.mark.parametrize("origin", [AWAY, "null", ""])
async def test_another_sites_button_uses_no_link(
    browser: httpx2.AsyncClient, link: str, origin: str
) -> None:
    assert (await press(browser, link, origin=origin)).status_code == 403
    assert not browser.cookies


async def test_a_link_signs_no_owner_in_who_left(
    idle_server: RunningServer,
    browser: httpx2.AsyncClient,
    installation: Installation,
    owner: Principal,
    link: str,
) -> None:
    await owner_leaves(installation, owner)
    assert (await press(browser, link, origin=idle_server.base)).status_code == 410


async def test_an_owner_who_left_is_signed_out_everywhere(
    idle_server: RunningServer, installation: Installation, owner: Principal
) -> None:
    secret = await signed_in_secret(idle_server, installation)
    await owner_leaves(installation, owner)
    assert (await ask(idle_server, secret, VIEWER)).status_code == 401
    assert (await only_session(installation)).ended_at is not None


async def only_session(installation: Installation) -> SignInSession:
    async with installation.database.moment() as session:
        return (await session.exec(select(SignInSession))).one()


async def use(installation: Installation, secret: str) -> None:
    """Show the secret, noting that it was used."""
    async with installation.database.transaction() as session:
        found = await recognise_session(
            session, policy=installation.sessions, pepper=installation.pepper, secret=secret
        )
        assert found is not None
        if found.noting is not None:
            await session.exec(found.noting)


async def let_pass(installation: Installation, row: SignInSession, time: timedelta) -> None:
    """Make the session one that was begun and seen that much earlier, and is good still."""
    aged = SignInSession(
        member_id=row.member_id,
        digest=row.digest,
        method=row.method,
        user_agent=row.user_agent,
        created_at=row.created_at - time,
        last_seen_at=row.last_seen_at - time,
        expires_at=max(row.expires_at - time, utc_now() + timedelta(minutes=1)),
        ends_at=row.created_at - time + timedelta(days=7),
    )
    async with installation.database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("ALTER TABLE signinsession DISABLE TRIGGER USER"))
        await session.exec(delete(SignInSession))
        await connection.execute(text("ALTER TABLE signinsession ENABLE TRIGGER USER"))
        session.add(aged)


async def test_a_page_of_ours_asks_with_its_session(
    idle_server: RunningServer, secret: str
) -> None:
    assert (await ask(idle_server, secret, VIEWER)).json()["data"] == OWNER
    modern = {"Origin": "", "Sec_Fetch_Site": "same-origin"}
    assert (await ask(idle_server, secret, VIEWER, **modern)).json()["data"] == OWNER


CROSS_SITE: list[dict[str, str]] = [
    {"Origin": AWAY},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": AWAY, "Sec_Fetch_Site": "cross-site"},
    {"Origin": "", "Sec_Fetch_Site": "cross-site"},
    {"Origin": "", "Sec_Fetch_Site": "same-site"},
    {"Origin": "", "Sec_Fetch_Site": "none"},
    {"Sec_Fetch_Site": "same-site"},
    {"Sec_Fetch_Site": "cross-site"},
    {"Origin": "null", "Sec_Fetch_Site": "same-origin"},
    {"Content_Type": "text/plain"},
    {"Content_Type": "application/x-www-form-urlencoded"},
    {"Content_Type": "multipart/form-data; boundary=x"},
    {"Content_Type": ""},
]


@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
async def test_no_other_site_asks_with_it(
    idle_server: RunningServer, secret: str, headers: dict[str, str]
) -> None:
    body = b'{"query": "{ viewer { name } }"}'
    answer = await ask(idle_server, secret, body, **headers)
    assert code_of(answer) == (403, "CROSS_ORIGIN")


async def test_an_origin_differs_by_scheme_host_and_port(
    idle_server: RunningServer, secret: str
) -> None:
    port = idle_server.base.rpartition(":")[2]
    for origin in (
        f"https://127.0.0.1:{port}",
        f"http://localhost:{port}",
        "http://127.0.0.1",
        f"{idle_server.base}.evil.example",
        f"{idle_server.base}/",
        idle_server.base.upper(),
    ):
        answer = await ask(idle_server, secret, VIEWER, Origin=origin)
        assert code_of(answer) == (403, "CROSS_ORIGIN")


async def test_a_header_goes_before_the_cookie(idle_server: RunningServer, secret: str) -> None:
    answer = await ask(idle_server, secret, VIEWER, Authorization="Bearer wrong")
    assert code_of(answer) == (401, "UNAUTHENTICATED")
    good = {"Authorization": f"Bearer {idle_server.token}", "Origin": AWAY}
    assert (await ask(idle_server, secret, VIEWER, **good)).json()["data"] == OWNER


async def test_a_secret_is_good_in_its_cookie_alone(
    idle_server: RunningServer, secret: str
) -> None:
    assert "errors" in await idle_server.graphql(VIEWER, token=secret)
    assert code_of(await ask(idle_server, secret + "x", VIEWER)) == (401, "UNAUTHENTICATED")
    assert code_of(await ask(idle_server, idle_server.token, VIEWER))[0] == 401


async def test_the_rest_api_takes_it_by_the_same_rule(
    idle_server: RunningServer, secret: str
) -> None:
    async def post(**headers: str) -> str:
        given = {"Cookie": f"pinmark_session={secret}", **headers}
        answer = await idle_server.client.post(
            "/v1/execute", content=b'{"type": "x"}', headers=given
        )
        return answer.json()["error"]["code"]

    json = {"Content-Type": "application/json"}
    assert await post(Origin=idle_server.base, **json) == "missing_environment_id"
    assert await post(Origin=AWAY, **json) == "cross_origin_request"
    assert await post(**json) == "cross_origin_request"
    assert await post(**{"Origin": idle_server.base, "Content-Type": "text/plain"}) == (
        "cross_origin_request"
    )


async def socket_answer(server: RunningServer, secret: str, **headers: str) -> dict[str, Any]:
    """What a socket is answered that was opened with the cookie and shows nothing else."""
    given = {"Cookie": f"pinmark_session={secret}", **headers}
    async with connect(
        server.base.replace("http", "ws", 1) + "/graphql",
        subprotocols=["graphql-transport-ws"],  # pyright: ignore[reportArgumentType]
        additional_headers={name.replace("_", "-"): value for name, value in given.items()},
    ) as connection:
        socket = GraphQLSocket(connection)
        await socket.send({"type": "connection_init"})
        try:
            return await socket.receive()
        except Exception:
            return {"type": "closed", "code": connection.close_code}


async def test_a_socket_of_a_page_of_ours_is_signed_in(
    idle_server: RunningServer, secret: str
) -> None:
    answer = await socket_answer(idle_server, secret, Origin=idle_server.base)
    assert answer == {"type": "connection_ack"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": AWAY},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "same-origin"},
        {"Origin": AWAY, "Sec_Fetch_Site": "same-origin"},
    ],
    ids=str,
)
async def test_no_other_sites_socket_is(
    idle_server: RunningServer, secret: str, headers: dict[str, str]
) -> None:
    answer = await socket_answer(idle_server, secret, **headers)
    assert answer == {"type": "closed", "code": 4401}


async def test_signing_out_ends_the_session_for_good(
    idle_server: RunningServer, secret: str
) -> None:
    async def sign_out(**headers: str) -> httpx2.Response:
        given = {"Cookie": f"pinmark_session={secret}", "Content-Type": "application/json"}
        return await idle_server.client.post("/auth/sign-out", headers={**given, **headers})

    assert (await sign_out(Origin=AWAY)).status_code == 403
    assert (await ask(idle_server, secret, VIEWER)).json()["data"] == OWNER
    answer = await sign_out(Origin=idle_server.base)
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert code_of(await ask(idle_server, secret, VIEWER)) == (401, "UNAUTHENTICATED")
    assert (await sign_out(Origin=idle_server.base)).status_code == 204


async def test_signing_in_again_ends_what_the_browser_had(
    idle_server: RunningServer, browser: httpx2.AsyncClient, installation: Installation
) -> None:
    base = idle_server.base
    await press(browser, await link_for(installation, base), origin=base)
    first = browser.cookies["pinmark_session"]
    await press(browser, await link_for(installation, base), origin=base)
    assert code_of(await ask(idle_server, first, VIEWER))[0] == 401
    assert (await ask(idle_server, browser.cookies["pinmark_session"], VIEWER)).json()[
        "data"
    ] == OWNER


async def test_sessions_are_listed_and_ended_by_their_member(
    idle_server: RunningServer, installation: Installation, secret: str
) -> None:
    other = await signed_in_secret(idle_server, installation)
    third = await signed_in_secret(idle_server, installation)
    nodes = (await ask(idle_server, secret, SESSIONS)).json()["data"]["viewer"]["sessions"]["nodes"]
    assert [each["isCurrent"] for each in nodes] == [False, False, True]
    assert {each["method"] for each in nodes} == {"LINK"}
    assert nodes[0]["userAgent"].startswith("python-httpx")
    assert "errors" not in (await ask(idle_server, secret, END % nodes[0]["id"])).json()
    assert code_of(await ask(idle_server, third, VIEWER))[0] == 401
    ended = (await ask(idle_server, secret, END_OTHERS % "keptSessionId: null")).json()
    assert ended["data"]["endOtherSessions"]["endedCount"] == 1
    assert code_of(await ask(idle_server, other, VIEWER))[0] == 401
    assert (await ask(idle_server, secret, VIEWER)).json()["data"] == OWNER


async def test_nobody_else_sees_or_ends_a_session(
    idle_server: RunningServer, installation: Installation, owner: Principal, secret: str
) -> None:
    async with installation.database.transaction() as session:
        stranger = Member(organization_id=owner.organization_id, name="bob", role=Role.OWNER)
        session.add(stranger)
        await session.flush()
        foreign = SignInSession(
            member_id=stranger.id,
            digest=b"d" * 32,
            method=SignInMethod.LINK,
            user_agent="",
            last_seen_at=utc_now(),
            expires_at=utc_now() + timedelta(hours=1),
            ends_at=utc_now() + timedelta(hours=1),
        )
        session.add(foreign)
    identity = encode_id("SignInSession", foreign.id)
    answer = (await ask(idle_server, secret, END % identity)).json()
    assert answer["data"]["endSession"]["__typename"] == "NotFoundError"
    node = f'{{ node(id: "{identity}") {{ id }} }}'
    assert (await ask(idle_server, secret, node)).json()["data"] == {"node": None}
    kept = END_OTHERS % f'keptSessionId: "{identity}"'
    refusal = (await ask(idle_server, secret, kept)).json()["data"]["endOtherSessions"]
    assert refusal["path"] == ["input", "keptSessionId"]


async def test_a_session_ends_unused_or_at_its_longest(
    idle_server: RunningServer, installation: Installation, secret: str
) -> None:
    async def living(row_values: dict[str, Any]) -> bool:
        async with installation.database.transaction() as session:
            await session.exec(update(SignInSession).values(**row_values))
        idle_server.parts.authenticator.forget()
        return (await ask(idle_server, secret, VIEWER)).status_code == 200

    assert await living({"expires_at": utc_now() + timedelta(minutes=1)})
    assert not await living({"expires_at": utc_now() - timedelta(seconds=1)})


async def test_use_moves_the_end_on_but_never_past_the_longest(
    installation: Installation, secret: str
) -> None:
    async with installation.database.moment() as session:
        made = (await session.exec(select(SignInSession))).one()
    assert made.expires_at - made.created_at == timedelta(hours=12)
    assert made.ends_at - made.created_at == timedelta(days=7)
    await use(installation, secret)
    assert (await only_session(installation)).expires_at == made.expires_at  # not each second

    await let_pass(installation, made, timedelta(hours=2))
    before = await only_session(installation)
    await use(installation, secret)
    after = await only_session(installation)
    assert after.last_seen_at > before.last_seen_at
    assert after.expires_at - after.last_seen_at == timedelta(hours=12)

    await let_pass(installation, after, timedelta(days=6, hours=20))
    await use(installation, secret)
    last = await only_session(installation)
    assert last.expires_at == last.ends_at


async def test_the_database_keeps_an_ended_session_as_it_is(
    idle_server: RunningServer, installation: Installation, secret: str
) -> None:
    async with installation.database.transaction() as session:
        await session.exec(update(SignInSession).values(ended_at=utc_now()))
    for change in ({"ended_at": None}, {"expires_at": utc_now()}):
        with pytest.raises(DBAPIError, match="never changes"):
            async with installation.database.transaction() as session:
                await session.exec(update(SignInSession).values(**change))


async def test_neither_secret_nor_link_is_in_what_is_kept(
    installation: Installation, link: str, secret: str
) -> None:
    async with installation.database.moment() as session:
        sessions = (await session.exec(select(SignInSession))).all()
        links = (await session.exec(select(SignInLink))).all()
        entries = (
            await session.exec(
                select(AuditEntry).where(col(AuditEntry.action).startswith("session."))
            )
        ).all()
    kept = str([sessions, links, entries])
    assert len(entries) == 1
    assert secret not in kept
    assert link.rpartition("=")[2] not in kept
    assert repr(secret.encode()) not in kept


async def test_over_tls_the_cookie_is_bound_to_the_host(
    settings: Settings, database_url: str, installation: Installation
) -> None:
    public = "https://pinmark.example"
    given = without_polling(settings).model_copy(update={"public_url": public})
    async with (
        running_server(given, database_url, with_worker=False) as server,
        httpx2.AsyncClient() as client,
    ):
        answer = await press(client, await link_for(installation, server.base), origin=public)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-pinmark_session=")
        assert "Secure" in cookie
        secret = cookie.partition("=")[2].partition(";")[0]
        asked = {
            "Cookie": f"__Host-pinmark_session={secret}",
            "Origin": public,
            "Content-Type": "application/json",
        }
        good = await client.post(f"{server.base}/graphql", json={"query": VIEWER}, headers=asked)
        assert good.json()["data"] == OWNER
        plain = {**asked, "Cookie": f"pinmark_session={secret}"}
        bad = await client.post(f"{server.base}/graphql", json={"query": VIEWER}, headers=plain)
        assert bad.status_code == 401

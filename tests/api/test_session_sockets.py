"""A session's sockets end with it, on whichever server either is."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import httpx2
from sqlalchemy import text, update
from sqlmodel import select
from websockets.asyncio.client import connect

from models import SignInSession, utc_now
from pinmark.auth.credentials import SessionSecret
from pinmark.settings import Settings
from schema.ids import encode_id
from services.installation import Installation
from services.principals import Principal
from tests.api.conftest import without_polling
from tests.support.graphql_ws import GraphQLSocket
from tests.support.keys import make_service_token
from tests.support.mutations import mutate
from tests.support.servers import RunningServer, running_server
from tests.support.signing_in import ask, signed_in_secret

END_OTHERS = "mutation { endOtherSessions(input: {}) { __typename } }"


@asynccontextmanager
async def session_socket(server: RunningServer, secret: str) -> AsyncGenerator[GraphQLSocket]:
    """A socket that a page of the server has opened."""
    async with connect(
        server.base.replace("http", "ws", 1) + "/graphql",
        subprotocols=["graphql-transport-ws"],  # pyright: ignore[reportArgumentType]
        additional_headers={"Cookie": f"pinmark_session={secret}", "Origin": server.base},
    ) as connection:
        socket = GraphQLSocket(connection)
        await socket.initialise(None)
        yield socket


async def test_signing_out_on_one_server_closes_the_sockets_on_another(
    idle_server: RunningServer,
    settings: Settings,
    database_url: str,
    installation: Installation,
) -> None:
    secret = await signed_in_secret(idle_server, installation)
    quiet = without_polling(settings)
    async with (
        running_server(quiet, database_url, with_worker=False) as other,
        session_socket(other, secret) as socket,
    ):
        async with httpx2.AsyncClient() as client:
            await client.post(
                f"{idle_server.base}/auth/sign-out",
                headers={
                    "Cookie": f"pinmark_session={secret}",
                    "Origin": idle_server.base,
                    "Content-Type": "application/json",
                },
            )
        assert await socket.close_code() == 4401


async def test_ending_the_others_closes_theirs_alone(
    idle_server: RunningServer, installation: Installation
) -> None:
    mine = await signed_in_secret(idle_server, installation)
    others = await signed_in_secret(idle_server, installation)
    async with (
        session_socket(idle_server, mine) as kept,
        session_socket(idle_server, others) as ended,
    ):
        await ask(idle_server, mine, END_OTHERS)
        assert await ended.close_code() == 4401
        assert [each async for each in kept.run("{ viewer { name } }")] == [
            {"viewer": {"name": "owner"}}
        ]


async def test_a_session_that_ends_by_itself_takes_its_sockets_along(
    idle_server: RunningServer, installation: Installation
) -> None:
    secret = await signed_in_secret(idle_server, installation)
    ends = utc_now() + timedelta(seconds=2)
    async with installation.database.transaction() as session:
        await session.exec(update(SignInSession).values(expires_at=ends))
    idle_server.parts.authenticator.forget()
    async with session_socket(idle_server, secret) as socket:
        assert await socket.close_code() == 4401
    assert utc_now() >= ends


async def test_to_look_whether_a_session_is_good_is_no_use_of_it(
    idle_server: RunningServer, installation: Installation
) -> None:
    secret = await signed_in_secret(idle_server, installation)
    ends = utc_now() + timedelta(hours=1)
    async with installation.database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("ALTER TABLE signinsession DISABLE TRIGGER USER"))
        unused = utc_now() - timedelta(hours=11)
        await session.exec(update(SignInSession).values(last_seen_at=unused, expires_at=ends))
        await connection.execute(text("ALTER TABLE signinsession ENABLE TRIGGER USER"))

    async def end_after(*, noting: bool) -> datetime:
        server = idle_server.parts
        server.authenticator.forget()
        await server.authenticate(SessionSecret(secret), request_id="r", noting=noting)
        async with installation.database.moment() as session:
            return (await session.exec(select(SignInSession))).one().expires_at

    assert await end_after(noting=False) == ends
    assert await end_after(noting=True) > ends


async def test_a_revoked_service_tokens_socket_is_closed(
    idle_server: RunningServer, installation: Installation, owner: Principal
) -> None:
    made = await make_service_token(installation, owner)
    async with idle_server.socket(token=made.plaintext) as socket:
        identity = encode_id("ServiceToken", made.row.id)
        await mutate(idle_server, "revokeServiceToken", {"serviceTokenId": identity})
        assert await socket.close_code() == 4401

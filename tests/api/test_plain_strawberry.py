"""Each promise is kept by our server and, unless it says so here, broken by plain Strawberry."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import httpx2
import pytest
from websockets.exceptions import ConnectionClosed

from services import finding
from tests.support.plain_strawberry import SECRET, TOKEN
from tests.support.promises import PROMISES, Promise, Server
from tests.support.promises.over_websocket import (
    a_second_greeting_is_one_too_many,
    a_socket_of_another_page_has_no_use_of_the_session,
    an_id_in_use_is_refused,
    an_operation_before_the_greeting_is_unauthorized,
    bytes_are_a_bad_message,
)
from tests.support.served_databases import served_database
from tests.support.signing_in import signed_in_secret

PATIENCE = 60.0
SHORT_PATIENCE = 3.0
KEPT: set[Promise] = {
    an_id_in_use_is_refused,
    a_second_greeting_is_one_too_many,
    an_operation_before_the_greeting_is_unauthorized,
    a_socket_of_another_page_has_no_use_of_the_session,
    bytes_are_a_bad_message,
}
"""What plain Strawberry keeps too."""
BROKEN = {name: promise for name, promise in PROMISES.items() if promise not in KEPT}
WRONG = (
    AssertionError,
    TimeoutError,
    httpx2.TimeoutException,
    ConnectionClosed,
    json.JSONDecodeError,
)
"""What a promise ends with where it is not kept: no answer in time, no answer, or another."""


async def app_by_name(*arguments: object, name: str, **more: object) -> None:
    """What the field ``app`` does in the plain server too."""
    if name == "broken":
        raise RuntimeError(SECRET)
    await anyio.sleep_forever()


@pytest.fixture(scope="module")
async def ours(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Server]:
    """Our server in production mode."""
    directory = tmp_path_factory.mktemp("promises")
    async with served_database(
        postgres,
        template,
        data=directory / "data",
        repositories=directory / "repositories",
        production=True,
        operation_seconds=8,
    ) as served:
        at = served.server
        secret = await signed_in_secret(at, served.installation)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(finding, "app_by_name", app_by_name)
            yield Server(at.base, at.token, at.client, secret, PATIENCE)


class Plain:
    """The server of plain Strawberry, started anew after it was frozen."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._base = ""

    @asynccontextmanager
    async def server(self, patience: float) -> AsyncGenerator[Server]:
        if self._process is None:
            command = (sys.executable, "-m", "tests.support.plain_strawberry")
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, cwd=Path(__file__).parents[2]
            )
            assert self._process.stdout is not None
            self._base = (await self._process.stdout.readline()).decode().strip()
        async with httpx2.AsyncClient(base_url=self._base, timeout=patience) as client:
            yield Server(self._base, TOKEN, client, TOKEN, patience)

    async def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None


@pytest.fixture(scope="module")
async def plain() -> AsyncGenerator[Plain]:
    plain = Plain()
    try:
        yield plain
    finally:
        await plain.kill()


@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
async def test_our_server_keeps_it(promise: Promise, ours: Server) -> None:
    await promise(ours)


@pytest.mark.parametrize("promise", BROKEN.values(), ids=BROKEN)
async def test_plain_strawberry_does_not(promise: Promise, plain: Plain) -> None:
    async with plain.server(SHORT_PATIENCE) as server:
        with pytest.raises(WRONG) as wrong:
            await promise(server)
    if not isinstance(wrong.value, AssertionError):  # it may be busy for minutes
        await plain.kill()


@pytest.mark.parametrize("promise", KEPT, ids=lambda promise: promise.__name__)
async def test_plain_strawberry_keeps_this_too(promise: Promise, plain: Plain) -> None:
    async with plain.server(PATIENCE) as server:
        await promise(server)

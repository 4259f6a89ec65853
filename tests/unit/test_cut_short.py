"""Who is cut short by the end of the server is told so."""

import asyncio
from types import SimpleNamespace

import orjson
import pytest
from starlette.types import Message, Receive, Scope, Send

from pinmark.cut_short import CutShort
from pinmark.stopping import Stopping


async def endless(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.Event().wait()


async def begun(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await asyncio.Event().wait()


async def cut(app: CutShort, path: str, *, stopping: bool) -> list[Message]:
    """What is sent by a request that is cancelled while it waits."""
    sent: list[Message] = []
    told = Stopping()
    if stopping:
        told.set()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    server = SimpleNamespace(stopping=told)
    scope = {"type": "http", "path": path, "state": {"server": server}}
    request = asyncio.ensure_future(app(scope, receive, send))
    await asyncio.sleep(0)
    request.cancel()
    (ended,) = await asyncio.gather(request, return_exceptions=True)
    if isinstance(ended, BaseException):
        sent.append({"type": type(ended).__name__})
    return sent


@pytest.mark.parametrize("path", ["/graphql", "/v1/apps"])
async def test_a_request_that_the_servers_end_cuts_short_is_answered(path: str) -> None:
    start, body = await cut(CutShort(endless), path, stopping=True)

    assert start["status"] == 503
    assert "was stopped before this was over" in body["body"].decode()
    assert orjson.loads(body["body"])


async def test_a_request_that_is_cancelled_for_another_reason_is_not_told_so() -> None:
    assert await cut(CutShort(endless), "/graphql", stopping=False) == [{"type": "CancelledError"}]


async def test_an_answer_that_has_begun_is_not_begun_again() -> None:
    sent = await cut(CutShort(begun), "/graphql", stopping=True)

    assert [each["type"] for each in sent] == ["http.response.start", "CancelledError"]

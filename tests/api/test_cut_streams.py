"""Event streams that are cut: the client's way back loses and repeats nothing."""

import asyncio
import socket
import subprocess
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx2
import orjson
import pytest
from anyio import fail_after, sleep, to_thread

from models import App
from pinmark import graphql_sse
from pinmark.settings import Settings
from schema.ids import encode_id
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import linked_app, make_environment
from tests.support.event_streams import events_of, open_stream
from tests.support.repositories import Repository
from tests.support.servers import RunningServer, running_server
from tests.support.subscriptions import APP_EVENTS

HANG_GUARD = 60
NAMES = [f"made-{number:02}" for number in range(40)]
LARGE = b'{"input": {"text": "' + b"x" * 900_000 + b'"}}\n'
TWENTY_TIMES = "".join(f"f{n}: file(path: $path) {{ content }} " for n in range(20))
MUCH = f"""query ($path: String!) {{
  environment(app: "large", name: "dev") {{ {TWENTY_TIMES} }}
}}"""
CURL = """
set -euo pipefail
follow() { # follow LAST-ID LINES: the first lines of the app's events past the id, then hang up
  curl -sSN "$SERVER/graphql" -H "Authorization: Bearer $TOKEN" -H 'Accept: text/event-stream' \
    -H "Last-Event-ID: $1" --get --data-urlencode "query=$QUERY" \
    --data-urlencode "variables=$VARIABLES" | grep -m "$2" '^id: ' | sed 's/^id: //'
}
first=$(follow "$START" 3 || true)
second=$(follow "$(tail -n 1 <<<"$first")" 3 || true)
printf '%s\\n' "$first" "$second"
"""
CURSOR = '{ app(name: "triage") { eventCursor } }'


async def made_slowly(installation: Installation, owner: Principal, app: App) -> None:
    for name in NAMES:
        await make_environment(installation, owner, app, name)
        await sleep(0.01)


async def test_a_stream_cut_again_and_again_goes_on_by_its_last_id(
    idle_server: RunningServer, installation: Installation, owner: Principal, app: App
) -> None:
    last = (await idle_server.data(CURSOR))["app"]["eventCursor"]
    making = asyncio.ensure_future(made_slowly(installation, owner, app))
    told: list[str] = []
    with fail_after(HANG_GUARD):
        while len(told) < len(NAMES):
            async with open_stream(
                idle_server, APP_EVENTS, last_event_id=last, app=encode_id("App", app.id)
            ) as response:
                async for event in events_of(response):
                    told.append(event.data["data"]["appEvents"]["environment"]["name"])
                    last = event.id
                    if len(told) % 7 == 0 or len(told) == len(NAMES):
                        break
        await making
    assert told == NAMES


async def test_curl_follows_and_goes_on(
    idle_server: RunningServer, installation: Installation, owner: Principal, app: App
) -> None:
    start = (await idle_server.data(CURSOR))["app"]["eventCursor"]
    await made_slowly(installation, owner, app)
    given = {
        "SERVER": idle_server.base,
        "TOKEN": idle_server.token,
        "QUERY": APP_EVENTS,
        "VARIABLES": orjson.dumps({"app": encode_id("App", app.id)}).decode(),
        "START": start,
        "PATH": "/usr/bin:/bin",
    }
    ran = await to_thread.run_sync(
        lambda: subprocess.run(
            ["bash", "-c", CURL], env=given, capture_output=True, text=True, timeout=HANG_GUARD
        )
    )
    assert ran.returncode == 0, ran.stderr
    async with open_stream(
        idle_server, APP_EVENTS, last_event_id=start, app=encode_id("App", app.id)
    ) as response:
        expected: list[str | None] = []
        async for event in events_of(response):
            expected.append(event.id)
            if len(expected) == 6:
                break
    assert ran.stdout.split() == expected


async def test_a_client_that_does_not_read_is_cut_off(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(graphql_sse, "SEND_SECONDS", 0.3)
    repository.commit({"agentmark/large.jsonl": LARGE})
    await linked_app(installation, owner, repository, name="large")
    body = orjson.dumps({"query": MUCH, "variables": {"path": "agentmark/large.jsonl"}})
    with fail_after(HANG_GUARD), socket.socket() as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host, port = idle_server.base.removeprefix("http://").split(":")
        await to_thread.run_sync(raw.connect, (host, int(port)))
        raw.sendall(_request(idle_server, body))
        while not connections_of(idle_server):
            await sleep(0.01)
        while connections_of(idle_server):
            await sleep(0.01)
        told = await to_thread.run_sync(_rest_of, raw)
    assert b"event: next" in told
    assert b"event: complete" not in told


def connections_of(server: RunningServer) -> int:
    return server.parts.connections.open


def _request(server: RunningServer, body: bytes) -> bytes:
    head = (
        "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Accept: text/event-stream\r\nAuthorization: Bearer {server.token}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _rest_of(raw: socket.socket) -> bytes:
    told = bytearray()
    while part := raw.recv(1 << 20):
        told += part
    return bytes(told)


async def test_a_server_told_to_stop_ends_its_streams_in_order(
    settings: Settings, database_url: str
) -> None:
    async with AsyncExitStack() as stack, httpx2.AsyncClient(timeout=HANG_GUARD) as client:
        server = await stack.enter_async_context(
            running_server(settings, database_url, with_worker=False)
        )
        await server.data('mutation { createApp(input: {name: "triage"}) { __typename } }')
        app = (await server.data('{ app(name: "triage") { id } }'))["app"]["id"]
        client.base_url = server.base
        outside = replace(server, client=client)
        async with open_stream(outside, APP_EVENTS, app=app) as response:
            stopping = asyncio.ensure_future(stack.aclose())
            assert [event async for event in events_of(response)] == []
        await stopping

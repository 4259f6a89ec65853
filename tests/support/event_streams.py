"""A small client of graphql-sse, distinct connections, over real HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson

from tests.support.servers import Client

EVENT_STREAM = "text/event-stream"


@dataclass(frozen=True)
class StreamEvent:
    """One event as it came; ``id`` is None where it had none."""

    kind: str
    data: Any = None
    id: str | None = None


@asynccontextmanager
async def open_stream(
    client: Client,
    query: str,
    *,
    token: str | None = None,
    last_event_id: str | None = None,
    accept: str = EVENT_STREAM,
    method: str = "POST",
    **variables: Any,
) -> AsyncGenerator[httpx2.Response]:
    """The response of an operation asked for as a stream, its body unread."""
    headers = {"Authorization": f"Bearer {token or client.token}", "Accept": accept}
    if last_event_id is not None:
        headers["Last-Event-ID"] = last_event_id
    if method == "GET":
        given: Any = {"params": {"query": query, "variables": orjson.dumps(variables).decode()}}
    else:
        given = {"json": {"query": query, "variables": variables}}
    async with client.client.stream(method, "/graphql", headers=headers, **given) as response:
        yield response


async def events_of(response: httpx2.Response) -> AsyncGenerator[StreamEvent]:
    """Every event of the stream, to its end."""
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        if not line and "event" in fields:
            data = orjson.loads(fields["data"]) if fields["data"] else None
            yield StreamEvent(fields["event"], data, fields.get("id"))
            fields = {}
        elif line and not line.startswith(":"):
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")


async def all_events(client: Client, query: str, **given: Any) -> list[StreamEvent]:
    """The events of a stream that ends."""
    async with open_stream(client, query, **given) as response:
        assert response.headers["content-type"].startswith(EVENT_STREAM), await response.aread()
        return [event async for event in events_of(response)]

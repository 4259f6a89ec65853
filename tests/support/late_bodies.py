"""Requests whose body comes later than their head."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from tests.support.servers import Client


async def post_late(
    client: Client,
    path: str,
    sent: Mapping[str, Any],
    *,
    token: str,
    meanwhile: Callable[[], Awaitable[object]],
) -> int:
    """POST a head, and the body once ``meanwhile`` is done; the status of the answer."""
    body = orjson.dumps(sent)
    address = urlsplit(client.base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
    )
    await meanwhile()
    writer.write(body)
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1])

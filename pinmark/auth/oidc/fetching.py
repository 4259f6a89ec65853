"""Asking the identity provider: with limits on time and size, and no redirects."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx2
import orjson

SECONDS = 10.0
MAXIMUM_ANSWER = 512 * 1024

Document = dict[str, Any]


class ProviderFailed(Exception):
    """The provider did not answer, or not as one should; the message is for the log alone."""


class Fetcher:
    """Sends requests to the provider and reads JSON objects."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def get(self, url: str, *, bearer: str | None = None) -> Document:
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
        status, document = await self._ask("GET", url, headers=headers)
        if status != 200:
            raise ProviderFailed(f"{url} answered {status}")
        return document

    async def post(
        self, url: str, form: Mapping[str, str], *, client: tuple[str, str] | None
    ) -> Document:
        """Send a form, with HTTP Basic authentication as ``client`` where that is given."""
        status, document = await self._ask("POST", url, data=dict(form), auth=client)
        if status != 200:
            raise ProviderFailed(f"{url} answered {status}: {document.get('error')!r}")
        return document

    async def _ask(self, method: str, url: str, **more: Any) -> tuple[int, Document]:
        try:
            async with (
                asyncio.timeout(SECONDS),
                self._client.stream(method, url, **more) as response,
            ):
                body = bytearray()
                async for piece in response.aiter_bytes():
                    body += piece
                    if len(body) > MAXIMUM_ANSWER:
                        raise ProviderFailed(f"{url} answered more than {MAXIMUM_ANSWER} bytes")
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
            raise ProviderFailed(f"{url} did not answer: {type(error).__name__}") from error
        return response.status_code, _object(url, bytes(body))


def _object(url: str, body: bytes) -> Document:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ProviderFailed(f"{url} did not answer JSON") from None
    if not isinstance(document, dict):
        raise ProviderFailed(f"{url} did not answer an object")
    return cast(Document, document)


@asynccontextmanager
async def open_fetcher() -> AsyncGenerator[Fetcher]:
    """A pool of connections; the machine's proxy and certificate variables are followed."""
    async with httpx2.AsyncClient(
        timeout=SECONDS,
        follow_redirects=False,
        headers={"Accept": "application/json"},
    ) as client:
        yield Fetcher(client)

"""A browser that is signed in by a one-time link, and what it sends."""

import re
from html import unescape

import httpx2
import orjson

from pinmark.auth.printed_link import make_sign_in_link
from services.installation import Installation
from tests.support.servers import RunningServer

LINK = re.compile(r"http://\S+/auth/link\?token=\S+")


def printed_link(output: str) -> str:
    """The one link in what a command has printed."""
    (link,) = LINK.findall(output)
    return link


async def link_for(installation: Installation, base: str) -> str:
    link = await make_sign_in_link(installation, base=base)
    assert link is not None
    return link


async def press(
    client: httpx2.AsyncClient, link: str, *, origin: str, **more: str
) -> httpx2.Response:
    """Open the link's page and press its button, as a page of ``origin`` would."""
    page = (await client.get(link)).text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    form = {name: unescape(value) for name, value in fields.items()}
    return await client.post(
        f"{link.partition('?')[0]}", data={**form, **more}, headers={"Origin": origin}
    )


async def signed_in_secret(server: RunningServer, installation: Installation) -> str:
    """The session secret of a browser that just signed in as the owner."""
    async with httpx2.AsyncClient() as client:
        answer = await press(client, await link_for(installation, server.base), origin=server.base)
        assert answer.status_code == 303, answer.text
        return client.cookies["pinmark_session"]


async def ask(
    server: RunningServer, secret: str, query: str | bytes, **headers: str
) -> httpx2.Response:
    """An operation as a page of ours sends it, or a whole body as bytes; ``headers`` are instead
    of those of the page, and an empty one is left out.
    """
    ours = {"Origin": server.base, "Content-Type": "application/json"}
    given = ours | {name.replace("_", "-"): value for name, value in headers.items()}
    shown = {name: value for name, value in given.items() if value}
    async with httpx2.AsyncClient() as client:
        return await client.post(
            f"{server.base}/graphql",
            headers={"Cookie": f"pinmark_session={secret}", **shown},
            content=orjson.dumps({"query": query}) if isinstance(query, str) else query,
        )

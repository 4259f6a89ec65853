"""A real identity provider in a process of its own, and a browser that signs in at it."""

import asyncio
import json
import os
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

from services.local_builder import find_node

DIRECTORY = Path(__file__).parents[1] / "identity_provider"
SECRET = "a secret: of % the + client"
LEAVES_TO = "/auth/callback"
ACCOUNTS = {
    "ada": {"email": "Ada@Example.com", "email_verified": True, "name": "Ada Lovelace"},
    "bob": {"email": "bob@example.com", "email_verified": True, "name": "Bob"},
    "eve": {"email": "owner@example.com", "email_verified": False, "name": "Eve"},
    "sly": {"email": "owner@example.com", "email_verified": "true", "name": "Sly"},
    "mute": {},
}
"""Who has an account, by login name, and what the provider says of them."""


@asynccontextmanager
async def running_provider() -> AsyncGenerator[str]:
    """The issuer's address, for as long as the block lasts."""
    assert (DIRECTORY / "node_modules").is_dir(), "`make test` installs the identity provider"
    process = await asyncio.create_subprocess_exec(
        find_node(os.environ).executable,
        str(DIRECTORY / "provider.mjs"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(ACCOUNTS).encode() + b"\n")
        yield json.loads(await process.stdout.readline())["issuer"]
    finally:
        process.stdin.close()
        await process.wait()


class Browser:
    """Follows links and sends forms as a browser does, one step at a time, keeping cookies."""

    def __init__(self, client: httpx2.AsyncClient, base: str) -> None:
        self.client = client
        self.base = base

    async def open(self, path: str) -> httpx2.Response:
        """Open a page of ours as a link from elsewhere would; redirects are not followed."""
        return await self.client.get(self.base + path)

    async def session(self) -> dict[str, object] | None:
        """Whom the server takes the browser for."""
        answer = await self.client.get(f"{self.base}/auth/session")
        return answer.json()["data"]["viewer"]

    async def leave(self, *, following: str | None = None) -> str:
        """Where /auth/sign-in leads to."""
        query = "" if following is None else f"?{urlencode({'next': following})}"
        answer = await self.open(f"/auth/sign-in{query}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def approve(self, address: str, login: str) -> str:
        """Sign in at the provider; where it then sends the browser."""
        while LEAVES_TO not in urlsplit(address).path:
            answer = await self.client.get(address)
            if answer.status_code == 200:
                answer = await self._send_form(address, answer.text, login)
            assert answer.status_code in {302, 303}, (answer.status_code, answer.text)
            address = str(answer.url.join(answer.headers["location"]))
        return address

    async def _send_form(self, address: str, page: str, login: str) -> httpx2.Response:
        (prompt,) = re.findall(r'name="prompt" value="(\w+)"', page)
        form = {"prompt": prompt, "login": login, "password": "any"}
        return await self.client.post(address, data=form)

    async def come_back(self, login: str, **more: str) -> str:
        """The whole way up to the last step: the path that the provider sends the browser to."""
        address = await self.approve(await self.leave(**more), login)
        parts = urlsplit(address)
        return f"{parts.path}?{parts.query}"

    async def sign_in(self, login: str, **more: str) -> httpx2.Response:
        return await self.open(await self.come_back(login, **more))


@asynccontextmanager
async def new_browser(base: str) -> AsyncGenerator[Browser]:
    async with httpx2.AsyncClient(timeout=30) as client:
        yield Browser(client, base)


def parameters(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

"""The server's application in this process, asked as its web server would hand requests on."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.types import Message

from pinmark.app import create_app
from pinmark.collecting import leave_out_what_stays
from pinmark.server_state import Server
from pinmark.settings import Settings
from tests.support.limits import UNHURRIED
from tests.support.processes import Site


@dataclass(frozen=True)
class InProcess:
    """The application, and who asks it; requests come as its web server hands them on."""

    app: Any
    server: Server
    token: str

    async def ask(self, body: bytes) -> bytes:
        answered: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            answered.append(message)

        await self.app(self._scope(len(body)), receive, send)
        assert answered[0]["status"] == 200, answered
        return answered[1]["body"]

    def _scope(self, length: int) -> dict[str, Any]:
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/graphql",
            "raw_path": b"/graphql",
            "query_string": b"",
            "root_path": "",
            "headers": [
                (b"host", b"127.0.0.1:8000"),
                (b"authorization", f"Bearer {self.token}".encode()),
                (b"content-type", b"application/json"),
                (b"content-length", b"%d" % length),
            ],
            "client": ("127.0.0.1", 40_000),
            "server": ("127.0.0.1", 8000),
            "state": {"server": self.server},
        }


@asynccontextmanager
async def serving_here(site: Site, *, kept_mib: int) -> AsyncGenerator[InProcess]:
    """The application as it serves, over the site's Postgres."""
    settings = Settings.model_validate(
        {
            "data_dir": site.data,
            "database_url": site.database_url,
            "repository_roots": str(site.repositories),
            "kept_answers_mib": kept_mib,
            **UNHURRIED,
        }
    )
    app = create_app(settings, url=site.database_url, with_worker=False)
    token = settings.owner_token_file.read_text().strip()
    async with app.router.lifespan_context(app) as state:
        assert state is not None
        leave_out_what_stays()
        yield InProcess(app, state["server"], token)

"""A server of plain Strawberry, as its documentation has one write it.

It has as little of our schema as the promises are tried on, and a limit on depth, a generous one.

    python -m tests.support.plain_strawberry

Whoever shows ``TOKEN``, in a header, in the payload of a socket's first message or as the cookie of
a session, may ask. It prints its address, and ends when its standard input does.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator
from typing import Any

import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.extensions import QueryDepthLimiter
from strawberry.permission import BasePermission
from strawberry.types.unset import UNSET

TOKEN = "plain"
SESSION = "pinmark_session"
SECRET = "password=hunter2"


class IsAuthenticated(BasePermission):
    message = "User is not authenticated"

    def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:
        request: Request | WebSocket = info.context["request"]
        params: dict[str, str] = info.context.get("connection_params") or {}
        shown = request.headers.get("authorization") or params.get("Authorization")
        return shown == f"Bearer {TOKEN}" or request.cookies.get(SESSION) == TOKEN


def known() -> Any:
    return [IsAuthenticated]


@strawberry.type
class Viewer:
    name: str = "owner"


@strawberry.type
class Deployment:
    id: strawberry.ID


@strawberry.type
class Deployments:
    nodes: list[Deployment]


@strawberry.type
class Environment:
    name: str

    @strawberry.field
    def deployments(self, first: int = 20) -> Deployments:
        return Deployments(nodes=[Deployment(id=strawberry.ID(str(n))) for n in range(first)])

    @strawberry.field
    def app(self) -> "App":
        return App(name="triage")


@strawberry.type
class Environments:
    nodes: list[Environment]


@strawberry.type
class App:
    name: str

    @strawberry.field
    def environments(self, first: int = 20) -> Environments:
        return Environments(nodes=[Environment(name=f"e{n}") for n in range(first)])


@strawberry.type
class Apps:
    nodes: list[App]


@strawberry.type
class Query:
    @strawberry.field(permission_classes=known())
    def viewer(self) -> Viewer:
        return Viewer()

    @strawberry.field(permission_classes=known())
    def apps(self, first: int = 20) -> Apps:
        return Apps(nodes=[App(name=f"a{n}") for n in range(first)])

    @strawberry.field(permission_classes=known())
    async def app(self, name: str) -> App | None:
        if name == "broken":
            raise RuntimeError(SECRET)
        if name == "slow":
            await asyncio.sleep(3600)
        return App(name=name)


@strawberry.type
class Event:
    cursor: str


@strawberry.type
class Subscription:
    @strawberry.subscription(permission_classes=known())
    async def app_events(self, app_id: strawberry.ID) -> AsyncGenerator[Event]:
        await asyncio.sleep(3600)
        yield Event(cursor="")


class Server(GraphQL[dict[str, Any], None]):
    async def on_ws_connect(self, context: Any) -> Any:
        params: dict[str, str] = context["connection_params"] or {}
        cookie = context["request"].cookies.get(SESSION)
        if params.get("Authorization") != f"Bearer {TOKEN}" and cookie != TOKEN:
            raise ConnectionRejectionError
        return UNSET


async def serve() -> None:
    schema = strawberry.Schema(
        Query,
        subscription=Subscription,
        extensions=[lambda: QueryDepthLimiter(max_depth=100)],
    )
    graphql = Server(schema)
    app = Starlette(routes=[Route("/graphql", graphql), WebSocketRoute("/graphql", graphql)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    sys.stdout.write(f"http://127.0.0.1:{port}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(serve())

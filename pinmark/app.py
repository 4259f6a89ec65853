"""The server: routes, and the lifespan that opens what they borrow."""

import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute

from pinmark import tracing
from pinmark.answering_again import AnsweringAgain
from pinmark.assembly import ensure_access, flow_cipher, open_installation, supervise
from pinmark.auth.oidc.provider import open_provider
from pinmark.auth.routes import auth_routes
from pinmark.background import keep_running, repeat, running, until
from pinmark.cut_short import CutShort
from pinmark.declared import Access, Guarded, GuardedSocket, Public
from pinmark.demo import seed_demo
from pinmark.direct_sockets import DirectSockets
from pinmark.fresh_answers import MIB, FreshAnswers
from pinmark.graphql import schema
from pinmark.graphql_http import graphql_endpoint
from pinmark.graphql_ws import graphql_socket
from pinmark.groups import open_groups
from pinmark.metrics import MeasuringRequests, ProcessReading, separate_listener, tell
from pinmark.notifications import open_wakeups
from pinmark.open_connections import OpenConnections
from pinmark.own_names import OwnNames
from pinmark.parcels import parcel_routes
from pinmark.polling import poll_repositories
from pinmark.rate_limits import RateLimits
from pinmark.refused_tokens import WRITTEN_EVERY_SECONDS
from pinmark.repeated_requests import RepeatedRequests
from pinmark.rest import rest_routes
from pinmark.server_state import Server, State, server_of
from pinmark.settings import Settings
from pinmark.standing import Standings
from pinmark.static_routes import dashboard_routes, graphiql_routes
from pinmark.tracing import TracingRequests
from pinmark.webhooks import webhook_routes
from pinmark.worker import work_forever
from resolvers import writing
from services.authentication import Authenticator
from services.database_revisions import open_revisions, prune_changes
from services.doorbell import CREDENTIALS

WRITING_SECONDS = 3.0
PRUNE_SECONDS = 60.0
ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def create_app(
    settings: Settings, *, url: str, with_worker: bool = True, demo: bool = False
) -> Starlette:
    """The server over the migrated Postgres at ``url``, with the sample app if asked for."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[State]:
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(_open_server(settings, url))
            stack.push_async_callback(writing.ended, WRITING_SECONDS)
            if demo:
                await seed_demo(settings, server.installation)
            stack.push_async_callback(server.refused_tokens.write, server.installation.database)
            server.metrics.look_at(ProcessReading(server.installation.database, server))
            server.wakeups.hub.delivered = server.metrics.delivered
            if settings.metrics_listener is not None:
                listener = separate_listener(settings.metrics_listener, server.metrics)
                await stack.enter_async_context(listener)
            loops = [
                _poll(settings, server),
                _supervise(settings, server, url),
                _write_refused_tokens(server),
                _prune_changes(server),
                keep_running("standings", server.standings.watch),
            ]
            if with_worker:
                # Connections of its own: no client can keep a build from settling.
                workshop = await stack.enter_async_context(open_installation(settings, url))
                loops.append(until(server.stopping, work_forever(workshop, url, server.metrics)))
            await stack.enter_async_context(running(*loops))
            yield State(server=server)

    routes = _routes(settings)
    around = [Middleware(CutShort)]
    around += [] if tracing.wanted(os.environ) else [Middleware(AnsweringAgain)]
    around += [Middleware(each, routes=routes) for each in (MeasuringRequests, TracingRequests)]
    around.append(Middleware(OwnNames, settings=settings))
    around.append(Middleware(DirectSockets, routes=routes))
    return Starlette(routes=routes, middleware=around, lifespan=lifespan)


@asynccontextmanager
async def _open_server(settings: Settings, url: str) -> AsyncGenerator[Server]:
    listen_url = settings.listen_url.get_secret_value() if settings.listen_url else url
    async with (
        open_installation(settings, url) as installation,
        open_wakeups(listen_url, settings.broadcast) as wakeups,
        open_provider(settings) as provider,
        open_revisions(listen_url) as revisions,  # of one process of Postgres, not of a pooler
        open_groups(installation.database) as groups,
    ):
        await ensure_access(settings, installation)
        hub = wakeups.hub
        with hub.following([CREDENTIALS]) as wake, hub.following([CREDENTIALS]) as rights_wake:
            authenticator = Authenticator(
                installation.database,
                installation.pepper,
                wake=wake,
                listens=lambda: wakeups.alive,
            )
            yield Server(
                settings,
                installation,
                wakeups,
                authenticator,
                flow_cipher(settings),
                RateLimits(settings),
                OpenConnections(settings),
                revisions,
                FreshAnswers(settings.kept_answers_mib * MIB),
                groups,
                Standings(rights_wake),
                RepeatedRequests(),
                provider,
            )


async def _prune_changes(server: Server) -> None:
    database = server.installation.database
    await repeat("prune changes", PRUNE_SECONDS, lambda: prune_changes(database))


async def _poll(settings: Settings, server: Server) -> None:
    await repeat(
        "poll",
        settings.repository_poll_seconds,
        lambda: poll_repositories(server.installation),
    )


async def _write_refused_tokens(server: Server) -> None:
    await repeat(
        "refused tokens",
        WRITTEN_EVERY_SECONDS,
        lambda: server.refused_tokens.write(server.installation.database),
    )


async def _supervise(settings: Settings, server: Server, url: str) -> None:
    direct = settings.listen_url.get_secret_value() if settings.listen_url else url
    await keep_running("runtimes", lambda: supervise(settings, server.installation, direct))


def _routes(settings: Settings) -> list[BaseRoute]:
    return [
        Guarded("/graphql", graphql_endpoint, methods=ANY_METHOD, needs=Access.KNOWN),
        GuardedSocket("/graphql", graphql_socket, needs=Access.KNOWN),
        *auth_routes(),
        *webhook_routes(),
        *parcel_routes(settings),
        *rest_routes(),
        Public("/healthz", healthy, why="Whoever watches the process has no token."),
        Public("/readyz", ready, why="Asked before there is a token; it says yes or no."),
        *_metrics(settings),
        *([] if settings.production else _described()),
        *dashboard_routes(),
    ]


def _described() -> list[BaseRoute]:
    """What tells of the API; in production it is kept to those who have it from elsewhere."""
    contract = "The contract, as it is released."
    return [
        Public("/schema.graphql", published_schema, why=contract),
        *graphiql_routes(),
    ]


def _metrics(settings: Settings) -> list[BaseRoute]:
    if not settings.metrics or settings.metrics_address:
        return []
    return [Public("/metrics", metrics, why="Prometheus has no token; the figures name nobody.")]


async def published_schema(request: Request) -> Response:
    return PlainTextResponse(schema.as_str(), media_type="text/plain; charset=utf-8")


async def healthy(request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """Postgres answers, the listener listens, the owner's token lies where it should, and nobody
    told the server to stop.
    """
    server = server_of(request)
    checks = {
        "postgres": await _answers(server),
        "listener": server.wakeups.alive,
        "owner_token": server.settings.owner_token_file.exists(),
        "serving": not server.stopping.is_set(),
    }
    return JSONResponse(checks, status_code=200 if all(checks.values()) else 503)


async def metrics(request: Request) -> Response:
    return await tell(request, server_of(request).metrics)


async def _answers(server: Server) -> bool:
    try:
        async with server.installation.database.moment() as session:
            await session.connection()
    except (OSError, TimeoutError, DBAPIError):
        return False
    return True

"""What keeps the API safe, and how to leave it out: in this process, by patches, for a bench alone.

The server has no switch for any of these. Put in place of each is the least that still gives the
same answer.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any
from unittest.mock import patch
from uuid import UUID

import starlette.middleware.exceptions
import starlette.routing
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry.extensions import ParserCache, ValidationCache

from pinmark import answering_again, graphql_http, graphql_requests, operations
from pinmark.graphql import CACHED_DOCUMENTS, Schema
from pinmark.known_documents import KnownDocument
from pinmark.limits import KindOfOperation, cost_told
from pinmark.metrics import MeasuringRequests, Metrics
from pinmark.own_names import OwnNames
from pinmark.rate_limits import RateLimits
from pinmark.server_state import Server
from pinmark.tracing import TracingRequests
from schema.context import Context
from services.authentication import Authenticator, Shown
from services.database_revisions import DatabaseRevisions, Revision
from services.principals import Principal

SAME_ID = UUID(int=0)


@dataclass(frozen=True)
class Patch:
    """A function, by its owner and its name, and another in its place."""

    owner: Any
    name: str
    instead: Callable[..., Any]


@dataclass(frozen=True)
class Feature:
    """What can be left out; with ``adds`` the patches have more done instead."""

    name: str
    patches: Sequence[Patch]
    adds: bool = False

    def left_out(self) -> AbstractContextManager[None]:
        return _put((each, each.instead) for each in self.patches)

    @contextmanager
    def counted(self) -> Generator[list[str]]:
        """Everything as it is; told is what of the feature is called meanwhile."""
        called: list[str] = []

        def counting(each: Patch) -> Callable[..., Any]:
            original = getattr(each.owner, each.name)

            @wraps(original)
            def call(*given: Any, **named: Any) -> Any:
                called.append(each.name)
                return original(*given, **named)

            return call

        with _put((each, counting(each)) for each in self.patches):
            yield called


@contextmanager
def _put(instead: Iterable[tuple[Patch, Callable[..., Any]]]) -> Generator[None]:
    with ExitStack() as stack:
        for each, function in instead:
            stack.enter_context(patch.object(each.owner, each.name, function))
        yield


@dataclass(frozen=True)
class Known:
    """What the replacements say without finding it out."""

    principal: Principal
    revision: Revision
    cost: int


def features(known: Known) -> list[Feature]:
    """Each by itself, and all that is left out together."""
    single = [
        Feature("recognising the caller, remembered", _caller(known)),
        Feature("permissions", [Patch(Principal, "can", _yes), Patch(Principal, "can_in", _yes)]),
        Feature("the rate bucket", [Patch(RateLimits, "spend", _nothing)]),
        Feature("limits of body and document", _limits(known)),
        Feature("errors caught, masked, written down", _errors()),
        Feature("request id, for logs too", _request_id()),
        Feature("metrics and traces", _metrics()),
        Feature("Host, Origin, headers", _headers()),
        Feature("the deadline", [Patch(operations, "in_time", _without_deadline)]),
    ]
    whole = Feature("all of these", [patch for each in single for patch in each.patches])
    return [*single, whole, *_beside(known)]


def _beside(known: Known) -> list[Feature]:
    """What is no feature of safety, and is to be known next to them."""
    return [
        Feature(
            "freshness: the database's revision",
            [Patch(DatabaseRevisions, "read", _always(known.revision))],
        ),
        Feature(
            "recognising the caller anew", [Patch(Authenticator, "remembered", _nothing)], adds=True
        ),
    ]


def _caller(known: Known) -> list[Patch]:
    return [
        Patch(Server, "authenticate", _always(known.principal)),
        Patch(Authenticator, "remembered", _remembered),
    ]


def _limits(known: Known) -> list[Patch]:
    return [
        Patch(graphql_requests, "_body", Request.body),
        Patch(KnownDocument, "cost", lambda *_: known.cost),
        Patch(Schema, "get_extensions", _extensions_without_limits),
    ]


def _errors() -> list[Patch]:
    return [
        Patch(operations, "_write_down", _always(None)),
        Patch(operations, "answer", _good_answer),
        Patch(ServerErrorMiddleware, "__call__", _straight_on("app")),
        Patch(starlette.middleware.exceptions, "wrap_app_handling_exceptions", _unwrapped),
        Patch(starlette.routing, "wrap_app_handling_exceptions", _unwrapped),
    ]


def _request_id() -> list[Patch]:
    return [
        Patch(graphql_http, "new_request_id", lambda: SAME_ID.hex),
        Patch(answering_again, "uuid4", lambda: SAME_ID),
    ]


def _metrics() -> list[Patch]:
    counters = ("answered", "answered_again", "request")
    return [
        Patch(MeasuringRequests, "__call__", _straight_on("_app")),
        Patch(TracingRequests, "__call__", _straight_on("_app")),
        Patch(graphql_http, "span", _without_span),
        *(Patch(Metrics, name, _nothing) for name in counters),
    ]


def _headers() -> list[Patch]:
    return [
        Patch(OwnNames, "__call__", _straight_on("_app")),
        Patch(graphql_http, "_credential", _shown),
        Patch(graphql_http, "_respond_bytes", _bare_response),
        Patch(answering_again, "_send", _send_bare),
    ]


def _remembered(authenticator: Any, shown: Shown, _: Revision | None) -> Principal:
    return authenticator._remembered[shown].principal


def _shown(request: Request, _: Server) -> str:
    return request.headers["authorization"]


def _yes(*_: Any, **__: Any) -> bool:
    return True


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _always(value: Any) -> Callable[..., Any]:
    async def same(*_: Any, **__: Any) -> Any:
        return value

    return same


def _straight_on(inner: str) -> Callable[..., Any]:
    """A middleware's call that goes on to what the middleware stands around."""

    def call(self: Any, scope: Scope, receive: Receive, send: Send) -> Any:
        return getattr(self, inner)(scope, receive, send)

    return call


def _unwrapped(app: ASGIApp, _: Any) -> ASGIApp:
    return app


def _extensions_without_limits(*_: Any, **__: Any) -> list[Any]:
    caches = (ParserCache(maxsize=CACHED_DOCUMENTS), ValidationCache(maxsize=CACHED_DOCUMENTS))
    return [KindOfOperation(), *caches]


def _good_answer(result: Any, context: Context, request_id: str) -> dict[str, Any]:
    cost = context.cost
    told = {} if cost is None else {"extensions": {"cost": cost_told(cost)}}
    return {"data": result.data, **told}


class _Nothing:
    """A block around which nothing happens."""

    def __init__(self, *_: Any, **__: Any) -> None:
        return

    def __enter__(self) -> dict[str, str]:
        return {}

    def __exit__(self, *_: object) -> None:
        return

    async def __aenter__(self) -> None:
        return

    async def __aexit__(self, *_: object) -> None:
        return


_without_span = _without_deadline = _Nothing


def _bare_response(body: bytes, status: int, *_: Any) -> Response:
    return Response(body, status_code=status)


async def _send_bare(body: bytes, media_type: str, request_id: str, send: Send) -> None:
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})

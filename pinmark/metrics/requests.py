"""Measuring requests by their route, never by their path."""

from collections.abc import Awaitable, Iterable
from time import perf_counter

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pinmark.metrics.measures import Metrics

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"


class MeasuringRequests:
    """Stands around the application and takes the time of every HTTP request."""

    def __init__(self, app: ASGIApp, *, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        # The router says which endpoint answered; its route is how the endpoint is known here.
        self._routes = {
            id(route.endpoint): route.path for route in routes if isinstance(route, Route)
        }

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        # What lasts is handed on, and not waited for here: that would be kept for each of many.
        serve = self._take_time if scope["type"] == "http" else self._app
        return serve(scope, receive, send)

    async def _take_time(self, scope: Scope, receive: Receive, send: Send) -> None:
        metrics: Metrics = scope["state"]["server"].metrics
        began = perf_counter()
        answered = False

        async def sending(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                self._measure(metrics, scope, message["status"], perf_counter() - began)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            if not answered:
                self._measure(metrics, scope, 500, perf_counter() - began)

    def _measure(self, metrics: Metrics, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else OTHER
        route = self._routes.get(id(scope.get("endpoint")), OTHER)
        metrics.requests.labels(method, route, status).observe(seconds)

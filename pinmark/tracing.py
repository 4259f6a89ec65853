"""Traces for OpenTelemetry, where it is installed (``pip install pinmark[otel]``) and asked for.

Asked for is it by OpenTelemetry's own variables: an endpoint or an exporter. Without them no span
is made. A span names routes, kinds of operations and statements without their values; nothing
that a client sent, no header and no query of an address.
"""

import os
from collections.abc import Awaitable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING or find_spec("opentelemetry") is not None:
    from opentelemetry import propagate, trace
    from opentelemetry.trace import SpanKind, StatusCode

    INSTALLED = find_spec("opentelemetry.sdk") is not None
else:  # the extra is not installed
    INSTALLED = False

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
EXPORTER = "OTEL_TRACES_EXPORTER"
NAME = "pinmark"

log = structlog.get_logger()


@dataclass
class _Sending:
    """Whether traces are sent; while they are not, nothing is done for them."""

    is_on: bool = False


_sending = _Sending()


def wanted(environment: Mapping[str, str]) -> bool:
    """Whether OpenTelemetry's variables ask for traces."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if environment.get(EXPORTER, "") == "none":
        return False
    return any(environment.get(name) for name in (EXPORTER, *ENDPOINTS))


@contextmanager
def traced() -> Generator[None]:
    """Send traces for as long as the block lasts, if that is wanted; its end sends the rest."""
    if not wanted(os.environ):
        yield
        return
    if not INSTALLED:
        log.warning("traces are asked for, and pinmark[otel] is not installed")
        yield
        return
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", NAME)})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(_exporter()))
    trace.set_tracer_provider(provider)
    _follow_statements()
    _sending.is_on = True
    try:
        yield
    finally:
        _sending.is_on = False
        provider.shutdown()


def _exporter() -> Any:
    if os.environ.get(EXPORTER) == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()  # which reads the endpoint, headers and patience of its variables


@contextmanager
def span(name: str, **attributes: str) -> Generator[dict[str, str]]:
    """A step of ours, below whatever is going on; what is put into the dictionary is told too."""
    told: dict[str, str] = {}
    if not _sending.is_on:
        yield told
        return
    with trace.get_tracer(NAME).start_as_current_span(name) as current:
        yield told
        if current.is_recording():
            current.set_attributes({**attributes, **told})


class TracingRequests:
    """Stands around the application; a request goes on with the trace that its caller began."""

    def __init__(self, app: ASGIApp, *, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._routes = {
            id(route.endpoint): route.path for route in routes if isinstance(route, Route)
        }

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        serve = self._trace if _sending.is_on and scope["type"] == "http" else self._app
        return serve(scope, receive, send)

    async def _trace(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        carried = {name: headers[name] for name in ("traceparent", "tracestate") if name in headers}
        tracer = trace.get_tracer(NAME)
        with tracer.start_as_current_span(
            "HTTP", context=propagate.extract(carried), kind=SpanKind.SERVER
        ) as current:

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    current.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        current.set_status(StatusCode.ERROR)
                await send(message)

            try:
                await self._app(scope, receive, sending)
            finally:
                route = self._routes.get(id(scope.get("endpoint")), "other")
                current.update_name(f"{scope['method']} {route}")
                current.set_attribute("http.request.method", scope["method"])
                current.set_attribute("http.route", route)


def _follow_statements() -> None:
    """A span for each statement, with its text as it is prepared: values are never part of it."""
    tracer = trace.get_tracer(NAME)

    @event.listens_for(Engine, "before_cursor_execute")
    def begin(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        verb = statement.split(None, 1)[0].upper() if statement.strip() else "SQL"
        current = tracer.start_span(verb, kind=SpanKind.CLIENT)
        current.set_attributes({"db.system.name": "postgresql", "db.query.text": statement[:2000]})
        connection.info.setdefault(NAME, []).append(current)

    @event.listens_for(Engine, "after_cursor_execute")
    def end(connection: Any, *_: Any) -> None:
        if connection.info.get(NAME):
            connection.info[NAME].pop().end()

    @event.listens_for(Engine, "handle_error")
    def fail(context: Any) -> None:
        connection = context.connection
        if connection is not None and connection.info.get(NAME):
            current = connection.info[NAME].pop()
            current.set_status(StatusCode.ERROR, type(context.original_exception).__name__)
            current.end()

    assert begin
    assert end
    assert fail

"""Traces reach a collector when OpenTelemetry's variables name one, and say nothing secret."""

import asyncio
import gzip
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from anyio import fail_after
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.support.processes import Site
from tests.support.promoting import make_app, promote, settled
from tests.support.repositories import Repository

HANG_SECONDS = 240
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


@dataclass
class Collector:
    """What takes traces over OTLP, as the collectors of others do."""

    base: str = ""
    spans: list[Span] = field(default_factory=list[Span])
    text: str = ""

    async def take(self, request: Request) -> Response:
        body = await request.body()
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        sent = ExportTraceServiceRequest.FromString(body)
        self.text += str(sent)
        for resource in sent.resource_spans:
            for scope in resource.scope_spans:
                self.spans.extend(scope.spans)
        return Response()

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]


@asynccontextmanager
async def collecting() -> AsyncGenerator[Collector]:
    collector = Collector()
    app = Starlette(routes=[Route("/v1/traces", collector.take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    collector.base = f"http://127.0.0.1:{port}"
    try:
        yield collector
    finally:
        server.should_exit = True
        await serving


@pytest.mark.long
async def test_a_request_its_statements_and_its_build_are_traced_and_go_on_with_the_callers_trace(
    site: Site, linkable: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        async with collecting() as collector:
            site.settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.base
            async with site.serving() as server:
                app = await make_app(server, linkable.path, environments=["staging"])
                accepted = await promote(
                    server, source=app.environments["dev"], target=app.environments["staging"]
                )
                await settled(server, accepted["id"])
                await server.client.post(
                    "/graphql?token=hunter2",
                    json={"query": '{ app(name: "triage") { name } }'},
                    headers={
                        "Authorization": f"Bearer {server.token}",
                        "traceparent": f"00-{TRACE}-{PARENT}-01",
                    },
                )
                assert await server.program.terminate() == 0, server.program.said

    ours = [span for span in collector.spans if span.trace_id.hex() == TRACE]
    (request,) = [span for span in ours if span.name == "POST /graphql"]
    (operation,) = [span for span in ours if span.name == "graphql"]
    assert request.parent_span_id.hex() == PARENT
    assert operation.parent_span_id == request.span_id
    assert any(span.name == "SELECT" and span.parent_span_id for span in ours)
    assert collector.named("build")
    for secret in (server.token, "hunter2", "triage"):
        assert secret not in collector.text

"""``/metrics``: on the server's own port, or on another that only Prometheus reaches."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pinmark.background import running
from pinmark.metrics.measures import Metrics

log = structlog.get_logger()


async def tell(request: Request, metrics: Metrics) -> Response:
    """Answer Prometheus; whoever may reach this may read it."""
    if metrics.reading is not None:
        await metrics.reading.load.renew()
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(metrics.registry), headers={"Content-Type": content_type})


@asynccontextmanager
async def separate_listener(address: tuple[str, int], metrics: Metrics) -> AsyncGenerator[None]:
    """Answer at ``address`` too; without it the process does its work all the same."""
    host, port = address

    async def answer(request: Request) -> Response:
        return await tell(request, metrics)

    config = uvicorn.Config(
        Starlette(routes=[Route("/metrics", answer)]),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    listener = _Listener(config)
    async with running(_listen(listener)):
        try:
            yield
        finally:
            listener.should_exit = True


async def _listen(listener: "_Listener") -> None:
    try:
        await listener.serve()
    except SystemExit:  # uvicorn's way to say that it cannot have the port
        log.error("metrics cannot be offered", host=listener.config.host, port=listener.config.port)


class _Listener(uvicorn.Server):
    """A second server in the process; signals are the first one's."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

"""What stands before every endpoint: the method, a request id, and the answer to what is raised."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from pinmark.declared import Access, Needed
from pinmark.rest.answers import Refusal, internal_error, write_down_denial
from pinmark.server_state import new_request_id
from pinmark.trouble import BUSY
from services.errors import DomainError

Handler = Callable[[Request, str], Awaitable[Response]]
"""Answers a request whose id is the second argument, or raises ``Refusal`` or ``DomainError``."""

log = structlog.get_logger()


class Endpoint:
    """The methods of one path; ``HEAD`` is a ``GET`` whose body is not sent.

    ``needs`` declares what they take; the services see to it.
    """

    def __init__(
        self, *, needs: Needed, get: Handler | None = None, post: Handler | None = None
    ) -> None:
        handlers = {"GET": get, "HEAD": get, "POST": post}
        self._handlers = {method: each for method, each in handlers.items() if each is not None}
        self._needs = needs

    @property
    def declared(self) -> Mapping[str, Needed]:
        return dict.fromkeys(self._handlers, self._needs)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = new_request_id()
        response = await self._answer(Request(scope, receive), request_id)
        response.headers["X-Request-Id"] = request_id
        await response(scope, receive, send)

    async def _answer(self, request: Request, request_id: str) -> Response:
        try:
            return await self._handle(request, request_id)
        except Refusal as refusal:
            return refusal.response()
        except PoolTimeoutError:
            return Refusal(503, "unavailable", BUSY, headers={"Retry-After": "1"}).response()
        except Exception:
            log.exception("request failed", request_id=request_id, path=request.url.path)
            return internal_error(request_id).response()

    async def _handle(self, request: Request, request_id: str) -> Response:
        handler = self._handlers.get(request.method)
        if handler is None:
            allowed = ", ".join(self._handlers)
            message = f"{allowed} is what this path takes."
            raise Refusal(405, "method_not_allowed", message, headers={"Allow": allowed})
        try:
            return await handler(request, request_id)
        except DomainError as error:
            refusal = Refusal.of(error)
            refusal.__cause__ = error
        except Refusal as refused:
            refusal = refused
        await write_down_denial(request, refusal)
        raise refusal


class NoEndpoint(Endpoint):
    """Every path that is no other's, whatever the method; it has nothing to keep from anybody."""

    def __init__(self) -> None:
        super().__init__(needs=Access.PUBLIC)

    @property
    def declared(self) -> Mapping[str, Needed]:
        return {"ANY": Access.PUBLIC}

    async def _handle(self, request: Request, request_id: str) -> Response:
        raise Refusal(404, "not_found", "There is no such path in this API.")

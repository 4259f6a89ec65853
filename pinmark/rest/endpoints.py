"""What stands before every endpoint: the method, a request id, and the answer to what is raised."""

from collections.abc import Iterable, Mapping

import structlog
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from pinmark.declared import Access, Needed
from pinmark.rate_limits import TooManyRequests
from pinmark.rest.answers import internal_error, write_down_denial
from pinmark.rest.operations import Handler, Operation
from pinmark.rest.refusals import Refusal
from pinmark.server_state import new_request_id
from pinmark.trouble import BUSY
from services.errors import DomainError

SAFE = frozenset({"GET", "HEAD"})

log = structlog.get_logger()


class Endpoint:
    """The operations of one path, each of which declares what it takes; the services see to it.

    ``HEAD`` is a ``GET`` whose body is not sent, and ``OPTIONS`` tells which methods there are.
    """

    def __init__(self, operations: Iterable[Operation] = ()) -> None:
        self.operations = tuple(operations)
        self._by_method = {each.method: each for each in self.operations}
        if "GET" in self._by_method:
            self._by_method["HEAD"] = self._by_method["GET"]

    @property
    def declared(self) -> Mapping[str, Needed]:
        return {method: each.permission for method, each in self._by_method.items()}

    @property
    def allowed(self) -> str:
        order = ("GET", "HEAD", "POST", "PUT", "DELETE")
        return ", ".join([*(each for each in order if each in self._by_method), "OPTIONS"])

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
        except TooManyRequests as many:
            return Refusal.of_too_many(many).response()
        except PoolTimeoutError:
            return Refusal(503, "unavailable", BUSY, headers={"Retry-After": "1"}).response()
        except Exception:
            log.exception("request failed", request_id=request_id, path=request.url.path)
            return internal_error(request_id).response()

    async def _handle(self, request: Request, request_id: str) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": self.allowed})
        operation = self._by_method.get(request.method)
        if operation is None:
            message = f"{self.allowed} is what this path takes."
            raise Refusal(405, "method_not_allowed", message, headers={"Allow": self.allowed})
        request.state.operation = operation
        return await _perform(operation.handler, request, request_id)


async def _perform(handler: Handler, request: Request, request_id: str) -> Response:
    try:
        return await handler(request, request_id)
    except DomainError as error:
        refusal = Refusal.of(error, by_query=request.method in SAFE)
        refusal.__cause__ = error
    except Refusal as refused:
        refusal = refused
    await write_down_denial(request, refusal)
    raise refusal


class NoEndpoint(Endpoint):
    """Every path that is no other's, whatever the method; it has nothing to keep from anybody."""

    @property
    def declared(self) -> Mapping[str, Needed]:
        return {"ANY": Access.PUBLIC}

    async def _handle(self, request: Request, request_id: str) -> Response:
        raise Refusal(404, "not_found", "There is no such path in this API.")

"""What every answer of the REST API has in common: its errors, and who is asking."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from pinmark.auth.credentials import CROSS_ORIGIN, CrossOrigin, credential_of
from pinmark.server_state import address_of, server_of
from pinmark.trouble import INTERNAL
from services.errors import (
    AlreadyMember,
    DomainError,
    EnvironmentNotPinned,
    ExecutionError,
    FileNotServed,
    InvalidInput,
    NoHandler,
    NotFound,
    NothingSynced,
    PermissionDenied,
    RuntimeFailed,
    RuntimeNotReady,
)
from services.principals import Principal
from services.refusals import record_refusal

MAXIMUM_BODY = 1024 * 1024

# The first that fits decides.
_CODES: tuple[tuple[type[DomainError], int, str], ...] = (
    (NotFound, 404, "not_found"),
    (PermissionDenied, 403, "forbidden"),
    (EnvironmentNotPinned, 404, "environment_not_pinned"),
    (NothingSynced, 404, "content_not_synced"),
    (AlreadyMember, 409, "already_member"),
    (NoHandler, 404, "no_handler"),
    (RuntimeNotReady, 503, "runtime_not_ready"),
    (RuntimeFailed, 502, "runtime_failed"),
    (ExecutionError, 502, "execution_failed"),
)


class Refusal(Exception):
    """A request that is answered with an error; ``details`` go beside code and message."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: dict[str, str] | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.answer = {"error": {"code": code, "message": message, **details}}

    @classmethod
    def of(cls, error: DomainError) -> "Refusal":
        if isinstance(error, InvalidInput):
            details = {error.field: error.message}
            return cls(400, "invalid_request_body", error.message, details=details)
        for kind, status, code in _CODES:
            if isinstance(error, kind):
                headers = {"Retry-After": "5"} if status == 503 else None
                facts = {}
                if isinstance(error, FileNotServed):
                    facts = {"suggestions": list(error.suggestions)}
                return cls(status, code, error.message, headers=headers, **facts)
        raise error

    def response(self) -> Response:
        return json_answer(self.answer, status=self.status, headers=self.headers)


def json_answer(
    answer: object, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    return Response(
        orjson.dumps(answer),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def stamp(environment: str, version: int, commit_sha: str) -> dict[str, str]:
    """The headers that say what served an answer; the version is 0 for dev."""
    return {
        "Pinmark-Environment": environment,
        "Pinmark-Version": str(version),
        "Pinmark-Commit": commit_sha,
    }


@contextmanager
def refusals_carry(headers: dict[str, str]) -> Generator[None]:
    """What is refused from here on is answered with these headers too."""
    try:
        yield
    except DomainError as error:
        refusal = Refusal.of(error)
        refusal.headers |= headers
        raise refusal from error
    except Refusal as refusal:
        refusal.headers |= headers
        raise


async def authenticated(request: Request, *, request_id: str) -> Principal:
    server = server_of(request)
    try:
        credential = credential_of(request, server.settings)
    except CrossOrigin:
        raise Refusal(403, "cross_origin_request", CROSS_ORIGIN) from None
    if not credential:
        raise Refusal(
            401,
            "missing_auth_header",
            "Send `Authorization: Bearer …`.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    principal = await server.authenticate(
        credential, request_id=request_id, address=address_of(request)
    )
    if principal is None:
        raise Refusal(
            401,
            "invalid_api_key",
            "The token is not valid.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    request.state.principal = principal
    return principal


async def write_down_denial(request: Request, refusal: Refusal) -> None:
    """Write a denied permission into the audit.

    A route is no act with a name of its own: what was denied is called by its permission.
    """
    error = refusal.__cause__
    if isinstance(error, PermissionDenied):
        await record_refusal(
            server_of(request).installation.database,
            principal=request.state.principal,
            action=error.permission,
            error=error,
            at=f"{request.method} {request.scope['route'].path}",
        )


async def read_json(request: Request) -> Any:
    """The decoded body, which is bounded."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAXIMUM_BODY:
                message = f"The body is larger than {MAXIMUM_BODY} bytes."
                raise Refusal(413, "payload_too_large", message)
    except ClientDisconnect:
        raise Refusal(400, "invalid_request_body", "The body ended early.") from None
    try:
        return orjson.loads(bytes(body))
    except orjson.JSONDecodeError:
        raise Refusal(400, "invalid_request_body", "The body is not JSON.") from None


def internal_error(request_id: str) -> Refusal:
    return Refusal(500, "internal_error", INTERNAL, request_id=request_id)

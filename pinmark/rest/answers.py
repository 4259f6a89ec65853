"""What every answer of the REST API has in common: its errors, and who is asking."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import orjson
from starlette.requests import ClientDisconnect, Request

from pinmark.auth.credentials import CROSS_ORIGIN, CrossOrigin, credential_of
from pinmark.rest.operations import JSON, Operation
from pinmark.rest.refusals import Refusal
from pinmark.server_state import address_of, server_of
from pinmark.trouble import INTERNAL
from pinmark.waiting import waiting_for_anything
from services.errors import ConfirmationMismatch, DomainError, PermissionDenied
from services.principals import Principal
from services.refusals import Identity, record_refusal

MAXIMUM_BODY = 1024 * 1024


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
    """Whoever asks, who may ask so often; they are ``request.state.principal`` from here on."""
    principal = await _recognise(request, request_id)
    server_of(request).limits.spend(principal)
    return principal


async def _recognise(request: Request, request_id: str) -> Principal:
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
    """Write a denied permission or a wrong confirmation into the audit.

    An operation that only reads is no act with a name of its own: what was denied there is called
    by its permission.
    """
    error = refusal.__cause__
    if not isinstance(error, PermissionDenied | ConfirmationMismatch):
        return
    operation: Operation = request.state.operation
    action = error.permission if isinstance(error, PermissionDenied) else operation.name
    asked: dict[str, Identity] = {}
    if (subject := operation.subject) is not None:
        action = subject.act
        if subject.parameter in request.path_params:
            asked = {
                subject.parameter: (subject.kind, UUID(request.path_params[subject.parameter]))
            }
    await record_refusal(
        server_of(request).installation.database,
        principal=request.state.principal,
        action=action,
        error=error,
        asked=asked,
        at=f"{request.method} {operation.path}",
    )


async def read_json(request: Request) -> Any:
    """The decoded body, which is bounded."""
    return decode(await read_bytes(request))


async def read_bytes(request: Request) -> bytes:
    """The body as it was sent: said to be JSON, or to be nothing in particular, and bounded.

    Where it was waited for, ``request.state.principal`` is who they are by now.
    """
    media_type = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if media_type != JSON:
        message = f"The body is {JSON}; {media_type or 'nothing'} is not taken."
        raise Refusal(415, "unsupported_media_type", message, headers={"Accept": JSON})
    with waiting_for_anything() as waited:
        body = await _whole(request)
    known: Principal | None = getattr(request.state, "principal", None)
    if known is not None and waited():  # and meanwhile they may have become nobody
        assert known.request_id is not None
        await _recognise(request, known.request_id)
    return body


async def _whole(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAXIMUM_BODY:
                message = f"The body is larger than {MAXIMUM_BODY} bytes."
                raise Refusal(413, "payload_too_large", message)
    except ClientDisconnect:
        raise Refusal(400, "invalid_request_body", "The body ended early.") from None
    return bytes(body)


def decode(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refusal(400, "invalid_request_body", "The body is not JSON.") from None


def internal_error(request_id: str) -> Refusal:
    return Refusal(500, "internal_error", INTERNAL, request_id=request_id)

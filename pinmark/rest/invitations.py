"""``POST /v1/invitations/accept``: become a member by the token of an invitation's link.

Whoever asks is nobody yet, so there is no ``Authorization``: the token in the body is all.
"""

from typing import Any, cast

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response

from pinmark.rest.answers import Refusal, internal_error, read_json
from pinmark.server_state import new_request_id, server_of
from services.errors import DomainError
from services.joining import Joined, join_by_token

log = structlog.get_logger()


async def accept_endpoint(request: Request) -> Response:
    request_id = new_request_id()
    try:
        joined = await _accept(request, request_id)
    except Refusal as refusal:
        return refusal.response(request_id)
    except DomainError as error:
        return Refusal.of(error).response(request_id)
    except Exception:
        log.exception("request failed", request_id=request_id, path="/v1/invitations/accept")
        return internal_error(request_id)
    return Response(
        orjson.dumps({"data": _shown(joined)}),
        status_code=201,
        media_type="application/json",
        headers={"X-Request-Id": request_id, "Cache-Control": "no-store"},
    )


async def _accept(request: Request, request_id: str) -> Joined:
    token, name = _read(await read_json(request))
    installation = server_of(request).installation
    async with installation.database.transaction() as session:
        return await join_by_token(
            session,
            mint=installation.mint,
            pepper=installation.pepper,
            token=token,
            name=name,
            request_id=request_id,
        )


def _read(payload: object) -> tuple[str, str]:
    if not isinstance(payload, dict):
        raise Refusal(400, "invalid_request_body", "The body must be an object.")
    fields = cast(dict[str, Any], payload)
    wrong = {
        name: f"{name} must be a string."
        for name in ("token", "name")
        if not isinstance(fields.get(name), str)
    }
    if wrong:
        raise Refusal(400, "invalid_request_body", " ".join(wrong.values()), details=wrong)
    return fields["token"], fields["name"]


def _shown(joined: Joined) -> dict[str, Any]:
    member = joined.member
    return {
        "member_id": str(member.id),
        "name": member.name,
        "email": member.email,
        "role": member.role,
        "custom_role_id": None if member.custom_role_id is None else str(member.custom_role_id),
        "access_token": joined.plaintext,
        "created_at": member.created_at.isoformat(),
    }

"""``POST /v1/invitations/accept``: become a member by the token of an invitation's link.

Whoever asks is nobody yet, so there is no ``Authorization``: the token in the body is all.
"""

from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response

from pinmark.declared import Access
from pinmark.rest.answers import read_json
from pinmark.rest.operations import Answer, Operation, Tag
from pinmark.rest.refusals import Refusal, json_answer
from pinmark.rest.shapes.content import InvitationBody
from pinmark.rest.shapes.content import Joined as JoinedShape
from pinmark.rest.shapes.envelopes import One
from pinmark.server_state import address_of, server_of
from services import errors
from services.joining import Joined, join_by_token


async def accept_invitation(request: Request, request_id: str) -> Response:
    return json_answer({"data": _shown(await _accept(request, request_id))}, status=201)


async def _accept(request: Request, request_id: str) -> Joined:
    server_of(request).limits.spend_attempt(address_of(request))
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


OPERATIONS = (
    Operation(
        "POST",
        "/v1/invitations/accept",
        accept_invitation,
        permission=Access.PUBLIC,
        name="acceptInvitation",
        tag=Tag.ORGANIZATION,
        summary="Become a member by the token of an invitation's link.",
        answer=Answer(201, "The member, and a token of theirs.", One[JoinedShape]),
        body=InvitationBody,
        refusals=(errors.NotFound, errors.AlreadyMember),
    ),
)

"""``GET /v1/openapi.json``: what this API can do, told from the operations that are served."""

from functools import cache

import orjson
from starlette.requests import Request
from starlette.responses import Response

from pinmark.declared import Access
from pinmark.rest.negotiation import accept_json
from pinmark.rest.operations import Answer, Operation, Tag
from pinmark.rest.shapes.description import Document

PATH = "/v1/openapi.json"


def described(others: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """The operations, and the one that tells of all of them, itself included.

    It is the same for everybody and shows nothing of anybody, so it needs no token.
    """

    async def read_description(request: Request, request_id: str) -> Response:
        accept_json(request)
        headers = {"Cache-Control": "public, no-cache", "X-Content-Type-Options": "nosniff"}
        return Response(document(), media_type="application/json", headers=headers)

    @cache
    def document() -> bytes:
        # Loading it takes a tenth of a server's start, and few servers are ever asked.
        from pinmark.rest.openapi.document import document_of

        return orjson.dumps(document_of(everything))

    itself = Operation(
        "GET",
        PATH,
        read_description,
        permission=Access.PUBLIC,
        name="getDescription",
        tag=Tag.DESCRIPTION,
        summary="This document.",
        answer=Answer(200, "OpenAPI 3.1.", Document),
    )
    everything = (*others, itself)
    return everything

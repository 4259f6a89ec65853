"""Refusals that are told before, or in place of, an edge: each edge has its own form for them."""

import orjson
from starlette.responses import Response

from pinmark.operations import request_error
from pinmark.rest.refusals import Refusal


def refusal_at(path: str, status: int, code: str, message: str, **headers: str) -> Response:
    """What whoever asked there is told; ``code`` is as REST spells it."""
    if path != "/graphql":
        return Refusal(status, code, message, headers=headers).response()
    told = orjson.dumps(request_error(message, code.upper()))
    media_type = "application/json; charset=utf-8"
    return Response(told, status, headers, media_type=media_type)

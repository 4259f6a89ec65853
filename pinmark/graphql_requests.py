"""What comes to ``/graphql`` over HTTP: its method, its form, its operation.

Source: the GraphQL over HTTP specification. What only reads may come by GET from who names the form
of the answer: no link and no image does, so those run nothing. What changes something comes by
POST, as JSON.
"""

from dataclasses import dataclass

import orjson
from starlette.requests import ClientDisconnect, Request

from pinmark.graphql_sse import EVENT_STREAM
from pinmark.media_types import quality, read_ranges
from pinmark.operations import (
    BadOperation,
    Operation,
    is_subscription,
    read_operation,
    request_error,
)

MAXIMUM_BODY = 1024 * 1024
GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"


class RequestRefused(Exception):
    """The request is answered before any operation is run."""

    def __init__(self, status: int, message: str, code: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.answer = request_error(message, code)
        self.headers = headers


@dataclass(frozen=True)
class Wanted:
    """In which form a client wants its answer."""

    media_type: str
    """Of the answer that is no stream."""
    streams_by_name: bool
    """Whether it takes a stream and says so."""
    prefers_stream: bool
    by_name: bool
    """Whether it says so itself, in what it is answered."""

    def as_stream(self, operation: Operation) -> bool:
        return self.prefers_stream or (self.streams_by_name and is_subscription(operation))


def wanted_by(accept: str | None) -> Wanted:
    """The form that weighs most. Of equals JSON goes before a stream, because clients that list
    all that they know list both; a form that only a wildcard takes is plain JSON.
    """
    ranges = read_ranges(accept or "*/*")
    named = {media for media, weight in ranges if weight > 0}
    json, graphql_json, stream = (
        quality(media, ranges) if media == JSON or media in named else 0.0
        for media in (JSON, GRAPHQL_JSON, EVENT_STREAM)
    )
    return Wanted(
        media_type=GRAPHQL_JSON if graphql_json >= json and graphql_json > 0 else JSON,
        streams_by_name=stream > 0,
        prefers_stream=stream > max(json, graphql_json),
        by_name=stream > max(json, graphql_json) or not named.isdisjoint({JSON, GRAPHQL_JSON}),
    )


def check_method(request: Request, wanted: Wanted) -> None:
    allowed = ("GET", "POST") if wanted.by_name else ("POST",)
    if request.method not in allowed:
        methods = ", ".join(allowed)
        raise RequestRefused(405, "Send a POST.", "METHOD_NOT_ALLOWED", Allow=methods)


async def read_request(request: Request) -> tuple[Operation, bytes]:
    """What is to be run, and the body that it was read from."""
    try:
        if request.method == "GET":
            return read_operation(_from_query(request)), b""
        body = await _body(request)
        return read_operation(orjson.loads(body)), body
    except orjson.JSONDecodeError:
        raise RequestRefused(400, "The body is not JSON.", "BAD_REQUEST") from None
    except BadOperation as error:
        raise RequestRefused(400, str(error), error.code) from None


def _from_query(request: Request) -> dict[str, object]:
    given: dict[str, object] = dict(request.query_params)
    variables = request.query_params.get("variables")
    if variables:
        try:
            given["variables"] = orjson.loads(variables)
        except orjson.JSONDecodeError:
            raise RequestRefused(400, "variables is not JSON.", "BAD_REQUEST") from None
    return given


async def _body(request: Request) -> bytes:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != JSON:
        raise RequestRefused(415, "Send application/json.", "UNSUPPORTED_MEDIA_TYPE")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAXIMUM_BODY:
                raise RequestRefused(
                    413, f"The body is larger than {MAXIMUM_BODY} bytes.", "PAYLOAD_TOO_LARGE"
                )
    except ClientDisconnect:
        raise RequestRefused(400, "The body ended early.", "BAD_REQUEST") from None
    return bytes(body)

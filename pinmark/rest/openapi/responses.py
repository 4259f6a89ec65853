"""What is taken and what is answered, refusals with their codes included."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from openapi_pydantic import Header, Link, MediaType, Reference, RequestBody, Response

from pinmark.rest.openapi.schemas import reference
from pinmark.rest.operations import JSON, Answer, Follow, Operation
from pinmark.rest.refusals import published_of
from pinmark.rest.shapes.envelopes import Refused

BEARER = "bearer"
BARE = "token"

HEADERS = {
    "Location": "Where it is.",
    "Retry-After": "After how many seconds to look again.",
    "ETag": "What it is known by; for an environment, what `If-Match` takes.",
    "Pinmark-Environment": "The environment that served it.",
    "Pinmark-Version": "The version that served it, 0 for `dev`.",
    "Pinmark-Commit": "The commit that served it.",
    "Pinmark-Audit-Head": "The number of the newest entry.",
    "X-Request-Id": "What the server's log calls this request.",
    "Allow": "The methods that there are.",
}
ALWAYS = ((429, "rate_limited"), (500, "internal_error"), (503, "unavailable"))
WITH_A_TOKEN = (
    (401, "missing_auth_header"),
    (401, "invalid_api_key"),
    (403, "cross_origin_request"),
    (406, "not_acceptable"),
)
WITH_A_BODY = (
    (400, "invalid_request_body"),
    (413, "payload_too_large"),
    (415, "unsupported_media_type"),
)
ELSEWHERE = {
    "execute": (
        (400, "handler_refused"),
        (500, "handler_failed"),
        (502, "handler_failed"),
        (503, "runtime_busy"),
        (504, "handler_timeout"),
    ),
    "getContent": ((416, "range_not_satisfiable"),),
}
"""Refusals of single operations that are no refusals of the domain."""


def body_of(operation: Operation) -> RequestBody | None:
    if operation.body is None:
        return None
    return RequestBody(
        content={JSON: MediaType.model_validate({"schema": reference(operation.body)})},
        required=True,
    )


def responses_of(operation: Operation) -> dict[str, Response | Reference]:
    answers: dict[str, Response | Reference] = {
        str(answer.status): _answered(
            answer, operation.follow if answer is operation.answer else ()
        )
        for answer in (operation.answer, *operation.also)
    }
    codes: dict[int, list[str]] = {}
    for status, code in _refusals(operation):
        known = codes.setdefault(status, [])
        if code not in known:
            known.append(code)
    refused: dict[str, Response | Reference] = {
        str(status): _refused(status, codes[status]) for status in sorted(codes)
    }
    return answers | refused


def _answered(answer: Answer, follow: tuple[Follow, ...]) -> Response:
    content: dict[str, Any] = {}
    if answer.model is not None:
        content[JSON] = MediaType.model_validate({"schema": reference(answer.model)})
    content |= {media_type: MediaType() for media_type in answer.media_types}
    return Response(
        description=answer.text,
        headers={name: _header(name) for name in (*answer.headers, "X-Request-Id")},
        content=content or None,
        links={each.name: _link(each) for each in follow} or None,
    )


def _refused(status: int, codes: list[str]) -> Response:
    example: dict[str, Any] = {
        code: {"value": {"error": {"code": code, "message": "…"}}} for code in codes
    }
    return Response(
        description=f"{HTTPStatus(status).phrase}: {', '.join(f'`{code}`' for code in codes)}.",
        headers={"X-Request-Id": _header("X-Request-Id")},
        content={
            JSON: MediaType.model_validate({"schema": reference(Refused), "examples": example})
        },
    )


def _refusals(operation: Operation) -> Iterator[tuple[int, str]]:
    if "_id}" in operation.path or operation.path.endswith("{path}"):
        yield 400, "invalid_path_params"
    if operation.query is not None:
        yield 400, "invalid_query_params"
    if operation.body is not None:
        yield from WITH_A_BODY
    if operation.idempotent:
        yield 400, "invalid_request_body"
        yield 409, "idempotency_conflict"
    if not operation.is_public:
        yield from WITH_A_TOKEN
    if operation.scoped:
        yield 401, "missing_app_id"
        yield 404, "not_found"
    if operation.of_environment:
        yield 400, "missing_environment_id"
    for kind in operation.refusals:
        published = published_of(kind)
        assert published is not None
        yield published.status, published.code
    yield from ELSEWHERE.get(operation.name, ())
    yield from ALWAYS


def _header(name: str) -> Header:
    return Header.model_validate({"description": HEADERS[name], "schema": {"type": "string"}})


def _link(follow: Follow) -> Link:
    return Link(
        operationId=follow.operation,
        parameters=dict(follow.parameters),
        requestBody=dict(follow.body) or None,
        description=follow.text or None,
    )

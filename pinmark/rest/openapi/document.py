"""The whole document."""

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from itertools import groupby
from typing import Any

from openapi_pydantic import Components, Info, OpenAPI, PathItem, Schema, SecurityScheme
from openapi_pydantic import Operation as Told
from openapi_pydantic import Tag as ToldTag
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from pinmark.declared import Access, Needed
from pinmark.rest.openapi.parameters import parameters_of
from pinmark.rest.openapi.responses import BARE, BEARER, body_of, responses_of
from pinmark.rest.openapi.schemas import REFERENCE, named_after_models
from pinmark.rest.operations import Operation, Tag
from pinmark.rest.shapes.envelopes import Refused

INTRODUCTION = """\
Everything that the dashboard can do with environments and promotions.

**Who asks.** `Authorization: Bearer <token>`, or the bare token. **Which app.** \
`X-Agentmark-App-Id: <uuid>` (or `X-Pinmark-App-Id`); an API key is bound to its app and needs no \
header. What may not be seen is answered as if it did not exist.

**Answers** are `{"data": …}`, lists with `"pagination": {"total", "limit", "offset"}` beside it. \
**Refusals** are `{"error": {"code", "message", …}}`; what is wrong with an input is told in \
`details`, by its dotted path.

**Safe to repeat.** With `Idempotency-Key` the same key and input give the same answer. **Safe \
against others.** With `If-Match` and the `ETag` of an environment, it is changed as it was looked \
at, or not at all.
"""


def document_of(operations: Sequence[Operation]) -> dict[str, Any]:
    """The document as it is served."""
    document = OpenAPI(
        openapi="3.1.1",
        info=Info(title="Pinmark", version=version("pinmark"), description=INTRODUCTION),
        paths={path: PathItem(**methods) for path, methods in _paths(operations)},
        components=Components(
            schemas=_schemas(operations),
            securitySchemes={
                BEARER: SecurityScheme(type="http", scheme="bearer"),
                BARE: SecurityScheme.model_validate(
                    {
                        "type": "apiKey",
                        "in": "header",
                        "name": "Authorization",
                        "description": "The token alone, without `Bearer`.",
                    }
                ),
            },
        ),
        security=[{BEARER: []}, {BARE: []}],
        tags=[ToldTag(name=tag.value) for tag in Tag],
    )
    return document.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)


def _paths(operations: Sequence[Operation]) -> Iterable[tuple[str, dict[str, Any]]]:
    in_order = sorted(operations, key=lambda operation: operation.path)
    for path, found in groupby(in_order, key=lambda operation: operation.path):
        yield path, {each.method.lower(): _told(each) for each in found}


def _told(operation: Operation) -> Told:
    told = Told(
        operationId=operation.name,
        tags=[operation.tag.value],
        summary=operation.summary,
        description=f"{operation.summary}\n\n{_permission(operation.permission)}",
        parameters=list(parameters_of(operation)),
        requestBody=body_of(operation),
        responses=responses_of(operation),
    )
    return told.model_copy(update={"security": []}) if operation.is_public else told


def _permission(needed: Needed) -> str:
    match needed:
        case Access():
            return needed.value
        case tuple():
            return f"Needs one of {', '.join(f'`{each.value}`' for each in needed)}."
        case _:
            return f"Needs `{needed.value}`."


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    """Every model that an operation takes or answers, and what those are made of."""
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Refused, "serialization"): None}
    for operation in operations:
        if operation.body is not None:
            wanted[operation.body, "validation"] = None
        if operation.answer.model is not None:
            wanted[operation.answer.model, "serialization"] = None
    _, found = models_json_schema(list(wanted), ref_template=REFERENCE)
    return {
        name: Schema.model_validate(schema)
        for name, schema in sorted(named_after_models(found["$defs"]).items())
    }

"""What is sent beside a body: parts of the path, the query, and headers."""

import re
from collections.abc import Iterator
from typing import Any

from openapi_pydantic import Parameter

from models.variable import VARIABLE_NAME_PATTERN
from pinmark.rest.asking import APP_HEADERS, IDEMPOTENCY_HEADER
from pinmark.rest.environments import ENVIRONMENT_HEADER
from pinmark.rest.openapi.schemas import without_null
from pinmark.rest.operations import Operation
from pinmark.rest.shapes.content import PATH_BELOW_ROOT
from services.idempotency import MAXIMUM_KEY

UUID = {"type": "string", "format": "uuid"}
PATH = {"type": "string", "pattern": PATH_BELOW_ROOT + "+$", "maxLength": 4096}
VARIABLE_NAME = {"type": "string", "pattern": VARIABLE_NAME_PATTERN}


def parameters_of(operation: Operation) -> Iterator[Parameter]:
    for name in re.findall(r"\{(\w+)\}", operation.path):
        yield _parameter("path", name, _of_the_path(name), required=True)
    yield from _of_the_query(operation)
    if operation.scoped:
        yield _parameter(
            "header",
            APP_HEADERS[0],
            UUID,
            text=f"The app; `{APP_HEADERS[1]}` is taken too. "
            "Needed unless an API key asks, which is bound to one.",
        )
    if operation.of_environment:
        yield _parameter(
            "header",
            ENVIRONMENT_HEADER,
            UUID,
            text="The environment. Needed unless an API key asks, which is bound to one.",
        )
    if operation.idempotent:
        key = {"type": "string", "pattern": r"\S", "maxLength": MAXIMUM_KEY}
        yield _parameter(
            "header",
            IDEMPOTENCY_HEADER,
            key,
            text="The same key and input give the same answer, with another input it is refused.",
        )
    if operation.conditional:
        yield _parameter(
            "header",
            "If-Match",
            {"type": "string"},
            text="The environment's `ETag`; refused with 412 when it has changed since.",
        )


def _of_the_path(name: str) -> dict[str, Any]:
    if name.endswith("_id"):
        return UUID
    return PATH if name == "path" else VARIABLE_NAME


def _of_the_query(operation: Operation) -> Iterator[Parameter]:
    if operation.query is None:
        return
    schema = operation.query.model_json_schema(mode="validation")
    for name, told in schema["properties"].items():
        description = told.pop("description", None)
        default = told.get("default")
        shown = without_null(told)
        if default is not None:
            shown["default"] = default
        required = name in schema.get("required", ())
        yield _parameter("query", name, shown, required=required, text=description)


def _parameter(
    place: str,
    name: str,
    schema: dict[str, Any],
    *,
    required: bool = False,
    text: str | None = None,
) -> Parameter:
    return Parameter.model_validate(
        {"in": place, "name": name, "schema": schema, "required": required, "description": text}
    )

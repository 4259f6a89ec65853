"""The description of this API, as far as it describes itself."""

from typing import Any

from pydantic import ConfigDict

from pinmark.rest.shapes.fields import Shape


class Document(Shape):
    """A document of OpenAPI 3.1."""

    model_config = ConfigDict(extra="allow")

    openapi: str
    info: dict[str, Any]
    paths: dict[str, Any]

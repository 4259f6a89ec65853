"""Operations: one method of one path, and all that is promised of it.

What is declared here is what ``/v1/openapi.json`` tells: the permission, which the services see
to, the model of the body and of the query, what is answered, and which refusals may be.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from pinmark.declared import Access, Needed
from services.errors import DomainError

Handler = Callable[[Request, str], Awaitable[Response]]
"""Answers a request whose id is the second argument, or raises ``Refusal`` or ``DomainError``."""


class Tag(StrEnum):
    """Under which heading an operation is told."""

    ENVIRONMENTS = "Environments"
    DEPLOYMENTS = "Deployments"
    COMPARISON = "Comparison"
    APPS = "Apps"
    API_KEYS = "API keys"
    VARIABLES = "Variables"
    CONTENT = "Content"
    EXECUTION = "Execution"
    ORGANIZATION = "Organization"
    DESCRIPTION = "This API"


JSON = "application/json"
NDJSON = "application/x-ndjson"
BYTES = "application/octet-stream"


@dataclass(frozen=True)
class Answer:
    """What an operation answers when it is not refused.

    ``model`` is the whole body as JSON; None for an answer that is told by its media types alone,
    and without those for one that has no body.
    """

    status: int
    text: str
    model: type[BaseModel] | None = None
    media_types: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Follow:
    """Where to go on from an answer: another operation, and what of the answer it is given."""

    name: str
    operation: str
    parameters: tuple[tuple[str, str], ...] = ()
    body: tuple[tuple[str, str], ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Subject:
    """What an operation acts on, as the audit calls the act and names the thing."""

    act: str
    kind: str
    parameter: str


@dataclass(frozen=True)
class Operation:
    """One method of one path.

    A ``scoped`` one is about the app of the header; one ``of_environment`` about the environment
    of the header. An ``idempotent`` one heeds ``Idempotency-Key``, a ``conditional`` one
    ``If-Match``.
    """

    method: str
    path: str
    handler: Handler
    permission: Needed
    name: str
    tag: Tag
    summary: str
    answer: Answer
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    refusals: tuple[type[DomainError], ...] = ()
    follow: tuple[Follow, ...] = ()
    subject: Subject | None = None
    scoped: bool = False
    of_environment: bool = False
    idempotent: bool = False
    conditional: bool = False
    also: tuple[Answer, ...] = ()

    @property
    def is_public(self) -> bool:
        return self.permission is Access.PUBLIC

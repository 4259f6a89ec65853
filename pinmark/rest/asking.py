"""What most requests begin with: who asks, about which app, and what was sent along.

Everything that is wrong with a query or a body is told at once, by its dotted path.
"""

import re
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from models import App, Environment
from pinmark.rest.answers import authenticated, decode, read_bytes
from pinmark.rest.negotiation import accept_json
from pinmark.rest.operations import Operation
from pinmark.rest.refusals import Refusal
from pinmark.rest.shapes.fields import is_uuid
from pinmark.server_state import server_of
from services.access import find_environment, find_scope
from services.errors import NotFound
from services.finding import visible
from services.installation import Installation
from services.principals import Principal

APP_HEADERS = ("X-Agentmark-App-Id", "X-Pinmark-App-Id")
IDEMPOTENCY_HEADER = "Idempotency-Key"
STRONG_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Asked:
    """A request of somebody known who takes JSON."""

    request: Request
    request_id: str

    @property
    def principal(self) -> Principal:
        """Who asks, as they are since the body was there."""
        return self.request.state.principal

    @property
    def installation(self) -> Installation:
        return server_of(self.request).installation

    @property
    def base_url(self) -> str:
        return str(self.request.base_url).rstrip("/")

    @property
    def idempotency_key(self) -> str | None:
        return self.request.headers.get(IDEMPOTENCY_HEADER)

    def id(self, name: str) -> UUID:
        """An id of the path."""
        given: str = self.request.path_params[name]
        if not is_uuid(given):
            message = f"{name} must be a UUID."
            raise Refusal(400, "invalid_path_params", message, details={name: message})
        return UUID(given)

    def query(self, model: type[Model]) -> Model:
        assert _operation(self.request).query is model
        given = self.request.query_params
        doubled = {name: "Give it once." for name in given if len(given.getlist(name)) > 1}
        if doubled:
            raise Refusal(400, "invalid_query_params", "Give it once.", details=doubled)
        with _telling("invalid_query_params"):
            return model.model_validate(dict(given))

    async def body(self, model: type[Model]) -> Model:
        return await read_body(self.request, model)

    def expected_revisions(self) -> frozenset[str] | None:
        """What ``If-Match`` demands; None for nothing. A weak tag matches nothing."""
        assert _operation(self.request).conditional
        given = ",".join(self.request.headers.getlist("if-match")).strip()
        if not given or given == "*":
            return None
        tags = STRONG_TAG.findall(given)
        return frozenset(tag for weak, tag in tags if not weak)

    def app_id(self, *, named: UUID | None = None) -> UUID:
        """The app that the request is about: the one of the header or ``named``, or the key's own.

        A key that names another app than its own is told of none.
        """
        assert _operation(self.request).scoped
        headers = self.request.headers
        given = {headers[name].lower() for name in APP_HEADERS if name in headers}
        if named is not None:
            given.add(str(named))
        if not given:
            if self.principal.key is not None:
                return self.principal.key.app_id
            message = f"Name the app: `{APP_HEADERS[0]}: <uuid>`, or send an API key."
            raise Refusal(401, "missing_app_id", message)
        spelled = given.pop()
        if given or not is_uuid(spelled):
            raise NotFound("app")
        app_id = UUID(spelled)
        if self.principal.key is not None and self.principal.key.app_id != app_id:
            raise NotFound("app")
        return app_id

    async def app(self, session: AsyncSession, *, named: UUID | None = None) -> App:
        """The app that the request is about, if anything of it may be seen."""
        app_id = self.app_id(named=named)
        return await find_scope(session, principal=self.principal, app_id=app_id)

    async def environment(self, session: AsyncSession, identity: UUID) -> Environment:
        """A living environment of the app, or ``NotFound``."""
        app_id = self.app_id()
        found = await find_environment(session, principal=self.principal, environment_id=identity)
        if found.app_id != app_id:
            raise NotFound("environment")
        return found

    async def environment_once(self, session: AsyncSession, identity: UUID) -> Environment:
        """An environment of the app that may have been deleted since, or ``NotFound``."""
        app_id = self.app_id()
        found = await visible(
            session, principal=self.principal, kind="Environment", identity=identity
        )
        if not isinstance(found, Environment) or found.app_id != app_id:
            raise NotFound("environment")
        return found

    async def check_environment(self, identity: UUID) -> UUID:
        """The id again, of a living environment of the app; environments never change apps."""
        async with self.moment() as session:
            return (await self.environment(session, identity)).id

    @asynccontextmanager
    async def moment(self) -> AsyncGenerator[AsyncSession]:
        async with self.installation.database.moment() as session:
            yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        async with self.installation.database.transaction() as session:
            yield session


async def asked(request: Request, request_id: str) -> Asked:
    """Whoever asks, or a refusal of those who are nobody, or take no JSON."""
    await authenticated(request, request_id=request_id)
    accept_json(request)
    return Asked(request, request_id)


async def read_body(request: Request, model: type[Model]) -> Model:
    assert _operation(request).body is model
    sent = await read_bytes(request)
    if not isinstance(decode(sent), dict):
        message = "The body must be an object."
        raise Refusal(400, "invalid_request_body", message, details={"body": message})
    with _telling("invalid_request_body"):
        return model.model_validate_json(sent, strict=True)


def _operation(request: Request) -> Operation:
    return request.state.operation


@contextmanager
def _telling(code: str) -> Generator[None]:
    try:
        yield
    except ValidationError as error:
        details = {
            ".".join(str(part) for part in found["loc"]): _words(found["msg"])
            for found in error.errors(include_url=False, include_context=False, include_input=False)
        }
        message = " ".join(f"{path}: {problem}" for path, problem in details.items())
        raise Refusal(400, code, message, details=details) from None


def _words(message: str) -> str:
    return f"{message.removeprefix('Value error, ').rstrip('.')}."

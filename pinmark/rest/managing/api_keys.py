"""``/v1/api-keys``: made for one environment, shown once, ended for good."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

import models
from pinmark.rest.asking import Asked, asked
from pinmark.rest.operations import Answer, Follow, Operation, Subject, Tag
from pinmark.rest.shapes import api_keys as shapes
from pinmark.rest.shapes.envelopes import Many, One, many, one
from pinmark.rest.shapes.fields import PageQuery
from services import api_keys, errors, finding, lookups
from services.errors import NotFound
from services.granting import Preset
from services.principals import Permission


async def list_api_keys(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    query = ask.query(PageQuery)
    async with ask.moment() as session:
        app = await ask.app(session)
        page = await api_keys.list_api_keys(
            session, principal=ask.principal, app_id=app.id, request=query.page
        )
        shown = await _shown(session, page.rows)
    return many(shown, total=page.total, query=query)


async def create_api_key(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    body = await ask.body(shapes.NewApiKeyBody)
    async with ask.moment() as session:
        environment = await _environment(ask, session, body)
    installation = ask.installation
    async with ask.transaction() as session:
        made = await api_keys.create_api_key(
            session,
            mint=installation.mint,
            pepper=installation.pepper,
            principal=ask.principal,
            request=api_keys.NewApiKey(
                environment_id=environment.id,
                name=body.name,
                permissions=tuple(body.permissions),
                preset=None if body.preset is None else Preset(body.preset.upper()),
                expires_at=body.expires_at,
                idempotency_key=ask.idempotency_key,
            ),
        )
    key = shapes.ApiKey.of(made.row, environment.name)
    shown = shapes.NewApiKey(**key.model_dump(), plaintext_key=made.plaintext)
    return one(shown, status=201, headers={"Location": f"/v1/api-keys/{made.row.id}"})


async def read_api_key(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    async with ask.moment() as session:
        (shown,) = await _shown(session, [await _find(ask, session)])
    return one(shown)


async def revoke_api_key(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    async with ask.moment() as session:
        identity = (await _find(ask, session)).id
    async with ask.transaction() as session:
        await api_keys.revoke_api_key(session, principal=ask.principal, api_key_id=identity)
    return Response(status_code=204)


async def _environment(
    ask: Asked, session: AsyncSession, body: shapes.NewApiKeyBody
) -> models.Environment:
    """The environment that the key is to be of: the one named, the asking key's own, or dev."""
    app = await ask.app(session, named=body.app_id)
    name = body.environment_name
    if name is None and ask.principal.key is not None:
        return await ask.environment(session, ask.principal.key.environment_id)
    found = await finding.environment_by_name(
        session,
        principal=ask.principal,
        app=app,
        name=models.DEFAULT_ENVIRONMENT if name is None else name,
    )
    if found is None:
        raise NotFound("environment", path=("input", "environmentName"))
    return found


async def _find(ask: Asked, session: AsyncSession) -> models.ApiKey:
    identity, app_id = ask.id("api_key_id"), ask.app_id()
    found = await finding.visible(
        session, principal=ask.principal, kind="ApiKey", identity=identity
    )
    if not isinstance(found, models.ApiKey) or found.app_id != app_id:
        raise NotFound("API key")
    return found


async def _shown(session: AsyncSession, rows: Sequence[models.ApiKey]) -> list[shapes.ApiKey]:
    environments = await lookups.rows_by_id(
        session, models.Environment, [row.environment_id for row in rows]
    )
    return [
        shapes.ApiKey.of(row, environment.name)
        for row, environment in zip(rows, environments, strict=True)
        if environment is not None  # a foreign key says so
    ]


OF_THE_ANSWER = (("api_key_id", "$response.body#/data/id"),)
OPERATIONS = (
    Operation(
        "GET",
        "/v1/api-keys",
        list_api_keys,
        permission=Permission.API_KEY_READ,
        name="listApiKeys",
        tag=Tag.API_KEYS,
        summary="The API keys of the app, newest first, the revoked ones too.",
        answer=Answer(200, "A page of them.", Many[shapes.ApiKey]),
        query=PageQuery,
        refusals=(errors.NotFound, errors.PermissionDenied),
        scoped=True,
    ),
    Operation(
        "POST",
        "/v1/api-keys",
        create_api_key,
        permission=Permission.API_KEY_INSERT,
        name="createApiKey",
        tag=Tag.API_KEYS,
        summary="Make an API key of an environment, with permissions that one holds oneself.",
        answer=Answer(
            201, "The key, shown this once.", One[shapes.NewApiKey], headers=("Location",)
        ),
        body=shapes.NewApiKeyBody,
        refusals=(errors.NotFound, errors.PermissionDenied, errors.ApiKeyLimit),
        follow=(
            Follow("read", "getApiKey", OF_THE_ANSWER),
            Follow("revoke", "revokeApiKey", OF_THE_ANSWER),
        ),
        subject=Subject("api_key.create", "Environment", "environment_id"),
        scoped=True,
        idempotent=True,
    ),
    Operation(
        "GET",
        "/v1/api-keys/{api_key_id}",
        read_api_key,
        permission=Permission.API_KEY_READ,
        name="getApiKey",
        tag=Tag.API_KEYS,
        summary="One API key.",
        answer=Answer(200, "The key, but for itself.", One[shapes.ApiKey]),
        refusals=(errors.NotFound,),
        scoped=True,
    ),
    Operation(
        "DELETE",
        "/v1/api-keys/{api_key_id}",
        revoke_api_key,
        permission=Permission.API_KEY_DELETE,
        name="revokeApiKey",
        tag=Tag.API_KEYS,
        summary="End an API key for good. It is refused everywhere at once.",
        answer=Answer(204, "It has ended."),
        refusals=(errors.NotFound, errors.PermissionDenied),
        subject=Subject("api_key.revoke", "ApiKey", "api_key_id"),
        scoped=True,
    ),
)

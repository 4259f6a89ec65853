"""``/v1/apps``: apps and the repositories that they follow; and who is asking."""

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

import models
from pinmark.declared import Access
from pinmark.rest.asking import Asked, asked
from pinmark.rest.operations import Answer, Follow, Operation, Subject, Tag
from pinmark.rest.shapes import apps as shapes
from pinmark.rest.shapes.envelopes import Many, One, many, one
from pinmark.rest.shapes.fields import PageQuery
from services import apps, cursors, errors, listings, lookups, webhooks
from services.access import find_app
from services.principals import OF_THE_ORGANIZATION, Permission
from services.repositories import Link, link_repository


async def read_viewer(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    return one(shapes.Viewer.of(ask.principal))


async def list_apps(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    query = ask.query(PageQuery)
    async with ask.moment() as session:
        page = await listings.list_apps(session, principal=ask.principal, request=query.page)
        repositories = await lookups.repositories_of(session, [row.id for row in page.rows])
    shown = [
        _shown(ask, row, repository)
        for row, repository in zip(page.rows, repositories, strict=True)
    ]
    return many(shown, total=page.total, query=query)


async def create_app(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    body = await ask.body(shapes.NewAppBody)
    async with ask.transaction() as session:
        row = await apps.create_app(
            session,
            principal=ask.principal,
            request=apps.NewApp(body.name, ask.idempotency_key),
        )
    async with ask.moment() as session:
        row = await session.get_one(models.App, row.id)
        repository = await _repository(session, row)
    headers = {"Location": f"/v1/apps/{row.id}"}
    return one(_shown(ask, row, repository), status=201, headers=headers)


async def read_app(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    async with ask.moment() as session:
        row = await _app(ask, session)
        repository = await _repository(session, row)
    return one(_shown(ask, row, repository))


async def link(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    identity = ask.id("app_id")
    body = await ask.body(shapes.LinkBody)
    row = await link_repository(
        ask.installation,
        principal=ask.principal,
        request=Link(
            app_id=identity,
            url=body.url,
            branch=body.branch,
            token=body.token,
            deploy_key=body.deploy_key,
            host_key=body.host_key,
            idempotency_key=ask.idempotency_key,
        ),
    )
    return one(_linked(ask, row))


async def rotate_webhook_secret(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    async with ask.transaction() as session:
        row = await webhooks.rotate_secret(
            session,
            cipher=ask.installation.cipher,
            principal=ask.principal,
            app_id=ask.id("app_id"),
        )
    return one(_linked(ask, row))


async def _app(ask: Asked, session: AsyncSession) -> models.App:
    return await find_app(session, principal=ask.principal, app_id=ask.id("app_id"))


async def _repository(session: AsyncSession, app: models.App) -> models.Repository | None:
    (found,) = await lookups.repositories_of(session, [app.id])
    return found


def _shown(ask: Asked, row: models.App, repository: models.Repository | None) -> shapes.App:
    held = [
        permission.value
        for permission in set(Permission) - OF_THE_ORGANIZATION
        if ask.principal.can(permission, row.id)
    ]
    return shapes.App(
        id=row.id,
        name=row.name,
        created_at=row.created_at,
        repository=None if repository is None else _linked(ask, repository),
        event_cursor=cursors.encode_event(row.id, row.event_sequence),
        permissions=sorted(held),
    )


def _linked(ask: Asked, row: models.Repository) -> shapes.Repository:
    """The repository, with its webhook for one who may set that up."""
    webhook = None
    if row.webhook_secret is not None and ask.principal.can(Permission.APP_UPDATE, row.app_id):
        base = f"{ask.base_url}/webhooks"
        webhook = shapes.Webhook(
            github_url=f"{base}/github/{row.app_id}",
            gitlab_url=f"{base}/gitlab/{row.app_id}",
            secret=ask.installation.cipher.decrypt(row.webhook_secret),
        )
    return shapes.Repository.of(row, webhook)


LINKED = Answer(200, "The repository as it is linked.", One[shapes.Repository])
OPERATIONS = (
    Operation(
        "GET",
        "/v1/viewer",
        read_viewer,
        permission=Access.KNOWN,
        name="getViewer",
        tag=Tag.ORGANIZATION,
        summary="Whoever sends this request.",
        answer=Answer(200, "Who that is.", One[shapes.Viewer]),
    ),
    Operation(
        "GET",
        "/v1/apps",
        list_apps,
        permission=Permission.APP_READ,
        name="listApps",
        tag=Tag.APPS,
        summary="The apps that may be seen, by name.",
        answer=Answer(200, "A page of them.", Many[shapes.App]),
        query=PageQuery,
    ),
    Operation(
        "POST",
        "/v1/apps",
        create_app,
        permission=Permission.APP_INSERT,
        name="createApp",
        tag=Tag.APPS,
        summary="Create an app, and its environment `dev` with it.",
        answer=Answer(201, "The app.", One[shapes.App], headers=("Location",)),
        body=shapes.NewAppBody,
        refusals=(errors.PermissionDenied, errors.AppLimit, errors.NameTaken),
        follow=(
            Follow("read", "getApp", parameters=(("app_id", "$response.body#/data/id"),)),
            Follow("link", "linkRepository", parameters=(("app_id", "$response.body#/data/id"),)),
        ),
        subject=Subject("app.create", "App", "app_id"),
        idempotent=True,
    ),
    Operation(
        "GET",
        "/v1/apps/{app_id}",
        read_app,
        permission=Permission.APP_READ,
        name="getApp",
        tag=Tag.APPS,
        summary="One app.",
        answer=Answer(200, "The app.", One[shapes.App]),
        refusals=(errors.NotFound,),
    ),
    Operation(
        "PUT",
        "/v1/apps/{app_id}/repository",
        link,
        permission=Permission.APP_UPDATE,
        name="linkRepository",
        tag=Tag.APPS,
        summary="Make an app follow a branch: fetch it, and deploy its HEAD to `dev`.",
        answer=LINKED,
        body=shapes.LinkBody,
        refusals=(
            errors.NotFound,
            errors.PermissionDenied,
            errors.RepositoryTaken,
            errors.RepositoryUnreachable,
        ),
        subject=Subject("repository.link", "App", "app_id"),
        idempotent=True,
    ),
    Operation(
        "POST",
        "/v1/apps/{app_id}/repository/rotate-webhook-secret",
        rotate_webhook_secret,
        permission=Permission.APP_UPDATE,
        name="rotateWebhookSecret",
        tag=Tag.APPS,
        summary="Give the repository a new webhook secret; the old one is refused at once.",
        answer=LINKED,
        refusals=(errors.NotFound, errors.PermissionDenied, errors.GitConnectionMissing),
        subject=Subject("webhook_secret.rotate", "App", "app_id"),
    ),
)

"""``/v1/environments``: the named places an app runs, made, looked at and deleted."""

from starlette.requests import Request
from starlette.responses import Response

import models
from pinmark.rest.asking import asked
from pinmark.rest.managing.loading import environments_shown
from pinmark.rest.operations import Answer, Follow, Operation, Subject, Tag
from pinmark.rest.shapes import environments as shapes
from pinmark.rest.shapes.envelopes import Many, One, many, one
from services import environments, errors, listings
from services.access import lock_environment
from services.addresses import app_page
from services.finding import require_environments
from services.principals import Permission
from services.revisions import revision_of
from services.runtimes import records


async def list_environments(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    query = ask.query(shapes.EnvironmentsQuery)
    async with ask.moment() as session:
        app = await ask.app(session)
        require_environments(ask.principal, app.id)
        of = (
            listings.list_deleted_environments
            if query.deleted == "true"
            else listings.list_environments
        )
        page = await of(session, app=app, request=query.page)
        shown = await environments_shown(session, page.rows)
    return many(shown, total=page.total, query=query)


async def create_environment(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    app_id = ask.app_id()
    body = await ask.body(shapes.NewEnvironmentBody)
    async with ask.transaction() as session:
        row = await environments.create_environment(
            session,
            principal=ask.principal,
            request=environments.NewEnvironment(app_id, body.name, ask.idempotency_key),
        )
        app = await session.get_one(models.App, row.app_id)
    async with ask.moment() as session:
        row = await session.get_one(models.Environment, row.id)
        (shown,) = await environments_shown(session, [row])
    url = f"{ask.base_url}{app_page(app.name)}/settings/api-keys?env={row.name}"
    made = shapes.NewEnvironment(**shown.model_dump(), api_key_creation_url=url)
    return one(made, status=201, headers={"Location": _path(row), "ETag": etag_of(row)})


async def read_environment(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    async with ask.moment() as session:
        row = await ask.environment(session, ask.id("environment_id"))
        (shown,) = await environments_shown(session, [row])
        preview = await environments.preview_deletion(session, row)
    cascade = shapes.Cascade.of(preview, runs=shown.runtime is not None)
    whole = shapes.EnvironmentWithCascade(**shown.model_dump(), cascade=cascade)
    return one(whole, headers={"ETag": etag_of(row)})


async def delete_environment(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    identity = ask.id("environment_id")
    body = await ask.body(shapes.DeletionBody)
    await ask.check_environment(identity)
    wanted = environments.Deletion(identity, body.confirmation_name, ask.expected_revisions())
    async with ask.transaction() as session:
        # Held from here on, so what is counted is what goes.
        living = await lock_environment(session, identity)
        preview = await environments.preview_deletion(session, living)
        (runtime,) = await records.shown(session, [identity])
        row = await environments.delete_environment(
            session, principal=ask.principal, request=wanted
        )
    assert row.deleted_at is not None
    cascade = shapes.Cascade.of(preview, runs=runtime is not None)
    return one(shapes.Deleted(id=row.id, deleted_at=row.deleted_at, cascade=cascade))


def etag_of(row: models.Environment) -> str:
    """What ``If-Match`` is given back; it is of the row, so no answer is kept by it."""
    return f'"{revision_of(row)}"'


def _path(row: models.Environment) -> str:
    return f"/v1/environments/{row.id}"


PROMOTE = Follow(
    "promote",
    "promoteEnvironment",
    parameters=(("environment_id", "$response.body#/data/id"),),
    text="Promote something into it.",
)
DELETE = Follow(
    "delete",
    "deleteEnvironment",
    parameters=(("environment_id", "$response.body#/data/id"),),
    body=(("confirmation_name", "$response.body#/data/name"),),
    text="Delete it, its name typed.",
)
READ = Follow(
    "read",
    "getEnvironment",
    parameters=(("environment_id", "$response.body#/data/id"),),
    text="Look at it.",
)
HISTORY = Follow(
    "deployments",
    "listEnvironmentDeployments",
    parameters=(("environment_id", "$response.body#/data/id"),),
    text="What was deployed into it.",
)
FIRST = "$response.body#/data/0/id"
SECOND = (("environment_id", "$response.body#/data/1/id"),)
OPERATIONS = (
    Operation(
        "GET",
        "/v1/environments",
        list_environments,
        permission=Permission.ENVIRONMENT_READ,
        name="listEnvironments",
        tag=Tag.ENVIRONMENTS,
        summary="The app's environments: the default one first, then by name.",
        answer=Answer(200, "A page of them.", Many[shapes.Environment]),
        query=shapes.EnvironmentsQuery,
        refusals=(errors.NotFound, errors.PermissionDenied),
        follow=(
            Follow(
                "promote",
                "promoteEnvironment",
                parameters=SECOND,
                body=(("source_environment_id", FIRST),),
                text="Promote the default environment into the next.",
            ),
            Follow(
                "compare",
                "getComparison",
                parameters=(*SECOND, ("source_environment_id", FIRST)),
                text="What that would change.",
            ),
        ),
        scoped=True,
    ),
    Operation(
        "POST",
        "/v1/environments",
        create_environment,
        permission=Permission.ENVIRONMENT_INSERT,
        name="createEnvironment",
        tag=Tag.ENVIRONMENTS,
        summary="Create an environment. It serves nothing until something is promoted into it.",
        answer=Answer(
            201,
            "The environment. No API key was made with it.",
            One[shapes.NewEnvironment],
            headers=("Location", "ETag"),
        ),
        body=shapes.NewEnvironmentBody,
        refusals=(
            errors.NotFound,
            errors.PermissionDenied,
            errors.EnvironmentLimit,
            errors.NameTaken,
        ),
        follow=(READ, PROMOTE, DELETE),
        subject=Subject("environment.create", "App", "app_id"),
        scoped=True,
        idempotent=True,
    ),
    Operation(
        "GET",
        "/v1/environments/{environment_id}",
        read_environment,
        permission=Permission.ENVIRONMENT_READ,
        name="getEnvironment",
        tag=Tag.ENVIRONMENTS,
        summary="One environment, and what would go if it were deleted now.",
        answer=Answer(
            200, "The environment.", One[shapes.EnvironmentWithCascade], headers=("ETag",)
        ),
        refusals=(errors.NotFound,),
        follow=(PROMOTE, DELETE, HISTORY),
        scoped=True,
    ),
    Operation(
        "DELETE",
        "/v1/environments/{environment_id}",
        delete_environment,
        permission=Permission.ENVIRONMENT_DELETE,
        name="deleteEnvironment",
        tag=Tag.ENVIRONMENTS,
        summary="Delete an idle environment. Its history stays, its name is free at once.",
        answer=Answer(200, "What went with it.", One[shapes.Deleted]),
        body=shapes.DeletionBody,
        refusals=(
            errors.NotFound,
            errors.PermissionDenied,
            errors.ConfirmationMismatch,
            errors.DefaultEnvironmentLocked,
            errors.EnvironmentBusy,
            errors.StaleEnvironment,
        ),
        follow=(HISTORY,),
        subject=Subject("environment.delete", "Environment", "environment_id"),
        scoped=True,
        conditional=True,
    ),
)

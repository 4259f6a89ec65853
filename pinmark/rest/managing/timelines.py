"""What an environment serves and served: its files, and what ran when."""

from starlette.requests import Request
from starlette.responses import Response

import models
from pinmark.rest.asking import asked
from pinmark.rest.operations import Answer, Operation, Tag
from pinmark.rest.shapes.envelopes import Many, One, many, one
from pinmark.rest.shapes.environments import (
    File,
    FilesQuery,
    InstantQuery,
    Served,
    TimelineQuery,
)
from services import errors, listings, lookups, serving
from services.errors import NotFound
from services.principals import Permission


async def read_timeline(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    query = ask.query(TimelineQuery)
    async with ask.moment() as session:
        environment = await ask.environment_once(session, ask.id("environment_id"))
        page = await serving.list_servings(
            session,
            environment=environment,
            since=query.since,
            until=query.until,
            request=query.page,
        )
        deployments = await lookups.rows_by_id(
            session, models.Deployment, [row.deployment_id for row in page.rows]
        )
    shown = [
        Served.of(row, deployment)
        for row, deployment in zip(page.rows, deployments, strict=True)
        if deployment is not None  # a foreign key says so
    ]
    return many(shown, total=page.total, query=query)


async def read_version_at(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    time = ask.query(InstantQuery).time
    async with ask.moment() as session:
        environment = await ask.environment_once(session, ask.id("environment_id"))
        row = await serving.serving_at(session, environment=environment, time=time)
        if row is None:
            raise NotFound("version", hint=" It served nothing then.")
        deployment = await session.get_one(models.Deployment, row.deployment_id)
    return one(Served.of(row, deployment))


async def list_files(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    query = ask.query(FilesQuery)
    async with ask.moment() as session:
        page = await listings.list_files(
            session,
            principal=ask.principal,
            environment=await ask.environment(session, ask.id("environment_id")),
            path=query.path,
            request=query.page,
        )
    return many([File.of(row) for row in page.rows], total=page.total, query=query)


OPERATIONS = (
    Operation(
        "GET",
        "/v1/environments/{environment_id}/timeline",
        read_timeline,
        permission=Permission.ENVIRONMENT_READ,
        name="listServedVersions",
        tag=Tag.ENVIRONMENTS,
        summary="What an environment served when, newest first, without overlap or gap.",
        answer=Answer(200, "A page of intervals.", Many[Served]),
        query=TimelineQuery,
        refusals=(errors.NotFound,),
        scoped=True,
    ),
    Operation(
        "GET",
        "/v1/environments/{environment_id}/version-at",
        read_version_at,
        permission=Permission.ENVIRONMENT_READ,
        name="getVersionAt",
        tag=Tag.ENVIRONMENTS,
        summary="What an environment served at an instant.",
        answer=Answer(200, "The interval that the instant lies in.", One[Served]),
        query=InstantQuery,
        refusals=(errors.NotFound,),
        scoped=True,
    ),
    Operation(
        "GET",
        "/v1/environments/{environment_id}/files",
        list_files,
        permission=(Permission.TEMPLATE_READ, Permission.DATASET_READ),
        name="listFiles",
        tag=Tag.ENVIRONMENTS,
        summary="The content files that an environment serves and that may be read, by path. "
        "`/v1/content` has their bytes.",
        answer=Answer(200, "A page of them.", Many[File]),
        query=FilesQuery,
        refusals=(errors.NotFound, errors.PermissionDenied),
        scoped=True,
    ),
)

"""Environment variables: set, deleted, and a value told only where it is asked for."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

import models
from pinmark.rest.asking import Asked, asked
from pinmark.rest.operations import Answer, Follow, Operation, Subject, Tag
from pinmark.rest.shapes import variables as shapes
from pinmark.rest.shapes.envelopes import Many, One, many, one
from pinmark.rest.shapes.fields import PageQuery
from services import errors
from services.errors import NotFound
from services.principals import Permission
from services.variables import changes, reading


async def list_variables(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    query = ask.query(PageQuery)
    async with ask.moment() as session:
        page = await reading.list_variables(
            session,
            principal=ask.principal,
            environment=await ask.environment(session, ask.id("environment_id")),
            request=query.page,
        )
    shown = [shapes.Variable.of(row) for row in page.rows]
    return many(shown, total=page.total, query=query)


async def set_variable(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    body = await ask.body(shapes.VariableBody)
    setting = changes.VariableSetting(
        environment_id=await ask.check_environment(ask.id("environment_id")),
        name=request.path_params["name"],
        value=body.value,
        phase=models.VariablePhase(body.phase.upper()),
        idempotency_key=ask.idempotency_key,
    )
    async with ask.transaction() as session:
        row = await changes.set_variable(
            session,
            cipher=ask.installation.cipher,
            principal=ask.principal,
            request=setting,
        )
    return one(shapes.Variable.of(row))


async def delete_variable(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    identity = await _check(ask)
    async with ask.transaction() as session:
        await changes.delete_variable(session, principal=ask.principal, variable_id=identity)
    return Response(status_code=204)


async def reveal_variable(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    identity = await _check(ask)
    async with ask.transaction() as session:
        row, value = await changes.reveal_variable(
            session,
            cipher=ask.installation.cipher,
            principal=ask.principal,
            variable_id=identity,
        )
    return one(shapes.RevealedVariable(**shapes.Variable.of(row).model_dump(), value=value))


async def _check(ask: Asked) -> UUID:
    """The id of a variable of an environment of the app."""
    async with ask.moment() as session:
        return await _find(ask, session)


async def _find(ask: Asked, session: AsyncSession) -> UUID:
    identity, app_id = ask.id("variable_id"), ask.app_id()
    row = await session.get(models.EnvironmentVariable, identity)
    environment = (
        None if row is None else await session.get_one(models.Environment, row.environment_id)
    )
    if environment is None or environment.app_id != app_id:
        raise NotFound("variable")
    return identity


OF_THE_ANSWER = (("variable_id", "$response.body#/data/id"),)
OPERATIONS = (
    Operation(
        "GET",
        "/v1/environments/{environment_id}/variables",
        list_variables,
        permission=Permission.VARIABLE_READ,
        name="listVariables",
        tag=Tag.VARIABLES,
        summary="An environment's variables, by name; never their values.",
        answer=Answer(200, "A page of them.", Many[shapes.Variable]),
        query=PageQuery,
        refusals=(errors.NotFound, errors.PermissionDenied),
        scoped=True,
    ),
    Operation(
        "PUT",
        "/v1/environments/{environment_id}/variables/{name}",
        set_variable,
        permission=Permission.VARIABLE_WRITE,
        name="setVariable",
        tag=Tag.VARIABLES,
        summary="Set a variable, new or present. What runs is started anew with it.",
        answer=Answer(200, "The variable, without its value.", One[shapes.Variable]),
        body=shapes.VariableBody,
        refusals=(errors.NotFound, errors.PermissionDenied),
        follow=(
            Follow("reveal", "revealVariable", OF_THE_ANSWER),
            Follow("delete", "deleteVariable", OF_THE_ANSWER),
        ),
        subject=Subject("environment_variable.set", "Environment", "environment_id"),
        scoped=True,
        idempotent=True,
    ),
    Operation(
        "DELETE",
        "/v1/variables/{variable_id}",
        delete_variable,
        permission=Permission.VARIABLE_WRITE,
        name="deleteVariable",
        tag=Tag.VARIABLES,
        summary="Delete a variable. What runs is started anew without it.",
        answer=Answer(204, "It is gone."),
        refusals=(errors.NotFound, errors.PermissionDenied),
        subject=Subject("environment_variable.delete", "EnvironmentVariable", "variable_id"),
        scoped=True,
    ),
    Operation(
        "POST",
        "/v1/variables/{variable_id}/reveal",
        reveal_variable,
        permission=Permission.VARIABLE_REVEAL,
        name="revealVariable",
        tag=Tag.VARIABLES,
        summary="Tell the value of one variable. Who asked is audited.",
        answer=Answer(200, "The variable with its value.", One[shapes.RevealedVariable]),
        refusals=(errors.NotFound, errors.PermissionDenied),
        subject=Subject("environment_variable.reveal", "EnvironmentVariable", "variable_id"),
        scoped=True,
    ),
)

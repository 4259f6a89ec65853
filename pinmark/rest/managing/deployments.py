"""``/v1/deployments``: what was deployed, how far it is, and doing it again or no more."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

import models
from pinmark.rest.asking import Asked, asked
from pinmark.rest.managing.loading import deployments_shown
from pinmark.rest.managing.promotions import ACCEPTED, CANCEL, POLL, accepted
from pinmark.rest.operations import Answer, Follow, Operation, Subject, Tag
from pinmark.rest.shapes.deployments import STATUSES, Deployment, DeploymentsQuery
from pinmark.rest.shapes.envelopes import Many, One, many, one
from pinmark.rest.shapes.fields import PageQuery
from services import errors, listings
from services.access import find_watched_deployment
from services.cancellations import Cancellation, cancel_deployment
from services.errors import NotFound
from services.finding import require_deployments
from services.principals import Permission
from services.retries import Retry, retry_deployment


async def list_deployments(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    query = ask.query(DeploymentsQuery)
    status = None if query.status is None else STATUSES[query.status]
    async with ask.moment() as session:
        app = await ask.app(session)
        require_deployments(ask.principal, app.id)
        page = await listings.list_app_deployments(
            session, app=app, status=status, request=query.page
        )
        shown = await deployments_shown(session, page.rows)
    return many(shown, total=page.total, query=query)


async def list_deployments_of(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    query = ask.query(PageQuery)
    async with ask.moment() as session:
        environment = await ask.environment_once(session, ask.id("environment_id"))
        page = await listings.list_deployments(session, environment=environment, request=query.page)
        shown = await deployments_shown(session, page.rows)
    return many(shown, total=page.total, query=query)


async def read_deployment(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    async with ask.moment() as session:
        row = await watched(ask, session)
        (shown,) = await deployments_shown(session, [row])
    return one(shown)


async def retry(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    wanted = Retry(await _check(ask), ask.idempotency_key)
    async with ask.transaction() as session:
        row = await retry_deployment(session, principal=ask.principal, request=wanted)
    return accepted(row)


async def cancel(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    wanted = Cancellation(await _check(ask))
    async with ask.transaction() as session:
        row = await cancel_deployment(session, principal=ask.principal, request=wanted)
    async with ask.moment() as session:
        row = await session.get_one(models.Deployment, row.id)
        (shown,) = await deployments_shown(session, [row])
    return one(shown)


async def watched(ask: Asked, session: AsyncSession) -> models.Deployment:
    """A deployment of the app that may be looked at, or ``NotFound``."""
    identity, app_id = ask.id("deployment_id"), ask.app_id()
    row = await find_watched_deployment(
        session, principal=ask.principal, deployment_id=identity, field="deploymentId"
    )
    if row.app_id != app_id:
        raise NotFound("deployment")
    return row


async def _check(ask: Asked) -> UUID:
    """The id of a deployment of the app; deployments never change apps."""
    async with ask.moment() as session:
        return (await watched(ask, session)).id


def _of_the_answer(name: str, operation: str, text: str) -> Follow:
    return Follow(
        name, operation, parameters=(("deployment_id", "$response.body#/data/id"),), text=text
    )


OPERATIONS = (
    Operation(
        "GET",
        "/v1/environments/{environment_id}/deployments",
        list_deployments_of,
        permission=Permission.ENVIRONMENT_READ,
        name="listEnvironmentDeployments",
        tag=Tag.ENVIRONMENTS,
        summary="Everything ever deployed into an environment, newest first; also of one that is "
        "deleted.",
        answer=Answer(200, "A page of them.", Many[Deployment]),
        query=PageQuery,
        refusals=(errors.NotFound,),
        scoped=True,
    ),
    Operation(
        "GET",
        "/v1/deployments",
        list_deployments,
        permission=(Permission.DEPLOYMENT_READ, Permission.ENVIRONMENT_READ),
        name="listDeployments",
        tag=Tag.DEPLOYMENTS,
        summary="Everything ever deployed into any environment of the app, newest first.",
        answer=Answer(200, "A page of them.", Many[Deployment]),
        query=DeploymentsQuery,
        refusals=(errors.NotFound, errors.PermissionDenied),
        scoped=True,
    ),
    Operation(
        "GET",
        "/v1/deployments/{deployment_id}",
        read_deployment,
        permission=(Permission.DEPLOYMENT_READ, Permission.ENVIRONMENT_READ),
        name="getDeployment",
        tag=Tag.DEPLOYMENTS,
        summary="One deployment. Poll `code_status` until it is `deployed`, `skipped` or `failed`.",
        answer=Answer(200, "The deployment.", One[Deployment]),
        refusals=(errors.NotFound,),
        follow=(
            _of_the_answer("retry", "retryDeployment", "Run it again when it failed."),
            _of_the_answer("cancel", "cancelDeployment", "Stop it."),
            _of_the_answer("log", "getBuildLog", "What its build says."),
        ),
        scoped=True,
    ),
    Operation(
        "POST",
        "/v1/deployments/{deployment_id}/retry",
        retry,
        permission=Permission.ENVIRONMENT_PROMOTE,
        name="retryDeployment",
        tag=Tag.DEPLOYMENTS,
        summary="Run a failed deployment again: the same commit, content, note and version.",
        answer=ACCEPTED,
        refusals=(
            errors.NotFound,
            errors.PermissionDenied,
            errors.EnvironmentBusy,
            errors.NotRetryable,
        ),
        follow=(POLL, CANCEL),
        subject=Subject("deployment.retry", "Deployment", "deployment_id"),
        scoped=True,
        idempotent=True,
    ),
    Operation(
        "POST",
        "/v1/deployments/{deployment_id}/cancel",
        cancel,
        permission=Permission.ENVIRONMENT_PROMOTE,
        name="cancelDeployment",
        tag=Tag.DEPLOYMENTS,
        summary="Settle a deployment in flight as failed and stop its build.",
        answer=Answer(200, "The deployment as it ended.", One[Deployment]),
        refusals=(errors.NotFound, errors.PermissionDenied, errors.AlreadySettled),
        follow=(
            _of_the_answer("read", "getDeployment", "Look at it."),
            _of_the_answer("retry", "retryDeployment", "Run it again."),
        ),
        subject=Subject("deployment.cancel", "Deployment", "deployment_id"),
        scoped=True,
    ),
)

"""What is done to an environment: promote into it, roll it back, deploy what it has again."""

from starlette.requests import Request
from starlette.responses import Response

import models
from pinmark.rest.asking import asked
from pinmark.rest.managing.environments import READ
from pinmark.rest.operations import Answer, Follow, Operation, Subject, Tag
from pinmark.rest.shapes.deployments import Accepted
from pinmark.rest.shapes.envelopes import One, one
from pinmark.rest.shapes.environments import PromotionBody, RollbackBody
from services import errors
from services.principals import Permission
from services.promotions import Promotion, promote_environment
from services.redeploys import Redeploy, redeploy_environment
from services.rollbacks import Rollback, roll_back

POLL_SECONDS = "1"


async def promote(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    target_id = ask.id("environment_id")
    body = await ask.body(PromotionBody)
    await ask.check_environment(target_id)
    row = await promote_environment(
        ask.installation,
        principal=ask.principal,
        request=Promotion(
            source_id=body.source_environment_id,
            target_id=target_id,
            note=body.note,
            expected_source_commit=body.expected_source_commit,
            expected_target_version=body.expected_target_version,
            idempotency_key=ask.idempotency_key,
            expected_revisions=ask.expected_revisions(),
        ),
    )
    return accepted(row)


async def roll_back_environment(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    identity = ask.id("environment_id")
    body = await ask.body(RollbackBody)
    await ask.check_environment(identity)
    wanted = Rollback(
        environment_id=identity,
        version=body.target_version,
        note=body.note,
        idempotency_key=ask.idempotency_key,
        expected_revisions=ask.expected_revisions(),
    )
    async with ask.transaction() as session:
        row = await roll_back(session, principal=ask.principal, request=wanted)
    return accepted(row)


async def redeploy(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    wanted = Redeploy(
        environment_id=await ask.check_environment(ask.id("environment_id")),
        idempotency_key=ask.idempotency_key,
        expected_revisions=ask.expected_revisions(),
    )
    row = await redeploy_environment(ask.installation, principal=ask.principal, request=wanted)
    return accepted(row)


def accepted(row: models.Deployment) -> Response:
    """The deployment is on its way: where to look, and when."""
    headers = {"Location": f"/v1/deployments/{row.id}", "Retry-After": POLL_SECONDS}
    return one(Accepted.of(row), status=202, headers=headers)


ACCEPTED = Answer(
    202,
    "It is accepted and on its way. Poll `Location` until `code_status` is `deployed`, "
    "`skipped` or `failed`.",
    One[Accepted],
    headers=("Location", "Retry-After"),
)
POLL = Follow(
    "poll",
    "getDeployment",
    parameters=(("deployment_id", "$response.body#/data/deployment_id"),),
    text="Look how far it is.",
)
CANCEL = Follow(
    "cancel",
    "cancelDeployment",
    parameters=(("deployment_id", "$response.body#/data/deployment_id"),),
    text="Stop it.",
)
READ_TARGET = Follow(
    READ.name, READ.operation, parameters=(("environment_id", "$request.path.environment_id"),)
)
REFUSALS = (
    errors.NotFound,
    errors.PermissionDenied,
    errors.EnvironmentBusy,
    errors.StaleEnvironment,
)
OPERATIONS = (
    Operation(
        "POST",
        "/v1/environments/{environment_id}/promote",
        promote,
        permission=Permission.ENVIRONMENT_PROMOTE,
        name="promoteEnvironment",
        tag=Tag.ENVIRONMENTS,
        summary="Promote a source environment into this one. It serves what it served until the "
        "deployment settles.",
        answer=ACCEPTED,
        body=PromotionBody,
        refusals=(
            *REFUSALS,
            errors.TargetIsDefault,
            errors.SourceIsTarget,
            errors.GitConnectionMissing,
            errors.StaleSource,
            errors.StaleTarget,
            errors.ContentInvalid,
            errors.RepositoryUnreachable,
        ),
        follow=(POLL, CANCEL, READ_TARGET),
        subject=Subject("environment.promote", "Environment", "environment_id"),
        scoped=True,
        idempotent=True,
        conditional=True,
    ),
    Operation(
        "POST",
        "/v1/environments/{environment_id}/rollback",
        roll_back_environment,
        permission=Permission.ENVIRONMENT_PROMOTE,
        name="rollbackEnvironment",
        tag=Tag.ENVIRONMENTS,
        summary="Serve another successful version of the environment, older or newer, with its "
        "kept build.",
        answer=ACCEPTED,
        body=RollbackBody,
        refusals=(
            *REFUSALS,
            errors.TargetIsDefault,
            errors.AlreadyServing,
            errors.VersionNotFound,
        ),
        follow=(POLL, CANCEL, READ_TARGET),
        subject=Subject("environment.rollback", "Environment", "environment_id"),
        scoped=True,
        idempotent=True,
        conditional=True,
    ),
    Operation(
        "POST",
        "/v1/environments/{environment_id}/redeploy",
        redeploy,
        permission=Permission.ENVIRONMENT_PROMOTE,
        name="redeployEnvironment",
        tag=Tag.ENVIRONMENTS,
        summary="Build what the environment has afresh: the HEAD of `dev`, or the same pin.",
        answer=ACCEPTED,
        refusals=(
            *REFUSALS,
            errors.EnvironmentNotPinned,
            errors.GitConnectionMissing,
            errors.RepositoryUnreachable,
        ),
        follow=(POLL, CANCEL, READ_TARGET),
        subject=Subject("environment.redeploy", "Environment", "environment_id"),
        scoped=True,
        idempotent=True,
        conditional=True,
    ),
)

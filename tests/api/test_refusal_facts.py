"""Refusals that carry more than words: the deployment in the way, the problems, the limit."""

import asyncio

import pytest
from sqlalchemy import update

from models import App, Deployment, Environment, Organization, Plan
from schema.ids import encode_id
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import deployments_of, fresh, make_environment
from tests.support.mutations import mutate
from tests.support.repositories import Repository
from tests.support.samples import INVALID_CONTENT
from tests.support.servers import RunningServer
from tests.support.worlds import World

BUSY = "... on EnvironmentBusyError { deployment { id status environment { name } } }"
STARTED = "... on PromoteEnvironmentSuccess { deployment { id } }"


async def set_plan(installation: Installation, plan: Plan) -> None:
    async with installation.database.transaction() as session:
        await session.exec(update(Organization).values(plan=plan))


@pytest.mark.parametrize(
    ("mutation", "input", "path"),
    [
        (
            "promoteEnvironment",
            {"sourceId": "environment:triage/dev", "targetId": "environment:triage/busy"},
            "targetId",
        ),
        ("redeployEnvironment", {"environmentId": "environment:triage/busy"}, "environmentId"),
        (
            "rollbackEnvironment",
            {"environmentId": "environment:triage/busy", "version": 1},
            "environmentId",
        ),
        (
            "deleteEnvironment",
            {"environmentId": "environment:triage/busy", "confirmationName": "busy"},
            "environmentId",
        ),
        ("retryDeployment", {"deploymentId": "deployment:flying"}, "deploymentId"),
    ],
)
async def test_a_busy_environment_names_the_deployment_in_flight(
    world: World, mutation: str, input: dict[str, object], path: str
) -> None:
    answer = await world.attempt(mutation, input, more=BUSY)
    assert answer["path"] == ["input", path]
    assert answer["message"] == "busy is deploying; wait for it to settle or cancel it."
    assert answer["deployment"] == {
        "id": world.deployments["flying"],
        "status": "IN_PROGRESS",
        "environment": {"name": "busy"},
    }


async def test_being_a_source_does_not_make_an_environment_busy(world: World) -> None:
    source = world.environments["triage/busy"]
    answer = await world.attempt(
        "promoteEnvironment",
        {"sourceId": source, "targetId": "environment:triage/staging", "expectedTargetVersion": 9},
    )
    assert answer["__typename"] == "StaleTargetError"


async def test_a_settled_deployment_is_told_to_who_cancels_too_late(world: World) -> None:
    more = "... on AlreadySettledError { deployment { id status version } }"
    answer = await world.attempt(
        "cancelDeployment", {"deploymentId": "deployment:settled"}, more=more
    )
    settled = {"id": world.deployments["settled"], "status": "DEPLOYED", "version": 1}
    assert answer["deployment"] == settled


@pytest.mark.parametrize(("plan", "limit"), [(Plan.FREE, 2), (Plan.GROWTH, 4)])
async def test_the_limit_names_the_plan_and_what_it_allows(
    world: World, plan: Plan, limit: int
) -> None:
    await set_plan(world.installation, plan)
    try:
        answer = await world.attempt(
            "createEnvironment",
            {"appId": "app:triage", "name": "qa"},
            more="... on EnvironmentLimitError { plan limit current }",
        )
    finally:
        await set_plan(world.installation, Plan.ENTERPRISE)
    label = plan.label
    assert answer == {
        "__typename": "EnvironmentLimitError",
        "code": "ENVIRONMENT_LIMIT",
        "message": f"Your {label} plan allows {limit} environments per app. "
        "Upgrade your plan to add more.",
        "path": ["input", "name"],
        "plan": label,
        "limit": limit,
        "current": 5,
    }


async def test_the_plan_limits_apps_and_keys_too(world: World) -> None:
    input = {"environmentId": "environment:bare/target", "permissions": ["template.read"]}
    for number in range(5):
        await world.attempt("createApiKey", {**input, "name": f"{number}"})
    limits = "... on PlanLimitError { plan limit current }"
    await set_plan(world.installation, Plan.FREE)
    try:
        key = await world.attempt("createApiKey", {**input, "name": "one more"}, more=limits)
        app = await world.attempt("createApp", {"name": "one-more"}, more=limits)
    finally:
        await set_plan(world.installation, Plan.ENTERPRISE)
    assert (key["__typename"], key["limit"], key["current"]) == ("ApiKeyLimitError", 5, 5)
    assert (app["__typename"], app["limit"]) == ("AppLimitError", 3)
    assert "Free plan allows 3 apps" in app["message"]


async def test_invalid_content_is_recorded_and_answered_with_its_problems(world: World) -> None:
    answer = await world.attempt(
        "promoteEnvironment",
        {"sourceId": "environment:broken/dev", "targetId": "environment:broken/target"},
        more="""... on ContentInvalidError {
            problems { path line message code }
            deployment {
              version status failureClass settledAt contentProblems { path line code }
              fileSync { status } codeBuild { status detail }
              environment { pinLabel currentVersion deploying { id } }
            }
        }""",
    )
    (path,) = INVALID_CONTENT
    assert answer["__typename"] == "ContentInvalidError"
    assert answer["path"] == ["input", "sourceId"]
    assert path in answer["message"]
    assert {"path": path, "line": 2, "code": "INVALID_JSON_LINE"} in [
        {name: problem[name] for name in ("path", "line", "code")} for problem in answer["problems"]
    ]
    deployment = answer["deployment"]
    assert deployment["contentProblems"] == [
        {name: problem[name] for name in ("path", "line", "code")} for problem in answer["problems"]
    ]
    assert (deployment["version"], deployment["failureClass"]) == (None, "CONTENT")
    assert (deployment["status"], deployment["fileSync"]) == ("FAILED", {"status": "FAILED"})
    assert deployment["codeBuild"] == {"status": "SKIPPED", "detail": "FILE_SYNC_FAILED"}
    assert deployment["environment"] == {
        "pinLabel": "no-pin",
        "currentVersion": 0,
        "deploying": None,
    }


async def test_of_many_promotes_at_once_one_is_accepted(
    idle_server: RunningServer,
    installation: Installation,
    dev: Environment,
    staging: Environment,
) -> None:
    input = {
        "sourceId": encode_id("Environment", dev.id),
        "targetId": encode_id("Environment", staging.id),
    }
    answers = await asyncio.gather(
        *(mutate(idle_server, "promoteEnvironment", input, more=BUSY + STARTED) for _ in range(8))
    )
    accepted = [a for a in answers if a["__typename"] == "PromoteEnvironmentSuccess"]
    refused = [a for a in answers if a["__typename"] == "EnvironmentBusyError"]
    assert (len(accepted), len(refused)) == (1, 7)
    identity = accepted[0]["deployment"]["id"]
    assert {answer["deployment"]["id"] for answer in refused} == {identity}
    rows: list[Deployment] = await deployments_of(installation, staging)
    assert [encode_id("Deployment", row.id) for row in rows] == [identity]


async def test_of_many_namesakes_at_once_one_is_created(
    idle_server: RunningServer, installation: Installation, app: App
) -> None:
    input = {"appId": encode_id("App", app.id), "name": "staging"}
    answers = await asyncio.gather(
        *(mutate(idle_server, "createEnvironment", input) for _ in range(8))
    )
    kinds = sorted(answer["__typename"] for answer in answers)
    assert kinds == ["CreateEnvironmentSuccess", *["NameTakenError"] * 7]


async def test_promotes_in_a_circle_never_wait_for_each_other(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    repository: Repository,
) -> None:
    first = await make_environment(installation, owner, app, "first")
    second = await make_environment(installation, owner, app, "second")
    ids = [encode_id("Environment", row.id) for row in (first, second)]
    answers = await asyncio.gather(
        *(
            mutate(idle_server, "promoteEnvironment", {"sourceId": source, "targetId": target})
            for source, target in [(ids[0], ids[1]), (ids[1], ids[0])] * 4
        )
    )
    kinds = sorted(answer["__typename"] for answer in answers)
    assert kinds == ["EnvironmentBusyError"] * 6 + ["PromoteEnvironmentSuccess"] * 2
    assert (await fresh(installation, first)).deploying_id is not None

"""What every mutation does when it may: its answer, read anew after the write."""

import pytest

from models import App, Environment
from schema.ids import encode_id
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import deployment_now, deployments_of, promoted, settle
from tests.support.mutations import mutate
from tests.support.repositories import Repository, make_repository
from tests.support.samples import BROKEN_HANDLER, FIRST_COMMIT
from tests.support.servers import Data, RunningServer

DEPLOYMENT = """
    deployment {
      id kind version note status sourceName
      source { name } environment { name deploying { id } } retryOf { id }
      actor { name kind } commit { sha shortSha message authorName }
      fileSync { status } codeBuild { status } failureClass failureReason settledAt
    }
"""
ENVIRONMENT = """
    environment {
      name state pinLabel currentVersion isDefault deletedAt app { name }
      pin { version } deploying { id } deployments { totalCount }
      viewerCanPromote viewerCanRollback viewerCanDelete
      contentCommit { sha } codeCommit { sha }
      deletionPreview { snapshotFilesReleased variablesReleased }
    }
"""


def gid(row: App | Environment) -> str:
    return encode_id(type(row).__name__, row.id)


async def do(server: RunningServer, mutation: str, selection: str, **input: object) -> Data:
    """The success of a mutation."""
    success = f"{mutation[0].upper()}{mutation[1:]}Success"
    answer = await mutate(server, mutation, input, more=f"... on {success} {{ {selection} }}")
    assert answer.pop("__typename") == success, answer
    return answer


async def promote_and_settle(
    installation: Installation, owner: Principal, *, source: Environment, target: Environment
) -> str:
    accepted = await promoted(installation, owner, source=source, target=target)
    settled = await settle(installation, accepted)
    return encode_id("Deployment", settled.id)


async def test_an_app_comes_with_dev(idle_server: RunningServer) -> None:
    selection = (
        "app { name plan repository { id } environments { nodes { name isDefault state } } }"
    )
    answer = await do(idle_server, "createApp", selection, name="triage")
    assert answer["app"] == {
        "name": "triage",
        "plan": "ENTERPRISE",
        "repository": None,
        "environments": {"nodes": [{"name": "dev", "isDefault": True, "state": "DEFAULT"}]},
    }


async def test_a_linked_repository_is_fetched_before_the_answer(
    idle_server: RunningServer, repository: Repository
) -> None:
    app = await do(idle_server, "createApp", "app { id }", name="triage")
    answer = await do(
        idle_server,
        "linkRepository",
        "repository { url branch observedAt unreachableReason head { sha message } }",
        appId=app["app"]["id"],
        url=str(repository.path),
    )
    linked = answer["repository"]
    assert linked.pop("observedAt") is not None
    assert linked == {
        "url": str(repository.path),
        "branch": "main",
        "unreachableReason": None,
        "head": {"sha": repository.head, "message": "The first prompt"},
    }


async def test_linking_again_follows_the_new_repository(
    idle_server: RunningServer, app: App, repository: Repository
) -> None:
    other = make_repository(repository.path.with_name("other.git"))
    head = other.commit({**FIRST_COMMIT, "README.md": b"Other\n"})
    selection = "repository { head { sha } }"
    answer = await do(idle_server, "linkRepository", selection, appId=gid(app), url=str(other.path))
    assert answer["repository"]["head"] == {"sha": head}


async def test_a_new_environment_has_no_pin_and_links_to_key_creation(
    idle_server: RunningServer, app: App
) -> None:
    answer = await do(
        idle_server,
        "createEnvironment",
        f"{ENVIRONMENT} apiKeyCreationUrl",
        appId=gid(app),
        name="staging",
    )
    assert answer["apiKeyCreationUrl"] == (
        f"{idle_server.base}/triage/settings/api-keys?env=staging"
    )
    assert answer["environment"] == {
        "name": "staging",
        "state": "NO_PIN",
        "pinLabel": "no-pin",
        "currentVersion": 0,
        "isDefault": False,
        "deletedAt": None,
        "app": {"name": "triage"},
        "pin": None,
        "deploying": None,
        "deployments": {"totalCount": 0},
        "viewerCanPromote": True,
        "viewerCanRollback": False,
        "viewerCanDelete": True,
        "contentCommit": None,
        "codeCommit": None,
        "deletionPreview": {"snapshotFilesReleased": 0, "variablesReleased": 0},
    }


async def test_a_promotion_is_answered_while_it_runs(
    idle_server: RunningServer, dev: Environment, staging: Environment, repository: Repository
) -> None:
    answer = await do(
        idle_server,
        "promoteEnvironment",
        DEPLOYMENT,
        sourceId=gid(dev),
        targetId=gid(staging),
        note="For the demo",
        expectedSourceCommit=repository.head,
        expectedTargetVersion=0,
    )
    deployment = answer["deployment"]
    assert repository.head is not None
    assert deployment == {
        "id": deployment["id"],
        "kind": "PROMOTION",
        "version": 1,
        "note": "For the demo",
        "status": "IN_PROGRESS",
        "sourceName": "dev",
        "source": {"name": "dev"},
        "environment": {"name": "staging", "deploying": {"id": deployment["id"]}},
        "retryOf": None,
        "actor": {"name": "owner", "kind": "MEMBER"},
        "commit": {
            "sha": repository.head,
            "shortSha": repository.head[:7],
            "message": "The first prompt",
            "authorName": "Ada",
        },
        "fileSync": {"status": "SYNCED"},
        "codeBuild": {"status": "PENDING"},
        "failureClass": None,
        "failureReason": None,
        "settledAt": None,
    }


@pytest.mark.parametrize(("name", "version"), [("dev", None), ("staging", 1)])
async def test_a_redeployment_has_no_new_version(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    dev: Environment,
    staging: Environment,
    name: str,
    version: int | None,
) -> None:
    await promote_and_settle(installation, owner, source=dev, target=staging)
    target = {"dev": dev, "staging": staging}[name]
    answer = await do(idle_server, "redeployEnvironment", DEPLOYMENT, environmentId=gid(target))
    deployment = answer["deployment"]
    assert (deployment["kind"], deployment["version"]) == ("REDEPLOY", version)
    assert deployment["environment"] == {"name": name, "deploying": {"id": deployment["id"]}}


async def test_a_failed_promotion_is_retried_as_it_was_asked(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    dev: Environment,
    staging: Environment,
    repository: Repository,
) -> None:
    broken = repository.commit(BROKEN_HANDLER)
    failed = await promote_and_settle(installation, owner, source=dev, target=staging)
    repository.commit({"handler.py": None})
    answer = await do(idle_server, "retryDeployment", DEPLOYMENT, deploymentId=failed)
    deployment = answer["deployment"]
    assert deployment["retryOf"] == {"id": failed}
    assert (deployment["kind"], deployment["version"]) == ("PROMOTION", 1)
    assert deployment["commit"]["sha"] == broken
    assert deployment["status"] == "IN_PROGRESS"


async def test_a_rollback_goes_back_and_forward_without_moving_the_counter(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    dev: Environment,
    staging: Environment,
) -> None:
    for _ in range(2):
        await promote_and_settle(installation, owner, source=dev, target=staging)
    for version in (1, 2):
        answer = await do(
            idle_server,
            "rollbackEnvironment",
            DEPLOYMENT,
            environmentId=gid(staging),
            version=version,
            note="Back",
        )
        deployment = answer["deployment"]
        assert (deployment["kind"], deployment["version"]) == ("ROLLBACK", version)
        assert deployment["note"] == "Back"
        newest = (await deployments_of(installation, staging))[-1]
        await settle(installation, newest)
        environment = await idle_server.data(
            '{ environment(app: "triage", name: "staging") { pinLabel currentVersion } }'
        )
        assert environment["environment"] == {"pinLabel": f"v{version}", "currentVersion": 2}


async def test_a_cancelled_deployment_says_who_cancelled_it(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    dev: Environment,
    staging: Environment,
) -> None:
    flying = await promoted(installation, owner, source=dev, target=staging)
    answer = await do(
        idle_server,
        "cancelDeployment",
        DEPLOYMENT,
        deploymentId=encode_id("Deployment", flying.id),
    )
    deployment = answer["deployment"]
    assert (deployment["status"], deployment["failureClass"]) == ("FAILED", "CANCELLED")
    assert deployment["failureReason"] == "Cancelled by owner."
    assert deployment["environment"] == {"name": "staging", "deploying": None}
    assert deployment["settledAt"] is not None
    assert (await deployment_now(installation, flying.id)).settled_at is not None


async def test_a_deleted_environment_frees_its_name_and_keeps_its_history(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    staging: Environment,
) -> None:
    deployment = await promote_and_settle(installation, owner, source=dev, target=staging)
    answer = await do(
        idle_server,
        "deleteEnvironment",
        ENVIRONMENT,
        environmentId=gid(staging),
        confirmationName="staging",
    )
    deleted = answer["environment"]
    assert deleted["deletedAt"] is not None
    assert deleted["deployments"] == {"totalCount": 1}
    may = {name: deleted[f"viewerCan{name}"] for name in ("Promote", "Rollback", "Delete")}
    assert may == {"Promote": False, "Rollback": False, "Delete": False}
    for mutation, input in (
        ("promoteEnvironment", {"sourceId": gid(dev), "targetId": gid(staging)}),
        ("deleteEnvironment", {"environmentId": gid(staging), "confirmationName": "staging"}),
        ("redeployEnvironment", {"environmentId": gid(staging)}),
    ):
        again = await mutate(idle_server, mutation, input)
        assert again["__typename"] == "NotFoundError"
    again = await do(idle_server, "createEnvironment", ENVIRONMENT, appId=gid(app), name="staging")
    assert again["environment"]["deployments"] == {"totalCount": 0}
    found = await idle_server.data(
        "query ($id: ID!) { deployment(id: $id) { version environment { deletedAt } } }",
        id=deployment,
    )
    assert found["deployment"]["version"] == 1
    assert found["deployment"]["environment"]["deletedAt"] == deleted["deletedAt"]

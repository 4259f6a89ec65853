"""Evil commits, pushed: a failed deployment that says what is wrong where, and dev stays."""

from collections.abc import Sequence

import pytest

from models import App, CodeBuildStatus, Deployment, DeploymentStatus, Environment, FileSyncStatus
from models import FailureClass as Class
from services.deployments import problems_of
from services.installation import Installation
from tests.support.apps import deployments_of, fresh, push
from tests.support.contents import served_files
from tests.support.evil_trees import EVIL, Evil
from tests.support.repositories import Repository
from tests.support.samples import PROMPT, WITH_HANDLER


def steps(deployment: Deployment) -> tuple[FileSyncStatus, CodeBuildStatus]:
    return deployment.file_sync, deployment.code_build


FAILED: dict[Class, tuple[FileSyncStatus, CodeBuildStatus]] = {
    Class.CONTENT: (FileSyncStatus.FAILED, CodeBuildStatus.SKIPPED),
    Class.BUILD: (FileSyncStatus.SYNCED, CodeBuildStatus.FAILED),
}


def named(failures: bool, evil: Sequence[Evil] = EVIL) -> list[Evil]:
    return [each for each in evil if (each.failure is not None) is failures]


@pytest.mark.parametrize("evil", named(failures=True), ids=str)
async def test_an_evil_commit_is_a_failed_push_with_a_reason_and_dev_serves_on(
    evil: Evil, installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    before = await fresh(installation, dev)
    served = await served_files(installation, dev)
    sha = repository.commit_tree(evil.make(repository))

    await push(installation, app)

    pushed = (await deployments_of(installation, dev))[-1]
    assert (pushed.commit_sha, pushed.status) == (sha, DeploymentStatus.FAILED)
    assert pushed.failure_class is evil.failure
    assert evil.failure is not None
    assert steps(pushed) == FAILED[evil.failure]
    first = problems_of(pushed)[0]
    assert (first.code, first.path, first.line) == (evil.code, evil.path, evil.line)
    assert first.message in (pushed.failure_reason or "")
    after = await fresh(installation, dev)
    assert after.code_deployment_id == before.code_deployment_id
    if evil.failure is Class.CONTENT:
        assert after.content_deployment_id == before.content_deployment_id
        assert await served_files(installation, dev) == served


@pytest.mark.parametrize("harmless", named(failures=False), ids=str)
async def test_a_strange_commit_that_hurts_nobody_is_served(
    harmless: Evil, installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    sha = repository.commit_tree(harmless.make(repository))

    await push(installation, app)

    pushed = (await deployments_of(installation, dev))[-1]
    assert (pushed.commit_sha, pushed.status) == (sha, DeploymentStatus.DEPLOYED)
    assert (await fresh(installation, dev)).content_deployment_id == pushed.id


async def test_after_an_evil_commit_an_honest_one_is_deployed(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    for evil in (EVIL[0], EVIL[3]):
        repository.commit_tree(evil.make(repository))
        await push(installation, app)
    honest = repository.git.references["refs/heads/main"]
    assert honest is not None
    repository.force(str((await deployments_of(installation, dev))[0].commit_sha))
    sha = repository.commit({**WITH_HANDLER, "agentmark/new.prompt.mdx": PROMPT})

    await push(installation, app)

    pushed = (await deployments_of(installation, dev))[-1]
    assert (pushed.commit_sha, pushed.status) == (sha, DeploymentStatus.DEPLOYED)

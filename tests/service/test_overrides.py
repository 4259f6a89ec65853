"""What a commit message asks of the pipeline, and what it may not ask."""

import pytest

from models import (
    App,
    CacheDecisionKind,
    CodeBuildStatus,
    Deployment,
    DeploymentStatus,
    Environment,
    FileSyncStatus,
    Override,
    override_in,
)
from services import builds, file_syncs, heads
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import (
    deployment_now,
    deployments_of,
    fresh,
    promoted_and_settled,
    push,
)
from tests.support.repositories import Repository
from tests.support.samples import HANDLER, PROMPT, WITH_HANDLER


@pytest.mark.parametrize(
    ("message", "override"),
    [
        ("A plain message", None),
        ("Fix the docs [skip deploy]", Override.SKIP_DEPLOY),
        ("[Skip Build] tidy", Override.SKIP_BUILD),
        ("Try again\n\n[FORCE BUILD]", Override.FORCE_BUILD),
        ("[skip build] [force build]", Override.FORCE_BUILD),
        ("[force build] [skip deploy] [skip build]", Override.SKIP_DEPLOY),
        ("[skip  build] [skipbuild] skip build", None),
    ],
)
def test_the_strongest_instruction_of_a_message_counts(
    message: str, override: Override | None
) -> None:
    assert override_in(message) is override


async def newest(installation: Installation, environment: Environment) -> Deployment:
    return (await deployments_of(installation, environment))[-1]


async def test_a_push_that_skips_the_deployment_leaves_dev_as_it_is(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    before = await fresh(installation, dev)
    repository.commit({"agentmark/new.prompt.mdx": PROMPT}, message="Draft [skip deploy]")
    await push(installation, app)

    skipped = await newest(installation, dev)
    assert (skipped.file_sync, skipped.code_build) == (
        FileSyncStatus.SKIPPED,
        CodeBuildStatus.SKIPPED,
    )
    assert skipped.cache_decision is CacheDecisionKind.FORCED_SKIP
    assert skipped.status is DeploymentStatus.DEPLOYED
    after = await fresh(installation, dev)
    assert after.content_deployment_id == before.content_deployment_id
    assert after.code_deployment_id == before.code_deployment_id


async def test_a_push_that_skips_the_build_syncs_its_files_alone(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    before = await fresh(installation, dev)
    repository.commit(WITH_HANDLER, message="Not ready [skip build]")
    await push(installation, app)

    skipped = await newest(installation, dev)
    assert (skipped.file_sync, skipped.code_build) == (
        FileSyncStatus.SYNCED,
        CodeBuildStatus.SKIPPED,
    )
    assert skipped.code_build_detail == "FORCED_SKIP"
    after = await fresh(installation, dev)
    assert after.content_deployment_id == skipped.id
    assert after.code_deployment_id == before.code_deployment_id


async def test_a_forced_build_ignores_the_build_that_was_kept(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    repository.commit(WITH_HANDLER)
    await push(installation, app)
    repository.commit({"agentmark/new.prompt.mdx": PROMPT}, message="[force build] Again")
    await push(installation, app)

    forced = await newest(installation, dev)
    assert forced.code_build is CodeBuildStatus.DEPLOYED
    assert forced.cache_decision is CacheDecisionKind.FORCED_REBUILD


async def test_a_promotion_honours_a_forced_build_and_skips_nothing(
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    repository.commit(WITH_HANDLER, message="Ship it [skip build]")
    await push(installation, app)
    skipping = await promoted_and_settled(installation, owner, source=dev, target=staging)
    assert skipping.code_build is CodeBuildStatus.DEPLOYED

    repository.commit({"README.md": b"Again.\n"}, message="[force build]")
    await push(installation, app)
    await promoted_and_settled(installation, owner, source=dev, target=staging)
    forced = await promoted_and_settled(installation, owner, source=staging, target=prod)
    assert forced.cache_decision is CacheDecisionKind.FORCED_REBUILD


async def test_a_push_without_a_build_does_not_supersede_the_build_before_it(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    repository.commit({"handler.py": HANDLER}, message="Code")
    await heads.observe_head(installation, app.id)
    repository.commit({"README.md": b"Words.\n"}, message="Words [skip build]")
    await heads.observe_head(installation, app.id)
    code, words = (await deployments_of(installation, dev))[-2:]
    for deployment in (code, words):
        await file_syncs.sync_files(installation, deployment.id)
    for deployment in (code, words):
        await builds.build_code(installation, deployment.id)

    built = await deployment_now(installation, code.id)
    assert built.code_build is CodeBuildStatus.DEPLOYED
    assert (await fresh(installation, dev)).code_deployment_id == code.id

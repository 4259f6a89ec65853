"""File sync: dev's snapshot becomes the content of its commit, once and in order."""

import shutil
from hashlib import sha256

from models import (
    App,
    CodeBuildStatus,
    Deployment,
    DeploymentStatus,
    Environment,
    FailureClass,
    FileSyncStatus,
)
from pinmark.settings import Settings
from services import file_syncs, heads, settlement
from services.installation import Installation
from services.snapshots import blob_path
from tests.support.apps import deployment_now, deployments_of, events_of, fresh, settle_all
from tests.support.contents import served_files
from tests.support.repositories import Repository
from tests.support.samples import FIRST_COMMIT, INVALID_CONTENT, PROMPT


async def observed(installation: Installation, app: App, dev: Environment) -> Deployment:
    """HEAD, noticed and not yet synced."""
    await heads.observe_head(installation, app.id)
    return (await deployments_of(installation, dev))[-1]


async def test_dev_serves_the_commits_content_byte_for_byte(
    installation: Installation, app: App, dev: Environment
) -> None:
    content = {path: content for path, content in FIRST_COMMIT.items() if path != "README.md"}
    assert await served_files(installation, dev) == content


async def test_a_large_file_is_kept_outside_the_database(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    large = b'{"input": {"ticket": "%s"}}\n' % (b"x" * 1000) * 2000
    repository.commit({"agentmark/large.jsonl": large})
    deployment = await observed(installation, app, dev)
    await settle_all(installation)

    assert (await deployment_now(installation, deployment.id)).succeeded
    assert (await served_files(installation, dev))["agentmark/large.jsonl"] == b""
    assert await installation.store.get(blob_path(sha256(large).digest())) == large


async def test_invalid_content_skips_the_build_and_leaves_what_is_served(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    before = await served_files(installation, dev)
    repository.commit({**INVALID_CONTENT, "agentmark/new.prompt.mdx": PROMPT})
    deployment = await observed(installation, app, dev)

    await file_syncs.sync_files(installation, deployment.id)

    settled = await deployment_now(installation, deployment.id)
    assert (settled.file_sync, settled.code_build) == (
        FileSyncStatus.FAILED,
        CodeBuildStatus.SKIPPED,
    )
    assert settled.code_build_detail == "FILE_SYNC_FAILED"
    assert settled.failure_class is FailureClass.CONTENT
    assert "agentmark/tickets.jsonl" in (settled.failure_reason or "")
    assert {problem["path"] for problem in settled.content_problems or []} == {
        "agentmark/tickets.jsonl"
    }
    assert await served_files(installation, dev) == before


async def test_a_push_that_lost_its_repository_and_mirror_fails_for_infrastructure(
    installation: Installation,
    app: App,
    dev: Environment,
    repository: Repository,
    settings: Settings,
) -> None:
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    deployment = await observed(installation, app, dev)
    shutil.rmtree(repository.path)
    shutil.rmtree(settings.data_dir / "mirrors")

    await file_syncs.sync_files(installation, deployment.id)

    settled = await deployment_now(installation, deployment.id)
    assert settled.failure_class is FailureClass.INFRASTRUCTURE
    assert (await fresh(installation, dev)).content_deployment_id == dev.content_deployment_id


async def test_a_mirror_that_was_lost_is_fetched_again(
    installation: Installation,
    app: App,
    dev: Environment,
    repository: Repository,
    settings: Settings,
) -> None:
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    deployment = await observed(installation, app, dev)
    shutil.rmtree(settings.data_dir / "mirrors")
    await settle_all(installation)
    assert (await deployment_now(installation, deployment.id)).succeeded


async def test_an_older_sync_that_comes_late_does_not_move_dev_back(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    repository.commit({"agentmark/older.prompt.mdx": PROMPT})
    older = await observed(installation, app, dev)
    repository.commit({"agentmark/newer.prompt.mdx": PROMPT})
    newer = await observed(installation, app, dev)

    await file_syncs.sync_files(installation, newer.id)
    await file_syncs.sync_files(installation, older.id)

    assert (await fresh(installation, dev)).content_deployment_id == newer.id


async def test_files_are_synced_once(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    deployment = await observed(installation, app, dev)
    await file_syncs.sync_files(installation, deployment.id)
    synced = await deployment_now(installation, deployment.id)
    before = await events_of(installation, app)

    await file_syncs.sync_files(installation, deployment.id)

    assert await deployment_now(installation, deployment.id) == synced
    assert await events_of(installation, app) == before


async def test_a_sync_that_is_repeated_takes_nothing_from_the_build(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    deployment = await observed(installation, app, dev)
    await file_syncs.sync_files(installation, deployment.id)
    async with installation.database.transaction() as session:
        building = await settlement.begin_attempt(session, deployment.id)
        assert building is not None

    await file_syncs.sync_files(installation, deployment.id)

    async with installation.database.moment() as session:
        assert await settlement.holds(session, building)


async def test_a_dead_workers_sync_is_taken_up_and_the_build_counts_its_own_attempts(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    deployment = await observed(installation, app, dev)
    for _ in range(2):  # workers that die while they sync
        async with installation.database.transaction() as session:
            attempt = await settlement.begin_attempt(session, deployment.id)
            assert attempt is not None
            settlement.begin_file_sync(session, attempt)

    await file_syncs.sync_files(installation, deployment.id)
    synced = await deployment_now(installation, deployment.id)
    assert (synced.file_sync, synced.attempt) == (FileSyncStatus.SYNCED, 0)
    await settle_all(installation)

    settled = await deployment_now(installation, deployment.id)
    assert settled.status is DeploymentStatus.DEPLOYED

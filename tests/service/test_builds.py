"""Code builds: what a deployment's code becomes, and what is said when it does not."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from models import Artifact, CodeBuildStatus, Deployment, Environment, FailureClass
from services import build_logs
from services.installation import Installation
from services.local_builder import LocalBuilder
from tests.support.apps import fresh, settle
from tests.support.callers import Caller
from tests.support.repositories import Repository
from tests.support.samples import BROKEN_HANDLER, WITH_HANDLER

CONFIGURED: dict[str, bytes | None] = {
    "agentmark.json": b'{"version": "2.0.0", "agentmarkPath": ".", "handler": "app/run.py"}'
}


async def log_of(installation: Installation, deployment: Deployment) -> list[str]:
    async with installation.database.moment() as session:
        lines = await build_logs.read_lines(session, deployment_id=deployment.id, after=0)
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    return [line.text for line in lines]


async def test_a_handler_is_built_and_its_artifact_kept(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    installation = caller.installation
    repository.commit(WITH_HANDLER)

    deployment = await caller.release(dev, staging)

    assert deployment.code_build is CodeBuildStatus.DEPLOYED
    assert deployment.code_build_finished_at == deployment.settled_at
    async with installation.database.moment() as session:
        artifact = await session.get_one(Artifact, deployment.artifact_id)
    stored = await installation.store.get(artifact.store_path)
    assert sha256(stored).hexdigest() == artifact.digest
    assert (len(stored), artifact.handler) == (artifact.size, "handler.py")
    assert list((installation.work / "builds").iterdir()) == []
    assert (await log_of(installation, deployment))[0].startswith("build cache: MISS")


async def test_without_a_handler_there_is_nothing_to_build(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    deployment = await caller.release(dev, staging)
    assert (deployment.code_build, deployment.code_build_detail) == (
        CodeBuildStatus.SKIPPED,
        "NO_HANDLER",
    )
    assert deployment.artifact_id is None


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (BROKEN_HANDLER, "nothing_of_this_name"),
        ({"handler.py": b"def handler(:\n"}, "SyntaxError"),
        (CONFIGURED, "app/run.py"),
    ],
    ids=["import", "syntax", "missing"],
)
async def test_code_that_does_not_build_says_why_and_moves_nothing(
    caller: Caller,
    dev: Environment,
    staging: Environment,
    repository: Repository,
    files: dict[str, bytes | None],
    reason: str,
) -> None:
    served = await caller.release(dev, staging)
    repository.commit(files)

    failed = await caller.release(dev, staging)

    assert (failed.failure_class, failed.code_build) == (
        FailureClass.BUILD,
        CodeBuildStatus.FAILED,
    )
    assert reason in (failed.failure_reason or "")
    assert (await log_of(caller.installation, failed))[-1].startswith("failed: ")
    after = await fresh(caller.installation, staging)
    assert after.pinned_deployment_id == served.id
    assert (after.current_version, after.deploying_id) == (1, None)


async def test_a_machine_that_cannot_build_is_no_fault_of_the_code(
    caller: Caller,
    dev: Environment,
    staging: Environment,
    repository: Repository,
    tmp_path: Path,
) -> None:
    repository.commit(WITH_HANDLER)
    builder = LocalBuilder(sandbox=str(tmp_path / "absent"), environment={}, tools=tmp_path)
    installation = replace(caller.installation, builder=builder)
    deployment = await caller.promote(dev, staging)

    failed = await settle(installation, deployment)

    assert failed.failure_class is FailureClass.INFRASTRUCTURE
    assert (await fresh(installation, staging)).pinned_version is None
    assert (await settle(caller.installation, await caller.retry(failed))).succeeded

"""The TypeScript example app as its users meet it: linked, built, and pushed to."""

from pathlib import Path

from models import Artifact, CacheDecisionKind, CodeBuildStatus, FileSyncStatus
from models.kinds import Language
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import deployments_of, environment_named, linked_app, push
from tests.support.repositories import make_repository
from tests.support.samples import example_files

VOICE = "agentmark/components/voice.mdx"


async def test_a_push_of_content_alone_keeps_the_bundle_that_was_built(
    installation: Installation, owner: Principal, tmp_path: Path
) -> None:
    (tmp_path / "repositories").mkdir()
    repository = make_repository(tmp_path / "repositories" / "release-notes.git")
    repository.commit({**example_files("release-notes")})
    app = await linked_app(installation, owner, repository, name="release-notes")
    dev = await environment_named(installation, app, "dev")
    repository.commit({VOICE: b"Say it in one sentence.\n"})

    await push(installation, app)

    first, second = await deployments_of(installation, dev)
    assert (first.file_sync, first.code_build) == (FileSyncStatus.SYNCED, CodeBuildStatus.DEPLOYED)
    assert second.cache_decision is CacheDecisionKind.HIT
    assert second.artifact_id == first.artifact_id
    async with installation.database.moment() as session:
        artifact = await session.get_one(Artifact, first.artifact_id)
    assert (artifact.handler, artifact.language) == ("handler.ts", Language.NODE)

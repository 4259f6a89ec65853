"""The build cache: used again for exactly the same inputs, and it says what decided."""

from models import App, CacheDecisionKind, CodeBuildStatus, Deployment, Environment
from tests.support.apps import deployments_of, environment_named, linked_app, push, settle
from tests.support.callers import Caller
from tests.support.repositories import Repository, make_repository
from tests.support.samples import FIRST_COMMIT, PROMPT, WITH_HANDLER


def decision(deployment: Deployment) -> tuple[CacheDecisionKind | None, str | None]:
    return deployment.cache_decision, deployment.cache_detail


async def test_what_was_tested_is_what_ships(
    caller: Caller,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    repository.commit(WITH_HANDLER)
    tested = await caller.release(dev, staging)
    shipped = await caller.release(staging, prod)

    assert decision(tested) == (CacheDecisionKind.MISS_NO_PREVIOUS_BUILD, None)
    assert decision(shipped) == (CacheDecisionKind.HIT, None)
    assert (shipped.code_build, shipped.code_build_detail) == (CodeBuildStatus.SKIPPED, "HIT")
    assert (shipped.artifact_id, shipped.cache_key) == (tested.artifact_id, tested.cache_key)


async def test_changed_content_builds_nothing_and_changed_code_says_which(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    repository.commit(WITH_HANDLER)
    first = await caller.release(dev, staging)
    repository.commit({"agentmark/new.prompt.mdx": PROMPT})
    with_content = await caller.release(dev, staging)
    repository.commit({"triage/rules.py": b"RULES = []\n", "version.txt": b"2\n"})
    with_code = await caller.release(dev, staging)

    assert decision(with_content) == (CacheDecisionKind.HIT, None)
    assert with_content.artifact_id == first.artifact_id
    assert decision(with_code) == (CacheDecisionKind.MISS_CODE_CHANGED, "triage/rules.py")
    assert with_code.artifact_id != first.artifact_id


async def test_going_back_to_old_code_uses_its_build(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    old = repository.commit(WITH_HANDLER)
    first = await caller.release(dev, staging)
    repository.commit({"handler.py": b"def handler(event):\n    return 2\n"})
    await caller.release(dev, staging)
    repository.force(old)
    assert (await caller.release(dev, staging)).artifact_id == first.artifact_id


async def test_a_redeploy_builds_afresh_and_its_build_is_the_one_used_next(
    caller: Caller,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    repository.commit(WITH_HANDLER)
    await caller.release(dev, staging)
    rebuilt = await settle(caller.installation, await caller.redeploy(staging))
    shipped = await caller.release(staging, prod)

    assert decision(rebuilt) == (CacheDecisionKind.FORCED_REBUILD, None)
    assert decision(shipped) == (CacheDecisionKind.HIT, None)
    assert shipped.artifact_id == rebuilt.artifact_id


async def test_a_rollback_runs_the_build_of_its_version_whatever_was_built_since(
    caller: Caller,
    dev: Environment,
    staging: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    repository.commit(WITH_HANDLER)
    first = await caller.release(dev, staging)
    await caller.release(dev, prod)
    await settle(caller.installation, await caller.redeploy(prod))
    repository.commit({"handler.py": b"def handler(event):\n    return 2\n"})
    await caller.release(dev, staging)

    back = await settle(caller.installation, await caller.roll_back(staging, 1))

    assert back.artifact_id == first.artifact_id


async def test_what_dev_built_at_a_push_ships_nowhere(
    caller: Caller, app: App, dev: Environment, staging: Environment, repository: Repository
) -> None:
    repository.commit(WITH_HANDLER)
    await push(caller.installation, app)
    pushed = (await deployments_of(caller.installation, dev))[-1]

    promoted = await caller.release(dev, staging)

    assert pushed.artifact_id is not None
    assert decision(promoted) == (CacheDecisionKind.MISS_NO_PREVIOUS_BUILD, None)
    assert promoted.artifact_id != pushed.artifact_id


async def test_apps_never_share_a_build(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    repository.commit(WITH_HANDLER)
    own = await caller.release(dev, staging)
    copy = make_repository(repository.path.with_name("copy.git"))
    copy.commit({**FIRST_COMMIT, **WITH_HANDLER})
    other = await linked_app(caller.installation, caller.principal, copy, name="other")
    target = await caller.create_environment(other, "staging")
    source = await environment_named(caller.installation, other, "dev")

    theirs = await caller.release(source, target)

    assert theirs.cache_key == own.cache_key
    assert decision(theirs) == (CacheDecisionKind.MISS_NO_PREVIOUS_BUILD, None)
    assert theirs.artifact_id != own.artifact_id

"""The build cache: a build is used again only for exactly the same inputs.

Pinned environments share their builds, so that what staging tested is what prod gets, byte for
byte. Dev has builds of its own: one made at a push never ships without being promoted.
"""

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from anyio import to_thread
from sqlalchemy import ColumnExpressionArgument, and_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Artifact, CacheDecisionKind, Deployment, Environment
from services.builder import Build, Builder
from services.code import CodeInputs, code_inputs, detect_handler, first_difference
from services.content.configuration import CONFIGURATION_PATH, Configuration
from services.git.trees import TreeFile
from services.settlement import CacheDecision
from services.store import Store
from services.variables.given import BuildVariables


async def examine(
    builder: Builder,
    tree: Collection[TreeFile],
    content_paths: Collection[str],
    configuration: Configuration,
    variables: BuildVariables,
) -> CodeInputs | None:
    """All that the build of a commit depends on; None without a handler.

    Raises ``HandlerMissing``, and ``BuilderUnavailable`` where the language cannot be built.
    """
    handler = detect_handler(tree, configuration)
    if handler is None:
        return None
    return code_inputs(
        tree,
        content_paths,
        handler,
        builder_version=await builder.version(handler.language.value.lower()),
        variables=variables.fingerprints,
    )


async def decide(
    session: AsyncSession, *, environment: Environment, inputs: CodeInputs, forced: bool
) -> tuple[CacheDecision, Artifact | None]:
    """Whether a kept build of the app has these inputs, and the build when it is to be used."""
    usable = and_(
        col(Artifact.app_id) == environment.app_id,
        col(Artifact.pinned) == (not environment.is_default),
    )
    if forced:
        return CacheDecision(CacheDecisionKind.FORCED_REBUILD, key=inputs.key), None
    kept = await _newest(session, usable, col(Artifact.key) == inputs.key)
    if kept is not None:
        return CacheDecision(CacheDecisionKind.HIT, key=inputs.key), kept
    previous = await _present_build(session, environment) or await _newest(session, usable)
    if previous is None:
        return CacheDecision(CacheDecisionKind.MISS_NO_PREVIOUS_BUILD, key=inputs.key), None
    return _compare(previous, inputs), None


def _compare(previous: Artifact, inputs: CodeInputs) -> CacheDecision:
    """What differs first: of the code, and where that is the same, of the variables."""
    path = first_difference(previous.inputs, inputs.paths)
    if path is None and previous.handler != inputs.handler.path:
        path = CONFIGURATION_PATH  # which is content, and names another handler among equal files
    name = first_difference(previous.variables, inputs.variables)
    if path is None and name is not None:
        return CacheDecision(CacheDecisionKind.MISS_VARIABLES_CHANGED, name, inputs.key)
    return CacheDecision(CacheDecisionKind.MISS_CODE_CHANGED, path, inputs.key)


async def _present_build(session: AsyncSession, environment: Environment) -> Artifact | None:
    """The build that the environment has now, which the next is compared with."""
    present = environment.pinned_deployment_id or environment.code_deployment_id
    statement = (
        select(Artifact)
        .join(Deployment, col(Deployment.artifact_id) == col(Artifact.id))
        .where(col(Deployment.id) == present)
    )
    return (await session.exec(statement)).one_or_none()


async def _newest(
    session: AsyncSession, *conditions: ColumnExpressionArgument[bool]
) -> Artifact | None:
    statement = (
        select(Artifact).where(*conditions).order_by(col(Artifact.created_at).desc()).limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def keep_build(
    store: Store, build: Build, *, deployment: Deployment, inputs: CodeInputs
) -> Artifact:
    """Put the finished build in the store; the row is for the settling transaction to add."""
    artifact_id = uuid4()
    digest = await to_thread.run_sync(_digest, build.artifact)
    name = f"{artifact_id}{''.join(build.artifact.suffixes)}"
    path = f"artifacts/{deployment.app_id}/{inputs.key}/{name}"
    await store.put(path, build.artifact)
    return Artifact(
        id=artifact_id,
        app_id=deployment.app_id,
        pinned=deployment.pinned,
        key=inputs.key,
        store_path=path,
        digest=digest,
        size=build.size,
        handler=inputs.handler.path,
        language=inputs.handler.language,
        inputs=dict(inputs.paths),
        variables=dict(inputs.variables),
    )


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()

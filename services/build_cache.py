"""The build cache: a build is used again only for exactly the same inputs.

Pinned environments share their builds, so that what staging tested is what prod gets, byte for
byte. Dev has builds of its own: one made at a push never ships without being promoted.
"""

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from anyio import to_thread
from sqlalchemy import ColumnExpressionArgument, and_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Artifact, CacheDecisionKind, Deployment
from services.builder import Build, Builder
from services.code import CodeInputs, Handler, code_inputs, detect_handler, first_difference
from services.content.configuration import Configuration
from services.git.trees import TreeFile
from services.settlement import CacheDecision
from services.store import Store

NO_VARIABLES = sha256(b"").hexdigest()
"""The digest of an empty set of build-time variables."""


async def examine(
    builder: Builder,
    tree: Collection[TreeFile],
    content_paths: Collection[str],
    configuration: Configuration,
) -> tuple[Handler, CodeInputs] | None:
    """A commit's handler and all that its build depends on; None without a handler.

    Raises ``HandlerMissing``, and ``BuilderUnavailable`` where the language cannot be built.
    """
    handler = detect_handler(tree, configuration)
    if handler is None:
        return None
    inputs = code_inputs(
        tree,
        content_paths,
        handler,
        builder_version=await builder.version(handler.language.value.lower()),
        variables_digest=NO_VARIABLES,
    )
    return handler, inputs


async def decide(
    session: AsyncSession, *, app_id: UUID, pinned: bool, inputs: CodeInputs, forced: bool
) -> tuple[CacheDecision, Artifact | None]:
    """Whether a kept build of the app has these inputs, and the build when it is to be used."""
    usable = and_(col(Artifact.app_id) == app_id, col(Artifact.pinned) == pinned)
    if forced:
        return CacheDecision(CacheDecisionKind.FORCED_REBUILD, key=inputs.key), None
    kept = await _newest(session, usable, col(Artifact.key) == inputs.key)
    if kept is not None:
        return CacheDecision(CacheDecisionKind.HIT, key=inputs.key), kept
    previous = await _newest(session, usable)
    if previous is None:
        return CacheDecision(CacheDecisionKind.MISS_NO_PREVIOUS_BUILD, key=inputs.key), None
    changed = first_difference(previous.inputs, inputs.paths)
    return CacheDecision(CacheDecisionKind.MISS_CODE_CHANGED, changed, inputs.key), None


async def _newest(
    session: AsyncSession, *conditions: ColumnExpressionArgument[bool]
) -> Artifact | None:
    statement = (
        select(Artifact).where(*conditions).order_by(col(Artifact.created_at).desc()).limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def keep_build(
    store: Store, build: Build, *, deployment: Deployment, inputs: CodeInputs, handler: Handler
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
        handler=handler.path,
        language=handler.language,
        inputs=dict(inputs.paths),
    )


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()

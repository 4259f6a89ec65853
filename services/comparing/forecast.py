"""Whether the build of a promotion would use a kept one."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from models import CacheDecisionKind, Commit, Deployment, Override, override_in
from services import build_cache, snapshots
from services.builder import BuilderUnavailable
from services.code import CodeInputs, HandlerMissing
from services.comparing.code import NOTHING_GIVEN, CodeUnknown, tree_of
from services.comparing.comparison import Comparison
from services.content.configuration import Configuration
from services.installation import Installation
from services.settlement import CacheDecision
from services.variables.given import BuildVariables, build_variables


@dataclass(frozen=True)
class BuildContent:
    """What the source's snapshot says to the build, and the target's variables."""

    given: Deployment
    configuration: Configuration
    paths: frozenset[str]
    variables: BuildVariables


async def read_content(session: AsyncSession, comparison: Comparison) -> BuildContent:
    given = comparison.given
    if given is None or given.snapshot_id is None:
        raise CodeUnknown(NOTHING_GIVEN)
    return BuildContent(
        given,
        Configuration(**await snapshots.read_configuration(session, snapshot_id=given.snapshot_id)),
        await snapshots.entry_paths(session, snapshot_id=given.snapshot_id),
        await build_variables(session, environment_id=comparison.target.id),
    )


async def read_inputs(installation: Installation, content: BuildContent) -> CodeInputs | None:
    """Everything that the build would depend on; None without a handler.

    Raises ``CodeUnknown`` when the commit is not here or cannot be built at all.
    """
    tree = await tree_of(installation.mirrors, content.given)
    try:
        return await build_cache.examine(
            installation.builder, tree, content.paths, content.configuration, content.variables
        )
    except HandlerMissing as error:
        raise CodeUnknown(f"The build would fail: {error}") from error
    except BuilderUnavailable as error:
        raise CodeUnknown(f"This server cannot tell: {error.reason}") from error


async def forecast(
    session: AsyncSession, comparison: Comparison, inputs: CodeInputs | None
) -> CacheDecision:
    """What the build of the promotion would decide if it ran now."""
    if inputs is None:
        return CacheDecision(CacheDecisionKind.NO_HANDLER)
    decision, _ = await build_cache.decide(
        session,
        environment=comparison.target,
        inputs=inputs,
        forced=await _is_forced(session, comparison),
    )
    return decision


async def _is_forced(session: AsyncSession, comparison: Comparison) -> bool:
    """Whether the commit message asks for a build, which a promotion honours."""
    assert comparison.given is not None  # its inputs were read
    commit = await session.get_one(Commit, (comparison.app_id, comparison.given.commit_sha))
    return override_in(commit.message) is Override.FORCE_BUILD

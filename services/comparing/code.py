"""Which tracked files other than content differ, from this machine's mirror."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from models import Deployment
from services import snapshots
from services.code import code_paths
from services.comparing.changes import CodeChange, code_changes
from services.comparing.comparison import Comparison
from services.errors import RepositoryUnreachable
from services.git.mirrors import Mirrors
from services.git.trees import TreeFile, TreeRefused

NOTHING_GIVEN = "The source has nothing to promote yet."


class CodeUnknown(Exception):
    """The code of a side cannot be told; the message says why and is safe to show."""


@dataclass(frozen=True)
class CodeSides:
    """What is needed to compare code: each side's deployment and its content, which is no code."""

    comparison: Comparison
    given_content: frozenset[str]
    served_content: frozenset[str]


async def read_sides(session: AsyncSession, comparison: Comparison) -> CodeSides:
    return CodeSides(
        comparison,
        await _content_paths(session, comparison.given),
        await _content_paths(session, comparison.served),
    )


async def _content_paths(session: AsyncSession, side: Deployment | None) -> frozenset[str]:
    if side is None or side.snapshot_id is None:
        return frozenset()
    return await snapshots.entry_paths(session, snapshot_id=side.snapshot_id)


async def compare_code(mirrors: Mirrors, sides: CodeSides) -> tuple[CodeChange, ...]:
    """The files that differ, sorted by path; ``CodeUnknown`` without both commits here."""
    given, served = sides.comparison.given, sides.comparison.served
    if given is None:
        raise CodeUnknown(NOTHING_GIVEN)
    if served is not None and served.commit_sha == given.commit_sha:
        return ()
    after = code_paths(await tree_of(mirrors, given), sides.given_content)
    before: Mapping[str, str] = {}
    if served is not None:
        before = code_paths(await tree_of(mirrors, served), sides.served_content)
    return code_changes(before, after)


async def tree_of(mirrors: Mirrors, side: Deployment) -> tuple[TreeFile, ...]:
    """Every tracked file of the side's commit, or ``CodeUnknown``; nothing is fetched."""
    try:
        return await mirrors.read_tree(side.app_id, side.commit_sha)
    except RepositoryUnreachable as error:
        raise CodeUnknown(
            f"This server's copy of the repository does not hold commit {side.commit_sha[:12]}."
        ) from error
    except TreeRefused as error:
        raise CodeUnknown(f"Commit {side.commit_sha[:12]} cannot be read: {error}.") from error

"""The commits between two sides, as far as Pinmark saw them.

The mirror holds single commits without their history. What is known for certain is which heads
of the branch dev was given, and in which order; a push of several commits is seen as its last.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Deployment, DeploymentKind
from services.comparing.comparison import Comparison
from services.paging import Ordering, Page, PageRequest, read_page


class CommitRelation(StrEnum):
    """How the commits of the two sides stand to each other."""

    FIRST = "FIRST"
    SAME = "SAME"
    AHEAD = "AHEAD"
    BEHIND = "BEHIND"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class CommitRange:
    """The pushes into dev numbered past ``low`` and up to ``high``."""

    relation: CommitRelation
    low: int = 0
    high: int = 0


async def relate(session: AsyncSession, comparison: Comparison) -> CommitRange | None:
    """How the source's commit stands to the target's; None when there is nothing to promote."""
    given, served = comparison.given, comparison.served
    if given is None:
        return None
    if served is not None and served.commit_sha == given.commit_sha:
        return CommitRange(CommitRelation.SAME)
    ours = await _last_seen(session, comparison.app_id, given.commit_sha)
    if ours is None:
        return CommitRange(CommitRelation.UNKNOWN)
    if served is None:
        return CommitRange(CommitRelation.FIRST, 0, ours)
    theirs = await _last_seen(session, comparison.app_id, served.commit_sha)
    if theirs is None:
        return CommitRange(CommitRelation.UNKNOWN)
    if theirs < ours:
        return CommitRange(CommitRelation.AHEAD, theirs, ours)
    return CommitRange(CommitRelation.BEHIND, ours, theirs)


async def _last_seen(session: AsyncSession, app_id: UUID, sha: str) -> int | None:
    """The number of the last push that brought the commit; a branch may be forced back to it."""
    statement = select(func.max(Deployment.ordinal)).where(
        col(Deployment.app_id) == app_id,
        col(Deployment.kind) == DeploymentKind.PUSH,
        col(Deployment.commit_sha) == sha,
    )
    return (await session.exec(statement)).one()


async def list_commits(
    session: AsyncSession, *, comparison: Comparison, between: CommitRange, request: PageRequest
) -> Page[Deployment]:
    """The pushes of the range, newest first, each commit once: the last time it was pushed."""
    again = aliased(Deployment)
    pushed_again = (
        select(again.id)
        .where(
            col(again.environment_id) == col(Deployment.environment_id),
            col(again.kind) == DeploymentKind.PUSH,
            col(again.commit_sha) == col(Deployment.commit_sha),
            col(again.ordinal) > col(Deployment.ordinal),
            col(again.ordinal) <= between.high,
        )
        .exists()
    )
    statement = select(Deployment).where(
        col(Deployment.app_id) == comparison.app_id,
        col(Deployment.kind) == DeploymentKind.PUSH,
        col(Deployment.ordinal) > between.low,
        col(Deployment.ordinal) <= between.high,
        ~pushed_again,
    )
    ordering = Ordering[Deployment](
        scope=f"{comparison.scope}:commits",
        columns=[col(Deployment.ordinal)],
        types=[int],
        key=lambda push: [push.ordinal],
        descending=True,
    )
    return await read_page(session, statement, ordering, request)

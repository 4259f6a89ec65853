"""The two sides of a comparison: what the source would give, and what the target serves."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Deployment, Environment
from services.access import can_see_environments
from services.deployments import newest_success
from services.errors import InvalidInput
from services.principals import Principal


@dataclass(frozen=True)
class Comparison:
    """``given`` is the deployment whose content and commit the source would give; ``served``
    is the target's pin. A source without a pin gives what dev synced last, which may be behind
    the branch: a promotion fetches, and refuses when that is not what was compared. Of a
    ``version``, it is what the source served as that.
    """

    source: Environment
    target: Environment
    given: Deployment | None
    served: Deployment | None
    version: int | None = None

    @property
    def app_id(self) -> UUID:
        return self.target.app_id

    @property
    def scope(self) -> str:
        """The name of its lists, for their cursors."""
        version = "" if self.version is None else f":v{self.version}"
        return f"comparison:{self.source.id.hex}:{self.target.id.hex}{version}"

    @property
    def source_version(self) -> int:
        """0 for dev and without a pin."""
        return (self.source.pinned_version or 0) if self.version is None else self.version


async def compare(
    session: AsyncSession,
    *,
    principal: Principal,
    source_id: UUID | None,
    target_id: UUID | None,
    version: int | None = None,
) -> Comparison | None:
    """Two living environments of one app; None when one is absent, foreign or unreadable.

    With a ``version``, what the source served as that, be it the target itself; None when it
    never was.

    Raises ``InvalidInput`` for a target that nothing can be promoted into from this source.
    """
    source = await _find(session, principal, source_id)
    target = await _find(session, principal, target_id)
    if source is None or target is None or source.app_id != target.app_id:
        return None
    if target.is_default:
        raise InvalidInput("targetId", f"{target.name} tracks branch HEAD; it is never a target.")
    if source.id == target.id and version is None:
        raise InvalidInput("sourceId", f"{source.name} cannot be compared with itself.")
    given = await _given(session, source, version)
    if given is None and version is not None:
        return None
    return Comparison(
        source=source,
        target=target,
        given=given,
        served=await _deployment(session, target.pinned_deployment_id),
        version=version,
    )


async def _given(
    session: AsyncSession, source: Environment, version: int | None
) -> Deployment | None:
    if version is not None:
        return await newest_success(session, environment_id=source.id, version=version)
    given_id = source.pinned_deployment_id or await _synced_last(session, source.app_id)
    return await _deployment(session, given_id)


async def _find(
    session: AsyncSession, principal: Principal, identity: UUID | None
) -> Environment | None:
    found = await session.get(Environment, identity) if identity else None
    if found is None or found.deleted_at is not None:
        return None
    return found if can_see_environments(principal, found.app_id) else None


async def _synced_last(session: AsyncSession, app_id: UUID) -> UUID | None:
    statement = select(Environment.content_deployment_id).where(
        col(Environment.app_id) == app_id, col(Environment.is_default)
    )
    return (await session.exec(statement)).one()


async def _deployment(session: AsyncSession, identity: UUID | None) -> Deployment | None:
    return None if identity is None else await session.get_one(Deployment, identity)

"""What every request for content begins with: who asks, for which environment, at one moment."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from models import FileKind
from pinmark.rest.answers import authenticated, refusals_carry, stamp
from pinmark.rest.environments import environment_of
from pinmark.server_state import server_of
from services.errors import EnvironmentNotPinned, NotFound, NothingSynced, PermissionDenied
from services.served import Served, find_served
from services.store import Store

STAMP = ("Pinmark-Environment", "Pinmark-Version", "Pinmark-Commit")
CONTENT_REFUSALS = (
    NotFound,
    PermissionDenied,
    EnvironmentNotPinned,
    NothingSynced,
)


@dataclass(frozen=True)
class Reading:
    """One moment of what an environment serves; ``headers`` say which version that is."""

    session: AsyncSession
    store: Store
    served: Served
    headers: dict[str, str]

    @property
    def named(self) -> dict[str, str | int]:
        """What served the answer, for its body."""
        return {
            "commit_sha": self.served.commit_sha,
            "environment": self.served.environment,
            "version": self.served.version,
        }


@asynccontextmanager
async def reading(
    request: Request, request_id: str, kind: FileKind | None
) -> AsyncGenerator[Reading]:
    """Open the moment for one who may read content of ``kind`` in the environment meant."""
    principal = await authenticated(request, request_id=request_id)
    environment_id = environment_of(request, principal)
    installation = server_of(request).installation
    async with installation.database.moment() as session:
        served = await find_served(
            session, principal=principal, environment_id=environment_id, kind=kind
        )
        headers = stamp(served.environment, served.version, served.commit_sha)
        with refusals_carry(headers):
            yield Reading(session, installation.store, served, headers)

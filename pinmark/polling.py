"""The poll: notices heads that moved, whoever moved them."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlmodel import select

from models import Repository
from services import observing
from services.installation import Installation

REPOSITORIES_AT_ONCE = 4

log = structlog.get_logger()


async def poll_repositories(installation: Installation) -> None:
    """Look at every linked repository once."""
    async with installation.database.moment() as session:
        app_ids = (await session.exec(select(Repository.app_id))).all()
    await _look_at(installation, app_ids)


async def _look_at(installation: Installation, app_ids: Sequence[UUID]) -> None:
    places = asyncio.Semaphore(REPOSITORIES_AT_ONCE)

    async def look(app_id: UUID) -> None:
        async with places:
            await observing.look(installation, app_id)

    outcomes = await asyncio.gather(*map(look, app_ids), return_exceptions=True)
    for app_id, outcome in zip(app_ids, outcomes, strict=True):
        if isinstance(outcome, Exception):
            log.error("poll failed", app=str(app_id), exc_info=outcome)

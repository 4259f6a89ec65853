"""What an environment served when, read back."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from models import Environment, Serving
from services.installation import Installation
from services.serving import serving_at


async def timeline_of(installation: Installation, environment: Environment) -> list[Serving]:
    """Every interval of the environment, oldest first."""
    statement = (
        select(Serving)
        .where(col(Serving.environment_id) == environment.id)
        .order_by(col(Serving.ordinal))
    )
    async with installation.database.moment() as session:
        return list((await session.exec(statement)).all())


async def served_at(
    installation: Installation, environment: Environment, time: datetime
) -> UUID | None:
    """The deployment that the environment served at an instant."""
    async with installation.database.moment() as session:
        interval = await serving_at(session, environment=environment, time=time)
    return None if interval is None else interval.deployment_id

"""How much an installation has to do, counted in Postgres; names of nobody."""

from dataclasses import dataclass, field

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

_JOBS = text(
    """
    SELECT task_name, status::text, count(*),
        coalesce(extract(epoch FROM now() - min(deferred.at)), 0)::float8
    FROM procrastinate_jobs LEFT JOIN procrastinate_events AS deferred
        ON deferred.job_id = procrastinate_jobs.id AND deferred.type = 'deferred'
    WHERE status IN ('todo', 'doing')
    GROUP BY task_name, status
    """
)
_DEPLOYMENTS = text(
    """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8
    FROM deployment WHERE settled_at IS NULL
    """
)
_RUNTIMES = text("SELECT state, count(*) FROM runtime WHERE ended_at IS NULL GROUP BY state")


@dataclass(frozen=True)
class Waiting:
    """Jobs of one task in one state, and the age of the oldest in seconds."""

    task: str
    status: str
    count: int
    oldest: float


@dataclass(frozen=True)
class Load:
    """What waits and runs in an installation at one moment."""

    jobs: list[Waiting] = field(default_factory=list[Waiting])
    unsettled: int = 0
    oldest_unsettled: float = 0.0
    runtimes: dict[str, int] = field(default_factory=dict[str, int])


async def measure_load(session: AsyncSession) -> Load:
    connection = await session.connection()
    jobs = (await connection.execute(_JOBS)).all()
    unsettled, oldest = (await connection.execute(_DEPLOYMENTS)).one()
    runtimes = (await connection.execute(_RUNTIMES)).all()
    return Load(
        jobs=[Waiting(*job) for job in jobs],
        unsettled=unsettled,
        oldest_unsettled=oldest,
        runtimes={state: count for state, count in runtimes},
    )

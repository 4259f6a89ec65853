"""Ringing: a notification that wakes readers and carries no state.

One notification a transaction, delivered by Postgres at commit. It lists topics, because the
cluster-wide lock a notification takes makes many small ones dear.
"""

from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

CHANNEL = "pinmark"

_PENDING = "doorbell.topics"
_MAXIMUM_PAYLOAD = 7000  # Postgres refuses 8000 bytes and more
EVERYTHING = "*"
RUNTIMES = "runtimes"
"""That what should run may have changed; the supervisor follows it."""
CREDENTIALS = "credentials"
"""That somebody may do less than before; whoever remembers who may do what forgets it."""


def app_topic(app_id: UUID) -> str:
    return f"app:{app_id}"


def log_topic(deployment_id: UUID) -> str:
    return f"log:{deployment_id}"


def runtime_topic(environment_id: UUID) -> str:
    """That a runtime of the environment changed."""
    return f"runtime:{environment_id}"


def runtime_log_topic(environment_id: UUID) -> str:
    return f"runtimelog:{environment_id}"


def ring(session: AsyncSession, topic: str) -> None:
    """Wake those who follow ``topic`` once this transaction commits."""
    session.info.setdefault(_PENDING, set()).add(topic)


async def notify(session: AsyncSession) -> None:
    topics: set[str] = session.info.pop(_PENDING, set())
    if not topics:
        return
    payload = " ".join(sorted(topics))
    if len(payload) > _MAXIMUM_PAYLOAD:
        payload = EVERYTHING
    connection = await session.connection()
    await connection.execute(
        text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload}
    )

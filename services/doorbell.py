"""Ringing: a notification that wakes readers and carries no state.

One notification a transaction, delivered by Postgres at commit. It lists topics, because the
cluster-wide lock a notification takes makes many small ones dear. Where a bell of another kind
carries most topics, it is rung after the commit: what it loses is found by the next look. Those
that nobody looks for by themselves stay with Postgres, which loses none.
"""

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.fixed_statements import Fixed
from services.held import send

CHANNEL = "pinmark"

_PENDING = "doorbell.topics"
_MAXIMUM_PAYLOAD = 7000  # Postgres refuses 8000 bytes and more
EVERYTHING = "*"
RUNTIMES = "runtimes"
"""That what should run may have changed; the supervisor follows it."""
CREDENTIALS = "credentials"
"""That somebody may do less than before; whoever remembers who may do what forgets it."""
NEVER_LOST = frozenset({RUNTIMES, CREDENTIALS})

_NOTIFY = Fixed(text("SELECT pg_notify(:channel, :payload)"))


class Bell(Protocol):
    """Carries rings from this process to all of them."""

    def ring(self, topics: Collection[str]) -> None:
        """Begin to wake those who follow one of the topics; neither waits nor fails."""
        ...


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


async def notify(session: AsyncSession, *, beside_a_bell: bool = False) -> Collection[str]:
    """Have Postgres ring at commit; the topics that are a bell's to ring after it."""
    topics: set[str] = session.info.pop(_PENDING, set())
    kept = topics & NEVER_LOST if beside_a_bell else topics
    if kept:
        await send(session, _NOTIFY, channel=CHANNEL, payload=payload_of(kept))
    return topics - kept


def payload_of(topics: Collection[str]) -> str:
    """The topics as one message."""
    payload = " ".join(sorted(topics))
    return EVERYTHING if len(payload) > _MAXIMUM_PAYLOAD or EVERYTHING in topics else payload

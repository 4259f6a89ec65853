"""Tokens that were not valid, gathered for the audit.

Anybody can send them, as many as they like. So one entry is written for all of the last few
seconds, with their number and a few of them, and a flood neither fills the audit nor holds up
those who wait for its head.
"""

from collections.abc import Mapping

from models import utc_now
from services.audit import Plain
from services.database import Database
from services.refusals import record_refused_tokens

WRITTEN_EVERY_SECONDS = 5.0
MAXIMUM_SAMPLES = 10


class RefusedTokens:
    """The refused tokens of one server process that are not written down yet."""

    def __init__(self) -> None:
        self._attempts = 0
        self._samples: list[Mapping[str, Plain]] = []

    def note(self, *, request_id: str, address: str | None) -> None:
        self._attempts += 1
        if len(self._samples) < MAXIMUM_SAMPLES:
            self._samples.append(
                {"at": utc_now().isoformat(), "request_id": request_id, "address": address}
            )

    async def write(self, database: Database) -> None:
        """Write what was noted since the last time; kept for the next time if that fails."""
        attempts, samples = self._attempts, tuple(self._samples)
        if attempts:
            await record_refused_tokens(database, attempts=attempts, samples=samples)
            self._attempts -= attempts
            del self._samples[: len(samples)]

"""How often one caller may ask: a token bucket for each principal, and for a stranger's address.

A bucket is kept as the one moment at which it is full again, which is GCRA, the generic cell rate
algorithm (ATM Forum, Traffic Management 4.0): it fills evenly, by a clock that nobody sets. The
buckets are this process's own: where there are several, each allows as much.
"""

import math
from dataclasses import dataclass

from throttled import RateLimiterType, Throttled, rate_limiter, store

from pinmark.settings import Settings
from services.principals import Principal

MOST_BUCKETS = 50_000
"""Of each kind; beyond them the one that was not asked for longest is full again."""


@dataclass
class TooManyRequests(Exception):
    """The caller has spent what there was; ``retry_after`` is in whole seconds, at least one."""

    retry_after: int

    @property
    def message(self) -> str:
        seconds = "a second" if self.retry_after == 1 else f"{self.retry_after} seconds"
        return f"Too many requests; try again in {seconds}."

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}


class RateLimits:
    """The buckets of one server process."""

    def __init__(self, settings: Settings) -> None:
        per_minute, burst = settings.requests_per_minute, settings.request_burst
        attempts = settings.sign_in_attempts_per_minute
        self.refused = {"principal": 0, "address": 0}
        self._principals = _buckets(per_minute, burst)
        self._strangers = _buckets(attempts, attempts)

    def spend(self, principal: Principal) -> None:
        """One request of the principal's; raises ``TooManyRequests``."""
        self._spend("principal", self._principals, principal.id.hex)

    def spend_attempt(self, address: str | None) -> None:
        """One attempt to get in from an address; raises ``TooManyRequests``."""
        self._spend("address", self._strangers, address or "nowhere")

    def _spend(self, kind: str, buckets: Throttled, caller: str) -> None:
        result = buckets.limit(caller)
        if result.limited:
            self.refused[kind] += 1
            raise TooManyRequests(max(1, math.ceil(result.state.retry_after)))


def _buckets(per_minute: int, burst: int) -> Throttled:
    return Throttled(
        using=RateLimiterType.GCRA.value,
        quota=rate_limiter.per_min(per_minute, burst),
        store=store.MemoryStore(options={"MAX_SIZE": MOST_BUCKETS}),
    )

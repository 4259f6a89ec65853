"""How long things around a runtime may take."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RuntimePolicy:
    """``start_seconds``: from asked for to healthy. ``drain_seconds``: for the calls in progress
    when it is replaced. ``call_seconds``: for one call, its stream included. ``wait_seconds``:
    how long a call waits for a runtime that is starting.
    """

    start_seconds: float = 60
    drain_seconds: float = 30
    call_seconds: float = 300
    wait_seconds: float = 15

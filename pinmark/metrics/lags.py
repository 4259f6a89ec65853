"""How late events are, counted once for all who are given one at the same instant.

The histogram of prometheus_client counts one at a time, thousands of times for one event that
thousands follow. What Prometheus reads is the same.
"""

import time
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from prometheus_client.core import HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

NAME = "pinmark_event_lag_seconds"
WORDS = "From when an event was written until a subscriber that waited for it was given it."
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0, 60.0)


class EventLags(Collector):
    """A histogram of the seconds between an event and its deliveries."""

    def __init__(self) -> None:
        self._since = time.time()
        self._sum = 0.0
        self._counts = [0] * (len(BOUNDS) + 1)

    def observe(self, seconds: float, count: int) -> None:
        """So many were given an event so late."""
        self._sum += seconds * count
        self._counts[bisect_left(BOUNDS, seconds)] += count

    def collect(self) -> Iterable[Metric]:
        at_most = zip((*map(str, BOUNDS), "+Inf"), accumulate(self._counts), strict=True)
        told = HistogramMetricFamily(NAME, WORDS, [*at_most], self._sum)
        told.add_sample(f"{NAME}_created", {}, self._since)
        yield told

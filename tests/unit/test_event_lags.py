"""How late events are: Prometheus reads what its own histogram would tell, however many at once."""

import pytest
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.exposition import choose_encoder

from pinmark.metrics.lags import BOUNDS, NAME, WORDS, EventLags

AUDIENCES = [
    (0.0, 1),
    *((bound, 3) for bound in BOUNDS),
    (0.0011, 5_000),
    (0.3, 0),
    (61.0, 2),
]


@pytest.mark.parametrize("accepted", ["text/plain", "application/openmetrics-text"])
def test_counted_at_once_they_are_what_they_are_one_by_one(
    accepted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_700_000_000.0)  # since when each is counted
    one_by_one, at_once = CollectorRegistry(), CollectorRegistry()
    histogram = Histogram(NAME, WORDS, buckets=BOUNDS, registry=one_by_one)
    lags = EventLags()
    at_once.register(lags)
    for seconds, count in AUDIENCES:
        lags.observe(seconds, count)
        for _ in range(count):
            histogram.observe(seconds)

    encode, _ = choose_encoder(accepted)

    def told(registry: CollectorRegistry) -> list[str]:
        lines = encode(registry).decode().splitlines()
        return [line for line in lines if "_sum " not in line]

    assert told(at_once) == told(one_by_one)
    total = sum(seconds * count for seconds, count in AUDIENCES)
    assert at_once.get_sample_value(f"{NAME}_sum") == pytest.approx(total)

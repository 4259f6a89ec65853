"""What is counted as it happens, in one process."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from models import utc_now
from pinmark.metrics.lags import EventLags
from services.errors import DomainError

if TYPE_CHECKING:
    from pinmark.metrics.reading import ProcessReading

REQUEST_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
BUILD_SECONDS = (1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600)
INTERNAL = "INTERNAL_SERVER_ERROR"


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.reading: ProcessReading | None = None
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.requests = self._histogram(
            "pinmark_http_request_seconds",
            "HTTP requests until the head of their answer, by route.",
            ["method", "route", "status"],
            REQUEST_SECONDS,
        )
        self.operations = self._histogram(
            "pinmark_graphql_operation_seconds",
            "GraphQL queries and mutations that were answered; kind is none for what is neither.",
            ["transport", "kind", "outcome"],
            REQUEST_SECONDS,
        )
        self._again: dict[str, tuple[Histogram, Histogram]] = {}
        self.event_lags = EventLags()
        self.registry.register(self.event_lags)
        self.builds = self._histogram(
            "pinmark_build_seconds",
            "Builds that ended in this process, by what became of the deployment.",
            ["result"],
            BUILD_SECONDS,
        )
        self.builds_running = Gauge(
            "pinmark_builds_running", "Builds going on in this process.", registry=self.registry
        )
        self.jobs = Counter(
            "pinmark_jobs",
            "Jobs that ended in this process.",
            ["task", "outcome"],
            registry=self.registry,
        )
        self.rescued = Counter(
            "pinmark_jobs_rescued",
            "Deployments that had lost their job and were given another by this process.",
            registry=self.registry,
        )

    def look_at(self, reading: "ProcessReading") -> None:
        """Tell what the reading says too, whenever somebody asks."""
        self.reading = reading
        self.registry.register(reading)

    def answered(
        self, transport: str, kind: str | None, answer: Mapping[str, Any], since: float
    ) -> None:
        """A query or mutation was answered that began at ``since``, of ``perf_counter``."""
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        outcome = "failed" if INTERNAL in codes else "refused" if codes else "ok"
        self.operations.labels(transport, kind or "none", outcome).observe(perf_counter() - since)

    def delivered(self, written_at: datetime, audience: int) -> None:
        """An event reached so many who were waiting for it."""
        lag = max(0.0, (utc_now() - written_at).total_seconds())
        self.event_lags.observe(lag, audience)

    def request(self, method: str, route: str, status: int, since: float) -> None:
        """The head of an answer was sent to a request that came at ``since``."""
        self.requests.labels(method, route, status).observe(perf_counter() - since)

    def answered_again(self, route: str, since: float) -> None:
        """A query was given an answer that was kept, the short way."""
        if route not in self._again:  # no series before there is something to tell
            self._again[route] = (
                self.requests.labels("POST", route, 200),
                self.operations.labels("http", "query", "ok"),
            )
        seconds = perf_counter() - since
        for each in self._again[route]:
            each.observe(seconds)

    @contextmanager
    def job(self, task: str) -> Generator[None]:
        outcome = "failed"
        try:
            yield
            outcome = "done"
        except DomainError:
            outcome = "refused"
            raise
        finally:
            self.jobs.labels(task, outcome).inc()

    @contextmanager
    def building(self) -> Generator["Build"]:
        """A build going on; whoever runs it says what became of it."""
        build, began = Build(), monotonic()
        self.builds_running.inc()
        try:
            yield build
        finally:
            self.builds_running.dec()
            self.builds.labels(build.result).observe(monotonic() - began)

    def _histogram(
        self, name: str, words: str, labels: list[str], buckets: tuple[float, ...]
    ) -> Histogram:
        return Histogram(name, words, labels, buckets=buckets, registry=self.registry)


class Build:
    """One build as it is measured."""

    result = "unsettled"

"""What is not counted but looked at when Prometheus asks: pools, sockets, queues, runtimes."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from models import RuntimeState
from services.database import Database
from services.jobs import Task
from services.measuring import Load, measure_load

if TYPE_CHECKING:
    from pinmark.server_state import Server

KEPT_SECONDS = 2.0
ANSWER_SECONDS = 5.0
JOB_STATES = ("todo", "doing")


@dataclass
class LoadReading:
    """The load of the installation, asked for at most every few seconds however often it is read;
    None while Postgres does not say.
    """

    database: Database
    load: Load | None = None
    _read_at: float = field(default=-KEPT_SECONDS)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def renew(self) -> None:
        async with self._one:
            if monotonic() - self._read_at < KEPT_SECONDS:
                return
            try:
                async with asyncio.timeout(ANSWER_SECONDS), self.database.moment() as session:
                    self.load = await measure_load(session)
            except (OSError, TimeoutError, DBAPIError, PoolTimeoutError):
                self.load = None
            self._read_at = monotonic()


class ProcessReading(Collector):
    """A collector of what a process sees when it is asked."""

    def __init__(self, database: Database, server: "Server | None" = None) -> None:
        self.load = LoadReading(database)
        self._database = database
        self._server = server

    def collect(self) -> Iterable[Metric]:
        yield from _of_load(self.load.load)
        pool = self._database.pool
        yield _gauge(
            "pinmark_pool_connections",
            "Connections to Postgres that this process holds for its requests.",
            "state",
            {"in_use": pool.in_use, "idle": pool.idle},
        )
        yield GaugeMetricFamily(
            "pinmark_pool_connections_limit", "How many they may be.", value=pool.limit
        )
        if self._server is not None:
            yield from _of_server(self._server)


def _of_load(load: Load | None) -> Iterable[Metric]:
    yield GaugeMetricFamily(
        "pinmark_postgres_up", "Whether Postgres answered.", value=load is not None
    )
    if load is None:
        return
    tasks = [task.value for task in Task]
    labels = ["task", "status"]
    depth = GaugeMetricFamily(
        "pinmark_queue_jobs", "Jobs in the installation's queue.", None, labels
    )
    age = GaugeMetricFamily("pinmark_queue_oldest_seconds", "Age of the oldest.", None, labels)
    found = {(job.task, job.status): job for job in load.jobs}
    for task in tasks:
        for status in JOB_STATES:
            job = found.get((task, status))
            depth.add_metric([task, status], job.count if job else 0)
            age.add_metric([task, status], job.oldest if job else 0)
    yield depth
    yield age
    yield GaugeMetricFamily(
        "pinmark_deployments_in_flight",
        "Deployments of the installation that have not settled.",
        value=load.unsettled,
    )
    yield GaugeMetricFamily(
        "pinmark_deployments_oldest_in_flight_seconds",
        "Age of the oldest of them.",
        value=load.oldest_unsettled,
    )
    states = {state.value: load.runtimes.get(state.value, 0) for state in RuntimeState}
    words = "Runtimes of the installation that have not ended."
    yield _gauge("pinmark_runtimes", words, "state", states)


def _of_server(server: "Server") -> Iterable[Metric]:
    yield from _of_listeners(server)
    yield GaugeMetricFamily(
        "pinmark_open_connections",
        "Websockets and event streams that are open.",
        value=server.connections.open,
    )
    yield GaugeMetricFamily(
        "pinmark_subscriptions",
        "What is followed over them.",
        value=server.wakeups.hub.follower_count,
    )
    refused = CounterMetricFamily(
        "pinmark_connections_refused", "Those there was no room for.", labels=["limit"]
    )
    for limit, count in server.connections.refused.items():
        refused.add_metric([limit], count)
    yield refused
    limited = CounterMetricFamily(
        "pinmark_rate_limited", "Requests that came too soon.", labels=["bucket"]
    )
    for bucket, count in server.limits.refused.items():
        limited.add_metric([bucket], count)
    yield limited
    yield GaugeMetricFamily(
        "pinmark_stopping", "Whether this process was told to stop.", value=server.stopping.is_set()
    )


def _of_listeners(server: "Server") -> Iterable[Metric]:
    up = GaugeMetricFamily(
        "pinmark_listener_up",
        "Whether this process hears what is rung, by what carries it.",
        labels=["carrier"],
    )
    connections = CounterMetricFamily(
        "pinmark_listener_connections",
        "How often it began to listen; more than once means that the connection was lost.",
        labels=["carrier"],
    )
    for listener in server.wakeups.listeners:
        up.add_metric([listener.carrier], listener.listening)
        connections.add_metric([listener.carrier], listener.connections)
    yield up
    yield connections


def _gauge(name: str, words: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, words, labels=[label])
    for value, count in values.items():
        gauge.add_metric([value], count)
    return gauge

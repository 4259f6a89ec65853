"""Reads with a promotion among every twenty, by our server and by the raw handler.

Each of several clients asks twenty times and then promotes into an environment of its own. A
worker, a process beside the server, deploys what was promoted; the raw handler only writes down
what a promotion is: a deployment, its event and a notification.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import orjson
import psycopg

from bench.load import Client, Each, Taken, Target
from tests.support.processes import ServerProcess
from tests.support.promoting import PROMOTE, AppInUse, until

READS_A_WRITE = 20


@dataclass(frozen=True)
class Writes:
    """The same read, and for each client the request that promotes."""

    read: Target
    promotions: Sequence[bytes]

    def sending(self, taken: Taken) -> Each:
        async def send(client: Client, place: int) -> None:
            for _ in range(READS_A_WRITE):
                await client.measured(self.read.request, taken)
            answer = await client.measured(self.promotions[place], taken)
            assert b'"deployment"' in answer, answer

        return send


def our_writes(read: Target, app: AppInUse, source: str, targets: Sequence[str]) -> Writes:
    return Writes(read, [promotion(read, app, source, target) for target in targets])


def promotion(to: Target, app: AppInUse, source: str, target: str) -> bytes:
    """The request that promotes one environment of an app into another."""
    ids = app.environments
    variables = {"source": ids[source], "target": ids[target]}
    body = orjson.dumps({"query": PROMOTE, "variables": variables})
    return replace(to, body=body).request


def raw_writes(read: Target, environments: Sequence[UUID]) -> Writes:
    bodies = (orjson.dumps({"environment": each.hex}) for each in environments)
    promotions = [replace(read, path="/promote", body=body).request for body in bodies]
    return Writes(read, promotions)


def quiet_environments(url: str, app: str, count: int) -> list[UUID]:
    """Environments of an app that nobody reads."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT environment.id FROM environment JOIN app ON app.id = app_id"
            " WHERE app.name = %s AND NOT is_default ORDER BY environment.name LIMIT %s",
            (app, count),
        )
        return [row[0] for row in found]


async def until_settled(client: ServerProcess, app: AppInUse) -> None:
    """Wait until nothing is on its way into any environment of the app."""

    async def settled() -> bool:
        return all(each["deploying"] is None for each in (await app.now(client)).values())

    await until(settled)

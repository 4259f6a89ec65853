"""How Postgres comes by the rows of the statements that a piece of work sends."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
import psycopg
from sqlalchemy import Engine, event

HISTORY = """
SET session_replication_role = replica;

INSERT INTO deployment (id, created_at, actor_kind, actor_name, app_id, environment_id, ordinal,
    kind, pinned, version, commit_sha, file_sync, code_build, attempt, settled_at)
SELECT gen_random_uuid(), now(), 'MEMBER', 'owner', first.app_id, environment_id,
    first.ordinal + number, 'PROMOTION', true, first.version + number, commit_sha, 'SYNCED',
    'DEPLOYED', 1, now()
FROM deployment AS first, generate_series(1, {count}) AS number
WHERE first.id = '{deployment}';
"""


@dataclass(frozen=True)
class Sent:
    """A statement as the driver was given it."""

    text: str
    parameters: Sequence[Any]


@contextmanager
def sent_statements() -> Generator[list[Sent]]:
    """The statements that read during the block, with what they were given."""
    found: list[Sent] = []

    def record(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            found.append(Sent(statement, parameters))

    event.listen(Engine, "before_cursor_execute", record)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", record)


def lengthen_history(url: str, *, deployment: object, count: int) -> None:
    """Put so many more like this deployment after it, as they would be left."""
    with psycopg.connect(url) as connection:
        connection.execute(HISTORY.format(count=count, deployment=deployment))  # pyright: ignore[reportArgumentType, reportCallIssue]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


async def rows_looked_at(url: str, sent: Sent, table: str) -> int:
    """How many rows of a table Postgres looks at to answer the statement."""
    connection = await asyncpg.connect(url)
    try:
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {sent.text}"
        plans = orjson.loads(await connection.fetchval(explain, *sent.parameters))
    finally:
        await connection.close()
    return sum(
        int(node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)))
        for node in _nodes(plans[0]["Plan"])
        if node.get("Relation Name") == table
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)

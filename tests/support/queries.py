"""Counting the SQL that a piece of work sends, to see that it does not grow with a list."""

import asyncio
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

SUPERVISOR = "runtimes"
WHO_ASKS = (
    "accesstoken.digest",
    "apikey.digest IN",
    "servicetoken.digest IN",
    "last_used_at=",
    "accesstoken SET last_used_at",
)


@contextmanager
def recorded_queries(leaving_out: Sequence[str] = WHO_ASKS) -> Generator[list[str]]:
    """The statements that are sent during the block on this thread, in order.

    Left out are those of the supervisor of runtimes, which looks now and then, and unless told
    otherwise those that tell who asks, which are remembered for a moment.
    """
    statements: list[str] = []
    ours = threading.get_ident()

    def record(
        connection: Any,
        cursor: Any,
        statement: str,
        parameters: Any,
        context: Any,
        executemany: bool,
    ) -> None:
        task = asyncio.current_task() if threading.get_ident() == ours else None
        if task is None or task.get_name() == SUPERVISOR:
            return
        if not any(telling in statement for telling in leaving_out):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", record)

"""Counting the SQL that a piece of work sends, to see that it does not grow with a list."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

SUPERVISOR = "runtimes"


@contextmanager
def recorded_queries() -> Generator[list[str]]:
    """The statements that are sent during the block on this thread, in order.

    Those of the supervisor of runtimes, which looks now and then, are left out.
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
        if task is not None and task.get_name() != SUPERVISOR:
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", record)

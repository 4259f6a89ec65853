"""Statements that are there once and for all, as the driver takes them.

SQLAlchemy looks a statement up, binds what it is given and wraps what comes back each time that it
is sent. What never changes about that is done once here; what is left costs the driver a fifth.
"""

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import asyncpg
import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import PoolProxiedConnection


def dump(value: Any) -> str:
    return orjson.dumps(value).decode()


DRIVER = PGDialect_asyncpg(json_serializer=dump)
Convert = Callable[[Any], Any]
# The last: Postgres has said that it ends, and the driver has yet to see that it has.
FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, asyncpg.InternalClientError)


class Fixed:
    """A statement with names for what it is given; its text is the same whatever that is.

    An insert is given what its ``columns`` are to be.
    """

    def __init__(self, statement: sa.Executable, *, columns: Collection[str] = ()) -> None:
        keys = sorted(columns) or None
        compiled: Any = cast(Any, statement).compile(dialect=DRIVER, column_keys=keys)
        assert not compiled.post_compile_params  # whose text would differ with what is given
        parameters = [(name, compiled.binds[name]) for name in compiled.positiontup or ()]
        self.text = str(compiled)
        self._parameters = [(name, _binder(each.type)) for name, each in parameters]
        self._fixed = {name: each.value for name, each in parameters if not each.required}

    def given(self, values: Mapping[str, Any]) -> list[Any]:
        """What the driver is given with the text, in its order."""
        known = {**self._fixed, **values}
        return [
            known[name] if convert is None else convert(known[name])
            for name, convert in self._parameters
        ]


def _binder(type_: Any) -> Convert | None:
    """What makes of a value what the driver takes for it; None for the same."""
    if isinstance(type_, sa.ARRAY) and _binder(cast(Any, type_).item_type) is None:
        return None  # SQLAlchemy would go through the items all the same
    return type_.dialect_impl(DRIVER).bind_processor(DRIVER)


async def fetch(
    engine: sa.Engine, taken: PoolProxiedConnection, text: str, given: Sequence[Any]
) -> list[asyncpg.Record]:
    """What Postgres answers on a connection of the engine's, with errors of SQLAlchemy's.

    Who watches the statements of the engine is told of this one too.
    """
    driver: Any = taken.driver_connection
    with driver_failures(text):
        if not engine.dispatch.before_cursor_execute:
            return await driver.fetch(text, *given)
        with _told(engine, taken, text, given):
            return await driver.fetch(text, *given)


@contextmanager
def driver_failures(text: str) -> Generator[None]:
    """What the driver fails with as the errors of SQLAlchemy's that it would have been."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        raise IntegrityError(text, None, error, hide_parameters=True) from error
    except FAILURES as error:
        raise DBAPIError(text, None, error, hide_parameters=True) from error


def is_done_with(driver: Any, error: DBAPIError) -> bool:
    """Whether nobody may use the connection again that failed so."""
    return driver.is_closed() or isinstance(error.orig, asyncpg.InternalClientError)


@contextmanager
def _told(
    engine: sa.Engine, taken: PoolProxiedConnection, text: str, given: Sequence[Any]
) -> Generator[None]:
    tell: Any = engine.dispatch
    connection = sa.Connection(engine, connection=taken)
    tell.before_cursor_execute(connection, None, text, tuple(given), None, False)
    try:
        yield
    finally:
        tell.after_cursor_execute(connection, None, text, tuple(given), None, False)

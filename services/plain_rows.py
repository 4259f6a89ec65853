"""Rows as they are read, without what it takes to write them back.

SQLAlchemy's entities remember where they came from and what was changed of them, which costs
several times what reading the row does, and nobody asks it of what is only shown. A plain row has
the columns and properties of its table's class and nothing else. It is typed as that class,
because to whoever looks at it there is no difference; a session knows nothing of it.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import make_dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlmodel import AutoString
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar
from sqlmodel.sql.sqltypes import UTCDateTime

Row = TypeVar("Row")
AS_THEY_COME: Mapping[type[Any], sa.types.TypeEngine[Any]] = {
    AutoString: sa.String(),
    UTCDateTime: sa.DateTime(timezone=True),
}


async def read_plainly(
    session: AsyncSession,
    table: type[Row],
    statement: SelectOfScalar[Row],
    values: Mapping[str, Any] | None = None,
) -> list[Row]:
    """What the statement selects of the table, given what it takes.

    A statement that is there once and for all is turned into one of columns once; one that takes
    nothing was made for this time.
    """
    make = _plain(cast(Hashable, table))[1]
    of_columns = _of_columns if values is None else _of_columns_once
    found = await (await session.connection()).execute(of_columns(table, statement), values)
    return [make(*row) for row in found.all()]


def _of_columns(table: Any, statement: SelectOfScalar[Any]) -> sa.Select[Any]:
    return statement.with_only_columns(*_plain(table)[0])


_of_columns_once = lru_cache(maxsize=200)(_of_columns)


@cache
def _plain(table: Any) -> tuple[list[sa.ColumnElement[Any]], Callable[..., Any]]:
    """The table's columns, and the class of its plain rows."""
    classes: tuple[type, ...] = table.__mro__
    attributes = sa.inspect(table).column_attrs
    properties = {
        name: value
        for cls in reversed(classes)
        for name, value in vars(cls).items()
        if isinstance(value, property) and not name.startswith("_")
    }
    names = [each.key for each in attributes]
    cls = make_dataclass(f"Plain{table.__name__}", names, namespace=properties, slots=True)
    return [_as_it_comes(each.columns[0]) for each in attributes], cls


def _as_it_comes(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Text and times come from the driver as they are to be, the times in UTC; SQLModel's own
    types for them have a function called for each.
    """
    for theirs, plain in AS_THEY_COME.items():
        if isinstance(column.type, theirs):
            return sa.type_coerce(column, plain).label(column.key)
    return column

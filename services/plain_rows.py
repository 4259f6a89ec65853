"""Rows as they are read, without what it takes to write them back.

SQLAlchemy's entities remember where they came from and what was changed of them, which costs
several times what reading the row does, and nobody asks it of what is only shown. A plain row has
the columns and properties of its table's class and nothing else. It is typed as that class,
because to whoever looks at it there is no difference; a session knows nothing of it.
"""

from collections.abc import Callable, Hashable
from dataclasses import make_dataclass
from functools import cache
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

Row = TypeVar("Row")


async def read_plainly(
    session: AsyncSession, table: type[Row], statement: SelectOfScalar[Row]
) -> list[Row]:
    """What the statement selects of the table."""
    columns, make = _plain(cast(Hashable, table))
    plain = statement.with_only_columns(*columns)
    found = await (await session.connection()).execute(plain)
    return [make(*row) for row in found.all()]


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
    return [each.columns[0] for each in attributes], cls

"""Rows as they are read, without what it takes to write them back.

SQLAlchemy's entities remember where they came from and what was changed of them, which costs
several times what reading the row does, and nobody asks it of what is only shown. A plain row has
the columns and properties of its table's class and nothing else. It is typed as that class,
because to whoever looks at it there is no difference; a session knows nothing of it.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import make_dataclass
from functools import cache, lru_cache, partial
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import AutoString, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar
from sqlmodel.sql.sqltypes import UTCDateTime

from services.fixed_statements import DRIVER, Convert, Fixed
from services.held import held_of
from services.unheld import unheld_of

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

    A statement that is there once and for all is turned into one of columns once, and is sent by
    the driver itself, except in a moment that is held for reading; one that takes nothing was made
    for this time.
    """
    sender = None if values is None else held_of(session) or unheld_of(session)
    if sender is not None and values is not None:
        fixed, rows = _fixed(table, statement)
        return rows(await sender.fetch(fixed.text, fixed.given(values)))
    make = _plain(cast(Hashable, table))[1]
    of_columns = _of_columns if values is None else _of_columns_once
    found = await (await session.connection()).execute(of_columns(table, statement), values)
    return [make(*row) for row in found.all()]


def plain(row: Row) -> Row:
    """The row as it would be read to be looked at."""
    make = _plain(cast(Hashable, type(row)))[1]
    return make(*(getattr(row, name) for name in cast(Any, make).__slots__))


def new_row(table: type[Row], **values: Any) -> Row:
    """A row of the table that no session writes, made as those are that it reads.

    It costs an eighth of what it takes to have every value of it remembered as to be written.
    """
    row: Any = sa.inspect(table).class_manager.new_instance()
    unset = {name: make() for name, make in _defaults(cast(Hashable, table)) if name not in values}
    row.__dict__.update(values, **unset)
    return row


@cache
def _defaults(table: Any) -> list[tuple[str, Callable[[], Any]]]:
    fields = cast(Mapping[str, Any], table.model_fields)
    return [
        (name, partial(each.get_default, call_default_factory=True))
        for name, each in fields.items()
    ]


def is_written(row: Any, **values: Any) -> None:
    """The row as it is now in the database; of an entity nothing of that is left to be flushed."""
    for name, value in values.items():
        if isinstance(row, SQLModel):
            set_committed_value(row, name, value)
        else:
            setattr(row, name, value)


def _of_columns(table: Any, statement: SelectOfScalar[Any]) -> sa.Select[Any]:
    return statement.with_only_columns(*_plain(table)[0])


_of_columns_once = lru_cache(maxsize=200)(_of_columns)


Rows = Callable[[Sequence[Any]], list[Any]]
"""Makes rows as they are to be of those that the driver has."""


@lru_cache(maxsize=200)
def _fixed(table: Any, statement: SelectOfScalar[Any]) -> tuple[Fixed, Rows]:
    return Fixed(_of_columns_once(table, statement)), _reader(*_plain(table))


def _reader(columns: Sequence[sa.ColumnElement[Any]], make: Callable[..., Any]) -> Rows:
    """Put together as text, so that no column costs a call that needs none."""
    names: dict[str, Any] = {"make": make}
    arguments: list[str] = []
    for place, column in enumerate(columns):
        convert = _converter(column)
        if convert is None:
            arguments.append(f"c{place}")
        else:
            names[f"of_{place}"] = convert
            arguments.append(f"of_{place}(c{place})")
    given = ", ".join(f"c{place}" for place in range(len(columns)))
    return eval(f"lambda found: [make({', '.join(arguments)}) for {given}, in found]", names)


def _converter(column: sa.ColumnElement[Any]) -> Convert | None:
    """What makes of the driver's value what SQLAlchemy would make of it; None for the same."""
    convert = cast(Any, column.type.dialect_impl(DRIVER)).result_processor(DRIVER, None)
    if convert is None or not isinstance(column.type, sa.Enum):
        return convert
    members = {None: None, **{name: convert(name) for name in column.type.enums}}
    return members.__getitem__  # which knows no other, either


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

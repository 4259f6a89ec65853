"""Keyset paging: a page costs what it returns, however long the list is."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models import Record
from services import cursors
from services.cursors import Key
from services.errors import InvalidInput
from services.plain_rows import read_plainly

DEFAULT_PAGE = 20
MAXIMUM_PAGE = 100
MAXIMUM_COUNTED = 1000

Row = TypeVar("Row")


@dataclass(frozen=True)
class PageRequest:
    """A Relay page: the ``first`` rows past ``after``, or the ``last`` before ``before``.

    With an ``offset`` it is counted from the list's start instead, and may be larger. How many
    rows the whole list has is found out at once where ``counting``, and when asked for elsewhere.
    """

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None
    offset: int | None = None
    counting: bool = False

    @property
    def size(self) -> int:
        given = self.first if self.first is not None else self.last
        return DEFAULT_PAGE if given is None else given

    @property
    def backward(self) -> bool:
        return self.last is not None

    def check(self) -> None:
        if self.first is not None and self.last is not None:
            raise InvalidInput("last", "Give first or last, not both.")
        maximum = MAXIMUM_PAGE if self.offset is None else MAXIMUM_COUNTED
        if not 0 <= self.size <= maximum:
            field = "last" if self.backward else "first"
            raise InvalidInput(field, f"A page has 0 to {maximum} items.")


@dataclass(frozen=True)
class Ordering(Generic[Row]):
    """How a list is sorted: the columns, their direction, and a row's own key.

    ``scope`` names the list in its cursors, so that one list refuses another's.
    """

    scope: str
    columns: Sequence[sa.SQLColumnExpression[Any]]
    types: Sequence[type[Key]]
    key: Callable[[Row], Sequence[Key]]
    descending: bool = False


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _microseconds(column: sa.SQLColumnExpression[datetime]) -> sa.Cast[int]:
    """A time as the whole number that a cursor can hold."""
    return sa.cast(sa.extract("epoch", column) * 1_000_000, sa.BigInteger)


def _microseconds_of(time: datetime) -> int:
    return (time - EPOCH) // timedelta(microseconds=1)


Kept = TypeVar("Kept", bound=Record)


def newest_first(table: type[Kept], *, scope: str) -> Ordering[Kept]:
    """By when rows were made; by id those made at once."""
    return Ordering[Kept](
        scope=scope,
        columns=[_microseconds(col(table.created_at)), sa.cast(col(table.id), sa.String)],
        types=[int, str],
        key=lambda row: [_microseconds_of(row.created_at), str(row.id)],
        descending=True,
    )


@dataclass
class Page(Generic[Row]):
    """Some rows of a list, in its order."""

    rows: Sequence[Row]
    has_next: bool
    has_previous: bool
    cursor: Callable[[Row], str]
    whole: int | None = None
    """How many rows the whole list has, once that is known."""
    counted: SelectOfScalar[Row] | None = None
    """The whole list."""
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What it takes."""

    @property
    def cursors(self) -> Sequence[str]:
        return [self.cursor(row) for row in self.rows]

    @property
    def total(self) -> int:
        """How many rows the whole list has, of a page that was asked for with ``counting``."""
        assert self.whole is not None
        return self.whole

    async def count(self, session: AsyncSession) -> int:
        """How many rows the whole list has, at the moment that the page is of."""
        if self.whole is None:
            assert self.counted is not None
            rows = self.counted.order_by(None).subquery()
            counting = sa.select(sa.func.count()).select_from(rows)
            connection = await session.connection()
            self.whole = (await connection.execute(counting, self.given)).scalar_one()
        return self.whole


async def read_page(
    session: AsyncSession,
    statement: SelectOfScalar[Row],
    ordering: Ordering[Row],
    request: PageRequest,
    *,
    plain: type[Row] | None = None,
    given: Mapping[str, Any] | None = None,
) -> Page[Row]:
    """Read one page of ``statement``; raises ``InvalidInput`` and ``InvalidCursor``.

    With ``plain``, which it selects, as rows that are only to be looked at. A statement that is
    there once and for all and is ``given`` what it takes is put together once for each form of
    page.
    """
    request.check()
    keys = {
        argument: cursors.decode(ordering.scope, cursor, types=ordering.types, argument=argument)
        for argument, cursor in (("after", request.after), ("before", request.before))
        if cursor is not None
    }
    form = _Form(request.backward, request.offset is not None, *(each in keys for each in SIDES))
    put_together = _put_together if given is None else _put_together_once
    shown = put_together(
        statement, tuple(ordering.columns), tuple(ordering.types), ordering.descending, form
    )
    values: dict[str, Any] = {"page_size": request.size + 1, **(given or {})}
    if request.offset is not None:
        values["page_offset"] = request.offset
    for side, key in keys.items():
        values |= {f"{side}_{place}": part for place, part in enumerate(key)}
    if plain is None:
        rows = list((await session.exec(shown, params=values)).all())
    else:
        rows = await read_plainly(session, plain, shown, values)
    more = len(rows) > request.size
    rows = rows[: request.size]
    if request.backward:
        rows.reverse()
    page = Page(
        rows=rows,
        has_next=request.before is not None if request.backward else more,
        has_previous=more if request.backward else request.after is not None,
        cursor=lambda row: cursors.encode(ordering.scope, ordering.key(row)),
        counted=statement,
        given=given or {},
    )
    if request.counting:
        await page.count(session)
    return page


def page_of(
    rows: Sequence[Row], *, scope: str, key: Callable[[Row], str], request: PageRequest
) -> Page[Row]:
    """A page of rows that are at hand, sorted by a unique key; forward only."""
    request.check()
    start = request.offset or 0
    if request.after is not None:
        (past,) = cursors.decode(scope, request.after, types=[str], argument="after")
        start = bisect_right(rows, str(past), key=key)
    shown = rows[start : start + request.size]
    return Page(
        rows=shown,
        has_next=start + len(shown) < len(rows),
        has_previous=request.after is not None,
        cursor=lambda row: cursors.encode(scope, [key(row)]),
        whole=len(rows),
    )


SIDES = ("after", "before")
SQL_TYPES: Mapping[type[Key], type[sa.types.TypeEngine[Any]]] = {
    int: sa.BigInteger,
    str: sa.String,
}


@dataclass(frozen=True)
class _Form:
    """What a page is asked by, whatever the values are."""

    backward: bool
    offset: bool
    after: bool
    before: bool


def _put_together(
    statement: SelectOfScalar[Row],
    columns: tuple[sa.SQLColumnExpression[Any], ...],
    types: tuple[type[Key], ...],
    descending: bool,
    form: _Form,
) -> SelectOfScalar[Row]:
    """The statement of a page, which takes its bounds and its size."""
    for side, is_given in zip(SIDES, (form.after, form.before), strict=True):
        if is_given:
            bound = sa.tuple_(
                *(
                    sa.bindparam(f"{side}_{place}", type_=SQL_TYPES[each])
                    for place, each in enumerate(types)
                )
            )
            further = (side == "after") != descending
            own = sa.tuple_(*columns)
            statement = statement.where(own > bound if further else own < bound)
    flipped = descending != form.backward
    ordered = statement.order_by(*(each.desc() if flipped else each.asc() for each in columns))
    if form.offset:
        ordered = ordered.offset(sa.bindparam("page_offset", type_=sa.BigInteger))
    return ordered.limit(sa.bindparam("page_size", type_=sa.BigInteger))


_put_together_once = lru_cache(maxsize=200)(_put_together)

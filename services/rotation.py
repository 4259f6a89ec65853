"""Encrypting everything anew, so that an old key can be left out.

Row by row, each under its lock and in batches of their own transactions: servers and workers go
on meanwhile, and a rotation that was stopped is run again. Digests of bearer tokens are not
among it: nobody knows the tokens.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models import EnvironmentVariable, Organization, Record, Repository, Runtime
from services.ciphers import Cipher, SecretUnreadable
from services.database import Database

BATCH = 100


@dataclass
class Rotation:
    """How much was encrypted anew, how much was under the newest key already, and what no key
    opens: the table and id of each.
    """

    renewed: int = 0
    present: int = 0
    unreadable: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Kept:
    """A table with encrypted columns; ``sealed`` is one that maps names to encrypted values."""

    table: type[Record]
    columns: Sequence[str]
    sealed: str | None = None
    living: Callable[[], Any] | None = None


EVERYTHING = (
    Kept(Organization, ["fingerprint_key"]),
    Kept(Repository, ["credential", "webhook_secret"]),
    Kept(EnvironmentVariable, ["value"]),
    # What has ended keeps no secret, and never changes.
    Kept(Runtime, ["secret"], "variables", lambda: col(Runtime.ended_at).is_(None)),
)


async def rotate_secrets(database: Database, cipher: Cipher) -> Rotation:
    """Encrypt everything that is kept with the newest key."""
    rotation = Rotation()
    for kept in EVERYTHING:
        after = UUID(int=0)
        while True:
            async with database.transaction() as session:
                rows = await _next(session, kept, after)
                for row in rows:
                    _renew(cipher, kept, row, rotation)
                    session.add(row)
            if len(rows) < BATCH:
                break
            after = rows[-1].id
    return rotation


async def find_unreadable(database: Database, cipher: Cipher) -> tuple[int, list[str]]:
    """How much can be read with the keys that there are, and where something cannot."""
    found = Rotation()
    for kept in EVERYTHING:
        after = UUID(int=0)
        while True:
            async with database.moment() as session:
                rows = (await session.exec(_page(kept, after))).all()
            for row in rows:
                _try(cipher, kept, row, found)
            if len(rows) < BATCH:
                break
            after = rows[-1].id
    return found.present, found.unreadable


def _try(cipher: Cipher, kept: Kept, row: Record, found: Rotation) -> None:
    values: list[bytes | None] = [getattr(row, column) for column in kept.columns]
    if kept.sealed is not None:
        sealed: dict[str, str] = getattr(row, kept.sealed)
        values += [value.encode() for value in sealed.values()]
    try:
        for value in values:
            if value is not None:
                cipher.decrypt(value)
                found.present += 1
    except SecretUnreadable:
        found.unreadable.append(f"{kept.table.__name__.lower()} {row.id}")


async def _next(session: AsyncSession, kept: Kept, after: UUID) -> Sequence[Record]:
    page = _page(kept, after)
    return (await session.exec(page.with_for_update(key_share=True))).all()


def _page(kept: Kept, after: UUID) -> SelectOfScalar[Record]:
    statement = select(kept.table).where(col(kept.table.id) > after)
    if kept.living is not None:
        statement = statement.where(kept.living())
    return statement.order_by(col(kept.table.id)).limit(BATCH)


def _renew(cipher: Cipher, kept: Kept, row: Record, rotation: Rotation) -> None:
    try:
        for column in kept.columns:
            value: bytes | None = getattr(row, column)
            if value is not None:
                setattr(row, column, _renewed(cipher, value, rotation))
        if kept.sealed is not None:
            sealed: dict[str, str] = getattr(row, kept.sealed)
            renewed = {
                name: _renewed(cipher, value.encode(), rotation).decode()
                for name, value in sealed.items()
            }
            if renewed != sealed:
                setattr(row, kept.sealed, renewed)
    except SecretUnreadable:
        rotation.unreadable.append(f"{kept.table.__name__.lower()} {row.id}")


def _renewed(cipher: Cipher, value: bytes, rotation: Rotation) -> bytes:
    renewed = cipher.renew(value)
    if renewed is None:
        rotation.present += 1
        return value
    rotation.renewed += 1
    return renewed

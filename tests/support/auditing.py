"""Reading the audit as the tests do, and falsifying it as a superuser could."""

from contextlib import closing

import psycopg
from sqlmodel import col, select

from models import AuditEntry
from services import audit_log
from services.audit_chain import Head, Verdict
from services.audit_log import AuditFilter
from services.installation import Installation
from services.principals import Principal


async def audit_of(installation: Installation) -> list[AuditEntry]:
    """Every entry, oldest first."""
    async with installation.database.moment() as session:
        statement = select(AuditEntry).order_by(col(AuditEntry.seq))
        return list((await session.exec(statement)).all())


async def verdict_on(installation: Installation, noted: Head | None = None) -> Verdict:
    return await audit_log.verify(installation.database, noted)


async def exported(
    installation: Installation, principal: Principal, filter: AuditFilter | None = None
) -> list[str]:
    """The lines of an export."""
    export = await audit_log.export_entries(
        installation.database, principal=principal, filter=filter or AuditFilter(), after=0
    )
    return [line async for lines in export.lines for line in lines]


def falsify(url: str, *statements: str) -> None:
    """Run statements as a superuser who has switched every trigger and key off."""
    with closing(psycopg.connect(url)) as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            connection.execute(statement.encode())


def drop_rules(url: str) -> None:
    """Take away what else the table insists on: its checks, its unique columns, its NOT NULLs."""
    find = """
        SELECT conname FROM pg_constraint
        WHERE conrelid = 'auditentry'::regclass AND contype IN ('c', 'u', 'f')
    """
    with closing(psycopg.connect(url)) as connection, connection.transaction():
        for (name,) in connection.execute(find).fetchall():
            connection.execute(f"ALTER TABLE auditentry DROP CONSTRAINT {name}".encode())
        for (name,) in connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'auditentry'::regclass"
            " AND attnum > 0 AND attnotnull AND attname <> 'id'"
        ).fetchall():
            connection.execute(
                f'ALTER TABLE auditentry ALTER COLUMN "{name}" DROP NOT NULL'.encode()
            )

"""Reading the audit: a page of it, an export of it, and whether it is whole."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, String, func, literal_column
from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import AuditEntry, AuditHead, AuditOutcome, Organization
from services import audit_chain
from services.audit_chain import BEGINNING, Head, Link, Verdict, Walk
from services.database import Database
from services.errors import InvalidInput
from services.inputs import check_moment, check_text
from services.paging import Ordering, Page, PageRequest, read_page
from services.principals import Permission, Principal, require

MAXIMUM_ACTIONS = 100
MAXIMUM_ACTION = 100
EXPORTED_AT_ONCE = 500
WALKED_AT_ONCE = 1000

_OBJECTS = frozenset({"before", "after", "facts"})
_WRITTEN = {
    "occurred_at": "to_char(created_at AT TIME ZONE 'UTC',"
    """ 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')""",
    "previous_hash": "encode(previous_hash, 'hex')",
    "hash": "encode(hash, 'hex')",
}
_LINKS = (
    sa_select(
        col(AuditEntry.seq),
        *(
            literal_column(_WRITTEN.get(name, f"{name}::text"), String()).label(name)
            for name in (*audit_chain.FIELDS, "hash")
            if name != "seq"
        ),
    )
    .select_from(AuditEntry)
    .order_by(col(AuditEntry.seq), col(AuditEntry.id))
)
"""Every column as text that Postgres writes itself: no reader in between can change it."""


@dataclass(frozen=True)
class AuditFilter:
    """Which entries; every condition that is given must hold. ``since`` is included."""

    app_id: UUID | None = None
    environment_id: UUID | None = None
    actor_id: UUID | None = None
    actions: Sequence[str] | None = None
    outcome: AuditOutcome | None = None
    since: datetime | None = None
    until: datetime | None = None

    def check(self) -> None:
        actions = self.actions or ()
        if len(actions) > MAXIMUM_ACTIONS:
            raise InvalidInput("actions", f"At most {MAXIMUM_ACTIONS} actions.")
        for action in actions:
            check_text("actions", action, maximum=MAXIMUM_ACTION)
        for field, at in (("since", self.since), ("until", self.until)):
            if at is not None:
                check_moment(field, at)

    def conditions(self) -> list[ColumnElement[bool]]:
        entry = AuditEntry
        found = [
            col(column) == value
            for column, value in (
                (entry.app_id, self.app_id),
                (entry.environment_id, self.environment_id),
                (entry.actor_id, self.actor_id),
                (entry.outcome, self.outcome),
            )
            if value is not None
        ]
        if self.actions is not None:
            found.append(col(entry.action).in_(self.actions))
        if self.since is not None:
            found.append(col(entry.created_at) >= self.since)
        if self.until is not None:
            found.append(col(entry.created_at) < self.until)
        return found


async def list_entries(
    session: AsyncSession, *, principal: Principal, filter: AuditFilter, request: PageRequest
) -> Page[AuditEntry]:
    """The organization's audit, newest first; raises ``PermissionDenied``.

    Who may read the audit of one app alone must name that app. Entries of apps whose audit the
    principal may not read are left out.
    """
    _require_audit(principal, filter)
    filter.check()
    statement = select(AuditEntry).where(_readable(principal), *filter.conditions())
    ordering = Ordering[AuditEntry](
        scope="audit",
        columns=[col(AuditEntry.seq)],
        types=[int],
        key=lambda entry: [entry.seq],
        descending=True,
    )
    return await read_page(session, statement, ordering, request)


def _require_audit(principal: Principal, filter: AuditFilter) -> None:
    """Refuse who may not read this audit; of an app that is not there for them as of any such."""
    app_id = filter.app_id
    if app_id is not None and not principal.can(Permission.AUDIT_READ, app_id):
        seen = principal.can(Permission.APP_READ, app_id)
        require(principal, Permission.AUDIT_READ, app_id=app_id if seen else None)
        return
    require(principal, Permission.AUDIT_READ, app_id=app_id)


def _readable(principal: Principal) -> ColumnElement[bool]:
    """Whether the principal may read an entry, as SQL: the same as ``access.can_read_audit``."""
    own = col(AuditEntry.organization_id) == principal.organization_id
    if principal.key is not None:
        return own & (col(AuditEntry.app_id) == principal.key.app_id)
    audited = [app for app, held in principal.in_apps.items() if Permission.AUDIT_READ in held]
    if not principal.can(Permission.AUDIT_READ):
        return own & col(AuditEntry.app_id).in_(audited)
    unread = set(principal.in_apps) - set(audited)
    if not unread:
        return own
    return own & (col(AuditEntry.app_id).is_(None) | col(AuditEntry.app_id).not_in(unread))


@dataclass(frozen=True)
class Export:
    """Lines to write, oldest first, up to the head that the chain had when it was asked for."""

    head: Head
    lines: AsyncGenerator[list[str]]


async def export_entries(
    database: Database, *, principal: Principal, filter: AuditFilter, after: int
) -> Export:
    """The organization's audit past number ``after``, a page of lines at a time.

    Each page has a moment of its own, so that a slow reader holds none: entries never change.
    Raises ``PermissionDenied`` and ``InvalidInput`` before the first line.
    """
    _require_audit(principal, filter)
    filter.check()
    async with database.moment() as session:
        head = await _read_head(session, principal.organization_id)
    assert head is not None  # made with the organization
    conditions = [_readable(principal), *filter.conditions()]
    return Export(head, _export(database, conditions, after, head.seq))


async def _export(
    database: Database, conditions: Sequence[ColumnElement[bool]], after: int, last: int
) -> AsyncGenerator[list[str]]:
    while after < last:
        async with database.moment() as session:
            found = await (await session.connection()).execute(
                _LINKS.where(
                    col(AuditEntry.seq) > after,
                    col(AuditEntry.seq) <= last,
                    *conditions,
                ).limit(EXPORTED_AT_ONCE)
            )
            links = [_link(row) for row in found.mappings()]
        if not links:
            return
        yield [link.line for link in links]
        after = links[-1].seq


async def verify(database: Database, noted: Head | None = None) -> Verdict:
    """Walk every entry there is, in one moment, and say what was changed or is missing."""
    walk = Walk(noted)
    async with database.moment() as session:
        organization_id = (await session.exec(select(Organization.id))).one_or_none()
        if organization_id is None:  # nothing was ever served from here
            return walk.end(Head(0, BEGINNING))
        async for link in _stream(session, organization_id):
            walk.take(link)
        head = await _read_head(session, organization_id)
        verdict = walk.end(head)
        if head is None:
            verdict.complain("The chain has no head: nothing says where it should end.")
        strangers = await _count_strangers(session, organization_id)
        if strangers:
            verdict.complain(f"Entries of another organization, which there is none: {strangers}.")
    return verdict


async def _read_head(session: AsyncSession, organization_id: UUID) -> Head | None:
    head = await session.get(AuditHead, organization_id)
    return None if head is None else Head(head.seq, head.hash.hex())


async def _count_strangers(session: AsyncSession, organization_id: UUID) -> int:
    statement = (
        select(func.count())
        .select_from(AuditEntry)
        .where(col(AuditEntry.organization_id).is_distinct_from(organization_id))
    )
    return (await session.exec(statement)).one()


async def _stream(session: AsyncSession, organization_id: UUID) -> AsyncGenerator[Link]:
    statement = _LINKS.where(col(AuditEntry.organization_id) == organization_id)
    connection = await session.connection()
    options = {"yield_per": WALKED_AT_ONCE}
    async with connection.stream(statement, execution_options=options) as rows:
        async for row in rows.mappings():
            yield _link(row)


def _link(row: RowMapping) -> Link:
    texts = {
        name: row[name] or "null" if name in _OBJECTS else audit_chain.written(row[name])
        for name in audit_chain.FIELDS
    }
    seq = row["seq"] or 0  # nothing is null unless somebody took the table's rules away
    text = audit_chain.canonical({**texts, "seq": str(seq)})
    return Link(seq, row["previous_hash"] or "", row["hash"] or "", text)

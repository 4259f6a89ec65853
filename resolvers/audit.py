"""Query.auditLog: who did what."""

from typing import Annotated

import strawberry

from schema.arguments import After, Before, First, Last
from schema.audit import AuditEntry, AuditEntryConnection, AuditLogFilter
from schema.context import Info
from schema.requirements import needs
from services import audit_log
from services.audit_log import AuditFilter
from services.paging import PageRequest
from services.principals import Permission

Filter = Annotated[
    AuditLogFilter | None, strawberry.argument(description="Which entries; all unless given.")
]


@strawberry.type
class AuditQuery:
    @strawberry.field(
        description="Who did what, and what was refused, newest first. It takes `audit.read`; "
        "who holds that for one app alone names the app in the filter.",
        directives=[needs(Permission.AUDIT_READ)],
    )
    async def audit_log(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Filter = None,
    ) -> AuditEntryConnection:
        async with info.context.reading.session() as session:
            page = await audit_log.list_entries(
                session,
                principal=info.context.principal,
                filter=AuditFilter() if filter is None else filter.filter(),
                request=PageRequest(first=first, after=after, last=last, before=before),
            )
        return AuditEntryConnection.of(page, [AuditEntry.of(row) for row in page.rows])

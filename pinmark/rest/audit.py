"""``GET /v1/audit``: the audit as NDJSON, oldest first, each line with its place in the chain."""

from collections.abc import AsyncGenerator
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from models import AuditOutcome
from pinmark.rest.answers import authenticated
from pinmark.rest.operations import NDJSON, Answer, Operation, Tag
from pinmark.rest.refusals import Refusal
from pinmark.rest.shapes.content import AuditQuery
from pinmark.server_state import server_of
from schema.ids import decode_any
from services import errors
from services.audit_log import AuditFilter, Export, export_entries
from services.errors import InvalidInput
from services.principals import Permission

PARAMETERS = frozenset(
    {
        "action",
        "actor_id",
        "after",
        "app_id",
        "environment_id",
        "outcome",
        "since",
        "until",
    }
)


async def export_audit(request: Request, request_id: str) -> Response:
    principal = await authenticated(request, request_id=request_id)
    asked = _Asked(request)
    try:
        export = await export_entries(
            server_of(request).installation.database,
            principal=principal,
            filter=asked.filter(),
            after=asked.number("after") or 0,
        )
    except InvalidInput as error:
        name = "action" if error.field == "actions" else error.field
        raise _invalid(name, error.message) from error
    return StreamingResponse(
        _bytes(export),
        media_type="application/x-ndjson",
        headers={"Pinmark-Audit-Head": str(export.head), "Cache-Control": "no-store"},
    )


async def _bytes(export: Export) -> AsyncGenerator[bytes]:
    async for lines in export.lines:
        yield "".join(f"{line}\n" for line in lines).encode()


class _Asked:
    """The query's parameters; one that is unknown or doubled is refused rather than ignored."""

    def __init__(self, request: Request) -> None:
        self._given = request.query_params
        for name in self._given:
            if name not in PARAMETERS:
                raise _invalid(name, "There is no such parameter.")
            if name != "action" and len(self._given.getlist(name)) > 1:
                raise _invalid(name, "Give it once.")

    def filter(self) -> AuditFilter:
        return AuditFilter(
            app_id=self._id("app_id"),
            environment_id=self._id("environment_id"),
            actor_id=self._actor(),
            actions=self._given.getlist("action") or None,
            outcome=self._outcome(),
            since=self._time("since"),
            until=self._time("until"),
        )

    def number(self, name: str) -> int | None:
        given = self._given.get(name)
        if given is None:
            return None
        if not (given.isascii() and given.isdecimal() and len(given) <= 18):
            raise _invalid(name, "It must be the number of an entry.")
        return int(given)

    def _id(self, name: str) -> UUID | None:
        given = self._given.get(name)
        try:
            return None if given is None else UUID(given)
        except ValueError:
            raise _invalid(name, "It must be a UUID.") from None

    def _actor(self) -> UUID | None:
        """As entries name them, or as GraphQL does: its actors have no other id."""
        named = decode_any(self._given.get("actor_id", ""))
        return self._id("actor_id") if named is None else named[1]

    def _outcome(self) -> AuditOutcome | None:
        given = self._given.get("outcome")
        try:
            return None if given is None else AuditOutcome(given.upper())
        except ValueError:
            raise _invalid("outcome", "It must be succeeded or refused.") from None

    def _time(self, name: str) -> datetime | None:
        given = self._given.get(name)
        try:
            return None if given is None else datetime.fromisoformat(given)
        except ValueError:
            raise _invalid(name, "It must be an ISO 8601 time with its offset.") from None


def _invalid(name: str, message: str) -> Refusal:
    return Refusal(400, "invalid_query_params", message, details={name: message})


OPERATIONS = (
    Operation(
        "GET",
        "/v1/audit",
        export_audit,
        permission=Permission.AUDIT_READ,
        name="exportAudit",
        tag=Tag.ORGANIZATION,
        summary="The audit as NDJSON, oldest first, each line with its place in the chain.",
        answer=Answer(200, "The entries.", media_types=(NDJSON,), headers=("Pinmark-Audit-Head",)),
        query=AuditQuery,
        refusals=(errors.NotFound, errors.PermissionDenied),
    ),
)

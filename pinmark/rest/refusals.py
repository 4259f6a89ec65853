"""What a request is refused with: the domain's exceptions as statuses and codes, in one mapping."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from starlette.responses import Response

from pinmark.rate_limits import TooManyRequests
from services import errors
from services.errors import DomainError

Facts = Callable[[Any], Mapping[str, Any]]

TRY_AGAIN_SECONDS = "5"
REQUEST_NAMES = {
    "source_id": "source_environment_id",
    "target_id": "environment_id",
    "version": "target_version",
    "idempotency_key": "Idempotency-Key",
}
"""What a request calls a field that GraphQL has another name for."""


def _nothing(error: DomainError) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Published:
    """How a kind of refusal is told; ``facts`` go beside its code and message."""

    status: int
    code: str
    facts: Facts = _nothing
    headers: Mapping[str, str] | None = None


def _limit(entitlement: str) -> Published:
    def facts(error: errors.PlanLimit) -> dict[str, Any]:
        return {
            "entitlement": entitlement,
            "plan": error.plan,
            "limit": error.limit,
            "current": error.current,
        }

    return Published(402, "entitlement_required", facts)


def _deployment(error: errors.EnvironmentBusy | errors.AlreadySettled) -> dict[str, Any]:
    return {"deployment_id": str(error.deployment_id)}


def _problems(error: errors.ContentInvalid) -> dict[str, Any]:
    problems = [asdict(problem) for problem in error.problems]
    return {
        "deployment_id": str(error.deployment_id),
        "problems": [problem | {"code": problem["code"].lower()} for problem in problems],
    }


PUBLISHED: Mapping[type[DomainError], Published] = {
    errors.NotFound: Published(404, "not_found"),
    errors.FileNotServed: Published(
        404, "not_found", lambda error: {"suggestions": list(error.suggestions)}
    ),
    errors.PermissionDenied: Published(
        403, "forbidden", lambda error: {"permission": error.permission}
    ),
    errors.OwnerRequired: Published(403, "owner_required"),
    errors.MemberRequired: Published(403, "member_required"),
    errors.InvalidInput: Published(400, "invalid_request_body"),
    errors.InvalidCursor: Published(400, "invalid_query_params"),
    errors.NameTaken: Published(409, "duplicate_name"),
    errors.RepositoryTaken: Published(409, "repository_taken"),
    errors.EnvironmentBusy: Published(409, "promotion_in_flight", _deployment),
    errors.IdempotencyConflict: Published(409, "idempotency_conflict"),
    errors.StaleSource: Published(409, "stale_source", lambda error: {"current": error.actual}),
    errors.StaleTarget: Published(409, "stale_target", lambda error: {"current": error.actual}),
    errors.StaleEnvironment: Published(412, "precondition_failed"),
    errors.NotRetryable: Published(409, "not_retryable"),
    errors.AlreadySettled: Published(409, "already_settled", _deployment),
    errors.AlreadyServing: Published(409, "already_serving"),
    errors.LastOwner: Published(409, "last_owner"),
    errors.AlreadyMember: Published(409, "already_member"),
    errors.InvitationAccepted: Published(409, "invitation_accepted"),
    errors.RoleInUse: Published(409, "role_in_use"),
    errors.TargetIsDefault: Published(400, "default_environment_not_promotable"),
    errors.SourceIsTarget: Published(400, "source_equals_target"),
    errors.GitConnectionMissing: Published(400, "git_connection_missing"),
    errors.ContentInvalid: Published(422, "content_invalid", _problems),
    errors.DefaultEnvironmentLocked: Published(409, "default_environment_locked"),
    errors.ConfirmationMismatch: Published(400, "confirmation_name_mismatch"),
    errors.VersionNotFound: Published(400, "target_version_not_found"),
    errors.EnvironmentNotPinned: Published(404, "environment_not_pinned"),
    errors.NothingSynced: Published(404, "content_not_synced"),
    errors.NoHandler: Published(404, "no_handler"),
    errors.OwnerAccess: Published(409, "owner_access"),
    errors.EnvironmentLimit: _limit("max_environments"),
    errors.ApiKeyLimit: _limit("max_api_keys"),
    errors.AppLimit: _limit("max_apps"),
    errors.RepositoryUnreachable: Published(424, "repository_unreachable"),
    errors.ExecutionError: Published(502, "execution_failed"),
    errors.RuntimeNotReady: Published(
        503, "runtime_not_ready", headers={"Retry-After": TRY_AGAIN_SECONDS}
    ),
    errors.RuntimeFailed: Published(502, "runtime_failed"),
}
"""A kind that is not here is told as the one above it in the tree."""


class Refusal(Exception):
    """A request that is answered with an error; ``details`` go beside code and message."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        self.answer = {"error": {"code": code, "message": message, **details}}

    @classmethod
    def of_too_many(cls, many: TooManyRequests) -> "Refusal":
        return cls(429, "rate_limited", many.message, headers=many.headers)

    @classmethod
    def of(cls, error: DomainError, *, by_query: bool = False) -> "Refusal":
        """The refusal as it is published; ``by_query`` when what was asked is in the address.

        A kind that is published nowhere is a bug, and raised again.
        """
        published = published_of(type(error))
        if published is None:
            raise error
        code, facts = published.code, dict(published.facts(error))
        match error:
            case errors.InvalidInput():
                code = "invalid_query_params" if by_query else code
                facts["details"] = {request_name(error.field): error.message}
            case errors.InvalidCursor():
                facts["details"] = {request_name(error.path[-1]): error.message}
            case errors.NameTaken():
                code = f"duplicate_{error.kind.lower().replace(' ', '_')}_name"
            case _:
                pass
        return cls(published.status, code, error.message, headers=published.headers, **facts)

    def response(self) -> Response:
        return json_answer(self.answer, status=self.status, headers=self.headers)


def published_of(kind: type[DomainError]) -> Published | None:
    """How a kind is told: as it says itself, or as the nearest above it does."""
    for each in kind.__mro__:
        if each in PUBLISHED:
            return PUBLISHED[each]
    return None


def request_name(field: str) -> str:
    """What requests call a field of GraphQL's: ``expiresAt`` → ``expires_at``."""
    name = re.sub("(?<=[a-z0-9])[A-Z]", lambda found: f"_{found[0]}", field).lower()
    return REQUEST_NAMES.get(name, name)


def json_answer(
    answer: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(
        orjson.dumps(answer),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )

"""Each way that the domain says no, as a client of the REST API is told."""

import inspect
from typing import Any
from uuid import UUID

import pytest

from models import ContentProblemCode
from pinmark.rest.refusals import Refusal
from services import errors
from services.errors import ContentProblem, DomainError

SOME = UUID("7d1c6f0e-52b4-4c0f-9a44-0d3f8a6f9b11")
PROBLEM = ContentProblem("a.jsonl", 3, "no input", ContentProblemCode.MISSING_INPUT)
DEPLOYMENT = {"deployment_id": str(SOME)}


def limited(entitlement: str) -> dict[str, Any]:
    return {"entitlement": entitlement, "plan": "Free", "limit": 2, "current": 2}


TABLE: list[tuple[DomainError, int, str, dict[str, Any]]] = [
    (errors.NotFound("environment"), 404, "not_found", {}),
    (errors.FileNotServed("file", ["a.mdx"]), 404, "not_found", {"suggestions": ["a.mdx"]}),
    (
        errors.PermissionDenied("environment.promote"),
        403,
        "forbidden",
        {"permission": "environment.promote"},
    ),
    (
        errors.InvalidInput("expiresAt", "It has been."),
        400,
        "invalid_request_body",
        {"details": {"expires_at": "It has been."}},
    ),
    (
        errors.InvalidName(),
        400,
        "invalid_request_body",
        {"details": {"name": errors.InvalidName().message}},
    ),
    (
        errors.InvalidCursor("after"),
        400,
        "invalid_query_params",
        {"details": {"after": "after is not a cursor of this list or stream."}},
    ),
    (errors.NameTaken("environment", "staging"), 409, "duplicate_environment_name", {}),
    (errors.RepositoryTaken("main"), 409, "repository_taken", {}),
    (errors.EnvironmentBusy("prod", SOME), 409, "promotion_in_flight", DEPLOYMENT),
    (errors.IdempotencyConflict(), 409, "idempotency_conflict", {}),
    (errors.StaleSource("a" * 40, "b" * 40), 409, "stale_source", {"current": "b" * 40}),
    (errors.StaleTarget(1, 2), 409, "stale_target", {"current": 2}),
    (errors.StaleEnvironment("prod"), 412, "precondition_failed", {}),
    (errors.NotRetryable("It deployed."), 409, "not_retryable", {}),
    (errors.AlreadySettled(SOME), 409, "already_settled", DEPLOYMENT),
    (errors.AlreadyServing("prod", 1), 409, "already_serving", {}),
    (errors.LastOwner(), 409, "last_owner", {}),
    (errors.AlreadyMember(), 409, "already_member", {}),
    (errors.InvitationAccepted(), 409, "invitation_accepted", {}),
    (errors.RoleInUse(), 409, "role_in_use", {}),
    (errors.TargetIsDefault("dev"), 400, "default_environment_not_promotable", {}),
    (errors.SourceIsTarget("prod"), 400, "source_equals_target", {}),
    (errors.GitConnectionMissing("triage"), 400, "git_connection_missing", {}),
    (
        errors.ContentInvalid(SOME, [PROBLEM]),
        422,
        "content_invalid",
        {
            **DEPLOYMENT,
            "problems": [
                {"path": "a.jsonl", "line": 3, "message": "no input", "code": "missing_input"}
            ],
        },
    ),
    (errors.DefaultEnvironmentLocked("dev"), 409, "default_environment_locked", {}),
    (errors.ConfirmationMismatch("prod"), 400, "confirmation_name_mismatch", {}),
    (errors.VersionNotFound("prod", 9), 400, "target_version_not_found", {}),
    (errors.EnvironmentNotPinned("prod"), 404, "environment_not_pinned", {}),
    (errors.NothingSynced("dev"), 404, "content_not_synced", {}),
    (errors.NoHandler("dev"), 404, "no_handler", {}),
    (errors.OwnerAccess(), 409, "owner_access", {}),
    (errors.OwnerRequired(path=()), 403, "owner_required", {}),
    (errors.MemberRequired(), 403, "member_required", {}),
    (
        errors.EnvironmentLimit("Free", 2, 2),
        402,
        "entitlement_required",
        limited("max_environments"),
    ),
    (errors.ApiKeyLimit("Free", 2, 2), 402, "entitlement_required", limited("max_api_keys")),
    (errors.AppLimit("Free", 2, 2), 402, "entitlement_required", limited("max_apps")),
    (errors.RepositoryUnreachable("it is gone"), 424, "repository_unreachable", {}),
    (errors.RuntimeNotReady("prod", None), 503, "runtime_not_ready", {}),
    (errors.RuntimeFailed("prod", "died"), 502, "runtime_failed", {}),
]


@pytest.mark.parametrize(
    ("error", "status", "code", "facts"), TABLE, ids=[type(each[0]).__name__ for each in TABLE]
)
def test_a_refusal_has_its_status_its_code_and_its_facts(
    error: DomainError, status: int, code: str, facts: dict[str, Any]
) -> None:
    refusal = Refusal.of(error)
    assert refusal.status == status
    assert refusal.answer == {"error": {"code": code, "message": error.message, **facts}}


def test_every_refusal_of_the_tree_that_nothing_stands_below_is_in_the_table() -> None:
    tree = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, DomainError)
    ]
    above = {parent for kind in tree for parent in kind.__mro__[1:]}
    told = {type(error) for error, *_ in TABLE}
    assert {kind for kind in tree if kind not in above} - told == set()


def test_what_is_wrong_with_an_address_is_not_said_of_a_body() -> None:
    refusal = Refusal.of(errors.InvalidInput("time", "It has not been."), by_query=True)
    assert refusal.code == "invalid_query_params"


def test_whoever_comes_too_early_is_told_when_to_come_again() -> None:
    assert Refusal.of(errors.RuntimeNotReady("prod", None)).headers["Retry-After"]


def test_a_refusal_that_nothing_is_told_of_is_a_bug() -> None:
    with pytest.raises(errors.Conflict):
        Refusal.of(errors.Conflict("never raised by itself"))

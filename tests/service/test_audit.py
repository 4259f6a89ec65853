"""The audit: every act by whom, to what, from what to what; and the refusals that matter."""

import asyncio
from importlib.resources import files
from typing import Any

import psycopg
import pytest
from anyio import fail_after
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import (
    SYSTEM,
    ActorKind,
    App,
    AuditOutcome,
    Deployment,
    Environment,
)
from services import audit
from services.audit import Plain
from services.errors import ConfirmationMismatch, ContentInvalid, NameTaken, PermissionDenied
from services.refusals import record_refusal, record_refused_tokens
from services.repositories import Link
from tests.support.apps import settle
from tests.support.auditing import audit_of, verdict_on
from tests.support.callers import Caller
from tests.support.repositories import Repository
from tests.support.samples import INVALID_CONTENT


def served(version: int | None, deployment: Deployment | None) -> dict[str, Any]:
    return {"version": version, "deployment": None if deployment is None else str(deployment.id)}


def asked(deployment: Deployment) -> dict[str, Any]:
    return {**served(deployment.version, deployment), "commit": deployment.commit_sha}


async def test_every_act_is_audited_by_whom_and_to_what(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    promoted = await caller.release(dev, staging)
    promoted_again = await caller.release(dev, staging)
    rolled_back = await settle(caller.installation, await caller.roll_back(staging, 1))
    cancelled = await caller.cancel(await caller.redeploy(staging))
    retried = await settle(caller.installation, await caller.retry(cancelled))
    await caller.delete(staging)

    entries = await audit_of(caller.installation)
    assert [(entry.action, entry.actor) for entry in entries[:4]] == [
        ("member.create", SYSTEM),
        ("access_token.create", SYSTEM),
        ("app.create", caller.principal.actor),
        ("repository.link", caller.principal.actor),
    ]
    assert [(entry.action, entry.subject_kind, entry.subject_id) for entry in entries[4:]] == [
        ("environment.create", "Environment", staging.id),
        ("environment.promote", "Deployment", promoted.id),
        ("environment.promote", "Deployment", promoted_again.id),
        ("environment.rollback", "Deployment", rolled_back.id),
        ("environment.redeploy", "Deployment", cancelled.id),
        ("deployment.cancel", "Deployment", cancelled.id),
        ("deployment.retry", "Deployment", retried.id),
        ("environment.delete", "Environment", staging.id),
    ]
    acts = entries[4:]
    assert {entry.actor for entry in acts} == {caller.principal.actor}
    assert {(entry.app_id, entry.environment_id) for entry in acts} == {(app.id, staging.id)}
    assert {entry.outcome for entry in entries} == {AuditOutcome.SUCCEEDED}


async def test_what_was_before_and_after_is_told(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> None:
    first = await caller.release(dev, staging)
    second = await caller.release(dev, staging)
    rolled_back = await settle(caller.installation, await caller.roll_back(staging, 1))
    cancelled = await caller.cancel(await caller.redeploy(staging))
    await caller.delete(staging)

    steps = {"file_sync": "SYNCED", "code_build": "PENDING", "failure_class": None}
    entries = (await audit_of(caller.installation))[4:]
    assert [(entry.before, entry.after) for entry in entries] == [
        (None, {"name": "staging"}),
        (served(None, None), asked(first)),
        (served(1, first), asked(second)),
        (served(2, second), asked(rolled_back)),
        (served(1, rolled_back), asked(cancelled)),
        (steps, {**steps, "code_build": "FAILED", "failure_class": "CANCELLED"}),
        ({"name": "staging", **served(1, rolled_back)}, None),
    ]
    assert entries[1].facts == {"source": str(dev.id)}


async def test_a_link_is_told_with_what_it_replaces_and_never_its_token(
    caller: Caller, app: App, repository: Repository
) -> None:
    head = repository.head
    assert head is not None
    repository.force(head, branch="other")
    await caller.ask_link(Link(app.id, str(repository.path), "other"))
    entry = (await audit_of(caller.installation))[-1]
    before = {"url": str(repository.path.resolve()), "branch": "main", "with_token": False}
    assert (entry.before, entry.after) == (before, {**before, "branch": "other"})


async def test_content_refused_at_once_is_told_as_refused(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    repository.commit(INVALID_CONTENT)
    with pytest.raises(ContentInvalid) as refusal:
        await caller.promote(dev, staging)
    entry = (await audit_of(caller.installation))[-1]
    assert (entry.action, entry.outcome) == ("environment.promote", AuditOutcome.REFUSED)
    assert (entry.subject_id, entry.facts["failure_class"]) == (
        refusal.value.deployment_id,
        "CONTENT",
    )


async def test_an_act_that_is_undone_leaves_no_entry(caller: Caller, app: App) -> None:
    before = await audit_of(caller.installation)
    with pytest.raises(NameTaken):
        await caller.create_app(app.name)

    async def act_and_fail() -> None:
        async with caller.installation.database.transaction() as session:
            audit.record(session, principal=caller.principal, action="app.create", subject_id=None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await act_and_fail()
    assert await audit_of(caller.installation) == before


async def test_only_refusals_that_matter_are_written_down(
    caller: Caller, app: App, staging: Environment
) -> None:
    async def refuse(error: Exception) -> None:
        assert isinstance(error, PermissionDenied | ConfirmationMismatch | NameTaken)
        await record_refusal(
            caller.installation.database,
            principal=caller.principal,
            action="environment.delete",
            error=error,
            asked={"environment_id": ("Environment", staging.id)},
        )

    before = await audit_of(caller.installation)
    await refuse(NameTaken("environment", "staging"))
    assert await audit_of(caller.installation) == before
    await refuse(PermissionDenied("environment.delete"))
    await refuse(ConfirmationMismatch("staging"))
    denied, mistyped = (await audit_of(caller.installation))[len(before) :]
    for entry in (denied, mistyped):
        assert (entry.action, entry.outcome) == ("environment.delete", AuditOutcome.REFUSED)
        assert (entry.subject_kind, entry.subject_id) == ("Environment", staging.id)
        assert (entry.app_id, entry.environment_id) == (app.id, staging.id)
        assert entry.facts["asked"] == {"environment_id": str(staging.id)}
    assert denied.facts["permission"] == "environment.delete"
    assert mistyped.facts["reason"] == "Type staging to confirm; something else was given."


async def test_refused_tokens_are_nobodys(caller: Caller) -> None:
    await record_refused_tokens(
        caller.installation.database, attempts=3, samples=[{"address": "192.0.2.1"}]
    )
    entry = (await audit_of(caller.installation))[-1]
    assert (entry.actor_kind, entry.actor_id) == (ActorKind.ANONYMOUS, None)
    assert (entry.action, entry.outcome) == ("access_token.use", AuditOutcome.REFUSED)
    assert entry.facts == {"attempts": 3, "samples": [{"address": "192.0.2.1"}]}
    assert entry.subject_kind is None


async def test_fifty_acts_at_once_make_one_whole_chain(caller: Caller, app: App) -> None:
    apps = [app, *[await caller.create_app(f"app-{number}") for number in range(4)]]
    begun = len(await audit_of(caller.installation))
    acts = [
        caller.create_environment(apps[number % 5], f"environment-{number}") for number in range(40)
    ] + [caller.create_app(f"another-{number}") for number in range(10)]
    with fail_after(120):
        await asyncio.gather(*acts)

    entries = await audit_of(caller.installation)
    assert [entry.seq for entry in entries] == list(range(1, begun + 51))
    verdict = await verdict_on(caller.installation)
    assert (verdict.troubles, verdict.entries) == ([], begun + 50)


async def test_entries_of_one_transaction_keep_their_order(caller: Caller) -> None:
    async with caller.installation.database.transaction() as session:
        for number in range(5):
            audit.record(
                session,
                principal=caller.principal,
                action="app.create",
                subject_id=None,
                number=number,
            )
    entries = await audit_of(caller.installation)
    assert [entry.facts.get("number") for entry in entries[-5:]] == list(range(5))
    assert (await verdict_on(caller.installation)).is_whole


plain: st.SearchStrategy[Plain] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


def kept(value: Any) -> Any:
    """The value as it can be kept: no NUL, no half surrogates."""
    match value:
        case str():
            return (
                value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
            )
        case list():
            return [kept(each) for each in value]  # pyright: ignore[reportUnknownVariableType]  # any JSON
        case dict():
            return {kept(name): kept(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]  # any JSON
        case _:
            return value


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=st.dictionaries(st.text(max_size=9), plain, max_size=4), name=st.text(max_size=20))
async def test_any_facts_are_kept_and_both_hashes_agree(
    caller: Caller, before: dict[str, Plain], name: str
) -> None:
    async with caller.installation.database.transaction() as session:
        audit.record(
            session,
            principal=caller.principal,
            action="app.create",
            subject_id=None,
            before=before,
            name=name,
        )
    entry = (await audit_of(caller.installation))[-1]
    assert (entry.before, entry.facts) == (kept(before), {"name": kept(name)})
    assert (await verdict_on(caller.installation)).is_whole


UNDO = """
    DROP TRIGGER auditentry_chained ON auditentry;
    DROP TRIGGER organization_audited ON organization;
    ALTER TABLE auditentry DISABLE TRIGGER auditentry_append_only;
    DROP TABLE audithead;
    DROP FUNCTION audit_text, chain_auditentry, begin_audit;
    UPDATE auditentry SET facts = '{}';
    ALTER TABLE auditentry DROP COLUMN seq, DROP COLUMN outcome, DROP COLUMN subject_kind,
        DROP COLUMN environment_id, DROP COLUMN before, DROP COLUMN after,
        DROP COLUMN previous_hash, DROP COLUMN hash, DROP CONSTRAINT ck_auditentry_facts_object,
        ALTER COLUMN subject_id SET NOT NULL;
    DROP INDEX IF EXISTS ix_auditentry_app_id, ix_auditentry_environment_id,
        ix_auditentry_actor_id;
    ALTER TABLE auditentry ENABLE TRIGGER auditentry_append_only;
"""


async def test_entries_from_before_the_chain_are_chained_in_their_order(
    caller: Caller, dev: Environment, staging: Environment, database_url: str
) -> None:
    await caller.cancel(await caller.promote(dev, staging))
    await caller.delete(staging)
    before = await audit_of(caller.installation)

    script = files("pinmark.migrations").joinpath("sql", "0010_audit.sql").read_text()
    with psycopg.connect(database_url) as connection:
        connection.execute(UNDO)
        connection.execute(script.encode())

    assert (await verdict_on(caller.installation)).is_whole
    after = await audit_of(caller.installation)
    assert [entry.id for entry in after] == [entry.id for entry in before]
    # The first two are kinds that were not written down before the chain.
    told = [(entry.outcome, entry.subject_kind, entry.environment_id) for entry in before[2:]]
    assert [(e.outcome, e.subject_kind, e.environment_id) for e in after[2:]] == told
    await caller.create_app("another")
    assert (await verdict_on(caller.installation)).is_whole

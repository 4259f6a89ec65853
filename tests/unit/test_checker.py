"""The checker of histories finds each mistake that it is there for; these are planted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.support.histories import (
    DeploymentRow,
    EnvironmentRow,
    EventRow,
    History,
    ServingRow,
)
from tests.support.history_rules import RULES, Account, Ask, Read, Told, violations

STARTED = datetime(2026, 1, 1, tzinfo=UTC)
STAGING = UUID(int=100)
COMMIT = "c" * 40


def deployment(ordinal: int, kind: str, version: int, *, failed: bool = False) -> DeploymentRow:
    return DeploymentRow(
        id=UUID(int=ordinal),
        environment_id=STAGING,
        ordinal=ordinal,
        kind=kind,
        pinned=True,
        version=version,
        commit_sha=COMMIT,
        note=f"key-{ordinal}",
        retry_of_id=None,
        file_sync="SYNCED",
        code_build="FAILED" if failed else "SKIPPED",
        failure_class="RUNTIME" if failed else None,
        created_at=STARTED + timedelta(minutes=ordinal),
        settled_at=STARTED + timedelta(minutes=ordinal, seconds=5),
    )


def events_of(row: DeploymentRow) -> list[EventRow]:
    first = 3 * row.ordinal - 2
    kinds = ("DEPLOYMENT_STARTED", "DEPLOYMENT_PROGRESSED", "DEPLOYMENT_SETTLED")
    steps = ("PENDING", "BUILDING", row.code_build)
    return [
        EventRow(first + index, kind, STAGING, row.id, "SYNCED", step)
        for index, (kind, step) in enumerate(zip(kinds, steps, strict=True))
    ]


def whole() -> Account:
    """v1, a failed v2, v2, and back to v1, as they should be."""
    rows = [
        deployment(1, "PROMOTION", 1),
        deployment(2, "PROMOTION", 2, failed=True),
        deployment(3, "PROMOTION", 2),
        deployment(4, "ROLLBACK", 1),
    ]
    events = [event for row in rows for event in events_of(row)]
    staging = EnvironmentRow(STAGING, "staging", False, 2, 1, rows[3].id, None)
    servings = [
        ServingRow(STAGING, ordinal, rows[index].id)
        for ordinal, index in enumerate((0, 2, 3), start=1)
    ]
    return Account(
        History([staging], rows, events, servings),
        asks=[Ask(f"key-{row.ordinal}", row.id) for row in rows],
        reads=[Read(STAGING, 2, COMMIT, b"content")],
        subscribers={"ada": [Told(each.seq, each.kind, each.deployment_id) for each in events]},
        contents={COMMIT: b"content"},
        healed_at=STARTED,
    )


Mistake = Callable[[Account], None]
MISTAKES: list[tuple[str, Mistake]] = []


def breaks(rule: str) -> Callable[[Mistake], Mistake]:
    def keep(mistake: Mistake) -> Mistake:
        MISTAKES.append((rule, mistake))
        return mistake

    return keep


def change(account: Account, nth: int, /, **changes: object) -> None:
    rows = [
        replace(row, **changes) if row.ordinal == nth else row  # pyright: ignore[reportArgumentType]
        for row in account.history.deployments
    ]
    account.history = replace(account.history, deployments=rows)


def change_environment(account: Account, **changes: object) -> None:
    [staging] = account.history.environments
    account.history = replace(account.history, environments=[replace(staging, **changes)])  # pyright: ignore[reportArgumentType]


@breaks("events_are_numbered_without_a_gap")
def lose_an_event(account: Account) -> None:
    account.history = replace(account.history, events=account.history.events[1:])


@breaks("each_deployment_is_told_of_from_start_to_settled")
def settle_twice(account: Account) -> None:
    last = account.history.events[-1]
    again = replace(last, seq=last.seq + 1)
    account.history = replace(account.history, events=[*account.history.events, again])


@breaks("each_deployment_is_told_of_from_start_to_settled")
def go_backwards(account: Account) -> None:
    events = list(account.history.events)
    events[1] = replace(events[1], code_build="PENDING", file_sync="SYNCING")
    account.history = replace(account.history, events=events)


@breaks("everything_accepted_settles")
def lose_a_job(account: Account) -> None:
    change(account, 4, settled_at=None)


@breaks("everything_accepted_settles")
def stay_busy(account: Account) -> None:
    change_environment(account, deploying_id=UUID(int=2))


@breaks("what_was_accepted_settles_soon_after_the_last_fault")
def settle_late(account: Account) -> None:
    change(account, 4, settled_at=STARTED + timedelta(hours=1))


@breaks("what_was_acknowledged_is_there")
def forget_what_was_acknowledged(account: Account) -> None:
    account.asks = [*account.asks, Ask("key-5", UUID(int=5))]


@breaks("a_key_has_one_effect")
def do_it_twice(account: Account) -> None:
    change(account, 3, note="key-2")


@breaks("a_key_has_one_effect")
def answer_with_another_deployment(account: Account) -> None:
    account.asks = [*account.asks, Ask("key-1", UUID(int=3))]


@breaks("deployments_are_counted")
def skip_a_number(account: Account) -> None:
    change(account, 4, ordinal=5)


@breaks("successful_promotions_are_versions_1_to_n_in_commit_order")
def count_a_failure(account: Account) -> None:
    change(account, 3, version=3)


@breaks("successful_promotions_are_versions_1_to_n_in_commit_order")
def count_a_rollback(account: Account) -> None:
    change_environment(account, current_version=3)


@breaks("the_pin_is_the_last_success_and_nothing_else_moves_it")
def move_the_pin_for_a_failure(account: Account) -> None:
    change_environment(account, pinned_version=2, pinned_deployment_id=UUID(int=2))


@breaks("the_pin_is_the_last_success_and_nothing_else_moves_it")
def serve_a_failure_for_a_while(account: Account) -> None:
    served = [*account.history.servings[:2], ServingRow(STAGING, 3, UUID(int=2))]
    account.history = replace(account.history, servings=served)


@breaks("a_rollback_serves_a_version_that_succeeded_before")
def roll_forward(account: Account) -> None:
    change(account, 4, version=3)


@breaks("one_deployment_is_in_flight_at_a_time")
def start_beside_another(account: Account) -> None:
    events = list(account.history.events)
    settles, starts = events[2], events[3]
    events[2:4] = [replace(starts, seq=3), replace(settles, seq=4)]
    account.history = replace(account.history, events=events)


@breaks("history_is_only_appended_to")
def rewrite_history(account: Account) -> None:
    account.earlier = [account.history]
    change(account, 2, failure_class="BUILD")


@breaks("history_is_only_appended_to")
def let_history_vanish(account: Account) -> None:
    account.earlier = [account.history]
    account.history = replace(account.history, deployments=account.history.deployments[:-1])


@breaks("history_is_only_appended_to")
def tell_it_differently(account: Account) -> None:
    account.earlier = [account.history]
    events = list(account.history.events)
    events[0] = replace(events[0], deployment_id=UUID(int=9))
    account.history = replace(account.history, events=events)


@breaks("each_subscriber_is_told_of_every_event_once_and_in_order")
def leave_a_subscriber_in_the_dark(account: Account) -> None:
    account.subscribers = {"ada": account.subscribers["ada"][:-1]}


@breaks("each_subscriber_is_told_of_every_event_once_and_in_order")
def tell_a_subscriber_twice(account: Account) -> None:
    told = account.subscribers["ada"]
    account.subscribers = {"ada": [*told, told[-1]]}


@breaks("what_is_served_is_a_success_byte_for_byte")
def serve_what_failed(account: Account) -> None:
    account.reads = [*account.reads, Read(STAGING, 3, COMMIT, b"content")]


@breaks("what_is_served_is_a_success_byte_for_byte")
def serve_other_bytes(account: Account) -> None:
    account.reads = [*account.reads, Read(STAGING, 2, COMMIT, b"other")]


def test_a_history_in_order_breaks_no_rule() -> None:
    assert violations(whole()) == []


@pytest.mark.parametrize(
    ("rule", "mistake"), MISTAKES, ids=[mistake.__name__ for _, mistake in MISTAKES]
)
def test_a_planted_mistake_is_found(rule: str, mistake: Mistake) -> None:
    account = whole()
    mistake(account)
    assert rule in {found.rule for found in violations(account)}


def test_each_rule_has_a_mistake_planted_for_it() -> None:
    assert {rule for rule, _ in MISTAKES} == {getattr(check, "__name__", "") for check in RULES}

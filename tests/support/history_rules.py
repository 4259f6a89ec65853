"""What must be true of a history, whatever faults it went through.

Each rule looks at the whole and names what breaks it; an empty answer is a history in order. That
each of them finds what it is there for is shown by planted mistakes (``test_checker.py``).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from tests.support.histories import DeploymentRow, EventRow, History

SETTLED_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True)
class Ask:
    """One attempt of a client to have something done, under an idempotency key.

    ``answer`` is the deployment that it was told of, None when it was refused or told nothing.
    """

    key: str
    answer: UUID | None


@dataclass(frozen=True)
class Read:
    """What a client was served: by itself the answer says which version of which commit."""

    environment_id: UUID
    version: int
    commit_sha: str
    body: bytes


@dataclass(frozen=True)
class Told:
    """An event as a subscriber was told of it."""

    seq: int
    kind: str
    deployment_id: UUID | None


@dataclass
class Account:
    """A history, and what clients saw of it while it happened."""

    history: History
    earlier: Sequence[History] = ()
    """The same history as it was read before, oldest first."""
    asks: Sequence[Ask] = ()
    reads: Sequence[Read] = ()
    subscribers: Mapping[str, Sequence[Told]] = field(default_factory=dict[str, Sequence[Told]])
    contents: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """What the file that is read holds at each commit."""
    healed_at: datetime | None = None
    """When the last fault was over."""


@dataclass(frozen=True)
class Violation:
    rule: str
    words: str


Rule = Callable[[Account], Iterator[str]]
RULES: list[Rule] = []


def rule(check: Rule) -> Rule:
    RULES.append(check)
    return check


def violations(account: Account) -> list[Violation]:
    """Everything in the account that breaks a rule."""
    return [
        Violation(getattr(check, "__name__", ""), words)
        for check in RULES
        for words in check(account)
    ]


def assert_whole(history: History) -> None:
    """Nothing in the history breaks a rule."""
    assert violations(Account(history)) == []


@rule
def events_are_numbered_without_a_gap(account: Account) -> Iterator[str]:
    numbers = [event.seq for event in account.history.events]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"{numbers}"


@rule
def each_deployment_is_told_of_from_start_to_settled(account: Account) -> Iterator[str]:
    """Started first, settled last and once, its steps never going backwards."""
    for deployment in account.history.deployments:
        events = account.history.events_of(deployment)
        kinds = [event.kind for event in events]
        if kinds == ["DEPLOYMENT_SETTLED"] and deployment.failure_class == "CONTENT":
            continue
        between = ["DEPLOYMENT_PROGRESSED"] * (len(kinds) - 2)
        if kinds != ["DEPLOYMENT_STARTED", *between, "DEPLOYMENT_SETTLED"]:
            yield f"{deployment.id}: {kinds}"
        for before, after in pairwise(events):
            if not _goes_forward(before, after):
                yield f"{deployment.id}: {before} to {after}"


def _goes_forward(before: EventRow, after: EventRow) -> bool:
    steps = (before.file_sync, before.code_build), (after.file_sync, after.code_build)
    return steps[0] != steps[1] and all(
        _rank(was) <= _rank(became) for was, became in zip(*steps, strict=True)
    )


def _rank(status: str | None) -> int:
    return {"PENDING": 0, "SYNCING": 1, "BUILDING": 1}.get(status or "", 2)


@rule
def everything_accepted_settles(account: Account) -> Iterator[str]:
    for deployment in account.history.unsettled:
        yield f"{deployment.id} has not settled"
    for environment in account.history.environments:
        if environment.deploying_id is not None:
            yield f"{environment.name} is busy with {environment.deploying_id}"


@rule
def what_was_accepted_settles_soon_after_the_last_fault(account: Account) -> Iterator[str]:
    for each in account.history.deployments:
        if account.healed_at is None or each.settled_at is None:
            continue
        taken = each.settled_at - max(account.healed_at, each.created_at)
        if taken > SETTLED_WITHIN:
            yield f"{each.id} settled {taken} later"


def time_to_settle(deployment: DeploymentRow) -> timedelta | None:
    if deployment.settled_at is None:
        return None
    return deployment.settled_at - deployment.created_at


@rule
def what_was_acknowledged_is_there(account: Account) -> Iterator[str]:
    kept = {deployment.id for deployment in account.history.deployments}
    for ask in account.asks:
        if ask.answer is not None and ask.answer not in kept:
            yield f"{ask.answer} was acknowledged and is gone"


@rule
def a_key_has_one_effect(account: Account) -> Iterator[str]:
    """Clients write the key into the note, so that effects are counted without their answers."""
    made: dict[str, set[UUID]] = defaultdict(set)
    asked = {ask.key for ask in account.asks}
    for deployment in account.history.deployments:
        if deployment.note in asked and deployment.retry_of_id is None:
            made[deployment.note].add(deployment.id)
    for ask in account.asks:
        if ask.answer is not None:
            made[ask.key].add(ask.answer)
    for key, effects in made.items():
        if len(effects) > 1:
            yield f"{key}: {sorted(effects)}"


@rule
def deployments_are_counted(account: Account) -> Iterator[str]:
    for environment in account.history.environments:
        ordinals = [each.ordinal for each in account.history.of(environment)]
        if ordinals != list(range(1, len(ordinals) + 1)):
            yield f"{environment.name}: {ordinals}"


def successes(history: History) -> dict[UUID, list[DeploymentRow]]:
    """The successful deployments of each pinned environment, in the order of their commits."""
    rows = {deployment.id: deployment for deployment in history.deployments}
    found: dict[UUID, list[DeploymentRow]] = defaultdict(list)
    for event in history.events:
        row = rows.get(event.deployment_id) if event.deployment_id else None
        if row and row.pinned and event.kind == "DEPLOYMENT_SETTLED" and row.succeeded:
            found[row.environment_id].append(row)
    return found


@rule
def successful_promotions_are_versions_1_to_n_in_commit_order(account: Account) -> Iterator[str]:
    settled = successes(account.history)
    for environment in account.history.environments:
        versions = [each.version for each in settled[environment.id] if each.kind == "PROMOTION"]
        if versions != list(range(1, len(versions) + 1)):
            yield f"{environment.name}: {versions}"
        if environment.current_version != len(versions):
            yield f"{environment.name} counts {environment.current_version}, not {len(versions)}"


@rule
def the_pin_is_the_last_success_and_nothing_else_moves_it(account: Account) -> Iterator[str]:
    settled = successes(account.history)
    for environment in account.history.environments:
        if environment.is_default:
            continue
        expected = [each.id for each in settled[environment.id]]
        served = account.history.served_by(environment)
        if served != expected:
            yield f"{environment.name} served {served}, not {expected}"
        last = settled[environment.id][-1:] or [None]
        pin = (environment.pinned_deployment_id, environment.pinned_version)
        if pin != ((last[0].id, last[0].version) if last[0] else (None, None)):
            yield f"{environment.name} is pinned to {pin}"


@rule
def a_rollback_serves_a_version_that_succeeded_before(account: Account) -> Iterator[str]:
    for deployments in successes(account.history).values():
        reached = 0
        for each in deployments:
            version = each.version or 0
            if each.kind == "PROMOTION":
                reached = max(reached, version)
            elif version > reached:
                yield f"{each.id} served v{version} before it was"


@rule
def one_deployment_is_in_flight_at_a_time(account: Account) -> Iterator[str]:
    pinned = {each.id for each in account.history.deployments if each.pinned}
    flying: dict[UUID, UUID] = {}
    for event in account.history.events:
        if event.environment_id is None or event.deployment_id is None:
            continue
        if event.deployment_id not in pinned:
            continue
        other = flying.get(event.environment_id)
        if event.kind == "DEPLOYMENT_STARTED":
            if other is not None:
                yield f"{event.deployment_id} started beside {other}"
            flying[event.environment_id] = event.deployment_id
        elif event.kind == "DEPLOYMENT_SETTLED" and other == event.deployment_id:
            del flying[event.environment_id]


@rule
def history_is_only_appended_to(account: Account) -> Iterator[str]:
    """What has settled, was told or was served is the same in every later reading."""
    for before, after in pairwise([*account.earlier, account.history]):
        kept = {each.id: each for each in after.deployments}
        for each in before.deployments:
            if each.id not in kept or (each.settled_at and kept[each.id] != each):
                yield f"{each} became {kept.get(each.id)}"
        if list(after.events[: len(before.events)]) != list(before.events):
            yield "an event that was told has changed or is gone"
        served = {(each.environment_id, each.ordinal): each for each in after.servings}
        for each in before.servings:
            if served.get((each.environment_id, each.ordinal)) != each:
                yield f"{each} has changed or is gone"


@rule
def each_subscriber_is_told_of_every_event_once_and_in_order(account: Account) -> Iterator[str]:
    events = [Told(each.seq, each.kind, each.deployment_id) for each in account.history.events]
    for name, told in account.subscribers.items():
        if list(told) != events:
            lost = [each.seq for each in events if each not in told]
            yield f"{name}: {[each.seq for each in told]}; never told {lost}"


@rule
def what_is_served_is_a_success_byte_for_byte(account: Account) -> Iterator[str]:
    """A failed deployment is never served, and a commit is served as it was written."""
    good = {
        (environment, each.version, each.commit_sha)
        for environment, deployments in successes(account.history).items()
        for each in deployments
    }
    for read in account.reads:
        if (read.environment_id, read.version, read.commit_sha) not in good:
            yield f"{read} never deployed"
        if read.body != account.contents[read.commit_sha]:
            yield f"{read} is not what {read.commit_sha} holds"

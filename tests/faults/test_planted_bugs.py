"""The storm's checker finds bugs that are planted in a server: it does not only find nothing.

Each bug is put into a server of this process, for one test. Nobody is killed: a crowd of clients
is enough to bring them out.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from anyio import fail_after

from models import Deployment, Event
from services import (
    acceptance,
    events,
    promotions,
    redeploys,
    retries,
    rollbacks,
    settlement,
)
from services.served import ServedFile
from tests.support.crowd import Crowd
from tests.support.fault_scale import SEED, WHOLE, report
from tests.support.history_rules import violations
from tests.support.repositories import Repository
from tests.support.servers import RunningServer

pytestmark = pytest.mark.long

HANG_SECONDS = 600
LOOK_SECONDS = 0.05

Plant = Callable[[pytest.MonkeyPatch, str], None]


@dataclass(frozen=True)
class Bug:
    """A mistake in the server, and the rule that must find it once so much was accepted."""

    rule: str
    plant: Plant
    enough: int


BUGS: list[Bug] = []


def found_by(rule: str, *, enough: int = 12) -> Callable[[Plant], Plant]:
    """The rule that must find the bug after ``enough`` acts that were accepted."""

    def keep(plant: Plant) -> Plant:
        BUGS.append(Bug(rule, plant, enough))
        return plant

    return keep


@found_by("a_key_has_one_effect")
def forget_keys(patch: pytest.MonkeyPatch, url: str) -> None:
    """An act that is asked for again is done again."""

    async def find_nothing(*args: object, **named: object) -> None:
        return None

    def remember_nothing(*args: object, **named: object) -> None:
        return None

    patch.setattr(acceptance, "find_answer", find_nothing)
    patch.setattr(acceptance, "remember_answer", remember_nothing)


@found_by("each_subscriber_is_told_of_every_event_once_and_in_order")
def skip_events(patch: pytest.MonkeyPatch, url: str) -> None:
    """A reader of several events at once is told of the last alone."""
    read = events.read_app_events

    async def read_less(*args: Any, **named: Any) -> Sequence[Event]:
        return (await read(*args, **named))[-1:]

    patch.setattr(events, "read_app_events", read_less)


@found_by("each_deployment_is_told_of_from_start_to_settled")
def tell_twice(patch: pytest.MonkeyPatch, url: str) -> None:
    """A settled deployment is told of twice."""
    settled = settlement._settled  # pyright: ignore[reportPrivateUsage]

    def settle_and_tell_again(session: Any, environment: Any, deployment: Any, *rest: Any) -> None:
        settled(session, environment, deployment, *rest)
        settled(session, environment, deployment, *rest)

    patch.setattr(settlement, "_settled", settle_and_tell_again)


@found_by("what_was_acknowledged_is_there")
def acknowledge_what_is_not_kept(patch: pytest.MonkeyPatch, url: str) -> None:
    """A client is told of a deployment that nobody has."""
    promote = promotions.promote_environment

    async def promise(*args: Any, **named: Any) -> Deployment:
        kept = await promote(*args, **named)
        told: dict[str, Any] = {**kept.model_dump(), "id": uuid4()}
        return Deployment(**told)

    patch.setattr(promotions, "promote_environment", promise)


@found_by("what_is_served_is_a_success_byte_for_byte")
def serve_a_byte_too_few(patch: pytest.MonkeyPatch, url: str) -> None:
    """What is served ends early."""
    serve = ServedFile.open

    async def serve_less(self: ServedFile, store: Any, *, start: int, end: int) -> Any:
        pieces = [piece async for piece in await serve(self, store, start=start, end=end)]
        whole = b"".join(pieces)

        async def changed() -> AsyncGenerator[bytes]:
            yield whole[:-2] + b"!\n"

        return changed()

    patch.setattr(ServedFile, "open", serve_less)


@found_by("the_pin_is_the_last_success_and_nothing_else_moves_it")
def leave_the_pin(patch: pytest.MonkeyPatch, url: str) -> None:
    """Every other success is not served."""
    move = settlement._move  # pyright: ignore[reportPrivateUsage]

    async def move_now_and_then(session: Any, environment: Any, deployment: Any, at: Any) -> None:
        if environment.is_default or deployment.ordinal % 2:
            await move(session, environment, deployment, at)

    patch.setattr(settlement, "_move", move_now_and_then)


@found_by("one_deployment_is_in_flight_at_a_time", enough=30)
def start_beside_another(patch: pytest.MonkeyPatch, url: str) -> None:
    """Nobody minds what is in flight, the database neither."""

    def mind_nothing(*args: object, **named: object) -> None:
        pass

    for module in (promotions, rollbacks, redeploys, retries):
        patch.setattr(module, "check_idle", mind_nothing)
    with psycopg.connect(url) as connection:
        connection.execute("DROP INDEX uq_deployment_in_flight")


@found_by("everything_accepted_settles", enough=3)
def stay_busy(patch: pytest.MonkeyPatch, url: str) -> None:
    """An environment is never free again."""
    settled = settlement._settled  # pyright: ignore[reportPrivateUsage]

    def settle_alone(session: Any, environment: Any, deployment: Any, *rest: Any) -> None:
        busy = environment.deploying_id
        settled(session, environment, deployment, *rest)
        environment.deploying_id = busy

    patch.setattr(settlement, "_settled", settle_alone)


QUICK = {"forget_keys", "serve_a_byte_too_few"}
PLANTED = [bug for bug in BUGS if WHOLE or bug.plant.__name__ in QUICK]


@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: bug.plant.__name__)
async def test_a_bug_planted_in_the_server_is_found(
    bug: Bug,
    repository: Repository,
    server: RunningServer,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bug.plant(monkeypatch, database_url)
    crowd = Crowd(server.base, server.token, repository, SEED)
    with fail_after(HANG_SECONDS):
        await crowd.arrive(environments=3, clients=4, followers=2)
        try:
            while len(crowd.asks) < bug.enough or not crowd.reads:
                crowd.check()
                await asyncio.sleep(LOOK_SECONDS)
            account = await crowd.account(database_url)
        finally:
            await crowd.leave()

    found = Counter(found.rule for found in violations(account))
    report(f"planted: {bug.plant.__name__}", **found)
    assert bug.rule in found

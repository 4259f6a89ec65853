"""Whatever is asked in whatever order over HTTP, a plain model of the rules foretells it.

Hypothesis draws the acts. After each, what GraphQL, REST and SQL say is what the model says.
"""

from collections.abc import Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from schema.ids import decode_id
from services import builds, heads
from tests.support import rule_model
from tests.support.apps import deployment_now, settle_all
from tests.support.callers import fail
from tests.support.crowd import FILE
from tests.support.fault_scale import OPERATIONS, SEED, report
from tests.support.histories import read_history
from tests.support.history_rules import Account, violations
from tests.support.places import Place, open_place
from tests.support.promoting import (
    CREATE_APP,
    ENVIRONMENTS,
    LINK,
    make_environment,
    mutate,
)
from tests.support.repositories import make_repository
from tests.support.rule_model import ACCEPTED, Head, Run, Slot
from tests.support.samples import DATASET, FIRST_COMMIT, INVALID_CONTENT, PROMPT

STEPS = 25
EXAMPLES = max(2, OPERATIONS // (4 * STEPS))
SLOTS = ("one", "two", "three")
WHICH = st.integers(0, 50)


@dataclass
class Stand:
    """A server in a thread of its own, and how many apps have been played with on it."""

    portal: BlockingPortal
    place: Place
    apps: int = 0
    steps: int = 0

    def run(self, work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return self.portal.call(partial(work, *arguments, **named))


@pytest.fixture
def stand(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Stand]:
    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal())
        place = portal.wrap_async_context_manager(
            open_place(postgres, template, tmp_path_factory.mktemp("rules"))
        )
        yield Stand(portal, stack.enter_context(place))


class Game(RuleBasedStateMachine):
    """One app with three pinned environments, and whatever may be asked of them."""

    stand: ClassVar[Stand]

    def __init__(self) -> None:
        super().__init__()
        stand = self.stand
        stand.apps += 1
        client, self.name = stand.place.server, f"app-{stand.apps}"
        self.repository = make_repository(stand.place.repository.path.parent / f"{self.name}.git")
        self.repository.commit({**FIRST_COMMIT, FILE: PROMPT})
        self.head = Head(PROMPT)
        made = stand.run(client.data, CREATE_APP, name=self.name)["createApp"]["app"]
        self.app, self.app_id = made["id"], UUID(made["databaseId"])
        stand.run(client.data, LINK, app=self.app, url=str(self.repository.path))
        self.slots = [self._make(name) for name in SLOTS]
        self.gone: list[Slot] = []
        self.dev = self._look()["dev"]["id"]
        self._work()

    # What can be done

    @rule(source=WHICH, into=WHICH)
    def promote(self, source: int, into: int) -> None:
        sources: list[Slot | None] = [None, *self.slots]
        origin, slot = sources[source % len(sources)], self._slot(into)
        expected = rule_model.promote(origin, slot, self.head)
        origin_id = self.dev if origin is None else origin.id
        made = self._ask("promoteEnvironment", expected, sourceId=origin_id, targetId=slot.id)
        if expected == "ContentInvalidError":
            slot.runs.append(Run("", slot, "PROMOTION", None, b"", "invalid"))
        elif made:
            body = rule_model.promoted_body(origin, self.head)
            self._accept(made, slot, "PROMOTION", slot.counter + 1, body)

    @rule(into=WHICH, version=st.integers(0, 6))
    def roll_back(self, into: int, version: int) -> None:
        slot = self._slot(into)
        expected = rule_model.roll_back(slot, version)
        made = self._ask("rollbackEnvironment", expected, environmentId=slot.id, version=version)
        if made:
            kept = slot.newest_success(version)
            assert kept is not None
            self._accept(made, slot, "ROLLBACK", version, kept.body)

    @rule(into=WHICH)
    def redeploy(self, into: int) -> None:
        slot = self._slot(into)
        made = self._ask("redeployEnvironment", rule_model.redeploy(slot), environmentId=slot.id)
        if made:
            assert slot.pin is not None
            self._accept(made, slot, "REDEPLOY", slot.pin.version, slot.pin.body)

    @precondition(lambda self: self._runs())
    @rule(which=WHICH)
    def retry(self, which: int) -> None:
        run = self._run(which)
        made = self._ask("retryDeployment", rule_model.retry(run), deploymentId=run.id)
        if made:
            self._accept(made, run.environment, run.kind, run.version, run.body)

    @precondition(lambda self: self._runs())
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        run = self._run(which)
        if self._ask("cancelDeployment", rule_model.cancel(run), key=False, deploymentId=run.id):
            run.state = "failed"

    @rule(into=WHICH, typed=st.sampled_from(["", "the other", None]))
    def delete(self, into: int, typed: str | None) -> None:
        slot = self._slot(into)
        name = slot.name if typed is None else typed
        expected = rule_model.delete(slot, name)
        self._ask(
            "deleteEnvironment", expected, key=False, environmentId=slot.id, confirmationName=name
        )
        if expected == ACCEPTED:
            slot.living = False
            self.gone.append(slot)
            self.slots[self.slots.index(slot)] = self._make(slot.name)

    # What the worker and the author of the code do

    @rule(into=WHICH, well=st.booleans())
    def settle(self, into: int, well: bool) -> None:
        slot = self._slot(into)
        if (run := slot.flying) is None:
            return
        identity, installation = decode_id("Deployment", run.id), self.stand.place.installation
        assert identity is not None
        if well:
            self.stand.run(builds.build_code, installation, identity)
            slot.succeed(run)
        else:
            self.stand.run(fail, installation, identity)
            run.state = "failed"

    @rule(number=st.integers(0, 10**6), valid=st.sampled_from([True, True, False]))
    def push(self, number: int, valid: bool) -> None:
        body = PROMPT + f"{number}\n".encode()
        beside = {"agentmark/tickets.jsonl": DATASET} if valid else INVALID_CONTENT
        self.repository.commit({**beside, FILE: body})
        self.head = Head(body, valid)
        self.stand.run(heads.observe_head, self.stand.place.installation, self.app_id)

    # What must be so after each step

    @invariant()
    def graphql_says_what_the_model_says(self) -> None:
        self.stand.steps += 1
        now = self._look()
        assert set(now) == {"dev", *(slot.name for slot in self.slots)}
        for slot in self.slots:
            seen = now[slot.name]
            assert seen["currentVersion"] == slot.counter
            assert seen["pin"] == (slot.pin and {"version": slot.pin.version})
            assert seen["deploying"] == (slot.flying and {"id": slot.flying.id})

    @invariant()
    def rest_serves_what_the_model_serves(self) -> None:
        for slot in self.slots:
            identity = decode_id("Environment", slot.id)
            response = self.stand.run(
                self.stand.place.server.client.get,
                f"/v1/content/{FILE}",
                headers={
                    "Authorization": f"Bearer {self.stand.place.server.token}",
                    "X-Pinmark-Environment-Id": str(identity),
                },
            )
            if slot.pin is None:
                assert response.json()["error"]["code"] == "environment_not_pinned"
            else:
                assert response.content == slot.pin.body
                assert response.headers["Pinmark-Version"] == str(slot.pin.version)

    @invariant()
    def the_history_is_in_order_but_for_what_is_in_flight(self) -> None:
        history = self.stand.run(read_history, self.stand.place.url, self.app_id)
        found = {each.rule for each in violations(Account(history))}
        assert found <= {
            "everything_accepted_settles",
            "each_deployment_is_told_of_from_start_to_settled",
        }
        kept = {each.id: len(history.of(each)) for each in history.environments}
        for slot in [*self.slots, *self.gone]:
            identity = decode_id("Environment", slot.id)
            assert identity is not None
            assert kept[identity] == len(slot.runs)

    def teardown(self) -> None:
        self._work()
        history = self.stand.run(read_history, self.stand.place.url, self.app_id)
        assert violations(Account(history)) == []

    # How it is done

    def _work(self) -> None:
        self.stand.run(settle_all, self.stand.place.installation)

    def _look(self) -> dict[str, Any]:
        found = self.stand.run(self.stand.place.server.data, ENVIRONMENTS, app=self.name)
        return {each["name"]: each for each in found["app"]["environments"]["nodes"]}

    def _make(self, name: str) -> Slot:
        made = self.stand.run(make_environment, self.stand.place.server, self.app, name)
        return Slot(made, name)

    def _slot(self, which: int) -> Slot:
        return self.slots[which % len(self.slots)]

    def _runs(self) -> list[Run]:
        """Everything that was accepted, whatever became of it and of its environment."""
        slots = [*self.slots, *self.gone]
        return [run for slot in slots for run in slot.runs if run.id]

    def _run(self, which: int) -> Run:
        runs = self._runs()
        return runs[which % len(runs)]

    def _ask(
        self, mutation: str, expected: str, *, key: bool = True, **input: Any
    ) -> dict[str, Any] | None:
        """The deployment that was accepted, and accepted alike when it is asked for again."""
        keys = {"idempotencyKey": f"{self.stand.apps}/{self.stand.steps}"} if key else {}
        answer = self._mutate(mutation, **input, **keys)
        if expected != ACCEPTED:
            assert answer["__typename"] == expected
            return None
        assert answer["__typename"].endswith("Success"), answer
        if key:
            assert self._mutate(mutation, **input, **keys) == answer
        return answer.get("deployment")

    def _mutate(self, mutation: str, **input: Any) -> dict[str, Any]:
        return self.stand.run(mutate, self.stand.place.server, mutation, input)

    def _accept(
        self, made: dict[str, Any], slot: Slot, kind: str, version: int | None, body: bytes
    ) -> None:
        assert made["version"] == version
        slot.runs.append(Run(made["id"], slot, kind, version, body))
        row = self.stand.run(
            deployment_now, self.stand.place.installation, UUID(made["databaseId"])
        )
        assert (row.kind, row.settled_at) == (kind, None)


def test_whatever_is_asked_over_http_the_rules_hold(stand: Stand) -> None:
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    Game.stand = stand
    try:
        run_state_machine_as_test(seed(SEED)(Game), settings=chosen)
    finally:
        report("rules", seed=SEED, apps=stand.apps, steps=stand.steps)

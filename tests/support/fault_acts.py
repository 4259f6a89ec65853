"""Every act that has fault points: what must be there before it, and how it is asked for."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx2

from services.faults import Point
from tests.support.histories import EnvironmentRow, History, settled_history
from tests.support.history_rules import Account, violations
from tests.support.promoting import AppInUse, make_environment, mutate, mutation_query
from tests.support.repositories import Repository
from tests.support.samples import BROKEN_HANDLER, HANDLER
from tests.support.servers import Client, Data

REDEPLOYED = "redeployEnvironment"
ONE_EFFECT = {"promoteEnvironment", "rollbackEnvironment", REDEPLOYED, "retryDeployment"}
"""What takes an idempotency key: asked again, it is done once."""


@dataclass
class Stage:
    """An app and an environment of it that no other act uses.

    ``work`` does whatever is on the queue. ``name`` is the environment's.
    """

    client: Client
    repository: Repository
    app: AppInUse
    name: str
    target: str
    work: Callable[[], Awaitable[None]]
    asked: tuple[str, dict[str, Any]] | None = None

    @property
    def dev(self) -> str:
        return self.app.environments["dev"]

    async def promote(self) -> str:
        """The deployment of a promotion of dev into the environment, which must be accepted."""
        self.asked = "promoteEnvironment", {"sourceId": self.dev, "targetId": self.target}
        return (await self.ask())["deployment"]["id"]

    async def release(self) -> None:
        await self.promote()
        await self.work()

    async def ask(self, client: Client | None = None) -> Data:
        """Ask for the act, in the same words each time."""
        assert self.asked is not None
        mutation, input = self.asked
        return await mutate(client or self.client, mutation, input)

    async def strike(self, client: Client) -> Data | None:
        """Ask for the act once and come by the fault; whatever is answered, if anything is."""
        assert self.asked is not None
        mutation, input = self.asked
        with suppress(httpx2.TransportError):
            return await client.graphql(mutation_query(mutation), input=input)
        return None

    async def assert_done_once(self, url: str, before: History, client: Client) -> None:
        """Ask ``client`` again: the act has one effect, and the history is in order."""
        if self.asked is not None:
            answer = await self.ask(client)
            assert answer["__typename"] in _again(self.asked[0]), answer
        await self.work()
        history = await settled_history(url, UUID(self.app.database_id))
        assert violations(Account(history, earlier=[before])) == []
        made = len(history.of(self._row(history))) - len(before.of(self._row(before)))
        assert made == (self.asked is not None and self.asked[0] in ONE_EFFECT)

    def _row(self, history: History) -> EnvironmentRow:
        return next(each for each in history.environments if each.name == self.name)

    def will_ask(self, mutation: str, **input: Any) -> None:
        key = {"idempotencyKey": uuid4().hex} if mutation in ONE_EFFECT else {}
        self.asked = mutation, {**input, **key}

    def change_the_code(self) -> None:
        self.repository.commit({"handler.py": HANDLER + f"# {uuid4()}\n".encode()})

    async def prepare(self, act: str) -> None:
        """Everything that ``act`` needs; ``asked`` is then the act, or None for a worker's."""
        await PREPARATIONS[act](self)


def _again(mutation: str) -> set[str]:
    """What an act may answer that has been done already, or has not."""
    name = mutation[0].upper() + mutation[1:]
    settled = {"cancelDeployment": "AlreadySettledError", "deleteEnvironment": "NotFoundError"}
    return {f"{name}Success"} | ({settled[mutation]} if mutation in settled else set())


async def make_stage(
    client: Client,
    repository: Repository,
    app: AppInUse,
    point: Point,
    work: Callable[[], Awaitable[None]],
) -> Stage:
    name = f"e{uuid4().hex[:8]}"
    target = await make_environment(client, app.id, name)
    stage = Stage(client, repository, app, name, target, work)
    await stage.prepare(point.act)
    return stage


async def _promote(stage: Stage) -> None:
    stage.will_ask("promoteEnvironment", sourceId=stage.dev, targetId=stage.target)


async def _roll_back(stage: Stage) -> None:
    await stage.release()
    await stage.release()
    stage.will_ask("rollbackEnvironment", environmentId=stage.target, version=1)


async def _redeploy(stage: Stage) -> None:
    await stage.release()
    stage.will_ask(REDEPLOYED, environmentId=stage.target)


async def _retry(stage: Stage) -> None:
    deployment = await stage.promote()
    stage.will_ask("cancelDeployment", deploymentId=deployment)
    await stage.ask()
    stage.will_ask("retryDeployment", deploymentId=deployment)


async def _cancel(stage: Stage) -> None:
    deployment = await stage.promote()
    stage.will_ask("cancelDeployment", deploymentId=deployment)


async def _delete(stage: Stage) -> None:
    await stage.release()
    stage.will_ask("deleteEnvironment", environmentId=stage.target, confirmationName=stage.name)


async def _sync(stage: Stage) -> None:
    stage.will_ask(REDEPLOYED, environmentId=stage.dev)
    await stage.ask()
    stage.asked = None


async def _settle(stage: Stage) -> None:
    await stage.promote()
    stage.asked = None


async def _build(stage: Stage) -> None:
    stage.change_the_code()
    await stage.promote()
    stage.repository.commit({"handler.py": None})  # what comes next has nothing to build
    stage.asked = None


async def _fail(stage: Stage) -> None:
    stage.repository.commit(BROKEN_HANDLER)
    await stage.promote()
    stage.repository.commit({"handler.py": None})
    stage.asked = None


PREPARATIONS: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "promote": _promote,
    "roll_back": _roll_back,
    "redeploy": _redeploy,
    "retry": _retry,
    "cancel": _cancel,
    "delete": _delete,
    "begin_sync": _sync,
    "sync": _sync,
    "begin_build": _settle,
    "build": _build,
    "settle": _settle,
    "fail": _fail,
}

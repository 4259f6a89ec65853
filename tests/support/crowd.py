"""A crowd of clients and followers of one app, and a note of everything they are told."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx2
from anyio import fail_after
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from schema.ids import decode_id
from services.cursors import decode_event, encode_event
from tests.support.graphql_ws import AnswerIncomplete, OperationFailed
from tests.support.histories import History, read_history
from tests.support.history_rules import Account, Ask, Read, Told
from tests.support.promoting import ENVIRONMENTS, AppInUse, make_app, mutation_query
from tests.support.repositories import Repository
from tests.support.samples import DATASET, INVALID_CONTENT, PROMPT
from tests.support.servers import Client
from tests.support.tallies import LOST as NO_ANSWER
from tests.support.tallies import MASKED, Tally

FILE = "agentmark/triage.prompt.mdx"
PATIENCE_SECONDS = 30.0
END_SECONDS = 150.0
LOOK_SECONDS = 0.05
PAUSE_SECONDS = 0.1
LOST_PAUSE_SECONDS = 0.5  # who is asked by everybody all the time does not come back sooner
LOST = (httpx2.TransportError, OSError)
BROKEN_OFF = (
    AnswerIncomplete,
    ConnectionClosed,
    InvalidHandshake,
    InvalidMessage,
    OperationFailed,
)
ALL_OF_THEM = 2**62
FOLLOW = """
subscription ($app: ID!, $after: String) {
  appEvents(appId: $app, after: $after) { cursor kind deployment { databaseId } }
}
"""
Pick = Callable[[Random, dict[str, Any]], str]


@dataclass
class Crowd:
    """Clients who ask for this and that until they are told to go home.

    Every ask has an idempotency key, is asked until it is answered, and now and then once more.
    """

    base: str
    token: str
    repository: Repository
    seed: int
    app: AppInUse = field(default_factory=lambda: AppInUse("", "", "", {}))
    tally: Tally = field(default_factory=Tally)
    asks: list[Ask] = field(default_factory=list[Ask])
    reads: list[Read] = field(default_factory=list[Read])
    subscribers: dict[str, list[Told]] = field(default_factory=dict[str, list[Told]])
    contents: dict[str, bytes] = field(default_factory=dict[str, bytes])
    failed: list[str] = field(default_factory=list[str])
    _home: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    async def arrive(self, *, environments: int, clients: int, followers: int) -> None:
        """Make the app, and begin."""
        async with self.client() as client:
            wanted = names(environments)
            self.app = await make_app(client, self.repository.path, environments=wanted)
        self.contents[self.repository.head or ""] = PROMPT
        for number in range(clients):
            self._start(self._ask_about(Random(f"{self.seed}/{number}")))
        for number in range(followers):
            self.subscribers[f"follower {number}"] = []
            self._start(self._follow(self.subscribers[f"follower {number}"]))
        self._start(self._commit_now_and_then(Random(f"{self.seed}/author")))

    def go_home(self) -> None:
        """Finish what is begun and ask for nothing more."""
        self._home.set()

    def _start(self, work: Any) -> None:
        self._tasks.append(asyncio.ensure_future(work))

    def check(self) -> None:
        """Raise what somebody of the crowd failed with, who has then left it."""
        for task in self._tasks:
            if task.done():
                task.result()

    async def until_answered(self, operations: int) -> None:
        """Give them time to be answered so often: a storm in which nobody is proves nothing."""
        while self.tally.answered < operations:
            self.check()
            await asyncio.sleep(LOOK_SECONDS)

    async def gone(self) -> None:
        """Wait until every client has finished; followers stay until ``leave``."""
        followers = len(self.subscribers)
        clients = [*self._tasks[: -followers - 1], self._tasks[-1]]
        await asyncio.gather(*clients)

    async def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def account(self, url: str) -> Account:
        """Send everybody home; what is known once all has settled and was told to its end.

        When nothing goes on any more for minutes, it is told as it is, for the rules to judge.
        """
        self.go_home()
        with fail_after(END_SECONDS):
            await self.gone()
        await self._until_the_end(url)
        await self.leave()
        return Account(
            await read_history(url, UUID(self.app.database_id)),
            asks=self.asks,
            reads=self.reads,
            subscribers=self.subscribers,
            contents=self.contents,
        )

    async def _until_the_end(self, url: str) -> None:
        known, since = 0, time.monotonic()
        while time.monotonic() - since < END_SECONDS:
            self.check()
            history = await read_history(url, UUID(self.app.database_id))
            last = history.events[-1].seq
            if not history.unsettled and self._heard(last) and self._is_last(history):
                return
            # A busy machine may be long about it, as long as it gets on.
            told = last + sum(len(each) for each in self.subscribers.values())
            if told != known:
                known, since = told, time.monotonic()
            await asyncio.sleep(PAUSE_SECONDS)

    def _heard(self, seq: int) -> bool:
        """Whether every follower was told of the event."""
        return all(told and told[-1].seq >= seq for told in self.subscribers.values())

    def _is_last(self, history: History) -> bool:
        """Whether what was committed last has been seen; nothing happens after it."""
        return any(each.commit_sha == self.repository.head for each in history.deployments)

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[Client]:
        async with httpx2.AsyncClient(base_url=self.base, timeout=PATIENCE_SECONDS) as http:
            yield Client(self.base, self.token, http)

    async def _ask_about(self, random: Random) -> None:
        async with self.client() as client:
            while not self._home.is_set():
                try:
                    await self._do_something(client, random)
                except LOST:
                    await asyncio.sleep(LOST_PAUSE_SECONDS)

    async def _do_something(self, client: Client, random: Random) -> None:
        name = random.choice([each for each in self.app.environments if each != "dev"])
        if random.random() < 0.3:
            await self._read(client, name)
            return
        answer = await self._post(client, "environments", ENVIRONMENTS, app=self.app.name)
        if answer is None:
            return
        self.tally.count("environments", "read")
        found = {each["name"]: each for each in answer["app"]["environments"]["nodes"]}
        asked = self._choose(random, name, found)
        if asked is not None:
            await self._ask(client, random, *asked)

    def _choose(
        self, random: Random, name: str, found: dict[str, Any]
    ) -> tuple[str, dict[str, Any]] | None:
        environment, draw = found[name], random.random()
        target = environment["id"]
        if environment["deploying"] is not None and draw < 0.3:
            return "cancelDeployment", {"deploymentId": environment["deploying"]["id"]}
        if draw < 0.65:
            pinned = [each["id"] for each in found.values() if each["pin"] and each["id"] != target]
            anew = not pinned or random.random() < 0.2  # dev's HEAD is fetched each time
            source = self.app.environments["dev"] if anew else random.choice(pinned)
            return "promoteEnvironment", {"sourceId": source, "targetId": target}
        if draw < 0.8:
            version = random.randint(1, environment["currentVersion"] + 1)
            return "rollbackEnvironment", {"environmentId": target, "version": version}
        if draw < 0.9:
            return "redeployEnvironment", {"environmentId": target}
        if not self.failed:
            return None
        return "retryDeployment", {"deploymentId": random.choice(self.failed)}

    async def _ask(
        self, client: Client, random: Random, mutation: str, input: dict[str, Any]
    ) -> None:
        key = uuid4().hex
        if mutation != "cancelDeployment":
            input = {**input, "idempotencyKey": key}
        if mutation in {"promoteEnvironment", "rollbackEnvironment"}:
            input = {**input, "note": key}
        while (answer := await self._answer(client, mutation, input, key)) is None:
            await asyncio.sleep(LOST_PAUSE_SECONDS)
        if mutation == "cancelDeployment" and "deployment" in answer:
            self.failed.append(answer["deployment"]["id"])
        elif random.random() < 0.2:
            await self._ask_again(client, mutation, input, key)

    async def _ask_again(
        self, client: Client, mutation: str, input: dict[str, Any], key: str
    ) -> None:
        """Ask once more what was answered; who forgot it is busy with it, and then does it anew."""
        while not self._home.is_set():
            answer = await self._answer(client, mutation, input, key)
            if answer is not None and answer["__typename"] != "EnvironmentBusyError":
                return
            await asyncio.sleep(PAUSE_SECONDS)

    async def _answer(
        self, client: Client, mutation: str, input: dict[str, Any], key: str
    ) -> dict[str, Any] | None:
        """What is answered once; None when nobody can know what became of it."""
        try:
            data = await self._post(client, mutation, mutation_query(mutation), input=input)
        except LOST:
            return None
        if data is None:
            return None
        answer: dict[str, Any] = data[mutation]
        self.tally.count(mutation, answer["__typename"])
        if "deployment" in answer and mutation != "cancelDeployment":
            self.asks.append(Ask(key, UUID(answer["deployment"]["databaseId"])))
        return answer

    async def _post(
        self, client: Client, kind: str, query: str, **variables: Any
    ) -> dict[str, Any] | None:
        """The data of an answer; None for an error of ours, which says nothing of its effect."""
        with self._minding_a_loss(kind):
            answer = await client.graphql(query, **variables)
        if "errors" in answer:
            codes = {error["extensions"]["code"] for error in answer["errors"]}
            assert codes <= {"INTERNAL_SERVER_ERROR", "UNAVAILABLE"}, answer
            self.tally.count(kind, MASKED)
            return None
        return answer["data"]

    @contextmanager
    def _minding_a_loss(self, kind: str) -> Generator[None]:
        try:
            yield
        except LOST:
            self.tally.count(kind, NO_ANSWER)
            raise

    async def _read(self, client: Client, name: str) -> None:
        environment = decode_id("Environment", self.app.environments[name])
        assert environment is not None
        with self._minding_a_loss("content"):
            response = await client.client.get(
                f"/v1/content/{FILE}",
                headers={
                    "Authorization": f"Bearer {self.token}",
                    "X-Pinmark-Environment-Id": str(environment),
                },
            )
        assert response.status_code in {200, 404, 409, 500, 503}, response.text
        self.tally.count("content", MASKED if response.status_code >= 500 else _named(response))
        if response.status_code == 200:
            version, commit = (
                response.headers[f"Pinmark-{each}"] for each in ("Version", "Commit")
            )
            self.reads.append(Read(environment, int(version), commit, response.content))

    async def _commit_now_and_then(self, random: Random) -> None:
        while not self._home.is_set():
            self.write(random)
            await asyncio.sleep(random.uniform(0.5, 4))
        self.repository.commit({"agentmark/tickets.jsonl": DATASET})

    def write(self, random: Random) -> None:
        """Commit another prompt, now and then beside a dataset that is not valid."""
        body = PROMPT + f"{random.random()}\n".encode()
        beside = INVALID_CONTENT if random.random() < 0.1 else {"agentmark/tickets.jsonl": DATASET}
        self.contents[self.repository.commit({**beside, FILE: body})] = body

    async def _follow(self, told: list[Told]) -> None:
        """Follow the app's events, and come back with the last cursor after each loss."""
        app_id = UUID(self.app.database_id)
        while True:
            after = encode_event(app_id, told[-1].seq if told else 0)
            try:
                async with self.client() as client, client.socket() as socket:
                    async for answer in socket.run(FOLLOW, app=self.app.id, after=after):
                        told.append(_told(app_id, answer["appEvents"]))
            except (*LOST, *BROKEN_OFF):
                await asyncio.sleep(LOST_PAUSE_SECONDS)


def _named(response: httpx2.Response) -> str:
    return "read" if response.status_code == 200 else f"status {response.status_code}"


def _told(app_id: UUID, event: dict[str, Any]) -> Told:
    deployment = event["deployment"]
    return Told(
        decode_event(app_id, event["cursor"], newest=ALL_OF_THEM),
        event["kind"],
        None if deployment is None else UUID(deployment["databaseId"]),
    )


def names(count: int) -> Sequence[str]:
    """Names for so many environments."""
    return [f"target-{number}" for number in range(count)]

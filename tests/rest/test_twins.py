"""GraphQL and REST do and tell the same: one random history is lived over each, side by side."""

import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models import App
from schema.ids import encode_id
from services.installation import Installation
from tests.support.apps import linked_app, push, settle_all
from tests.support.repositories import Repository
from tests.support.rest import RestApp
from tests.support.samples import PROMPT
from tests.support.served_databases import served_database
from tests.support.servers import RunningServer
from tests.support.twins import GraphQLSide, RestSide, Side

STEPS = 25
SEED = 3
NAMES = ("staging", "prod", "qa")
ACTS = {
    "push": 2,
    "settle": 6,
    "create": 3,
    "promote": 8,
    "rollback": 3,
    "redeploy": 2,
    "retry": 3,
    "cancel": 3,
    "delete": 1,
}
"""What may happen next, and how likely."""
REFUSED_NAMES = ("dev", "Prod", "x", "")


@dataclass
class World:
    server: RunningServer
    installation: Installation
    app: App


@asynccontextmanager
async def running_world(
    postgres: str, template: str, directory: Path, repository: Repository
) -> AsyncGenerator[World]:
    """A server without a worker, whose app follows the repository."""
    async with served_database(
        postgres, template, data=directory, repositories=repository.path.parent
    ) as served:
        app = await linked_app(served.installation, await served.owner(), repository)
        yield World(served.server, served.installation, app)


@dataclass
class Play:
    """Draws what happens next, and has both sides live through it."""

    sides: tuple[Side, Side]
    worlds: tuple[World, World]
    repository: Repository
    draw: random.Random
    living: list[str] = field(default_factory=lambda: ["dev"])
    deployments: int = 0
    outcomes: list[str] = field(default_factory=list[str])

    async def step(self, number: int) -> None:
        match self.draw.choices(list(ACTS), weights=list(ACTS.values()))[0]:
            case "push":
                path = f"agentmark/p{self.draw.randrange(3)}.prompt.mdx"
                self.repository.commit({path: PROMPT + b"%d\n" % number})
                for world in self.worlds:
                    await push(world.installation, world.app)
            case "settle":
                for world in self.worlds:
                    await settle_all(world.installation)
            case act:
                await self.act(act, **self.given(act, number))
        await self.compare()

    def given(self, act: str, number: int) -> dict[str, Any]:
        pinned = [name for name in self.living if name != "dev"]
        some = self.draw.choice([*pinned * 3, "dev"])
        match act:
            case "create":
                return {"name": self.draw.choice([*NAMES, *REFUSED_NAMES])}
            case "promote":
                source = self.draw.choice(self.living)
                return {"source": source, "target": some, "note": f"step {number}"}
            case "rollback":
                return {"name": some, "version": self.draw.randint(1, 4)}
            case "delete":
                return {"name": some, "typed": self.draw.choice([some, some, "other"])}
            case "redeploy":
                return {"name": some}
            case _:
                return {"number": self.draw.randrange(self.deployments)}

    async def act(self, act: str, **given: Any) -> None:
        over_graphql, over_rest = [await side.act(act, **given) for side in self.sides]
        assert over_rest == over_graphql, (act, given)
        self.outcomes.append(over_rest)

    async def compare(self) -> None:
        told, also = [await side.read() for side in self.sides]
        assert also == told
        self.living = [each["name"] for each in told["living"]]
        self.deployments = sum(len(each["history"]) for each in told["living"])
        source, target = self.draw.choice(self.living), self.draw.choice(self.living)
        if source != target and target != "dev":
            over_graphql, over_rest = [await side.compare(source, target) for side in self.sides]
            assert over_rest == over_graphql


async def test_whatever_is_done_over_either_both_tell_the_same(
    postgres: str, template: str, tmp_path: Path, repository: Repository
) -> None:
    async with (
        running_world(postgres, template, tmp_path / "first", repository) as first,
        running_world(postgres, template, tmp_path / "second", repository) as second,
    ):
        graphql = GraphQLSide(first.server, encode_id("App", first.app.id), first.app.name)
        rest = RestSide(RestApp(second.server, str(second.app.id), second.server.token))
        play = Play((graphql, rest), (first, second), repository, random.Random(SEED))
        await play.compare()
        for name in NAMES[:2]:
            await play.act("create", name=name)
        await play.compare()
        for number in range(STEPS):
            await play.step(number)
    assert play.outcomes.count("OK") >= 8
    assert len(set(play.outcomes)) >= 5

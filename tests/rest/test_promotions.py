"""Reading while the pin moves: headers and bytes are always of the same version."""

import asyncio

import pytest

from models import App, Environment
from pinmark.settings import Settings
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import push
from tests.support.callers import Caller
from tests.support.reading import ReadingPlace
from tests.support.repositories import Repository
from tests.support.samples import PROMPT
from tests.support.servers import running_server

ROUNDS = 6


LARGE = pytest.param("agentmark/large.jsonl", marks=pytest.mark.long)


@pytest.mark.parametrize("path", ["agentmark/triage.prompt.mdx", LARGE])
async def test_what_is_read_is_the_version_that_the_answer_names(
    settings: Settings,
    database_url: str,
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    staging: Environment,
    repository: Repository,
    path: str,
) -> None:
    def content_of(number: int) -> bytes:
        if path.endswith(".jsonl"):
            return b'{"input": {"text": "%s", "number": %d}}\n' % (b"x" * 1_200_000, number)
        return PROMPT + b"%d\n" % number

    caller = Caller(installation, owner)
    contents: dict[str, bytes] = {}
    versions: set[str] = set()
    over = asyncio.Event()
    quiet = settings.model_copy(update={"repository_poll_seconds": 3600})
    async with running_server(quiet, database_url, with_worker=False) as server:
        place = ReadingPlace(server, installation, caller, app, repository, {"staging": staging})

        async def release(number: int) -> None:
            contents[repository.commit({path: content_of(number)})] = content_of(number)
            await push(installation, app)
            await caller.release(dev, staging)

        async def keep_reading() -> None:
            while not over.is_set():
                response = await place.get(f"/v1/content/{path}")
                assert response.status_code == 200
                assert response.content == contents[response.headers["pinmark-commit"]]
                versions.add(response.headers["pinmark-version"])
                below = path.removeprefix("agentmark/")
                named = await place.get(f"/v1/templates?path={below}", Accept="*/*")
                text = contents[named.headers["pinmark-commit"]].decode()
                if path.endswith(".mdx"):
                    assert named.json()["data"]["content"] == text
                    assert str(named.json()["data"]["version"]) == named.headers["pinmark-version"]
                else:
                    assert str(named.json()["data"][0]["input"]["number"]) in text[-12:]

        await release(0)
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(keep_reading())
            for number in range(1, ROUNDS):
                await release(number)
            over.set()
    assert len(versions) > 1

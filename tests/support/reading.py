"""An app whose environments serve different content, and who reads it over REST."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2

from models import App, Environment
from services.installation import Installation
from tests.support.apps import environment_named, linked_app, push
from tests.support.callers import Caller
from tests.support.repositories import Repository, make_repository
from tests.support.samples import DATASET, FIRST_COMMIT, PROMPT
from tests.support.servers import RunningServer

OBJECT_PROMPT = b"""---
name: plan
object_config:
  model_name: large
  temperature: 0.5
test_settings: {dataset: ./rows.jsonl, since: 2024-01-01}
---

<User>Plan it.</User>
"""
ROWS = b"".join(b'{"input": {"number": %d}}\n' % number for number in range(120))
LARGE = b"".join(
    b'{"input": {"number": %d, "text": "%s"}}\n'
    % (number, sha256(b"%d" % number).hexdigest().encode() * 8)
    for number in range(18_000)
)
"""Close to ten mebibytes, no two stretches alike; it lies in the object store."""

FIRST: dict[str, bytes | None] = {
    **FIRST_COMMIT,
    "agentmark/support/plan.prompt.mdx": OBJECT_PROMPT,
    "agentmark/support/rows.jsonl": b"\xef\xbb\xbf"
    + ROWS.replace(b"\n", b"\r\n\n", 1).rstrip(b"\n"),
    "agentmark/components/tone.mdx": b"Be kind.\n",
    "agentmark/components/odd.mdx": b"---\na: [\n---\nOdd.\n",
    "agentmark/components/plain.md": b"# Plain\n",
    "agentmark/schemas/ticket.json": b'{"type": "object"}\n',
    "agentmark/large.jsonl": LARGE,
    "agentmark/empty.jsonl": b"",
    "handlers/notes.txt": b"no content\n",
}
SECOND: dict[str, bytes | None] = {
    "agentmark/triage.prompt.mdx": PROMPT.replace(b"Sort", b"Sort again"),
    "agentmark/only-in-dev.prompt.mdx": PROMPT,
    "agentmark.json": b'{"version": "2.1.0", "agentmarkPath": ".",'
    b' "mcpServers": {"big": 123456789012345678901234567890}}',
}
OTHERS: dict[str, bytes | None] = {
    "agentmark/secret-of-another.prompt.mdx": PROMPT + b"Of another app.\n",
    "agentmark/secret-rows.jsonl": DATASET,
}


@dataclass
class ReadingPlace:
    """App ``triage``: ``staging`` serves v1, dev a later commit, ``empty`` has no pin and ``gone``
    is deleted. App ``other`` has files of its own in dev; dev of ``bare`` has synced nothing.
    """

    server: RunningServer = field(repr=False)
    installation: Installation = field(repr=False)
    caller: Caller = field(repr=False)
    app: App
    repository: Repository
    environments: dict[str, Environment] = field(default_factory=dict[str, Environment], repr=False)

    async def get(
        self, path: str, *, of: str = "staging", method: str = "GET", **headers: str
    ) -> httpx2.Response:
        """What is answered for the environment named; headers are written with underscores."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.server.client.request(
            method,
            path,
            headers={
                "Authorization": f"Bearer {self.server.token}",
                "X-Pinmark-Environment-Id": str(self.environments[of].id),
                **given,
            },
        )

    async def data(self, path: str, *, of: str = "staging") -> Any:
        response = await self.get(path, of=of)
        assert response.status_code == 200, response.text
        return response.json()["data"]

    async def make(self, name: str) -> Environment:
        self.environments[name] = await self.caller.create_environment(self.app, name)
        return self.environments[name]


def error_of(response: httpx2.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


async def make_reading_place(
    server: RunningServer, caller: Caller, repositories: Path
) -> ReadingPlace:
    installation = caller.installation
    repository = make_repository(repositories / "triage.git")
    repository.commit(FIRST)
    app = await linked_app(installation, caller.principal, repository)
    place = ReadingPlace(server, installation, caller, app, repository)
    dev = place.environments["dev"] = await environment_named(installation, app, "dev")
    await caller.release(dev, await place.make("staging"))
    await caller.release(dev, await place.make("gone"))
    await caller.delete(place.environments["gone"])
    await place.make("empty")
    repository.commit(SECOND)
    await push(installation, app)

    others = make_repository(repositories / "other.git")
    others.commit({"agentmark.json": FIRST_COMMIT["agentmark.json"], **OTHERS})
    other = await linked_app(installation, caller.principal, others, name="other")
    place.environments["other"] = await environment_named(installation, other, "dev")
    bare = await caller.create_app("bare")
    place.environments["bare"] = await environment_named(installation, bare, "dev")
    return place

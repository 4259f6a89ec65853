"""Asking the REST API, of an app whose server is under test."""

from dataclasses import dataclass
from typing import Any

import anyio
import httpx2

from tests.support.servers import Client

LOOK_SECONDS = 0.02
ENDS = frozenset({"deployed", "skipped", "failed"})


@dataclass(frozen=True)
class RestApp:
    """An app as clients know it, and a token of theirs."""

    client: Client
    id: str
    token: str

    async def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx2.Response:
        """Whatever is answered; headers are written with underscores."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.client.request(
            method,
            f"/v1{path}",
            json=body,
            headers={
                "Authorization": f"Bearer {self.token}",
                "X-Agentmark-App-Id": self.id,
                **given,
            },
        )

    async def data(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The data of an answer that must not be a refusal."""
        response = await self.ask(method, path, body, **headers)
        assert response.status_code < 300, response.text
        return response.json()["data"]

    async def environment(self, name: str) -> dict[str, Any]:
        """A living environment as it is now."""
        found = await self.data("GET", "/environments?limit=1000")
        return next(each for each in found if each["name"] == name)

    async def make(self, name: str) -> dict[str, Any]:
        return await self.data("POST", "/environments", {"name": name})

    async def promote(self, source: dict[str, Any], target: dict[str, Any]) -> dict[str, Any]:
        """The deployment of an accepted promotion, once it has ended."""
        body = {"source_environment_id": source["id"]}
        made = await self.data("POST", f"/environments/{target['id']}/promote", body)
        return await self.ended(made["deployment_id"])

    async def ended(self, deployment_id: str) -> dict[str, Any]:
        """The deployment, polled as the product's page says."""
        while True:
            found = await self.data("GET", f"/deployments/{deployment_id}")
            if found["code_status"] in ENDS:
                return found
            await anyio.sleep(LOOK_SECONDS)


async def rest_app(client: Client, repository: object, *, name: str = "triage") -> RestApp:
    """A new app that follows the repository and whose dev has what was pushed."""
    nowhere = RestApp(client, "", client.token)
    made = await nowhere.data("POST", "/apps", {"name": name})
    app = RestApp(client, made["id"], client.token)
    await app.data("PUT", f"/apps/{app.id}/repository", {"url": str(repository)})
    dev = await app.environment("dev")
    (pushed,) = await app.data("GET", f"/environments/{dev['id']}/deployments")
    await app.ended(pushed["id"])
    return app

"""A Git host's webhooks, as GitHub and GitLab send them."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson

from tests.support.servers import Client


@dataclass(frozen=True)
class Bell:
    """Rings for one linked repository, which its host knows as ``name``."""

    server: Client
    webhook: Mapping[str, str]
    name: str

    def push(self, *, ref: str = "refs/heads/main", after: str = "1" * 40, **more: Any) -> Any:
        """What both hosts say of a push."""
        return {
            "ref": ref,
            "after": after,
            "repository": {"full_name": self.name},
            "project": {"path_with_namespace": self.name},
            **more,
        }

    async def github(
        self, payload: Any, *, delivery: str | None = None, secret: str | None = None
    ) -> tuple[int, str]:
        body = payload if isinstance(payload, bytes) else orjson.dumps(payload)
        key = (secret or self.webhook["secret"]).encode()
        return await self._ring(
            "githubUrl",
            body,
            {
                "X-GitHub-Event": "push",
                "X-GitHub-Delivery": delivery or str(uuid4()),
                "X-Hub-Signature-256": f"sha256={hmac.digest(key, body, 'sha256').hex()}",
            },
        )

    async def gitlab(
        self, payload: Any, *, delivery: str | None = None, token: str | None = None
    ) -> tuple[int, str]:
        return await self._ring(
            "gitlabUrl",
            orjson.dumps(payload),
            {
                "X-Gitlab-Event": "Push Hook",
                "X-Gitlab-Token": token or self.webhook["secret"],
                "X-Gitlab-Event-UUID": delivery or str(uuid4()),
            },
        )

    async def _ring(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        # The address as the server tells it, wherever its port is reached from here.
        path = "/webhooks/" + self.webhook[url].partition("/webhooks/")[2]
        response = await self.server.client.post(path, content=body, headers=headers)
        return response.status_code, response.json()["status"]

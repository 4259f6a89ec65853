"""What the authors of both protocols wrote in node: an audit of one, a client of the other."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio import fail_after

from services.local_builder import find_node
from tests.support.graphql_ws import HANG_GUARD

DIRECTORY = Path(__file__).parents[1] / "protocol_clients"

Happened = dict[str, Any]


@dataclass(frozen=True)
class Audit:
    """One demand of the specification, and what the server made of it.

    ``ok``, or what it fails: ``error`` for what MUST be, ``warn`` for SHOULD, ``notice`` for MAY.
    """

    id: str
    name: str
    status: str
    reason: str | None = None


async def audits_of(address: str, headers: dict[str, str]) -> list[Audit]:
    """What the audit says of the server at ``address``, asked with the headers."""
    process = await _node("audit.mjs", address)
    with fail_after(HANG_GUARD):
        told, _ = await process.communicate(json.dumps(headers).encode())
    assert process.returncode == 0
    return [Audit(**each) for each in json.loads(told)]


class ReferenceClient:
    """The reference client: it is told what to do, and tells what happened."""

    def __init__(self, process: Process, token: str) -> None:
        self._process = process
        self._token = token

    async def do(self, command: str, **more: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": command, **more}).encode() + b"\n")
        await self._process.stdin.drain()

    async def connect(self, **more: Any) -> None:
        await self.do("connect", **{"payload": {"Authorization": f"Bearer {self._token}"}, **more})

    async def subscribe(self, name: str, query: str, *, id: str | None = None, **variables: Any):
        await self.do("subscribe", name=name, query=query, variables=variables, id=id)

    async def happened(self, kind: str, **alike: Any) -> Happened:
        """The next thing of the kind that happened; what happened before it is passed over."""
        while True:
            happened = await self.next()
            if happened["happened"] == kind and alike.items() <= happened.items():
                return happened

    async def next(self) -> Happened:
        assert self._process.stdout is not None
        with fail_after(HANG_GUARD):
            line = await self._process.stdout.readline()
        assert line, "the client ended"
        return json.loads(line)


@asynccontextmanager
async def reference_client(base: str, token: str) -> AsyncGenerator[ReferenceClient]:
    """A client of the server at ``base`` that has not connected yet."""
    process = await _node("client.mjs", base.replace("http", "ws", 1) + "/graphql")
    try:
        yield ReferenceClient(process, token)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _node(script: str, address: str) -> Process:
    assert (DIRECTORY / "node_modules").is_dir(), "`make test` installs the protocol clients"
    node = find_node(os.environ).executable
    return await asyncio.create_subprocess_exec(
        node, str(DIRECTORY / script), address, stdin=PIPE, stdout=PIPE
    )

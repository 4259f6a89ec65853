"""Handlers to run, and what calls them over HTTP."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from schema.ids import decode_id
from services.sandbox.tree import descendants
from tests.support.servers import Client

SAYS_WHO_IT_IS = b"""import os

print("imported in", os.environ.get("PINMARK_ENVIRONMENT"))


def handler(event):
    print("called with", event["type"])
    return {
        "data": event["data"],
        "environment": os.environ["PINMARK_ENVIRONMENT"],
        "version": os.environ["PINMARK_VERSION"],
        "commit": os.environ["PINMARK_COMMIT"],
    }
"""

WAITS_FOR_A_SIGNAL = b"""import asyncio
import os
import signal

released = False


def release(*_):
    global released
    released = True


signal.signal(signal.SIGUSR1, release)


async def handler(event):
    while not released and event["data"] == "wait":
        await asyncio.sleep(0.05)
    return {"version": os.environ["PINMARK_VERSION"]}
"""

DOES_AS_TOLD = b"""import asyncio
import os
import time
from pathlib import Path


class Refused(Exception):
    status = 422


async def stream():
    for number in range(3):
        yield {"number": number}


def broken_stream():
    yield {"number": 0}
    raise RuntimeError("half-way")


async def handler(event):
    match event["data"]:
        case {"do": "refuse"}:
            raise Refused("not like this")
        case {"do": "break"}:
            raise RuntimeError("a secret of the app")
        case {"do": "leave"}:
            raise SystemExit(3)
        case {"do": "die"}:
            os._exit(9)
        case {"do": "stream"}:
            return stream()
        case {"do": "stream and break"}:
            return broken_stream()
        case {"do": "sleep", "seconds": seconds}:
            await asyncio.sleep(seconds)
        case {"do": "read", "path": path}:
            return (Path(__file__).parent / path).read_text()
        case {"do": "files"}:
            content = Path(__file__).parent / "agentmark"
            return sorted(path.name for path in content.iterdir())
        case {"do": "write", "path": path}:
            Path(path).write_text("x")
        case {"do": "fill"}:
            bytearray(3 * 1024**3)
        case {"do": "variables"}:
            return dict(os.environ)
    return {"done": event["data"]}
"""

DIES_IN_PROD = b"""import os

if os.environ.get("PINMARK_ENVIRONMENT") == "prod":
    print("no database here")
    raise SystemExit("prod is not for me")


def handler(event):
    return {"environment": os.environ["PINMARK_ENVIRONMENT"]}
"""

NEVER_HEALTHY = b"""import os
import time

if os.environ.get("PINMARK_ENVIRONMENT"):
    print("waiting for something")
    time.sleep(600)


def handler(event):
    return {}
"""


async def call(
    client: Client, environment: str, data: object = None, *, type: str = "prompt-run"
) -> httpx2.Response:
    """Run the handler of the environment (by its global id) as the owner."""
    identity = decode_id("Environment", environment)
    return await client.client.post(
        "/v1/execute",
        json={"type": type, "data": data},
        headers={
            "Authorization": f"Bearer {client.token}",
            "X-Pinmark-Environment-Id": str(identity),
        },
    )


def runtime_processes(below: int | None = None) -> list[int]:
    """The processes that run a Python handler, below this process unless another is named."""
    found: list[int] = []
    for process in descendants(below or os.getpid())[1:]:
        try:
            command = Path(f"/proc/{process.pid}/cmdline").read_text().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if command[0].endswith("venv/bin/python") and "python_wrapper" in command[2]:
            found.append(process.pid)
    return found


RUNTIMES = """
query ($app: String!) {
  app(name: $app) { environments { nodes {
    name runtime { state restarts reason deployment { version commit { sha } } }
  } } }
}
"""


async def runtimes_now(client: Client, app: str = "triage") -> dict[str, Any]:
    """The runtime of each environment, by the environment's name."""
    answer = await client.data(RUNTIMES, app=app)
    return {each["name"]: each["runtime"] for each in answer["app"]["environments"]["nodes"]}


@dataclass
class Load:
    """Calls that go on for as long as the block lasts, and how each was answered."""

    statuses: Counter[int] = field(default_factory=Counter[int])
    versions: Counter[str] = field(default_factory=Counter[str])
    failures: list[str] = field(default_factory=list[str])

    @property
    def calls(self) -> int:
        return self.statuses.total()


@asynccontextmanager
async def under_load(
    client: Client, environment: str, *, callers: int = 8, data: Any = None
) -> AsyncGenerator[Load]:
    """``callers`` that call again as soon as they are answered."""
    load, over = Load(), asyncio.Event()

    async def go_on() -> None:
        while not over.is_set():
            answer = await call(client, environment, data)
            load.statuses[answer.status_code] += 1
            load.versions[answer.headers.get("pinmark-version", "none")] += 1
            if answer.status_code != 200:
                load.failures.append(answer.text)

    async with asyncio.TaskGroup() as group:
        for _ in range(callers):
            group.create_task(go_on())
        yield load
        over.set()

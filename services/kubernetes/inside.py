"""The program in a pod: ``python -m services.kubernetes.inside ORDERS``.

It builds or runs as the drivers of a machine do, without a sandbox of its own: the pod is one. What
it prints is the log; one line behind the mark reports to the server. Whatever runs here could
forge that line, or what is left as the artifact, and would harm only its own app.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tarfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx2

from models import Language
from services.builder import BuilderUnavailable, BuildFailed, BuildRequest
from services.kubernetes.orders import Orders
from services.local_builder import LocalBuilder
from services.local_runtime import LocalRuntimes, RuntimeLimits
from services.runtimes.driver import RuntimePlan, RuntimeUnavailable
from services.sandbox.gate import copy
from services.store import open_store

TRANSFER_SECONDS = 300.0
CHUNK = 65_536
SANDBOX = "none"


async def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(orders: Orders) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    with TemporaryDirectory(prefix="pinmark-pod-") as directory:
        doing = asyncio.ensure_future(_do(orders, Path(directory)))
        told = asyncio.ensure_future(ended.wait())
        await asyncio.wait({doing, told}, return_when=asyncio.FIRST_COMPLETED)
        doing.cancel()
        told.cancel()
        (outcome, _) = await asyncio.gather(doing, told, return_exceptions=True)
        if isinstance(outcome, dict):
            await say(f"{orders.mark}{json.dumps(outcome)}")
        elif isinstance(outcome, Exception):
            raise outcome


async def _do(orders: Orders, directory: Path) -> dict[str, object]:
    if orders.act == "build":
        return await _build(orders, directory)
    return await _run(orders, directory)


async def _build(orders: Orders, directory: Path) -> dict[str, object]:
    archive, source, output = (directory / name for name in ("source.tar", "source", "output"))
    await _fetch(orders.fetch["source"], archive)
    source.mkdir()
    output.mkdir()
    await asyncio.to_thread(_unpack, archive, source)
    request = BuildRequest(
        source=source,
        handler_path=orders.handler_path,
        language=orders.language,
        output=output,
        cache=directory / "cache",
        variables=orders.variables,
    )
    try:
        environment = {**os.environ, **orders.registries}
        builder = LocalBuilder(sandbox=SANDBOX, environment=environment)
        build = await builder.build(request, log=say)
    except BuilderUnavailable as unavailable:
        return {"unavailable": unavailable.reason}
    except BuildFailed as failed:
        return {"failed": failed.reason}
    assert orders.leave is not None
    await _leave(orders.leave, build.artifact)
    return {"size": build.size}


async def _run(orders: Orders, directory: Path) -> dict[str, object]:
    store = open_store(None, directory=directory / "store")
    digest = await _fetch(orders.fetch["artifact"], directory / "store" / "artifact")
    archive, content = directory / "content.tar", directory / "content"
    await _fetch(orders.fetch["content"], archive)
    await _fetch(orders.fetch["code_paths"], directory / "code_paths")
    content.mkdir()
    await asyncio.to_thread(_unpack, archive, content)
    plan = RuntimePlan(
        runtime_id=uuid4(),
        language=Language(orders.language),
        handler_path=orders.handler_path,
        artifact_path="artifact",
        artifact_digest=digest,
        code_paths=json.loads(await asyncio.to_thread((directory / "code_paths").read_text)),
        content=lambda: _files(content),
        signing_secret=orders.signing_secret,
        variables=orders.variables,
        secrets=orders.secrets,
    )
    limits = RuntimeLimits(memory=orders.memory, call_seconds=orders.call_seconds)
    try:
        async with (
            LocalRuntimes(store, SANDBOX, limits).open(plan, log=say) as place,
            await _listen(place.address.removeprefix("unix:")),
        ):
            return {"ended": await place.run()}
    except RuntimeUnavailable as unavailable:
        return {"unavailable": unavailable.reason}


async def _fetch(parcel: Mapping[str, str], into: Path) -> str:
    """Fetch a file; its digest is the server's to know, who names it on the way."""
    headers = {"Authorization": parcel["permit"]}
    async with (
        httpx2.AsyncClient(timeout=TRANSFER_SECONDS) as client,
        client.stream("GET", parcel["url"], headers=headers) as answer,
    ):
        answer.raise_for_status()
        with into.open("xb") as file:
            async for chunk in answer.aiter_bytes():
                await asyncio.to_thread(file.write, chunk)
    return parcel.get("digest", "")


async def _leave(parcel: Mapping[str, str], file: Path) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        with file.open("rb") as opened:
            while chunk := await asyncio.to_thread(opened.read, CHUNK):
                yield chunk

    async with httpx2.AsyncClient(timeout=TRANSFER_SECONDS) as client:
        headers = {"Authorization": parcel["permit"]}
        answer = await client.put(parcel["url"], content=pieces(), headers=headers)
        answer.raise_for_status()


def _unpack(archive: Path, into: Path) -> None:
    with tarfile.open(archive) as opened:
        opened.extractall(into, filter="data")
    archive.unlink()


async def _files(below: Path) -> AsyncIterator[tuple[str, bytes]]:
    for path in await asyncio.to_thread(_files_below, below):
        yield path.relative_to(below).as_posix(), await asyncio.to_thread(path.read_bytes)


def _files_below(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


async def _listen(socket: str) -> asyncio.Server:
    """Carry what comes to the pod's port to the runtime's socket."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(socket)
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))

    host, _, port = os.environ["PINMARK_POD_LISTEN"].rpartition(":")
    return await asyncio.start_server(carry, host, int(port))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await copy(reader, writer)
    except OSError:
        pass  # either end may hang up at any moment
    finally:
        writer.close()


if __name__ == "__main__":
    asyncio.run(main(Orders.from_json(Path(sys.argv[1]).read_text())))

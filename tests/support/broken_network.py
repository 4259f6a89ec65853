"""A network between the programs and their Postgres that delays, cuts and swallows.

It is a process of its own, so that nobody who is busy beside it slows it down as well:
``python -m tests.support.broken_network DIRECTORY`` carries to the Postgres of that directory,
says its port, and does what it is told in lines until there are no more.
"""

import asyncio
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import uvloop

from pinmark.embedded_postgres.runtime_directory import socket_path

CHUNK = 65536
END_SECONDS = 10.0


class Lines:
    """Carries connections of a TCP port to a Unix socket, as badly as it is told to.

    What it swallows arrives once it is open again, as after a partition that TCP survives.
    """

    def __init__(self, directory: Path) -> None:
        self._runtime = directory / "runtime"  # a link, which every start of Postgres makes anew
        self._open = asyncio.Event()
        self._open.set()
        self._delay = 0.0
        self._lines: set[asyncio.Task[None]] = set()

    def obey(self, order: str) -> None:
        match order.split():
            case ["swallow"]:
                self._open.clear()
            case ["cut"]:
                for line in self._lines:
                    line.cancel()
            case ["delay", seconds]:
                self._delay = float(seconds)
            case ["heal"]:
                self._delay = 0.0
                self._open.set()
            case _:
                raise ValueError(order)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        assert line is not None
        self._lines.add(line)
        try:
            await self._open.wait()
            await self._join(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # a line that is cut or leads nowhere is what this is for
        finally:
            self._lines.discard(line)
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to, back = None, None
        path = socket_path(self._runtime.resolve())
        far_reader, far_writer = await asyncio.open_unix_connection(str(path))
        try:
            to = asyncio.ensure_future(self._pump(reader, far_writer))
            back = asyncio.ensure_future(self._pump(far_reader, writer))
            await asyncio.wait({to, back}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ways = [way for way in (to, back) if way is not None]
            for way in ways:
                way.cancel()
            far_writer.transport.abort()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            await self._open.wait()
            if self._delay:
                await asyncio.sleep(self._delay)
            writer.write(data)
            await writer.drain()


class BrokenNetwork:
    """The network of a test, in order until it is told otherwise."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stdout is not None
        self.port = int(process.stdout.readline())

    def swallow(self) -> None:
        """Take everything and deliver nothing."""
        self._tell("swallow")

    def cut(self) -> None:
        """Break every connection there is."""
        self._tell("cut")

    def delay(self, seconds: float) -> None:
        """Deliver everything so much later."""
        self._tell(f"delay {seconds}")

    def heal(self) -> None:
        self._tell("heal")

    def _tell(self, order: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n")
        self._process.stdin.flush()


@contextmanager
def broken_network(directory: Path) -> Generator[BrokenNetwork]:
    """The network to the Postgres of ``directory``, which may come and go meanwhile."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.broken_network", str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield BrokenNetwork(process)
        finally:
            process.communicate(timeout=END_SECONDS)
            assert process.returncode == 0


async def main(directory: Path) -> None:
    lines, orders = Lines(directory), asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin
    )
    server = await asyncio.start_server(lines.carry, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    while order := await orders.readline():
        lines.obey(order.decode())
    server.close()
    lines.obey("cut")


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1])))
